"""A question inside a window to ranked hits. The outline of the whole search."""

from collections.abc import Sequence

from evidence.corpus.entities import NO_ENTITIES, Entities
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.store import Index
from evidence.retriever.aliases import find_named_ranges, name_query
from evidence.retriever.dense import rank_dense
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.fusion import Place, fuse
from evidence.retriever.hits import Hit
from evidence.retriever.lexical import rank_lexical
from evidence.retriever.ranges import Range
from evidence.retriever.rerank import Reranker, rerank
from evidence.retriever.selection import one_a_story
from evidence.retriever.terms import Clause
from evidence.retriever.window import Window

# How deep each ranking goes before the two are fused: deep enough that a passage which one of them puts
# far down can still be lifted by the other.
DEPTH = 100
# How much deeper they go where copies of a few stories fill them.
_DEEPER = 4


def search(
    index: Index,
    embedder: Embedder,
    query: str,
    window: Window,
    count: int,
    where: Filter = NO_FILTER,
    reranker: Reranker | None = None,
    entities: Entities = NO_ENTITIES,
) -> list[Hit]:
    """The `count` best passages inside the window, best first, ties by passage id. Empty when nothing is.

    Of copies of one story it gives the best alone.
    """
    ranges = find_named_ranges(index, window, where, entities)
    named = name_query(query, ranges, entities)
    places = rank_ranges(ranges, embedder.encode([named.spelt_out])[0], named.clauses, count)
    return read_hits(places, query, count, reranker)


def search_embedded(
    index: Index,
    vector: Vectors,
    query: str,
    window: Window,
    count: int,
    where: Filter = NO_FILTER,
    reranker: Reranker | None = None,
    entities: Entities = NO_ENTITIES,
) -> list[Hit]:
    """`search` for a query whose vector, shape (dimensions,), is known."""
    ranges = find_named_ranges(index, window, where, entities)
    places = rank_ranges(ranges, vector, name_query(query, ranges, entities).clauses, count)
    return read_hits(places, query, count, reranker)


def rank_ranges(ranges: Sequence[Range], vector: Vectors, clauses: Sequence[Clause], count: int) -> list[Place]:
    """The best places among these rows, best first, at least `count` where there are; no passage is read yet."""
    depth = max(DEPTH, count)
    while True:
        near = rank_dense(ranges, vector, depth)
        places = one_a_story(fuse(near, rank_lexical(ranges, clauses, depth)))
        # every row has a vector: a shorter ranking holds all there are
        if len(places) >= count or len(near) < depth:
            return places
        depth *= _DEEPER


def read_hits(places: Sequence[Place], query: str, count: int, reranker: Reranker | None = None) -> list[Hit]:
    """The `count` first of these passages, once they are ranked again where there is a reranker."""
    ranked = list(places) if reranker is None else rerank(reranker, query, places)
    return [_hit(place, rank) for rank, place in enumerate(ranked[:count], start=1)]


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
