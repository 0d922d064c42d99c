"""sqlite-vec: a vec0 table with the day as a metadata column, alone or beside a partition key of a month.

pysqlite3 brings a SQLite that may load extensions; not every Python's own may.
"""

from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
import sqlite_vec
from passages import Passages, Query

_DAYS_PER_PARTITION = 30


class SqliteVec:
    """Its pages name both ways; a partition key is meant for at least a hundred rows a value."""

    def __init__(self, partitions: bool) -> None:
        self._partitions = partitions
        self.name = "sqlite-vec" + (", partitions" if partitions else "")
        self.settings = "vec0, euclidean, day as metadata column" + (
            f"; partition key of {_DAYS_PER_PARTITION} days" if partitions else ""
        )

    def build(self, folder: Path, passages: Passages) -> None:
        folder.mkdir(parents=True)
        self.open(folder)
        dimensions = passages.vectors.shape[1]
        key = "month integer partition key, " if self._partitions else ""
        self._database.execute(
            f"create virtual table passages using vec0(id integer primary key, {key}"
            f"embedding float[{dimensions}], day integer)"
        )
        columns = "id, month, embedding, day" if self._partitions else "id, embedding, day"
        marks = ", ".join("?" * len(columns.split()))
        self._database.executemany(f"insert into passages({columns}) values ({marks})", self._values(passages))
        self._database.commit()
        self._database.close()

    def _values(self, passages: Passages) -> Any:
        for row, day in enumerate(passages.days.tolist()):
            month = (day // _DAYS_PER_PARTITION,) if self._partitions else ()
            yield (row, *month, passages.vectors[row].tobytes(), day)

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "passages.db")
        self._database.enable_load_extension(True)
        sqlite_vec.load(self._database)

    def ask(self, query: Query) -> Any:
        months = (query.since // _DAYS_PER_PARTITION, query.until // _DAYS_PER_PARTITION)
        return (query.vector.tobytes(), query.since, query.until, *(months if self._partitions else ()))

    def search(self, asked: Any, count: int) -> Any:
        months = "and month >= ? and month <= ? " if self._partitions else ""
        return self._database.execute(
            f"select id, distance from passages where embedding match ? and day >= ? and day <= ? {months}"
            f"and k = {count} order by distance",
            asked,
        ).fetchall()

    def rows(self, found: Any) -> list[int]:
        return [row for row, _ in found]
