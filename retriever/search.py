"""A question inside a window to ranked hits. The outline of the whole search."""

from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.store import Index
from evidence.retriever.dense import rank_dense
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.fusion import Place, fuse
from evidence.retriever.hits import Hit
from evidence.retriever.lexical import rank_lexical
from evidence.retriever.ranges import find_ranges
from evidence.retriever.rerank import Reranker, rerank
from evidence.retriever.selection import one_a_story
from evidence.retriever.terms import plain_clauses
from evidence.retriever.window import Window

# How deep each ranking goes before the two are fused: deep enough that a passage which one of them puts
# far down can still be lifted by the other.
DEPTH = 100


def search(
    index: Index,
    embedder: Embedder,
    query: str,
    window: Window,
    count: int,
    where: Filter = NO_FILTER,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """The `count` best passages inside the window, best first, ties by passage id. Empty when nothing is.

    Of copies of one story it gives the best alone.
    """
    return search_embedded(index, embedder.encode([query])[0], query, window, count, where, reranker)


def search_embedded(
    index: Index,
    vector: Vectors,
    query: str,
    window: Window,
    count: int,
    where: Filter = NO_FILTER,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """`search` for a query whose vector, shape (dimensions,), is known."""
    ranges = find_ranges(index, window, where)
    depth = max(DEPTH, count)
    fused = fuse(rank_dense(ranges, vector, depth), rank_lexical(ranges, plain_clauses(query), depth))
    places = one_a_story(fused)
    if reranker is not None:
        places = rerank(reranker, query, places)
    return [_hit(place, rank) for rank, place in enumerate(places[:count], start=1)]


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
