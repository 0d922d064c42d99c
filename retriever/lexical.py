"""The ranking by words: BM25 over every row in the window. Exact."""

from collections.abc import Sequence

import numpy as np

from evidence.retriever.bm25 import WEIGHTS, Slice, Weights, score_slices
from evidence.retriever.candidates import Candidate, best_candidates
from evidence.retriever.ranges import Range
from evidence.retriever.terms import Clause


def rank_lexical(
    ranges: Sequence[Range], clauses: Sequence[Clause], depth: int, weights: Weights = WEIGHTS
) -> list[Candidate]:
    """The `depth` passages of the highest scores, highest first; only those that hold something asked for."""
    slices = [Slice(part.segment.postings, part.first, part.wanted) for part in ranges]
    found = []
    for part, scores in zip(ranges, score_slices(slices, clauses, weights), strict=True):
        rows = np.flatnonzero(scores > 0)
        found.append((rows + part.first, scores[rows]))
    return best_candidates([part.segment for part in ranges], found, depth)
