"""The rows of an index that a search may see: inside the window, and passed by the filter. The window is kept here.

Every ranking gets ranges and nothing else, so nothing outside can be found, nor count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evidence.indexer.rows import Times
from evidence.indexer.segment import Segment
from evidence.indexer.store import Index
from evidence.indexer.vectors import Mask
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Range:
    """The rows `first + i` of a segment that could be inside the window; those with `wanted[i]` are."""

    segment: Segment
    first: int
    wanted: Mask


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
        wanted = window.mask(rows.times) & where.mask(rows.segment, rows.first, last)
        if wanted.any():
            ranges.append(Range(rows.segment, rows.first, wanted))
    return ranges


def window_rows(index: Index, window: Window) -> Iterator[WindowRows]:
    """Every row that could be inside the window; segments outside of it are not opened."""
    earliest, latest = window.candidates
    for segment in index.overlapping(earliest, latest):
        times = segment.passages.times
        first, last = np.searchsorted(times.latest, [earliest, latest + 1]).tolist()
        if first < last:
            yield WindowRows(segment, first, times.cut(first, last))
