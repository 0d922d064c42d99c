"""The date window: its grammar, its ceiling, its zones, and the one rule that rows and documents share."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.errors import UsageError
from evidence.corpus.times import FORMS, parse_strict
from evidence.corpus.values import Basis, Dating, Grade, Precision
from evidence.indexer.datings import GRADES, NEVER, Times, microseconds
from evidence.retriever.window import Window, parse_window

TODAY = date(2026, 1, 15)
NEW_YORK = "America/New_York"
NOON = "2025-08-27T12:00-04:00"


def window(since: str, until: str | None = None, **options: str) -> Window:
    return parse_window(since, until, today=TODAY, **options)


def dating(written: str, grade: Grade = Grade.B) -> Dating:
    span = parse_strict(written)
    assert span is not None
    return Dating(span.earliest, span.latest, span.precision, Basis.EXPORT, grade, span.zoned)


@pytest.mark.parametrize(
    ("since", "until", "as_of", "first", "last"),
    [
        ("2025", "2025", None, "2025-01-01", "2025-12-31"),
        ("2025-08", "2025-08", None, "2025-08-01", "2025-08-31"),
        ("2025-Q3", "2025-Q3", None, "2025-07-01", "2025-09-30"),
        ("2025-08-04", "2025-08-27", None, "2025-08-04", "2025-08-27"),
        (" 2024-02 ", "2024-02", None, "2024-02-01", "2024-02-29"),
        ("2025-08-27", None, None, "2025-08-27", "2026-01-15"),
        ("today", "today", None, "2026-01-15", "2026-01-15"),
        ("90d", None, None, "2025-10-17", "2026-01-15"),
        ("0d", None, None, "2026-01-15", "2026-01-15"),
        ("12w", None, "2025-08-27", "2025-06-04", "2025-08-27"),
        ("3m", None, "2025-08-27", "2025-05-27", "2025-08-27"),
        ("3m", "1m", "2025-08-27", "2025-05-27", "2025-07-27"),
        ("1m", None, "2025-03-31", "2025-02-28", "2025-03-31"),
        ("1m", None, "2024-03-31", "2024-02-29", "2024-03-31"),
        ("6m", None, "2025-08-31", "2025-02-28", "2025-08-31"),
        ("12m", None, "2025-01-31", "2024-01-31", "2025-01-31"),
        ("1y", None, "2024-02-29", "2023-02-28", "2024-02-29"),
        ("4y", None, "2024-02-29", "2020-02-29", "2024-02-29"),
        ("3m", None, "2025-08", "2025-05-31", "2025-08-31"),
        ("2025", "2025-12", "2025-08-27", "2025-01-01", "2025-08-27"),
        ("2025", "2026", None, "2025-01-01", "2026-01-15"),
        ("2025-08-01", None, NOON, "2025-08-01", "2025-08-26"),
        ("3m", None, NOON, "2025-05-27", "2025-08-26"),
        ("2025-08-01T09:30-04:00", "2025-08-27", None, "2025-08-02", "2025-08-27"),
        ("2025-08-01T00:00Z", "2025-08-27", None, "2025-08-01", "2025-08-27"),
    ],
)
def test_every_form_means_the_days_it_names(
    since: str, until: str | None, as_of: str | None, first: str, last: str
) -> None:
    found = parse_window(since, until, as_of=as_of, today=TODAY)
    assert (found.first_day.isoformat(), found.last_day.isoformat()) == (first, last)


REFUSED = ["", "08/27/2025", "27.08.2025", "last tuesday", "2024-13-45", "2025-02-29", "2025-Q5", "3 months", "-3d"]
REFUSED += ["yesterday", "2025-8-4", "1800", "2025-08-27T25:00", "2025-08-27T12:00+99:00", "99999999d", "3M"]


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("option", ["since", "until", "as_of"])
def test_what_is_no_date_is_refused_with_the_forms(option: str, text: str) -> None:
    options = {"since": "2025", "until": "2025", "as_of": "2025", option: text or "?"}
    with pytest.raises(UsageError) as refused:
        parse_window(**options, today=TODAY)
    assert f"--{option.replace('_', '-')}" in str(refused.value)
    assert FORMS in refused.value.hint and ("90d" in refused.value.hint) == (option != "as_of")


@pytest.mark.parametrize("option", ["as_of", "known_by"])
def test_what_relative_dates_count_back_from_is_itself_none_and_the_hint_names_no_relative_form(
    option: str,
) -> None:
    with pytest.raises(UsageError, match="'3m' is not a date") as refused:
        parse_window("2025", "2025", today=TODAY, **{option: "3m"})
    assert refused.value.hint == f"forms: {FORMS}, today"


@pytest.mark.parametrize(
    ("since", "until", "options", "said"),
    [
        ("2025-08-27", "2025-08-26", {}, "empty"),
        ("2026-01-16", None, {}, "empty"),
        ("2025-08", "2025-09", {"as_of": "2025-07"}, "--as-of 2025-07"),
        ("2025", None, {"tz": "Mars/Olympus"}, "Mars/Olympus"),
        ("2025", None, {"tz": ""}, "no time zone"),
        ("2025", None, {"tz": "../UTC"}, "no time zone"),
        ("2025", None, {"min_grade": "D"}, "no grade"),
        ("200y", None, {}, "before the year"),
        ("9999y", None, {}, "before the year"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_a_way_out(
    since: str, until: str | None, options: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        window(since, until, **options)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        ("2025-08-27T11:59:00-04:00", True),
        ("2025-08-27T15:59:59Z", True),
        ("2025-08-27T12:00:00-04:00", True),
        ("2025-08-27T12:00:01-04:00", False),
        ("2025-08-27T16:20:00-04:00", False),
        ("2025-08-27", False),
        ("2025-08-26", True),
        ("2025-08", False),
        ("2025-07", True),
    ],
)
def test_as_of_a_moment_shuts_out_the_evening_and_the_whole_undecided_day(written: str, inside: bool) -> None:
    assert window("2025-01", as_of=NOON).holds(dating(written)) is inside
    assert window("2025-01", as_of="2025-08-27T12:00", tz=NEW_YORK).holds(dating(written)) is inside


@pytest.mark.parametrize("until", [None, "2026", "2027-03", "today"])
@pytest.mark.parametrize("written", ["2026-01-16", "2026-01-16T00:00:00Z", "2026-01", "2027", "2026-02-01T09:00Z"])
def test_nothing_later_than_today_is_inside(until: str | None, written: str) -> None:
    assert not window("2025", until).holds(dating(written))


def test_only_a_window_that_ends_with_a_day_takes_its_evening() -> None:
    assert window("2025", as_of="2025-08-27", tz=NEW_YORK).whole_day
    assert not window("2025", as_of=NOON, tz=NEW_YORK).whole_day


@pytest.mark.parametrize(
    ("day", "tz", "first", "last"),
    [
        ("2025-08-27", "UTC", "2025-08-27T00:00Z", "2025-08-27T23:59:59.999999Z"),
        ("2025-08-27", NEW_YORK, "2025-08-27T04:00Z", "2025-08-28T03:59:59.999999Z"),
        ("2025-03-09", NEW_YORK, "2025-03-09T05:00Z", "2025-03-10T03:59:59.999999Z"),
        ("2025-11-02", NEW_YORK, "2025-11-02T04:00Z", "2025-11-03T04:59:59.999999Z"),
        ("2025-08-27", "Asia/Tokyo", "2025-08-26T15:00Z", "2025-08-27T14:59:59.999999Z"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00Z", "2018-11-05T01:59:59.999999Z"),
    ],
)
def test_the_zone_moves_the_days_of_instants_and_not_of_calendar_days(
    day: str, tz: str, first: str, last: str
) -> None:
    found = window(day, day, tz=tz)
    assert found.first_instant == datetime.fromisoformat(first)
    assert found.last_instant == datetime.fromisoformat(last)
    assert found.holds(dating(day))
    assert found.holds(dating(first))
    assert not found.holds(dating(day + "T23:59:59-12:00"))


_DATINGS = st.builds(
    lambda start, length, zoned, grade: Dating(start, start + length, Precision.DAY, Basis.EXPORT, grade, zoned),
    st.datetimes(datetime(2025, 7, 30), datetime(2025, 9, 2), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.booleans(),
    st.sampled_from(Grade),
)
_BOUNDS = st.sampled_from(["2025-08-01", "2025-08", "2025-08-15T12:00-04:00", "2025-09-01T00:00Z", "2025-08-31"])


_ROWS = st.tuples(st.none() | _DATINGS, st.none() | st.datetimes(datetime(2025, 7, 30), timezones=st.just(UTC)))


def as_times(datings: list[Dating | None], known: list[datetime | None]) -> Times:
    ends = [(microseconds(d.earliest), microseconds(d.latest)) if d else (NEVER, NEVER) for d in datings]
    return Times(
        np.array([first for first, _ in ends], np.int64),
        np.array([last for _, last in ends], np.int64),
        np.array([microseconds(at) if at else NEVER for at in known], np.int64),
        np.array([d is not None and d.zoned for d in datings], np.bool_),
        np.array([GRADES[d.grade if d else None] for d in datings], np.uint8),
    )


@given(
    st.lists(_ROWS, max_size=20),
    _BOUNDS,
    st.none() | _BOUNDS,
    st.sampled_from(["UTC", NEW_YORK, "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
    st.sampled_from(Grade),
)
@settings(derandomize=True, deadline=None)
def test_rows_and_documents_pass_the_same_test(
    rows: list[tuple[Dating | None, datetime | None]], until: str, known_by: str | None, tz: str, min_grade: Grade
) -> None:
    asked = window("2025-07-31", until, tz=tz, min_grade=min_grade.value, known_by=known_by)
    mask = asked.mask(as_times([dating for dating, _ in rows], [known for _, known in rows]))
    assert mask.tolist() == [asked.holds(*row) for row in rows]
    earliest, latest = asked.candidates
    inside = [dating for dating, known in rows if asked.holds(dating, known)]
    assert all(one and earliest <= microseconds(one.latest) <= latest for one in inside)


def test_known_by_shuts_out_what_was_known_later_or_nobody_knows_when() -> None:
    asked = window("2025", known_by="2025-08-27")
    day = dating("2025-08-20")
    moments = [datetime(2025, 8, 27, 23, 59, tzinfo=UTC), datetime(2025, 8, 28, tzinfo=UTC), None]
    assert [asked.holds(day, at) for at in moments] == [True, False, False]
    assert window("2025").holds(day, None)
    with pytest.raises(UsageError, match="--known-by"):
        window("2025", known_by="last tuesday")
