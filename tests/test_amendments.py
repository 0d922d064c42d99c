"""What an amendment amends is found among the documents that are there, and said to be assumed where it is."""

from dataclasses import replace

import pytest

from evidence.corpus.values import Document, Filing
from evidence.indexer.amendments import Amendment, link_amendments


def filed(
    identity: str,
    form: str | None,
    day: str | None,
    period: str | None = "2023-12-31",
    cik: str = "0009990123",
    publisher: str = "Quillmoor Instruments",
) -> Document:
    return Document(
        id=identity,
        path=f"{identity}.txt#1",
        kind="filing",
        text="Barometers.",
        original="0" * 64,
        form=form,
        company="Quillmoor Instruments",
        publisher=publisher,
        filing=Filing(cik=cik, accession=f"acc-{identity}", filed=day, period=period),
    )


ANNUAL = filed("annual", "10-K", "2024-02-01")


def test_amendments_of_one_filing_are_a_chain_in_any_order() -> None:
    first = filed("first", "10-K/A", "2024-03-01")
    second = filed("second", "10-K/A", "2024-05-01")
    for documents in ([ANNUAL, first, second], [second, first, ANNUAL]):
        found = link_amendments(documents)
        assert found.amends == {"first": Amendment("annual", False), "second": Amendment("first", False)}
        assert found.amended_by == {"annual": ("first",), "first": ("second",)}


@pytest.mark.parametrize(
    "other",
    [
        filed("x", "10-K/A", "2024-03-01", period="2022-12-31"),
        filed("x", "10-K/A", "2024-03-01", cik="0009990999"),
        filed("x", "10-Q/A", "2024-03-01"),
        filed("x", "10-K405/A", "2024-03-01"),
        filed("x", "10-K/A", "2024-01-15"),
        filed("x", "10-K", "2024-03-01"),
        filed("x", "10-K/A", "2025-02-15", period=None),
        filed("x", None, "2024-03-01"),
        replace(filed("x", "10-K/A", "2024-03-01"), filing=None),
        filed("x", "10-K/A", "2024-03-01", cik=""),
    ],
)
def test_what_is_of_another_company_form_or_period_or_earlier_is_not_linked(other: Document) -> None:
    assert link_amendments([ANNUAL, other]).amends == {}


@pytest.mark.parametrize(
    ("original", "amendment"),
    [
        (filed("o", "S-3", "2024-02-01", period=None), filed("a", "S-3/A", "2024-04-01", period=None)),
        (filed("o", "10-K", "2024-02-01"), filed("a", "10-K/A", "2024-04-01", period=None)),
        (filed("o", "10-K", "2024-02-01", period=None), filed("a", "10-K/A", "2024-04-01")),
        (filed("o", "10-K", None), filed("a", "10-K/A", "2024-04-01")),
        (filed("o", "10-K", "2024-02-01"), filed("a", "10-K/A", None)),
    ],
)
def test_what_a_period_or_a_day_does_not_settle_is_assumed(original: Document, amendment: Document) -> None:
    assert link_amendments([original, amendment]).amends == {"a": Amendment("o", True)}


def test_two_originals_of_one_period_make_the_link_an_assumption() -> None:
    documents = [filed(name, "8-K", day) for name, day in (("one", "2024-01-02"), ("two", "2024-01-03"))]
    found = link_amendments([*documents, filed("a", "8-K/A", "2024-01-05")])
    assert found.amends == {"a": Amendment("two", True)}


def test_without_a_period_the_nearest_earlier_one_is_meant() -> None:
    documents = [filed(name, "S-3", day, None) for name, day in (("old", "2023-09-01"), ("new", "2024-01-03"))]
    found = link_amendments([*documents, filed("a", "S-3/A", "2024-02-01", None)])
    assert found.amends == {"a": Amendment("new", True)}


def test_an_insiders_amendment_is_of_that_insiders_own_form() -> None:
    doe = filed("doe", "4", "2024-01-02", publisher="Doe Ann")
    roe = filed("roe", "4", "2024-01-03", publisher="Roe Ben")
    assert link_amendments([doe, roe, filed("a", "4/A", "2024-01-05", publisher="DOE ANN")]).amends == {
        "a": Amendment("doe", False)
    }


def test_a_company_that_changed_its_name_still_amends_its_own_report() -> None:
    renamed = filed("a", "10-K/A", "2024-03-01", publisher="Harrow Lantern")
    assert link_amendments([ANNUAL, renamed]).amends == {"a": Amendment("annual", False)}


def test_schedules_are_one_form_under_their_old_and_new_name() -> None:
    documents = [filed("o", "SC 13D", "2024-11-01", None), filed("a", "SCHEDULE 13D/A", "2025-01-05", None)]
    assert link_amendments(documents).amends == {"a": Amendment("o", True)}


def test_all_documents_of_an_amendment_point_to_the_main_document() -> None:
    exhibit = replace(ANNUAL, id="exhibit", path="annual.txt#10")
    late = filed("late", "10-K/A", "2024-03-01")
    late_exhibit = replace(late, id="late-exhibit", path="late.txt#2")
    found = link_amendments([exhibit, late_exhibit, late, ANNUAL])
    assert found.amends == dict.fromkeys(("late", "late-exhibit"), Amendment("annual", False))
    assert found.amended_by == {"annual": ("late",), "exhibit": ("late",)}


def test_nothing_is_linked_in_an_archive_without_filings() -> None:
    found = link_amendments([])
    assert (found.amends, found.amended_by) == ({}, {})
