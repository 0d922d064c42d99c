"""A candidate: a passage that a ranking names, by what no cut of segments changes; and the best of all segments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.segment import Segment
from evidence.indexer.vectors import Rows

Found = tuple[Rows, NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A passage in a ranking, with its score there. Ordered by document id and offset, equal in any ranking."""

    document_id: str
    start: int
    segment: Segment = field(compare=False)
    row: int = field(compare=False)
    score: float = field(compare=False)


def best_candidates(segments: Sequence[Segment], found: Sequence[Found], depth: int) -> list[Candidate]:
    """The `depth` best over all segments; what ties with the last of them competes by id, not by segment."""
    every = np.concatenate([scores for _, scores in found]) if found else np.zeros(0, np.float32)
    least = np.partition(every, len(every) - depth)[len(every) - depth] if len(every) > depth else -np.inf
    ranked: list[tuple[float, Candidate]] = []
    for segment, (rows, scores) in zip(segments, found, strict=True):
        keep = scores >= least
        ranked += ((-one.score, one) for one in _candidates(segment, rows[keep], scores[keep]))
    return [candidate for _, candidate in sorted(ranked)[:depth]]


def _candidates(segment: Segment, rows: Rows, scores: NDArray[np.floating[Any]]) -> Iterator[Candidate]:
    documents, starts = segment.passages.documents[rows].tolist(), segment.passages.starts[rows].tolist()
    for row, score, document, start in zip(rows.tolist(), scores.tolist(), documents, starts, strict=True):
        yield Candidate(segment.ids[document], start, segment, row, score)
