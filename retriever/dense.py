"""The ranking by meaning: a query's vector against the vectors of every row in the window. Exact.

All rows are scanned in single precision; whatever could be among the best, for all that this may have rounded, is
scored again in double precision. So the ranking does not depend on how segments are cut, or on threads.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from evidence.indexer.embedder import Vectors
from evidence.indexer.vectors import ExactScores, Rows, Scores, VectorFile
from evidence.retriever.candidates import Candidate, best_candidates
from evidence.retriever.ranges import Range

# One wanted row in this many: below that, gathering them is cheaper than scanning all.
_SPARSE = 8
# Bytes that a thread scans before it asks for more: under a millisecond.
_STEP_BYTES = 16 << 20
# Starting a thread takes a tenth of a millisecond, in which one core scans 4 MB.
_THREADS_PAY_BYTES = 48 << 20


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows of one file that one thread scans: `rows`, or those from `first` on."""

    file: VectorFile
    first: int
    rows: Rows | None
    scores: Scores

    def scan(self, query: Vectors) -> None:
        if self.rows is None:
            self.file.scan(query, self.first, self.scores)
        else:
            self.file.scan_some(query, self.rows, self.scores)


def rank_dense(ranges: Sequence[Range], vector: Vectors, depth: int) -> list[Candidate]:
    """The `depth` nearest passages, nearest first; `vector` has shape (dimensions,)."""
    return best_candidates([part.segment for part in ranges], nearest(ranges, vector, depth), depth)


def nearest(
    ranges: Sequence[Range], vector: Vectors, depth: int, threads: int | None = None
) -> list[tuple[Rows, ExactScores]]:
    """For each range the rows that could be among the `depth` nearest of all, in row order, with their scores.

    A few come back that are not, and all that tie with the last. Without a number, there is a thread for each core.
    """
    if not ranges:
        return []
    rows = [_sparse_rows(part) for part in ranges]
    counts = [len(part.wanted) if some is None else len(some) for part, some in zip(ranges, rows, strict=True)]
    scores = np.empty(sum(counts), np.float32)
    parts = np.split(scores, np.cumsum(counts)[:-1])
    pieces = [piece for one in zip(ranges, rows, parts, strict=True) for piece in _cut(*one)]
    _scan(pieces, vector, threads or len(os.sched_getaffinity(0)))
    for part, some, scored in zip(ranges, rows, parts, strict=True):
        if some is None and not part.whole:
            scored[~part.wanted] = -np.inf
    least = _least(scores, depth) - 2 * pieces[0].file.error
    found = []
    for part, some, scored in zip(ranges, rows, parts, strict=True):
        near = np.flatnonzero(scored >= least)
        near = near + part.first if some is None else some[near]
        found.append((near, part.segment.vectors.exact(vector, near)))
    return found


def _sparse_rows(part: Range) -> Rows | None:
    """The wanted rows, where they are few among the others."""
    if part.whole or np.count_nonzero(part.wanted) * _SPARSE > len(part.wanted):
        return None
    return part.first + np.flatnonzero(part.wanted)


def _cut(part: Range, rows: Rows | None, scores: Scores) -> Iterator[_Piece]:
    file = part.segment.vectors
    step = max(1, _STEP_BYTES // file.row_bytes)
    for start in range(0, len(scores), step):
        some = None if rows is None else rows[start : start + step]
        yield _Piece(file, part.first + start, some, scores[start : start + step])


def _scan(pieces: Sequence[_Piece], query: Vectors, threads: int) -> None:
    """A thread that is kept waiting for its core takes fewer pieces."""
    waiting = iter(pieces)
    if threads == 1 or sum(len(p.scores) * p.file.row_bytes for p in pieces) < _THREADS_PAY_BYTES:
        _scan_all(waiting, query)
        return
    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(_scan_all, waiting, query) for _ in range(threads - 1)]
        _scan_all(waiting, query)
        for other in others:
            other.result()


def _scan_all(pieces: Iterable[_Piece], query: Vectors) -> None:
    for piece in pieces:
        piece.scan(query)


def _least(scores: Scores, depth: int) -> float:
    """The score of the last of the `depth` best; of what is not wanted nothing is."""
    if len(scores) <= depth:
        return float(np.finfo(np.float32).min)
    last = float(np.partition(scores, len(scores) - depth)[len(scores) - depth])
    return max(last, float(np.finfo(np.float32).min))
