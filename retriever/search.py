"""A question inside a window to ranked hits. The outline of the whole search; the window is kept here.

Both rankings see only rows that pass the window's test, so nothing outside can be found, nor count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.rows import Times
from evidence.indexer.segment import Segment
from evidence.indexer.store import Index
from evidence.indexer.vectors import Mask, Rows, Scores
from evidence.indexer.words import query_words
from evidence.retriever.bm25 import Slice, score_slices
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.fusion import Candidate, Place, fuse
from evidence.retriever.hits import Hit
from evidence.retriever.window import Window

# How deep each ranking goes before the two are fused: deep enough that a passage which one of them puts
# far down can still be lifted by the other.
DEPTH = 100


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


def search(
    index: Index, embedder: Embedder, query: str, window: Window, count: int, where: Filter = NO_FILTER
) -> list[Hit]:
    """The `count` best passages inside the window, best first, ties by passage id. Empty when nothing is."""
    return search_embedded(index, embedder.encode([query])[0], query, window, count, where)


def search_embedded(
    index: Index, vector: Vectors, query: str, window: Window, count: int, where: Filter = NO_FILTER
) -> list[Hit]:
    """`search` for a query whose vector, shape (dimensions,), is known."""
    ranges = find_ranges(index, window, where)
    depth = max(DEPTH, count)
    fused = fuse(_rank_dense(ranges, vector, depth), _rank_lexical(ranges, query, depth))
    return [_hit(place, rank) for rank, place in enumerate(fused[:count], start=1)]


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


def _rank_dense(ranges: Sequence[Range], vector: Vectors, depth: int) -> list[Candidate]:
    found = [part.segment.vectors.search(vector, part.first, part.wanted, depth) for part in ranges]
    return _best(ranges, found, depth)


def _rank_lexical(ranges: Sequence[Range], query: str, depth: int) -> list[Candidate]:
    slices = [Slice(part.segment.postings, part.first, part.wanted) for part in ranges]
    found = []
    for part, scores in zip(ranges, score_slices(slices, query_words(query)), strict=True):
        rows = np.flatnonzero(scores > 0)
        found.append((rows + part.first, scores[rows]))
    return _best(ranges, found, depth)


def _best(ranges: Sequence[Range], found: Sequence[tuple[Rows, Scores]], depth: int) -> list[Candidate]:
    """The `depth` best over all segments; what ties with the last of them competes by id, not by segment."""
    every = np.concatenate([scores for _, scores in found]) if found else np.zeros(0, np.float32)
    least = np.partition(every, len(every) - depth)[len(every) - depth] if len(every) > depth else -np.inf
    ranked = []
    for part, (rows, scores) in zip(ranges, found, strict=True):
        keep = scores >= least
        for row, score in zip(rows[keep].tolist(), scores[keep].tolist(), strict=True):
            ranked.append((-score, Candidate.at(part.segment, row)))
    return [candidate for _, candidate in sorted(ranked)[:depth]]


def _hit(place: Place, rank: int) -> Hit:
    at = place.candidate
    row = at.segment.passages.read(at.row)
    return Hit(
        rank=rank,
        score=place.score,
        document=at.segment.documents.read(row.document),
        start=row.passage.start,
        end=row.passage.end,
        sentences=row.passage.sentences,
        dense=place.dense,
        lexical=place.lexical,
    )
