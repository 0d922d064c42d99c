"""Written times to spans: one strict grammar for people, one wider for what pages write. Pure; no clock."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from evidence.corpus.values import Precision

FORMS = "2025, 2025-08, 2025-Q3, 2025-08-27, 2025-08-27T12:00-04:00"

# Nothing published on the web or filed with a regulator's computer is older, and no clock that can be
# believed is later; outside these years a number is not a year.
MIN_YEAR, MAX_YEAR = 1900, 2199

_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
# As programs write it that never read the standard: single digits, slashes, a zone's name.
_LOOSE = re.compile(
    r"(\d{4})([-/]?)(\d{1,2})\2(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Z]{2,5})?)?",
    re.ASCII,
)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ,]+\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEARLESS = re.compile(r"--(\d{2})-(\d{2})", re.ASCII)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|"
        "sep sept september|oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of time, both ends inclusive. Not zoned: calendar days, written as if in UTC."""

    earliest: datetime
    latest: datetime
    precision: Precision
    zoned: bool
    # of an instant, how far from UTC the clock was that wrote it
    offset: timedelta = field(default=timedelta(0), compare=False)

    @property
    def first_day(self) -> date:
        """The calendar day it starts on, where it was written."""
        return (self.earliest + self.offset).date()


def parse_strict(text: str) -> Span | None:
    """A year, month, quarter, day or ISO moment, as people type it; None for anything else.

    A moment without a zone comes back unzoned and at its whole day: a clock time nobody can place is a day.
    """
    text = text.strip()
    try:
        if match := _YEAR.fullmatch(text):
            year = int(match[1])
            return _days(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
        if match := _QUARTER.fullmatch(text):
            year, last = int(match[1]), int(match[2]) * 3
            return _days(date(year, last - 2, 1), _month_end(year, last), Precision.QUARTER)
        if match := _MONTH.fullmatch(text):
            year, month = int(match[1]), int(match[2])
            return _days(date(year, month, 1), _month_end(year, month), Precision.MONTH)
        if match := _DAY.fullmatch(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
        if match := _MOMENT.fullmatch(text):
            return _moment(match[1], match[2], match[3])
    except ValueError:
        return None
    return None


def parse_written(text: str) -> Span | None:
    """What pages, feeds and exports write: the strict forms, RFC 2822, 20250827, epochs, `27 August 2025`.

    Numbers are read where only one order makes a day of them: 03/04/2025 is two different days.
    """
    text = text.strip()
    if span := parse_strict(text):
        return span
    try:
        if _EPOCH.fullmatch(text):
            seconds = int(text[:10])
            return _instant(datetime.fromtimestamp(seconds, UTC))
        if match := _COMPACT.fullmatch(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
        if match := _LOOSE.fullmatch(text):
            return _loose(match)
        if match := _NUMBERS.fullmatch(text):
            return _numbers(int(match[1]), int(match[3]), int(match[4]))
        if match := _MONTH_FIRST.fullmatch(text):
            return _day(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
        if match := _DAY_FIRST.fullmatch(text):
            return _day(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
        moment = parsedate_to_datetime(text)
        if str(moment.year) not in text:
            # RFC 2822 guesses the century of short years; nobody else has to believe it
            return None
        return _day(moment.year, moment.month, moment.day) if moment.tzinfo is None else _instant(moment)
    except (ValueError, KeyError, OverflowError):
        return None


def parse_yearless(text: str, since: datetime) -> Span | None:
    """The first `--08-05` that is not before the day of this moment; None for what is none."""
    match = _YEARLESS.fullmatch(text.strip())
    if match is None:
        return None
    month, day = int(match[1]), int(match[2])
    # the 29th of February may be eight years away
    for year in range(since.year, since.year + 9):
        try:
            found = _day(year, month, day)
        except ValueError:
            continue
        if found.latest >= since:
            return found
    return None


def _moment(day: str, clock: str, zone: str | None) -> Span:
    if zone is None:
        moment = datetime.fromisoformat(f"{day}T{clock}")
        return _day(moment.year, moment.month, moment.day)
    zone = "+00:00" if zone in {"Z", "z", "UTC", "GMT"} else zone
    return _instant(datetime.fromisoformat(f"{day}T{clock}{zone}"))


def _loose(match: re.Match[str]) -> Span:
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if not match[2] and len(match[3] + match[4]) < 4:
        raise ValueError("digits that could be cut in two ways")
    if match[5] is None:
        return _day(year, month, day)
    clock = time(int(match[5]), int(match[6]), int(match[7] or 0)).isoformat()
    zone = match[8]
    if zone and zone.isalpha() and zone not in {"Z", "z", "UTC", "GMT"}:
        # IST is India, Ireland or Israel
        zone = None
    return _moment(date(year, month, day).isoformat(), clock, zone)


def _numbers(first: int, second: int, year: int) -> Span | None:
    if first == second or first > 12:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else None


def _instant(moment: datetime) -> Span:
    if not MIN_YEAR <= moment.year <= MAX_YEAR:
        raise ValueError("year out of range")
    offset = moment.utcoffset() or timedelta(0)
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return Span(moment, moment, Precision.SECOND, zoned=True, offset=offset)


def _day(year: int, month: int, day: int) -> Span:
    return _days(date(year, month, day), date(year, month, day), Precision.DAY)


def _days(first: date, last: date, precision: Precision) -> Span:
    if not MIN_YEAR <= first.year <= MAX_YEAR:
        raise ValueError("year out of range")
    return Span(day_start(first), day_end(last), precision, zoned=False)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def day_start(day: date) -> datetime:
    """The first microsecond of a calendar day, as if in UTC."""
    return datetime.combine(day, time(), UTC)


def day_end(day: date) -> datetime:
    """The last microsecond of a calendar day, as if in UTC."""
    return day_start(day) + timedelta(days=1, microseconds=-1)
