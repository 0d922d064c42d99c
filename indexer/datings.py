"""The datings of rows as arrays of numbers, microseconds since 1970: sorted, cut and tested at once. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.values import Dating, Grade

# Rows whose extremes are kept in memory together: few enough that a window's ends cost little, row by row, and so
# many that the blocks of a million rows are looked at in one call.
BLOCK = 1024

# An undated row sorts behind every window that can be asked for.
NEVER = np.iinfo(np.int64).max
GRADES = {None: 0, Grade.C: 1, Grade.B: 2, Grade.A: 3}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds_utc: int) -> datetime:
    """The inverse of `microseconds`."""
    return _EPOCH + timedelta(microseconds=microseconds_utc)


@dataclass(frozen=True, slots=True)
class Times:
    """The datings of passage rows as arrays of one length; `grade` as GRADES, undated rows at NEVER.

    `known` is when the document was provably in the world's hands; NEVER where nothing says so.
    """

    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    known: NDArray[np.int64]
    zoned: NDArray[np.bool_]
    grade: NDArray[np.uint8]

    def cut(self, first: int, last: int) -> "Times":
        """The rows [first, last), without copying."""
        return Times(
            self.earliest[first:last],
            self.latest[first:last],
            self.known[first:last],
            self.zoned[first:last],
            self.grade[first:last],
        )

    def take(self, rows: NDArray[np.int64]) -> "Times":
        """These rows, copied."""
        return Times(self.earliest[rows], self.latest[rows], self.known[rows], self.zoned[rows], self.grade[rows])


@dataclass(frozen=True, slots=True)
class Extremes:
    """What no row of a block of BLOCK rows is outside of, as if it were a row's dating, with a zone and without."""

    zoned: Times
    unzoned: Times

    @classmethod
    def of(cls, times: Times) -> "Extremes":
        """The last block may be a short one."""
        starts = np.arange(0, len(times.latest), BLOCK)
        ends = (
            np.minimum.reduceat(times.earliest, starts),
            np.maximum.reduceat(times.latest, starts),
            np.maximum.reduceat(times.known, starts),
        )
        grade = np.minimum.reduceat(times.grade, starts)
        zoned, unzoned = np.ones(len(starts), np.bool_), np.zeros(len(starts), np.bool_)
        return cls(Times(*ends, zoned, grade), Times(*ends, unzoned, grade))


def span(dating: Dating | None) -> tuple[int, int]:
    """Its earliest and its latest moment; NEVER for none."""
    return (microseconds(dating.earliest), microseconds(dating.latest)) if dating else (NEVER, NEVER)
