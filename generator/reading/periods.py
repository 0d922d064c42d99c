"""A period or a day that a text names, and whether two of them are the same. Pure; no clock.

Who finds them in a text is `period_words.py`.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "nine months": 9, "year": 12}
# A company's quarter of the calendar ends on a weekday near the calendar's own.
_NEAR_DAYS = 16


class Relation(StrEnum):
    """What is known of two periods: that they are one, that they are not, or neither."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Period:
    """A period where a text names it, characters `start` to `end`.

    `unit` is day, month, quarter, half, nine months or year; `number` counts quarters, halves or months of `year`.
    `last` is its last day, where that is stated or follows from the calendar; of a fiscal period that is only
    counted nobody knows it. `stated` is False where the year was read from the anchor, or nothing but the unit is
    known.
    """

    start: int
    end: int
    unit: str
    year: int | None = None
    number: int | None = None
    fiscal: bool = False
    last: date | None = None
    stated: bool = True

    @property
    def first(self) -> date | None:
        """Its first day, where its last is known."""
        if self.last is None or self.unit == "day":
            return self.last
        back = self.last.year * 12 + self.last.month - MONTHS_IN[self.unit]
        # a fiscal month ends in the middle of a calendar's: its period begins a day later, months before
        if self.last.day == monthrange(self.last.year, self.last.month)[1]:
            return date(back // 12, back % 12 + 1, 1)
        year, month = divmod(back - 1, 12)
        return date(year, month + 1, min(self.last.day, monthrange(year, month + 1)[1])) + timedelta(days=1)

    def named(self) -> str:
        """A short name: 2025-Q3, FY2025, 2025-08-04; quarter to 2025-07-27."""
        mark = "FY" if self.fiscal else ""
        if self.unit == "day" and self.last:
            return self.last.isoformat()
        if self.year is None:
            return f"{self.unit} to {self.last.isoformat()}" if self.last else self.unit
        if self.number is None:
            return f"{mark}{self.year}"
        prefix = {"quarter": "Q", "half": "H"}.get(self.unit)
        return f"{mark}{self.year}-{prefix}{self.number}" if prefix else f"{self.year}-{self.number:02d}"


def relate(one: Period, other: Period) -> Relation:
    """Whether they are the same; a fiscal quarter that is counted and one that is dated may be."""
    if one.unit != other.unit:
        return Relation.DIFFERENT
    if one.last is not None and other.last is not None:
        near = 0 if one.unit == "day" else _NEAR_DAYS
        return Relation.SAME if abs((one.last - other.last).days) <= near else Relation.DIFFERENT
    if one.year is not None and other.year is not None and (one.number is None) == (other.number is None):
        same = (one.year, one.number) == (other.year, other.number)
        return Relation.SAME if same else Relation.DIFFERENT
    counted, dated = (one, other) if one.last is None else (other, one)
    if counted.year is None or dated.last is None:
        return Relation.UNKNOWN
    # fiscal 2026 ends in 2026, or, of a year that is named after its start, early in 2027
    return Relation.UNKNOWN if counted.year - 1 <= dated.last.year <= counted.year + 1 else Relation.DIFFERENT
