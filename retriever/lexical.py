"""The ranking by words: BM25 over every row in the window. Exact."""

from collections.abc import Sequence

from evidence.retriever.bm25 import WEIGHTS, Slice, Weights
from evidence.retriever.candidates import Candidate, best_candidates
from evidence.retriever.ranges import Range
from evidence.retriever.scoring import best_rows
from evidence.retriever.terms import Clause


def rank_lexical(
    ranges: Sequence[Range], clauses: Sequence[Clause], depth: int, weights: Weights = WEIGHTS
) -> list[Candidate]:
    """The `depth` passages of the highest scores, highest first; only those that hold something asked for."""
    slices = [Slice(part.segment.postings, part.first, part.wanted) for part in ranges]
    return best_candidates([part.segment for part in ranges], best_rows(slices, clauses, depth, weights), depth)
