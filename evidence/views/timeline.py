"""The evidence of a report along time: places of findings and near misses in per cent of a line. Pure geometry.

The line runs over the findings and as much of the window and of the near misses as leaves them room; what lies
beyond stands at its end. Marks that would overlap stand in lanes above each other. Days alone are drawn: a clock
time moves a mark by less than its own width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from evidence.views.phrases import day, source_name

Part = Mapping[str, Any]
# A label, what it is, when, and whether it is evidence.
_Row = tuple[str, Part, Part, bool]

# Of the line, left free at both ends, so that a mark on the first day is not cut off.
_MARGIN = 0.03
# A mark's middle stays that far, in per cent, from the ends of the line.
_END = 2.0
# Of a window that is much longer than what it holds, and of near misses outside, the line shows this much on each
# side: as much as lies between the first and the last finding, or these days.
_LEAST_AROUND = timedelta(days=45)
# Two marks nearer than this, in per cent of the line, get a lane each: a mark's width on the narrowest screen.
_APART = 8.0
# Lines for months are drawn up to this many, then for quarters, then for years.
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding or near miss: `at` is its middle, `start` and `width` its interval, in per cent; lanes go up."""

    label: str
    words: str
    at: float
    start: float
    width: float
    lane: int
    used: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A day with a name under the line."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is drawn; the window from `window_start` over `window_width`, in per cent."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    window_start: float
    window_width: float
    lanes: int


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    @classmethod
    def over(cls, window: Sequence[date], found: Sequence[date], missed: Sequence[date]) -> "_Scale":
        """Days of findings are all on the line; without any, the window's are."""
        drawn = found or window
        around = max(_LEAST_AROUND, max(drawn) - min(drawn))
        others = [at for at in (*window, *missed) if min(drawn) - around <= at <= max(drawn) + around]
        first, last = min(*drawn, *others), max(*drawn, *others)
        margin = timedelta(days=max(2, round((last - first).days * _MARGIN)))
        return cls(first - margin, last + margin)

    def place(self, at: date) -> float:
        """In per cent of the line; at one of its ends for what lies beyond."""
        share = (at - self.first).days / (self.last - self.first).days
        return round(100 * min(max(share, 0.0), 1.0), 2)


def draw_timeline(report: Part) -> Timeline | None:
    """None of a report without anything dated to draw."""
    findings = [(finding["id"], finding["source"], finding["dated"], True) for finding in report["findings"]]
    missed = {miss["document"]["id"]: miss for miss in _missed(report) if miss["dated"]}
    near = [("", miss["document"], miss["dated"], False) for miss in missed.values()]
    if not findings and not near:
        return None
    window = [date.fromisoformat(report["window"][end][:10]) for end in ("first_instant", "last_instant")]
    scale = _Scale.over(window, _ends(findings), _ends(near))
    marks = _in_lanes(
        [
            _mark(label, f"{day(dated)}: {source_name({'path': '', **source})}", _days(dated), scale, used)
            for label, source, dated, used in (*findings, *near)
        ]
    )
    start, end = map(scale.place, window)
    lanes = 1 + max(mark.lane for mark in marks)
    return Timeline(marks, _ticks(scale), start, round(end - start, 2), lanes)


def _ends(rows: Sequence[_Row]) -> list[date]:
    return [end for _, _, dated, _ in rows for end in _days(dated)]


def _missed(report: Part) -> list[Part]:
    return [*(miss for gap in report["gaps"] for miss in gap["near_misses"]), *report["near_misses"]]


def _days(dated: Part) -> tuple[date, date]:
    return date.fromisoformat(dated["earliest"][:10]), date.fromisoformat(dated["latest"][:10])


def _mark(label: str, words: str, span: tuple[date, date], scale: _Scale, used: bool) -> Mark:
    start, end = map(scale.place, span)
    at = min(max((start + end) / 2, _END), 100 - _END)
    return Mark(label, words, round(at, 2), start, round(end - start, 2), 0, used)


def _in_lanes(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Each mark in the lowest lane where nothing stands near; from left to right, findings in their order."""
    free: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda m: (min(m.at, m.start), not m.used, len(m.label), m.label)):
        left, right = min(mark.at - _APART / 2, mark.start), max(mark.at + _APART / 2, mark.start + mark.width)
        lane = next((number for number, end in enumerate(free) if end <= left), len(free))
        free[lane : lane + 1] = [right]
        placed.append(replace(mark, lane=lane))
    return tuple(placed)


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    """First days of months, quarters or years, whichever are few enough."""
    months = []
    year, month = scale.first.year, scale.first.month
    while (start := date(year, month, 1)) <= scale.last:
        if start >= scale.first:
            months.append(start)
        year, month = year + month // 12, month % 12 + 1
    steps = ([m for m in months if (m.month - 1) % step == 0] for step in (1, 3, 12, 60))
    chosen = next((days for days in steps if len(days) <= _MOST_TICKS), months[:: 1 + len(months) // _MOST_TICKS])
    if not chosen:
        # less than a month: its ends say when it is
        chosen = [scale.first, scale.last]
    return tuple(Tick(scale.place(start), _tick_words(start, chosen)) for start in chosen)


def _tick_words(start: date, chosen: Sequence[date]) -> str:
    if all(other.day == 1 for other in chosen):
        yearly = all(other.month == 1 for other in chosen)
        return str(start.year) if yearly and len(chosen) > 1 else f"{start.year}-{start.month:02d}"
    return start.isoformat()
