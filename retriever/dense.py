"""The ranking by meaning: a query's vector against the vectors of every row in the window. Exact.

All rows are scanned in single precision; whatever could be among the best, for all that this may have rounded, is
scored again in double precision. So the ranking does not depend on how segments are cut, or on threads.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from evidence.indexer.embedder import Vectors
from evidence.indexer.vectors import ExactScores, Rows, Scores
from evidence.retriever.candidates import Candidate, best_candidates
from evidence.retriever.ranges import Range

# One wanted row in this many: below that, gathering them is cheaper than scanning all.
_SPARSE = 8
# Bytes that a thread scans before it asks for more: under a millisecond.
_STEP_BYTES = 16 << 20
# 300,000 rows of MiniLM's take 13 ms on one idle core; a tenth of that is soon lost again where another thread is
# kept waiting for its core, so less than this much is left to one.
_THREADS_PAY_BYTES = 128 << 20


# Below every score, and still a number: of what is not wanted nothing is near.
_NONE = np.float32(np.finfo(np.float32).min)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A range's rows to scan, all of them or these alone, and where their scores go."""

    part: Range
    rows: Rows | None
    scores: Scores

    def run(self, query: Vectors, start: int, stop: int) -> None:
        file = self.part.segment.vectors
        if self.rows is None:
            file.scan(query, self.part.first + start, self.scores[start:stop])
        else:
            file.scan_some(query, self.rows[start:stop], self.scores[start:stop])

    def near(self, least: float) -> Rows:
        """The rows that score so much."""
        places = np.flatnonzero(self.scores >= least)
        return places + self.part.first if self.rows is None else self.rows[places]


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
    scores, scans = _prepare(ranges)
    _run(scans, vector, len(scores), threads or len(os.sched_getaffinity(0)))
    for scan in scans:
        if scan.rows is None and not scan.part.whole:
            scan.scores[~scan.part.wanted] = -np.inf
    least = _least(scores, depth) - 2 * ranges[0].segment.vectors.error
    near = [scan.near(least) for scan in scans]
    return [(rows, s.part.segment.vectors.exact(vector, rows)) for rows, s in zip(near, scans, strict=True)]


def _prepare(ranges: Sequence[Range]) -> tuple[Scores, list[_Scan]]:
    """One array for all scores, and what fills it."""
    rows = [_sparse_rows(part) for part in ranges]
    counts = [len(part.wanted if some is None else some) for part, some in zip(ranges, rows, strict=True)]
    scores = np.empty(sum(counts), np.float32)
    scans, start = [], 0
    for part, some, count in zip(ranges, rows, counts, strict=True):
        scans.append(_Scan(part, some, scores[start : start + count]))
        start += count
    return scores, scans


def _sparse_rows(part: Range) -> Rows | None:
    """The wanted rows, where they are few among the others."""
    if part.whole or np.count_nonzero(part.wanted) * _SPARSE > len(part.wanted):
        return None
    return part.first + np.flatnonzero(part.wanted)


def _run(scans: Sequence[_Scan], query: Vectors, rows: int, threads: int) -> None:
    """A thread that is kept waiting for its core takes fewer steps."""
    row_bytes = query.nbytes
    if threads == 1 or rows * row_bytes < _THREADS_PAY_BYTES:
        for scan in scans:
            scan.run(query, 0, len(scan.scores))
        return
    step = max(1, _STEP_BYTES // row_bytes)
    steps = iter([(scan, at) for scan in scans for at in range(0, len(scan.scores), step)])

    def work() -> None:
        for scan, at in steps:
            scan.run(query, at, at + step)

    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(work) for _ in range(threads - 1)]
        work()
        for other in others:
            other.result()


def _least(scores: Scores, depth: int) -> float:
    """The score of the last of the `depth` best."""
    if len(scores) <= depth:
        return float(_NONE)
    place = len(scores) - depth
    return float(max(np.partition(scores, place)[place], _NONE))
