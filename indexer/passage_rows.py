"""The passages of a segment as rows of an Arrow file, sorted by time, each with its document's dating."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.values import Document
from evidence.indexer.arrow import open_batch, write_batch
from evidence.indexer.datings import GRADES, NEVER, Extremes, Times, microseconds, span
from evidence.indexer.draft import Draft
from evidence.indexer.passages import Passage

PASSAGES = "passages.arrow"

_PASSAGE_SCHEMA = pa.schema(
    [
        ("document", pa.uint32()),
        ("start", pa.uint32()),
        ("end", pa.uint32()),
        ("earliest", pa.int64()),
        ("latest", pa.int64()),
        ("known", pa.int64()),
        ("zoned", pa.uint8()),
        ("grade", pa.uint8()),
        ("sentences", pa.list_(pa.uint32())),
    ]
)


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with its document's row in the same segment."""

    document: int
    passage: Passage


def write_passages(rows: Sequence[PassageRow], documents: Sequence[Document], draft: Draft) -> None:
    """Writes one row a passage, in the order given, with its document's dating."""
    batch = pa.RecordBatch.from_pylist(
        [_passage_row(row, documents[row.document]) for row in rows], _PASSAGE_SCHEMA
    )
    with draft.file(PASSAGES) as file:
        write_batch(batch, file)


def sort_key(document: Document, passage: Passage) -> tuple[int, int, str, int]:
    """The order of rows: latest, earliest, id, place in the document."""
    earliest, latest = span(document.dated)
    return latest, earliest, document.id, passage.start


def _passage_row(row: PassageRow, document: Document) -> dict[str, Any]:
    earliest, latest = span(document.dated)
    dated = document.dated
    return {
        "document": row.document,
        "start": row.passage.start,
        "end": row.passage.end,
        "earliest": earliest,
        "latest": latest,
        "known": microseconds(document.known) if document.known else NEVER,
        "zoned": int(dated is not None and dated.zoned),
        "grade": GRADES[dated.grade if dated else None],
        "sentences": [offset for span in row.passage.sentences for offset in span],
    }


class PassageFile:
    """The passages of one segment, sorted by time. Its bytes must have been checked before."""

    def __init__(self, path: Path) -> None:
        self.batch = open_batch(path, _PASSAGE_SCHEMA)
        self.times = Times(
            self._array("earliest"),
            self._array("latest"),
            self._array("known"),
            self._array("zoned").astype(np.bool_),
            self._array("grade"),
        )
        self.documents: NDArray[np.uint32] = self._array("document")
        self.starts: NDArray[np.uint32] = self._array("start")

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    @cached_property
    def extremes(self) -> Extremes:
        """Of `times`."""
        return Extremes.of(self.times)

    def read(self, row: int) -> PassageRow:
        """One passage."""
        flat = self.batch.column("sentences")[row].as_py()
        sentences = tuple(zip(flat[::2], flat[1::2], strict=True))
        start, end = (int(self.batch.column(name)[row].as_py()) for name in ("start", "end"))
        return PassageRow(int(self.documents[row]), Passage(start, end, sentences))

    def _array(self, name: str) -> Any:
        return self.batch.column(name).to_numpy(zero_copy_only=True)
