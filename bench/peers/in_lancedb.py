"""LanceDB: a table with the day as a column and a scalar index on it, as its pages on filtering say."""

from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
from passages import Passages, Query


class Lance:
    """`index` IVF_PQ is what create_index makes by default; flat is the table before that call."""

    def __init__(self, index: bool) -> None:
        self._indexed = index
        self.name = "lancedb, " + ("ivf_pq" if index else "flat")
        vector = "create_index(metric='cosine') at its defaults" if index else "no vector index"
        self.settings = f"{vector}; scalar index on day; where(prefilter=True)"

    def build(self, folder: Path, passages: Passages) -> None:
        flat = pa.array(passages.vectors.reshape(-1))
        columns = {
            "row": pa.array(range(len(passages.days)), pa.int64()),
            "day": pa.array(passages.days, pa.int32()),
            "vector": pa.FixedSizeListArray.from_arrays(flat, passages.vectors.shape[1]),
        }
        table = lancedb.connect(str(folder)).create_table("passages", pa.table(columns))
        table.create_scalar_index("day")
        if self._indexed:
            table.create_index(metric="cosine", vector_column_name="vector")
            table.wait_for_index(["vector_idx"])

    def open(self, folder: Path) -> None:
        self._table = lancedb.connect(str(folder)).open_table("passages")

    def ask(self, query: Query) -> Any:
        return query.vector, f"day BETWEEN {query.since} AND {query.until}"

    def search(self, asked: Any, count: int) -> Any:
        vector, where = asked
        found = self._table.search(vector, vector_column_name="vector").distance_type("cosine")
        return found.where(where, prefilter=True).select(["row", "_distance"]).limit(count).to_arrow()

    def rows(self, found: Any) -> list[int]:
        rows: list[int] = found.column("row").to_pylist()
        return rows
