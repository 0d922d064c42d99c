"""The date window: what the user typed, to bounds that fail closed. Pure; the clock is an argument.

A document is inside when the whole interval of its dating is. Times with a zone are compared as instants;
dates without one as calendar days of the window's zone. Undated documents and grades below `min_grade` are
outside, always.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import UsageError
from evidence.corpus.times import FORMS, MAX_YEAR, MIN_YEAR, day_end, day_start, parse_strict
from evidence.corpus.values import Dating, Grade
from evidence.indexer.datings import GRADES, Times, microseconds

EARLIEST = str(MIN_YEAR)
# A day that relative ones count back from is itself none.
ABSOLUTE_FORMS = f"{FORMS}, today"
ALL_FORMS = f"{FORMS}, 90d, 12w, 3m, 1y, today"

_BACK = re.compile(r"([0-9]{1,5})([dwmy])")
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
# Rows are sorted by instants and unzoned days alike; the two differ by at most 14 hours.
MARGIN_MICROSECONDS = 24 * 3600 * 10**6


class Exclusion(StrEnum):
    """Why a document is not inside a window."""

    UNDATED = "undated"
    OUTSIDE = "outside the window"
    GUESS = "its date is only a guess"
    GRADE = "its date's grade is below the one asked for"
    LATER = "known later than asked for"


@dataclass(frozen=True, slots=True)
class Window:
    """Both ends inclusive. The instants bound zoned times, the days bound dates without a zone.

    `whole_day` says that the last day was given as a day, so that its evening is inside, too. With
    `known_instant` only what the world provably had by then is inside: captured, or accepted by a regulator.
    """

    since: str
    until: str
    as_of: str
    tz: str
    min_grade: Grade
    known_by: str | None
    first_instant: datetime
    last_instant: datetime
    first_day: date
    last_day: date
    known_instant: datetime | None = None

    @property
    def whole_day(self) -> bool:
        """Whether the last day is inside to its end, after any market's close."""
        return self.last_instant.astimezone(ZoneInfo(self.tz)).time() == time.max

    def mask(self, times: Times) -> NDArray[np.bool_]:
        """Which rows lie inside: the promise itself, row by row."""
        instants = _within(times, microseconds(self.first_instant), microseconds(self.last_instant))
        first, last = (microseconds(at) for at in (day_start(self.first_day), day_end(self.last_day)))
        inside = np.where(times.zoned, instants, _within(times, first, last))
        if self.known_instant is not None:
            inside &= times.known <= microseconds(self.known_instant)
        return inside & (times.grade >= GRADES[self.min_grade])

    def holds(self, dating: Dating | None, known: datetime | None = None) -> bool:
        """The same test for one document's dating and the time it was known."""
        return self.excludes(dating, known) is None

    def excludes(self, dating: Dating | None, known: datetime | None = None) -> Exclusion | None:
        """Why such a document is not inside, the plainest reason first; None when it is."""
        if dating is None:
            return Exclusion.UNDATED
        if not self._spans(dating):
            return Exclusion.OUTSIDE
        if GRADES[dating.grade] < GRADES[self.min_grade]:
            return Exclusion.GUESS if dating.grade is Grade.C else Exclusion.GRADE
        if self.known_instant is not None and (known is None or known > self.known_instant):
            return Exclusion.LATER
        return None

    def _spans(self, dating: Dating) -> bool:
        if dating.zoned:
            return self.first_instant <= dating.earliest and dating.latest <= self.last_instant
        return day_start(self.first_day) <= dating.earliest and dating.latest <= day_end(self.last_day)

    def on_edge(self, dating: Dating) -> bool:
        """Whether it is a date without a zone on the first or the last day: another zone might put it outside."""
        return not dating.zoned and (
            dating.earliest.date() <= self.first_day or dating.latest.date() >= self.last_day
        )

    def before(self) -> "Window":
        """All time before this window, under the same conditions. What reaches over its first day is in neither."""
        return replace(
            self,
            since=EARLIEST,
            until=(self.first_day - _DAY).isoformat(),
            first_instant=datetime(MIN_YEAR, 1, 1, tzinfo=UTC),
            last_instant=self.first_instant - _TICK,
            first_day=date(MIN_YEAR, 1, 1),
            last_day=self.first_day - _DAY,
        )

    @property
    def candidates(self) -> tuple[int, int]:
        """A span of microseconds outside of which no row can be inside."""
        starts = (self.first_instant, day_start(self.first_day))
        ends = (self.last_instant, day_end(self.last_day))
        return microseconds(min(starts)) - MARGIN_MICROSECONDS, microseconds(max(ends)) + MARGIN_MICROSECONDS

    def as_json(self) -> dict[str, Any]:
        """The window as asked for and as it was understood."""
        return {
            "since": self.since,
            "until": self.until,
            "as_of": self.as_of,
            "tz": self.tz,
            "min_grade": self.min_grade.value,
            "known_by": self.known_by,
            "known_instant": self.known_instant and _stamp(self.known_instant),
            "first_instant": _stamp(self.first_instant),
            "last_instant": _stamp(self.last_instant),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "whole_last_day": self.whole_day,
        }


