"""Qdrant's engine in the process: a shard with an integer index on the day, made before the points go in."""

from pathlib import Path
from typing import Any

from passages import Passages, Query
from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    PayloadSchemaType,
    Point,
    QueryRequest,
    RangeFloat,
    SearchParams,
    UpdateOperation,
)
from qdrant_edge import Query as Nearest

_BATCH = 5000
# No segment is as large, so no graph is made.
_NEVER_KB = 1_000_000_000


class Qdrant:
    """A shard of its own for each way: the graph of 300,000 takes minutes, and the exact search needs none."""

    def __init__(self, exact: bool) -> None:
        self._exact = exact
        self.name = "qdrant-edge, " + ("exact" if exact else "hnsw")
        mode = "no graph, SearchParams(exact=True)" if exact else "default graph and search"
        self.settings = f"{mode}; payload index on day; optimize() after loading"

    def build(self, folder: Path, passages: Passages) -> None:
        folder.mkdir(parents=True)
        parameters = EdgeVectorParams(size=passages.vectors.shape[1], distance=Distance.Cosine)
        threshold = EdgeOptimizersConfig(indexing_threshold=_NEVER_KB) if self._exact else None
        shard = EdgeShard.create(str(folder), EdgeConfig(vectors=parameters, optimizers=threshold))
        shard.update(UpdateOperation.create_field_index("day", PayloadSchemaType.Integer))
        for first in range(0, len(passages.days), _BATCH):
            vectors = passages.vectors[first : first + _BATCH].tolist()
            days = passages.days[first : first + _BATCH].tolist()
            points = [
                Point(first + row, vector, {"day": day})
                for row, (vector, day) in enumerate(zip(vectors, days, strict=True))
            ]
            shard.update(UpdateOperation.upsert_points(points))
        shard.optimize()
        shard.flush()
        shard.close()

    def open(self, folder: Path) -> None:
        self._shard = EdgeShard.load(str(folder))

    def ask(self, query: Query) -> Any:
        inside = FieldCondition("day", range=RangeFloat(gte=query.since, lte=query.until))
        return query.vector.tolist(), Filter(must=[inside])

    def search(self, asked: Any, count: int) -> Any:
        vector, inside = asked
        parameters = SearchParams(exact=self._exact)
        return self._shard.query(
            QueryRequest(limit=count, query=Nearest.Nearest(vector), filter=inside, params=parameters)
        )

    def rows(self, found: Any) -> list[int]:
        return [point.id for point in found]
