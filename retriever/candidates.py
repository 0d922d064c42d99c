"""A candidate: a passage that a ranking names, by what no cut of segments changes; and the best of all segments."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evidence.indexer.segment import Segment
from evidence.indexer.vectors import Rows, Scores


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A passage in a ranking. Ordered by document id and offset."""

    document_id: str
    start: int
    segment: Segment = field(compare=False)
    row: int = field(compare=False)

    @classmethod
    def at(cls, segment: Segment, row: int) -> "Candidate":
        """The passage in this row of a segment."""
        document = int(segment.passages.documents[row])
        return cls(segment.ids[document], int(segment.passages.starts[row]), segment, row)


def best_candidates(
    segments: Sequence[Segment], found: Sequence[tuple[Rows, Scores]], depth: int
) -> list[Candidate]:
    """The `depth` best over all segments; what ties with the last of them competes by id, not by segment."""
    every = np.concatenate([scores for _, scores in found]) if found else np.zeros(0, np.float32)
    least = np.partition(every, len(every) - depth)[len(every) - depth] if len(every) > depth else -np.inf
    ranked = []
    for segment, (rows, scores) in zip(segments, found, strict=True):
        keep = scores >= least
        for row, score in zip(rows[keep].tolist(), scores[keep].tolist(), strict=True):
            ranked.append((-score, Candidate.at(segment, row)))
    return [candidate for _, candidate in sorted(ranked)[:depth]]
