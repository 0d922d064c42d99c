"""The rows of an index that a search may see: inside the window, and passed by the filter. The window is kept here.

Every ranking gets ranges and nothing else, so nothing outside can be found, nor count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evidence.indexer.datings import BLOCK, Extremes, Times
from evidence.indexer.segment import Segment
from evidence.indexer.store import Index
from evidence.indexer.vectors import Mask
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Range:
    """The rows `first + i` of a segment that could be inside the window; those with `wanted[i]` are.

    `whole` says that all of them are.
    """

    segment: Segment
    first: int
    wanted: Mask
    whole: bool


@dataclass(frozen=True, slots=True)
class WindowRows:
    """A segment's rows from `first` on that are near the window, with their datings; not tested yet."""

    segment: Segment
    first: int
    times: Times


def find_ranges(index: Index, window: Window, where: Filter = NO_FILTER) -> list[Range]:
    """The rows that are inside the window and pass the filter, segment by segment."""
    ranges = []
    for rows in window_rows(index, window):
        last = rows.first + len(rows.times.latest)
        wanted = mask_blocks(window, rows.times, rows.first, rows.segment.passages.extremes)
        if where != NO_FILTER or not rows.segment.all_live:
            wanted &= where.mask(rows.segment, rows.first, last)
        if wanted.any():
            ranges.append(_trimmed(rows.segment, rows.first, wanted))
    return ranges


def _trimmed(segment: Segment, first: int, wanted: Mask) -> Range:
    """Without the rows before the first that is wanted and after the last: the margin for zones is two days."""
    start, end = int(wanted.argmax()), len(wanted) - int(wanted[::-1].argmax())
    wanted = wanted[start:end]
    return Range(segment, first + start, wanted, bool(wanted.all()))


def mask_blocks(window: Window, times: Times, first: int, extremes: Extremes) -> Mask:
    """`window.mask(times)`, row by row only where it must be; `times` are the rows from `first` on.

    Each test of the mask bounds a number on one side, so a block of rows is inside when its extremes are, dated
    with a zone or without.
    """
    low, high = -(-first // BLOCK), (first + len(times.latest)) // BLOCK
    if low >= high:
        return window.mask(times)
    inside = window.mask(extremes.zoned.cut(low, high)) & window.mask(extremes.unzoned.cut(low, high))
    mask = np.zeros(len(times.latest), np.bool_)
    mask[low * BLOCK - first : high * BLOCK - first] = np.repeat(inside, BLOCK)
    doubtful = np.flatnonzero(~mask)
    mask[doubtful] = window.mask(times.take(doubtful))
    return mask


def every_range(index: Index, where: Filter = NO_FILTER) -> list[Range]:
    """All rows that pass the filter, of any date and of none: for counts of what a window leaves out."""
    ranges = []
    for segment in index.segments:
        wanted = where.mask(segment, 0, len(segment.passages))
        if wanted.any():
            ranges.append(_trimmed(segment, 0, wanted))
    return ranges


def window_rows(index: Index, window: Window) -> Iterator[WindowRows]:
    """Every row that could be inside the window; segments outside of it are not opened."""
    earliest, latest = window.candidates
    for segment in index.overlapping(earliest, latest):
        times = segment.passages.times
        first, last = np.searchsorted(times.latest, [earliest, latest + 1]).tolist()
        if first < last:
            yield WindowRows(segment, first, times.cut(first, last))
