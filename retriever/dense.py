"""The ranking by meaning: a query's vector against the vectors of every row in the window. Exact."""

from collections.abc import Sequence

from evidence.indexer.embedder import Vectors
from evidence.retriever.candidates import Candidate, best_candidates
from evidence.retriever.ranges import Range


def rank_dense(ranges: Sequence[Range], vector: Vectors, depth: int) -> list[Candidate]:
    """The `depth` nearest passages, nearest first; `vector` has shape (dimensions,)."""
    found = [part.segment.vectors.search(vector, part.first, part.wanted, depth) for part in ranges]
    return best_candidates([part.segment for part in ranges], found, depth)
