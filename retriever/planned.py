"""The queries of a plan to what each found inside the window, and what of its best lies outside.

What lies outside is kept apart: it is for naming what was not used, and why, and never for quoting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.corpus.entities import Entities
from evidence.indexer.embedder import Embedder
from evidence.indexer.store import Index
from evidence.retriever.aliases import name_filter, name_query
from evidence.retriever.candidates import Candidate
from evidence.retriever.filters import Filter
from evidence.retriever.hits import Hit
from evidence.retriever.lacking import Lack, find_lacks
from evidence.retriever.ranges import every_range, find_ranges
from evidence.retriever.rerank import Reranker
from evidence.retriever.search import rank_ranges, read_hits
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Planned:
    """One query of a plan with its hits, all inside the window.

    `outside` are, of as many best passages of any date, those outside the window: they may be named, never quoted.
    `lacks` says what kinds of documents on its names are missing; `forms` are other forms of each name in it, as
    entities.toml and documents inside the window give them.
    """

    query: str
    hits: tuple[Hit, ...]
    outside: tuple[Hit, ...]
    lacks: tuple[Lack, ...]
    forms: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """One entry of a report's `plan`."""
        return {"query": self.query, "inside": len(self.hits), "outside": len(self.outside)}


def search_plan(
    index: Index,
    embedder: Embedder,
    queries: Sequence[str],
    window: Window,
    count: int,
    where: Filter,
    entities: Entities,
    reranker: Reranker | None = None,
) -> tuple[Planned, ...]:
    """What each query finds, in the order given."""
    passing = name_filter(index, window, where, entities)
    ranges, every = find_ranges(index, window, passing), every_range(index, passing)
    # what only documents outside the window call a thing is not looked for there, either
    named = [name_query(query, ranges, entities) for query in queries]
    vectors = embedder.encode([query.spelt_out for query in named])
    planned = []
    for text, query, vector in zip(queries, named, vectors, strict=True):
        hits = read_hits(rank_ranges(ranges, vector, query.clauses, count), text, count, reranker)
        best = rank_ranges(every, vector, query.clauses, count)[:count]
        outside = read_hits([place for place in best if not _is_inside(place.candidate, window)], text, count)
        lacks = find_lacks(text, ranges, every, entities)
        planned.append(Planned(text, tuple(hits), tuple(outside), lacks, query.forms))
    return tuple(planned)


def _is_inside(candidate: Candidate, window: Window) -> bool:
    times = candidate.segment.passages.times.cut(candidate.row, candidate.row + 1)
    return bool(window.mask(times)[0])
