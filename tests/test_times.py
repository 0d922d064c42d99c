"""Written times: one strict grammar for people, one wider for pages, and nothing read two ways."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.times import (
    MAX_YEAR,
    MIN_YEAR,
    Span,
    day_end,
    day_start,
    parse_strict,
    parse_written,
)
from evidence.corpus.values import Precision

DAYS = st.dates(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(MIN_YEAR, 1, 2), datetime(MAX_YEAR, 12, 30), timezones=ZONES)


def _days(first: date, last: date, precision: Precision) -> Span:
    return Span(day_start(first), day_end(last), precision, zoned=False)


def _day(day: date) -> Span:
    return _days(day, day, Precision.DAY)


def _instant(*moment: int) -> Span:
    at = datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return Span(at, at, Precision.SECOND, zoned=True)


STRICT = [
    ("2025", _days(date(2025, 1, 1), date(2025, 12, 31), Precision.YEAR)),
    ("1900", _days(date(1900, 1, 1), date(1900, 12, 31), Precision.YEAR)),
    ("2025-Q1", _days(date(2025, 1, 1), date(2025, 3, 31), Precision.QUARTER)),
    ("2025-Q2", _days(date(2025, 4, 1), date(2025, 6, 30), Precision.QUARTER)),
    ("2025q3", _days(date(2025, 7, 1), date(2025, 9, 30), Precision.QUARTER)),
    ("2025-Q4", _days(date(2025, 10, 1), date(2025, 12, 31), Precision.QUARTER)),
    ("2025-04", _days(date(2025, 4, 1), date(2025, 4, 30), Precision.MONTH)),
    ("2025-12", _days(date(2025, 12, 1), date(2025, 12, 31), Precision.MONTH)),
    ("2023-02", _days(date(2023, 2, 1), date(2023, 2, 28), Precision.MONTH)),
    ("2024-02", _days(date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH)),
    ("2100-02", _days(date(2100, 2, 1), date(2100, 2, 28), Precision.MONTH)),
    ("2000-02", _days(date(2000, 2, 1), date(2000, 2, 29), Precision.MONTH)),
    ("  2025-08-27 ", _day(date(2025, 8, 27))),
    ("2024-02-29", _day(date(2024, 2, 29))),
    ("2025-08-27T12:00", _day(date(2025, 8, 27))),
    ("2025-08-27T12:00Z", _instant(2025, 8, 27, 12)),
    ("2025-08-27 12:00:01 UTC", _instant(2025, 8, 27, 12, 0, 1)),
    ("2025-08-27T12:00:01.999999z", _instant(2025, 8, 27, 12, 0, 1)),
    ("2025-08-27T12:00-04:00", _instant(2025, 8, 27, 16)),
    ("2025-08-27T02:00+0530", _instant(2025, 8, 26, 20, 30)),
    ("2025-08-27T12:00 +02", _instant(2025, 8, 27, 10)),
]

NO_DATES = """
03/04/2025|3-4-2025|04.03.2025|31.31.2025|2025-13|2025-00|2025-Q5|2025-Q0|2025-02-29|2100-02-29|2025-13-8|2025827
2025-04-31|2025-08-00|2025-08-27T24:01Z|2025-08-27T12:60Z|2025-08-27T12:00+25:00|2025-08-27T12|1899|2200|0000|99999
last tuesday|yesterday|90d|today||2025-08-27 to 2025-08-28|2025-W35|-2025|2025-8/7|27.08.2025 to 28.08.2025
""".replace("\n", "|").strip("|")


@pytest.mark.parametrize(("text", "span"), STRICT)
def test_every_strict_form_is_the_whole_interval_it_names(text: str, span: Span) -> None:
    assert parse_strict(text) == span
    assert parse_written(text) == span


@pytest.mark.parametrize("text", sorted(set(NO_DATES.split("|"))))
def test_an_ambiguous_or_impossible_date_is_refused(text: str) -> None:
    assert parse_strict(text) is None
    assert parse_written(text) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Wed, 27 Aug 2025 16:20:00 -0400", _instant(2025, 8, 27, 20, 20)),
        ("Wed, 27 Aug 2025 16:20:00 EDT", _instant(2025, 8, 27, 20, 20)),
        ("27 Aug 2025 16:20:00 GMT", _instant(2025, 8, 27, 16, 20)),
        ("27 Aug 2025 16:20", _day(date(2025, 8, 27))),
        ("1756309200", _instant(2025, 8, 27, 15, 40)),
        ("1756309200123", _instant(2025, 8, 27, 15, 40)),
        ("20250827", _day(date(2025, 8, 27))),
        ("August 27, 2025", _day(date(2025, 8, 27))),
        ("Aug. 27th, 2025", _day(date(2025, 8, 27))),
        ("sept 3 2025", _day(date(2025, 9, 3))),
        ("27 August 2025", _day(date(2025, 8, 27))),
        ("1st May, 2025", _day(date(2025, 5, 1))),
        ("27.08.2025", _day(date(2025, 8, 27))),
        ("27.08.2025, 16:20", _day(date(2025, 8, 27))),
        ("08/27/2025", _day(date(2025, 8, 27))),
        ("11.11.2021", _day(date(2021, 11, 11))),
        ("2025/08/27", _day(date(2025, 8, 27))),
        ("2025-8-7", _day(date(2025, 8, 7))),
        ("2025-8-7T4:05:06+02:00", _instant(2025, 8, 7, 2, 5, 6)),
        ("2025-08-27T23:15:0Z", _instant(2025, 8, 27, 23, 15)),
        ("2025-08-27T16:02:50CDT", _day(date(2025, 8, 27))),
        ("20250827T11:02:35Z", _instant(2025, 8, 27, 11, 2, 35)),
    ],
)
def test_pages_may_write_more_forms_than_people(text: str, span: Span) -> None:
    assert parse_written(text) == span
    assert parse_strict(text) is None


@pytest.mark.parametrize(
    "text", ["20251327", "February 30, 2025", "31 Juno 2025", "August 27", "9999999999", "1 Mai"]
)
def test_what_no_page_can_mean_is_not_read(text: str) -> None:
    assert parse_written(text) is None


def test_a_clock_without_a_zone_is_a_day() -> None:
    span = parse_strict("2025-08-27T23:59:59")
    assert span is not None
    assert (span.precision, span.zoned, span.first_day) == (Precision.DAY, False, date(2025, 8, 27))


def test_an_instant_remembers_the_calendar_day_of_the_zone_it_is_written_in() -> None:
    span = parse_written("2020-11-30T23:30:00-05:00")
    assert span is not None
    assert (span.first_day, span.earliest.date()) == (date(2020, 11, 30), date(2020, 12, 1))


@given(DAYS)
def test_any_day_round_trips(day: date) -> None:
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b %Y}"):
        span = parse_written(text)
        assert span == _day(day)


@given(MOMENTS)
def test_any_moment_round_trips_from_any_zone(moment: datetime) -> None:
    expected = moment.replace(microsecond=0)
    for text in (moment.isoformat(), format_datetime(moment)):
        span = parse_written(text)
        assert span is not None
        assert span.earliest == span.latest == expected
        assert span.earliest.tzinfo is UTC


@given(st.text() | st.text("0123456789-:/ ,.TZQ+AugMon", max_size=30))
def test_no_text_breaks_the_grammar_or_ends_before_it_starts(text: str) -> None:
    span = parse_written(text)
    if span is not None:
        assert span.earliest <= span.latest
