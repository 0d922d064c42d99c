"""Scope: a passage answers only a query about its own company, and of a filing its own years."""

from dataclasses import replace

import pytest

from evidence.corpus.entities import SHIPPED, read_entities
from evidence.corpus.values import Document, Filing
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.scope import fiscal_years, scope_of
from evidence.retriever.hits import Hit

KNOWN = Names(read_entities(SHIPPED))


def hit(text: str, title: str | None = None, kind: str = "news", period: str | None = None) -> Hit:
    filing = Filing(period=period) if period else None
    document = Document("d", "d.txt", kind, text, "0" * 64, title=title, filing=filing)
    return Hit(1, 1.0, document, 0, len(text), ((0, len(text)),), 1, 1)


@pytest.mark.parametrize(
    ("query", "text", "title", "covered"),
    [
        ("What did Marrow & Pell say of lead times?", "Marrow & Pell said nine weeks.", None, True),
        ("What did Marrow & Pell say of lead times?", "Lead times are nine weeks.", "Marrow & Pell orders", True),
        ("What did Marrow & Pell say of lead times?", "SARQ said lead times are nine weeks.", None, False),
        ("Marrow & Pell's lead times", "Marrow & Pell Holdings has long lead times.", None, True),
        ("lead times of bonding tools", "Lead times are nine weeks.", None, True),
        ("How large is Danmora's backlog, according to The Verge?", "The Verge has a backlog.", None, False),
        ("In an article by The Verge on Danmora, which model sold best?", "The Verge tested it.", None, False),
        ("In an article by The Verge on Danmora, which model sold best?", "Danmora sold few.", None, True),
        ("What is BESI's order backlog?", "BE Semiconductor Industries has orders.", None, True),
    ],
)
def test_a_passage_is_of_a_query_when_it_or_its_title_names_whom_the_query_is_about(
    query: str, text: str, title: str | None, covered: bool
) -> None:
    assert scope_of(query, KNOWN, ()).covers(hit(text, title)) is covered


def test_publishers_of_what_was_found_are_sources_and_bind_nothing() -> None:
    one = hit("Tools.")
    found = [replace(one, document=replace(one.document, publisher="Cricbuzz"))]
    assert scope_of("Which tools does Cricbuzz expect?", NO_NAMES, found).subjects == ()


def test_a_word_that_the_passages_write_small_is_no_name_beside_one_that_they_do_not() -> None:
    found = [hit("3M defines free cash flow as follows.")]
    query = "Does Hoyatec have an improving Free cashflow conversion?"
    assert not scope_of(query, NO_NAMES, found).covers(found[0])
    assert scope_of("Is Free cashflow improving?", NO_NAMES, found).covers(found[0])


def test_the_last_word_of_a_name_stands_for_it_with_its_capital() -> None:
    asked = "What did Mira Oduya Works expect?"
    assert scope_of(asked, NO_NAMES, ()).covers(hit("The head of Works expects nine weeks."))
    assert not scope_of(asked, NO_NAMES, ()).covers(hit("What works here takes nine weeks."))


@pytest.mark.parametrize(
    ("query", "period", "text", "covered"),
    [
        ("FY2018 capital expenditure", "2022-12-31", "Purchases of property (1,577)", False),
        ("FY2018 capital expenditure", "2022-12-31", "2018: purchases of property (1,577)", True),
        ("FY2020 capital expenditure", "2022-12-31", "Purchases of property (1,501)", True),
        ("FY2023 capital expenditure", "2022-12-31", "Purchases of property (1,577)", False),
        ("capital expenditure in 2018", "2022-12-31", "Purchases of property (1,577)", True),
    ],
)
def test_a_filing_answers_for_the_fiscal_years_that_it_covers(
    query: str, period: str, text: str, covered: bool
) -> None:
    assert scope_of(query, NO_NAMES, ()).covers(hit(text, kind="filing", period=period)) is covered


def test_a_part_of_a_question_is_of_the_questions_fiscal_years() -> None:
    filing = hit("Purchases of property (1,577)", kind="filing", period="2022-12-31")
    assert not scope_of("capital expenditure", NO_NAMES, (), fiscal_years("FY2018 capex of 3M")).covers(filing)
    assert scope_of("FY2021 expenditure", NO_NAMES, (), frozenset({2018})).covers(filing)


def test_a_quarter_may_be_of_a_fiscal_year_that_ends_in_the_next() -> None:
    quarter = hit("Revenue rose.", kind="filing", period="2024-07-28")
    ten_q = replace(quarter, document=replace(quarter.document, form="10-Q"))
    assert scope_of("FY2025 revenue", NO_NAMES, ()).covers(ten_q)
    assert not scope_of("FY2025 revenue", NO_NAMES, ()).covers(quarter)


def test_a_fiscal_year_binds_no_news() -> None:
    assert scope_of("FY2018 capital expenditure", NO_NAMES, ()).covers(hit("Spending rose."))