def _within(times: Times, first: int, last: int) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (times.earliest >= first) & (times.latest <= last)
    return inside


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end: `instant` for zoned times; `first_day`/`last_day` the days wholly on its inner side."""

    earliest: datetime
    latest: datetime
    first_day: date
    last_day: date


def parse_window(
    since: str,
    until: str | None,
    *,
    today: date,
    as_of: str | None = None,
    tz: str = "UTC",
    min_grade: str = "B",
    known_by: str | None = None,
) -> Window:
    """The window that these words mean. `until` defaults to `as_of`, and `as_of` to the whole of `today`.

    Nothing later than `as_of` is ever inside. Raises UsageError for anything ambiguous or impossible.
    """
    zone = _zone(tz)
    grade = _grade(min_grade)
    ceiling = _absolute("--as-of", as_of, zone, today) if as_of is not None else _day_bound(today, today, zone)
    first = _bound("--since", since, ceiling, zone, today)
    last = _bound("--until", until, ceiling, zone, today) if until is not None else ceiling
    window = Window(
        since=since,
        until=until or as_of or today.isoformat(),
        as_of=as_of or today.isoformat(),
        tz=tz,
        min_grade=grade,
        known_by=known_by,
        first_instant=first.earliest,
        last_instant=min(last.latest, ceiling.latest),
        first_day=first.first_day,
        last_day=min(last.last_day, ceiling.last_day),
        known_instant=_known_instant(known_by, zone, today),
    )
    if window.last_instant < window.first_instant:
        raise UsageError(
            f"the window is empty: --since {since} is after "
            + (f"--until {until}" if until and last.latest < first.earliest else f"--as-of {window.as_of}"),
            "nothing later than --as-of is ever inside; it defaults to today",
        )
    return window


def _known_instant(known_by: str | None, zone: ZoneInfo, today: date) -> datetime | None:
    """Of a day its end, in whole seconds, which is what a report can say."""
    if known_by is None:
        return None
    return _absolute("--known-by", known_by, zone, today).latest.replace(microsecond=0)


def local_day(now: datetime, tz: str) -> date:
    """The calendar day it is in this zone. Raises UsageError for a name that is none."""
    return now.astimezone(_zone(tz)).date()


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"--tz {tz!r} is no time zone", "use an IANA name such as America/New_York") from error


def _grade(text: str) -> Grade:
    try:
        return Grade(text.upper())
    except ValueError as error:
        raise UsageError(f"--min-grade {text!r} is no grade", "A, B or C") from error


def _bound(option: str, text: str, ceiling: _Bound, zone: ZoneInfo, today: date) -> _Bound:
    """Relative forms count back from the last day of `--as-of`."""
    if match := _BACK.fullmatch(text.strip()):
        anchor = ceiling.latest.astimezone(zone).date()
        try:
            day = _back(anchor, int(match[1]), match[2])
        except (ValueError, OverflowError) as error:
            raise UsageError(
                f"{option} {text!r} reaches before the year {MIN_YEAR}", f"forms: {ALL_FORMS}"
            ) from error
        return _day_bound(day, day, zone)
    return _absolute(option, text, zone, today, ALL_FORMS)


def _back(day: date, count: int, unit: str) -> date:
    if unit in "dw":
        day -= timedelta(days=count * (7 if unit == "w" else 1))
    else:
        months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        day = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    if day.year < MIN_YEAR:
        raise ValueError(day)
    return day


def _absolute(option: str, text: str, zone: ZoneInfo, today: date, forms: str = ABSOLUTE_FORMS) -> _Bound:
    if text.strip() == "today":
        return _day_bound(today, today, zone)
    span = parse_strict(text)
    if span is None:
        raise UsageError(f"{option} {text!r} is not a date", f"forms: {forms}")
    if ":" in text and not span.zoned:
        # a clock time without a zone is the user's own, in --tz
        span_at = datetime.fromisoformat(text.strip()).replace(tzinfo=zone)
        return _moment_bound(span_at, zone)
    if span.zoned:
        return _moment_bound(_as_written(text), zone)
    return _day_bound(span.earliest.date(), span.latest.date(), zone)


def _as_written(text: str) -> datetime:
    """The moment with the offset it was typed in, for `that day` means that day there."""
    text = text.strip().replace(" ", "T", 1).replace("Z", "+00:00").replace("z", "+00:00")
    return datetime.fromisoformat(re.sub(r"T?\s*(?:UTC|GMT)$", "+00:00", text))


def _moment_bound(moment: datetime, zone: ZoneInfo) -> _Bound:
    """A moment shuts out its whole calendar day for dates without a clock, in its own zone and in --tz."""
    here = moment.astimezone(zone)
    last = min(moment.date(), here.date()) - _DAY
    first = max(moment.date(), here.date()) + _DAY
    if here.time() == time() and here.utcoffset() == moment.utcoffset():
        first = here.date()
    instant = moment.astimezone(UTC)
    return _Bound(instant, instant, first, last)


def _day_bound(first: date, last: date, zone: ZoneInfo) -> _Bound:
    if last.year > MAX_YEAR:
        raise UsageError(f"{last} is too late a date", f"years {MIN_YEAR} to {MAX_YEAR}")
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + _DAY, time(), zone).astimezone(UTC) - _TICK
    return _Bound(start, end, first, last)
