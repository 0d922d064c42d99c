"""The date chain: which statement of a page wins, how far it is trusted, and what windows use."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.dates import (
    FLAG_AFTER_CAPTURE,
    FLAG_CONFLICT,
    FLAG_MODIFIED_UNREAD,
    FLAG_ONLY_MODIFIED,
    Claim,
    Clocks,
    date_document,
)
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision

STATED = [Basis.JSON_LD, Basis.META, Basis.MARKUP, Basis.EXPORT, Basis.FEED, Basis.URL, Basis.DATELINE]
CAPTURE = datetime(2025, 8, 20, 12, tzinfo=UTC)


def _published(basis: Basis, text: str) -> Claim:
    return Claim("published", basis, text)


def _chain(*claims: Claim, captured: datetime | None = None) -> Clocks:
    return date_document(claims, captured)


def _dating(day: str, grade: Grade = Grade.B) -> Dating:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Dating(at, at + timedelta(days=1, microseconds=-1), Precision.DAY, Basis.META, grade, zoned=False)


def _document(**dates: Dating | None) -> Document:
    stated: dict[str, Any] = dates
    return Document(id="0" * 16, path="a.html", kind="news", text="words", original="0" * 64, **stated)


@given(st.permutations([basis for basis in Basis if basis is not Basis.CAPTURE]), st.integers(1, len(Basis) - 1))
def test_the_best_basis_wins_whatever_the_order(bases: list[Basis], count: int) -> None:
    claims = [_published(basis, "2025-08-13") for basis in bases[:count]]
    published = date_document(claims, None).published
    assert published is not None
    assert published.basis is min(bases[:count], key=list(Basis).index)


@pytest.mark.parametrize("basis", STATED)
def test_one_basis_alone_is_grade_b(basis: Basis) -> None:
    clocks = _chain(_published(basis, "2025-08-13"), _published(basis, "2025-08-13T10:00Z"))
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.flags) == (Grade.B, ())


@pytest.mark.parametrize(
    "other", ["2025-08-13", "2025-08-14T09:00+09:00", "2025-08-13T22:00-07:00", "Wed, 13 Aug 2025 10:00:00 +0200"]
)
def test_grade_a_needs_an_independent_basis_that_agrees(other: str) -> None:
    clocks = _chain(_published(Basis.JSON_LD, "2025-08-13"), _published(Basis.META, other))
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.published.basis) == (Grade.A, Basis.JSON_LD)


@pytest.mark.parametrize(
    "other",
    [_published(Basis.URL, "2025-08"), _published(Basis.TEXT, "2025-08-13"), _published(Basis.URL, "2025-08-14")],
)
def test_a_month_a_guess_or_the_next_day_confirms_nothing(other: Claim) -> None:
    clocks = _chain(_published(Basis.META, "2025-08-13"), other)
    assert clocks.published is not None
    assert clocks.published.grade is Grade.B


@pytest.mark.parametrize(
    ("others", "dated"),
    [
        ([_published(Basis.META, "2025-09-03")], "2025-09-03"),
        ([_published(Basis.META, "2025-08-15")], "2025-08-15"),
        ([_published(Basis.JSON_LD, "2025-08-30")], "2025-08-30"),
        ([_published(Basis.META, "2025-08-13"), _published(Basis.URL, "2025-07-01")], "2025-08-13"),
        ([_published(Basis.URL, "2025-07")], "2025-08-13"),
        ([_published(Basis.DATELINE, "2025-08-20")], "2025-08-20"),
    ],
)
def test_what_is_contradicted_is_grade_b_flagged_and_dated_by_the_latest_statement(
    others: list[Claim], dated: str
) -> None:
    clocks = _chain(_published(Basis.JSON_LD, "2025-08-13"), *others)
    document = _document(published=clocks.published, modified=clocks.modified)
    assert clocks.published is not None and document.dated is not None
    assert (clocks.published.grade, clocks.flags) == (Grade.B, (FLAG_CONFLICT,))
    assert (document.dated.earliest.date().isoformat(), document.dated.grade) == (dated, Grade.B)


@pytest.mark.parametrize(
    ("claims", "basis"),
    [
        ([(Basis.JSON_LD, "2025-08-13"), (Basis.META, "2025-08-20"), (Basis.URL, "2025-08-20")], Basis.META),
        ([(Basis.JSON_LD, "2025-08-13"), (Basis.META, "2025-08-20")], Basis.JSON_LD),
        ([(Basis.META, "2025-08-13"), (Basis.DATELINE, "2025-08-20"), (Basis.URL, "2025-08")], Basis.META),
        ([(Basis.URL, "2025-08"), (Basis.DATELINE, "2025-08-13")], Basis.DATELINE),
    ],
)
def test_the_day_that_most_bases_name_wins_and_a_visible_line_only_for_want_of_another(
    claims: list[tuple[Basis, str]], basis: Basis
) -> None:
    published = _chain(*(_published(*claim) for claim in claims)).published
    assert published is not None
    assert published.basis is basis


def test_a_page_that_only_says_when_it_was_modified_is_dated_by_that() -> None:
    clocks = _chain(Claim("modified", Basis.META, "2025-08-13"), _published(Basis.TEXT, "2024-01-01"))
    assert clocks.published is not None
    assert (clocks.published.earliest.date().isoformat(), clocks.published.grade) == ("2025-08-13", Grade.B)
    assert clocks.flags == (FLAG_ONLY_MODIFIED,)


def test_a_visible_line_that_names_a_coming_day_is_not_the_pages_own() -> None:
    lines = [_published(Basis.META, "2025-08-13"), _published(Basis.DATELINE, "2025-10-01")]
    clocks = _chain(*lines, captured=CAPTURE)
    assert (clocks.modified, clocks.flags) == (None, ())
    assert _chain(lines[1], captured=CAPTURE).published is None


def test_the_crawlers_clock_is_never_a_publication() -> None:
    assert (
        _chain(_published(Basis.CAPTURE, "2025-08-13"), Claim("captured", Basis.CAPTURE, "2025-08-13")).published
        is None
    )


@pytest.mark.parametrize(
    ("claims", "day"),
    [
        ([(Basis.META, "2020-11-30T23:30:00-05:00")], "2020-11-30"),
        ([(Basis.META, "2020-12-01T00:10:00+09:00")], "2020-12-01"),
        ([(Basis.JSON_LD, "2020-12-01T04:30:00Z"), (Basis.META, "2020-11-30T23:30:00-05:00")], "2020-11-30"),
        ([(Basis.JSON_LD, "2020-12-01T04:30:00Z"), (Basis.URL, "2020-11-30")], "2020-11-30"),
        ([(Basis.JSON_LD, "2020-12-01T14:30:00Z"), (Basis.URL, "2020-11-30")], "2020-12-01"),
        ([(Basis.JSON_LD, "2020-12-01T04:30:00Z"), (Basis.TEXT, "2020-11-30")], "2020-12-01"),
        ([(Basis.JSON_LD, "2020-12-01T04:30:00Z")], "2020-12-01"),
        ([(Basis.URL, "2020-11")], None),
    ],
)
def test_the_publications_calendar_day_is_that_of_its_place(
    claims: list[tuple[Basis, str]], day: str | None
) -> None:
    clocks = _chain(*(_published(*claim) for claim in claims))
    assert clocks.day == (date.fromisoformat(day) if day else None)
    assert clocks.published is not None
    assert day is None or clocks.published.as_json()["earliest"][:10] == day


def test_an_instant_is_written_on_the_clock_of_its_page_and_stays_the_same_instant() -> None:
    instant = "2020-12-01T04:30:00Z"
    written = [
        ([(Basis.META, "2020-11-30T23:30:00-05:00")], "2020-11-30T23:30:00-05:00"),
        ([(Basis.JSON_LD, instant), (Basis.META, "2020-12-01T10:00:00+05:30")], "2020-12-01T10:00:00+05:30"),
        # no zone is named but a day is: the nearest whole hour that has it
        ([(Basis.JSON_LD, instant), (Basis.URL, "2020-11-30")], "2020-11-30T23:30:00-05:00"),
        ([(Basis.JSON_LD, "2020-12-01T20:10:00Z"), (Basis.URL, "2020-12-02")], "2020-12-02T00:10:00+04:00"),
        ([(Basis.JSON_LD, instant)], instant),
    ]
    for claims, text in written:
        published = _chain(*(_published(*claim) for claim in claims)).published
        assert published is not None
        assert published.as_json()["earliest"] == text
        assert datetime.fromisoformat(text) == published.earliest


def test_the_zone_of_another_statement_of_the_page_is_taken_for_the_day_that_it_names() -> None:
    said = [_published(Basis.JSON_LD, "2020-12-01T02:30:00Z"), _published(Basis.DATELINE, "2020-11-30")]
    published = _chain(*said, Claim("modified", Basis.META, "2020-11-30T22:00:00-06:00")).published
    assert published is not None
    assert published.as_json()["earliest"] == "2020-11-30T20:30:00-06:00"


STATEMENTS = st.tuples(
    st.sampled_from(["published", "modified"]),
    st.sampled_from(list(Basis)),
    st.dates(date(2020, 1, 1), date(2021, 12, 31)).map(date.isoformat)
    | st.sampled_from(["", "2020", "2020-06", "soon"]),
)


@given(st.lists(STATEMENTS, max_size=8))
def test_a_document_is_never_dated_before_anything_believed_of_it(statements: list[tuple[Any, Basis, str]]) -> None:
    clocks = date_document([Claim(*statement) for statement in statements], None)
    document = _document(published=clocks.published, modified=clocks.modified)
    for dating in (clocks.published, clocks.modified):
        if dating is not None and document.dated is not None:
            assert document.dated.latest >= dating.latest
    if clocks.published is not None and clocks.published.basis is Basis.TEXT:
        assert clocks.published.grade is Grade.C


def test_a_date_guessed_from_text_is_grade_c_without_a_flag() -> None:
    clocks = _chain(_published(Basis.TEXT, "2025-08-13"))
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.published.basis, clocks.flags) == (Grade.C, Basis.TEXT, ())


def test_the_users_word_is_grade_a_against_everything_the_page_says() -> None:
    page = [_published(basis, "2019-01-01") for basis in STATED]
    clocks = _chain(*page, _published(Basis.SIDECAR, "2025-08-13"))
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.published.basis, clocks.flags) == (Grade.A, Basis.SIDECAR, ())


def test_a_sidecar_is_held_to_the_strict_grammar() -> None:
    assert _chain(_published(Basis.SIDECAR, "August 13, 2025")).published is None


@pytest.mark.parametrize("text", ["03/04/2025", "soon", "2025-02-30", ""])
def test_a_statement_that_is_no_date_is_as_good_as_none(text: str) -> None:
    assert _chain(_published(Basis.JSON_LD, text), Claim("modified", Basis.META, text)) == Clocks(None, None, ())


def test_the_finer_of_two_statements_of_one_basis_is_kept() -> None:
    clocks = _chain(_published(Basis.META, "2025-08-13"), _published(Basis.META, "2025-08-13T10:00Z"))
    assert clocks.published is not None
    assert clocks.published.precision is Precision.SECOND


@pytest.mark.parametrize(
    ("claims", "grade"),
    [
        ([(Basis.META, "2025-08-10"), (Basis.JSON_LD, "2025-07-01")], Grade.B),
        ([(Basis.META, "2025-08-10"), (Basis.JSON_LD, "2025-08-10")], Grade.A),
        ([(Basis.META, "2025-07-01"), (Basis.SIDECAR, "2025-08-10")], Grade.A),
    ],
)
def test_of_several_modifications_the_latest_counts(claims: list[tuple[Basis, str]], grade: Grade) -> None:
    modified = _chain(*(Claim("modified", basis, text) for basis, text in claims)).modified
    assert modified is not None
    assert (modified.earliest, modified.grade) == (datetime(2025, 8, 10, tzinfo=UTC), grade)


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2025-11-06T11:56:21Z", "2025-11-06"), ("2025-05-15T07:10:00+09:00", "2025-05-15")],
)
def test_a_modification_named_to_the_second_and_to_the_day_is_the_instant(instant: str, day: str) -> None:
    clocks = _chain(
        _published(Basis.JSON_LD, instant[:11] + "06:00:00" + instant[19:]),
        Claim("modified", Basis.JSON_LD, instant),
        Claim("modified", Basis.MARKUP, day),
    )
    document = _document(published=clocks.published, modified=clocks.modified)
    assert document.dated is not None
    assert document.dated.earliest == document.dated.latest == datetime.fromisoformat(instant)


def test_a_modification_on_a_later_day_than_any_instant_counts() -> None:
    clocks = _chain(
        _published(Basis.JSON_LD, "2025-11-06T11:43:08Z"),
        Claim("modified", Basis.JSON_LD, "2025-11-06T11:56:21Z"),
        Claim("modified", Basis.MARKUP, "2025-11-08"),
    )
    assert clocks.modified is not None and clocks.modified.latest.date() == date(2025, 11, 8)


@pytest.mark.parametrize("clock", ["published", "modified"])
def test_a_date_after_the_capture_is_only_a_guess(clock: Literal["published", "modified"]) -> None:
    late = _chain(Claim(clock, Basis.SIDECAR, "2025-08-25"), captured=CAPTURE)
    dating = getattr(late, clock)
    assert dating.grade is Grade.C
    assert FLAG_AFTER_CAPTURE in late.flags


@pytest.mark.parametrize("day", ["2025-08-20", "2025-08-21", "2024-01-01"])
def test_a_date_up_to_a_zone_past_the_capture_stands(day: str) -> None:
    clocks = _chain(_published(Basis.JSON_LD, day), captured=CAPTURE)
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.flags) == (Grade.B, ())


@pytest.mark.parametrize(
    ("published", "modified", "dated"),
    [
        ("2025-05-20", "2025-06-05", "2025-06-05"),
        ("2025-06-05", "2025-05-20", "2025-06-05"),
        ("2025-06-05", None, "2025-06-05"),
        (None, "2025-06-05", None),
        (None, None, None),
    ],
)
def test_a_document_is_dated_by_the_later_of_its_clocks(
    published: str | None, modified: str | None, dated: str | None
) -> None:
    clocks = {"published": published, "modified": modified}
    document = _document(**{clock: _dating(day) if day else None for clock, day in clocks.items()})
    assert document.dated == (_dating(dated) if dated else None)


def test_a_doubtful_modification_makes_the_whole_document_doubtful() -> None:
    document = _document(published=_dating("2025-05-20"), modified=_dating("2025-06-05", Grade.C))
    assert document.dated is not None
    assert document.dated.grade is Grade.C


def test_a_calendar_day_carries_no_zone_in_json_and_an_instant_does() -> None:
    clocks = _chain(_published(Basis.META, "2025-08-13"), Claim("modified", Basis.META, "2025-08-14T01:00+02:00"))
    assert clocks.published is not None and clocks.modified is not None
    assert clocks.published.as_json()["latest"] == "2025-08-13T23:59:59"
    assert clocks.modified.as_json()["earliest"] == "2025-08-14T01:00:00+02:00"


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        (CAPTURE, CAPTURE - timedelta(seconds=1)),
        (CAPTURE.replace(tzinfo=None), CAPTURE),
        (CAPTURE, datetime(2026, 1, 1)),
    ],
)
def test_a_dating_without_a_zone_or_backwards_cannot_be_made(earliest: datetime, latest: datetime) -> None:
    with pytest.raises(ValueError, match="a dating"):
        Dating(earliest, latest, Precision.DAY, Basis.META, Grade.B, zoned=True)


def test_a_later_modification_does_not_vouch_for_a_guessed_publication() -> None:
    guessed = Dating(*_day(5), Precision.DAY, Basis.TEXT, Grade.C, zoned=False)
    modified = Dating(*_day(9), Precision.DAY, Basis.META, Grade.B, zoned=False)

    dated = Document("d", "p", "page", "text", "0" * 64, published=guessed, modified=modified).dated

    assert dated is not None
    assert (dated.earliest.day, dated.grade) == (9, Grade.C)


def _day(number: int) -> tuple[datetime, datetime]:
    start = datetime(2025, 8, number, tzinfo=UTC)
    return start, start + timedelta(days=1, microseconds=-1)


@pytest.mark.parametrize(
    ("published", "modified", "days"),
    [
        ("2025-08-27", "2025-08-28T01:00:00+09:00", (27, 28)),
        ("2025-08-28T01:00:00+09:00", "2025-08-27", (27, 28)),
        ("2025-08-27", "2025-08-30T01:00:00+09:00", (29, 29)),
        ("2025-08-20T12:00:00Z", "2025-08-27", (27, 27)),
    ],
)
def test_a_day_and_an_instant_that_may_be_either_way_round_reach_over_both(
    published: str, modified: str, days: tuple[int, int]
) -> None:
    clocks = _chain(_published(Basis.EXPORT, published), Claim("modified", Basis.EXPORT, modified))
    dated = Document("d", "p", "news", "text", "0" * 64, published=clocks.published, modified=clocks.modified).dated
    assert dated is not None
    assert (dated.earliest.day, dated.latest.day) == days


def test_a_modification_that_cannot_be_read_makes_the_publication_a_guess() -> None:
    clocks = _chain(_published(Basis.META, "2025-08-04"), Claim("modified", Basis.META, "03/10/2025"))
    assert clocks.published is not None
    assert (clocks.published.grade, clocks.flags) == (Grade.C, (FLAG_MODIFIED_UNREAD,))
