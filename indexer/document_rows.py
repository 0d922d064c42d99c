"""The documents of a segment as rows of an Arrow file."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Claim, Dating, Document, Filing, Grade, Mark, MarkKind, Precision
from evidence.indexer.arrow import open_batch, write_batch
from evidence.indexer.datings import microseconds, moment
from evidence.indexer.draft import Draft

DOCUMENTS = "documents.arrow"

# Looking a member up by its value takes an enumeration ten times as long, and a filing has hundreds of marks.
_BASES = {basis.value: basis for basis in Basis}
_MARK_KINDS = {kind.value: kind for kind in MarkKind}
# Documents that a segment remembers: hits are often of one document, and a filing takes a millisecond to read.
_REMEMBERED = 8

_DATING = pa.struct(
    [
        ("earliest", pa.int64()),
        ("latest", pa.int64()),
        ("precision", pa.string()),
        ("basis", pa.string()),
        ("grade", pa.string()),
        ("zoned", pa.bool_()),
        ("offset", pa.int16()),
    ]
)
_MARK = pa.struct([(name, pa.string()) for name in ("label", "kind", "role")] + [("start", pa.int64())])
_CLAIM = pa.struct([(name, pa.string()) for name in ("clock", "basis", "text")])
_FILING = pa.struct(
    [(name, pa.string()) for name in ("cik", "accession", "filed", "accepted", "period")]
    + [("items", pa.list_(pa.string()))]
)
# A capture that its crawler dated, or the user.
_VOUCHED = {Basis.CAPTURE, Basis.SIDECAR}
_STRINGS = ("title", "publisher", "url", "language", "form", "company", "ticker")
_DOCUMENT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("path", pa.string()),
        ("kind", pa.string()),
        *[(name, pa.string()) for name in _STRINGS],
        ("published", _DATING),
        ("modified", _DATING),
        ("captured", pa.int64()),
        ("status", pa.string()),
        ("flags", pa.list_(pa.string())),
        ("marks", pa.list_(_MARK)),
        ("claims", pa.list_(_CLAIM)),
        ("filing", _FILING),
        ("completeness", pa.float32()),
        ("original", pa.string()),
        ("passages", pa.int32()),
        ("place", pa.string()),
        ("media", pa.string()),
        ("capture_keys", pa.list_(pa.uint64())),
        ("text_sha256", pa.string()),
        ("text", pa.large_string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a document was read from: its path, resolved, however it was spelt; what its bytes are; and the keys
    by which a crawler's later captures may mean it."""

    place: str = ""
    media: str = Media.TEXT
    capture_keys: tuple[int, ...] = ()


def write_documents(
    documents: Sequence[Document], passages: Sequence[int], sources: Sequence[Source], draft: Draft
) -> None:
    """Writes one row a document with its count of passages and what it was read from."""
    rows = [
        {**_document_row(document, count), **asdict(source)}
        for document, count, source in zip(documents, passages, sources, strict=True)
    ]
    with draft.file(DOCUMENTS) as file:
        write_batch(pa.RecordBatch.from_pylist(rows, _DOCUMENT_SCHEMA), file)


def _document_row(document: Document, passages: int) -> dict[str, Any]:
    return {
        "id": document.id,
        "path": document.path,
        "kind": document.kind,
        **{name: getattr(document, name) for name in _STRINGS},
        "published": _dating_row(document.published),
        "modified": _dating_row(document.modified),
        "captured": document.captured and microseconds(document.captured),
        "status": document.status,
        "flags": list(document.flags),
        "marks": [asdict(mark) for mark in document.marks],
        "claims": [asdict(claim) for claim in document.claims],
        "filing": document.filing and asdict(document.filing),
        "completeness": document.completeness,
        "original": document.original,
        "passages": passages,
        "text_sha256": document.text_sha256,
        "text": document.text,
    }


def _dating_row(dating: Dating | None) -> dict[str, Any] | None:
    if dating is None:
        return None
    return {
        "earliest": microseconds(dating.earliest),
        "latest": microseconds(dating.latest),
        "precision": dating.precision.value,
        "basis": dating.basis.value,
        "grade": dating.grade.value,
        "zoned": dating.zoned,
        "offset": dating.offset,
    }


def _dating(row: dict[str, Any] | None) -> Dating | None:
    if row is None:
        return None
    return Dating(
        moment(row["earliest"]),
        moment(row["latest"]),
        Precision(row["precision"]),
        Basis(row["basis"]),
        Grade(row["grade"]),
        row["zoned"],
        row["offset"],
    )


def _filing(row: dict[str, Any] | None) -> Filing | None:
    return None if row is None else Filing(**{**row, "items": tuple(row["items"])})


def _owners(lists: pa.ListArray) -> NDArray[np.int64]:
    """The row of each item of a column of lists; Arrow's own functions for it take long to import."""
    return np.repeat(np.arange(len(lists)), np.diff(lists.offsets.to_numpy()))


class DocumentFile:
    """The documents of one segment, ordered by id. Its bytes must have been checked before."""

    def __init__(self, path: Path) -> None:
        self.batch = open_batch(path, _DOCUMENT_SCHEMA)
        self._path = path
        self._remembered = lru_cache(_REMEMBERED)(self._read)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def ids(self) -> list[str]:
        """All ids, in row order."""
        ids: list[str] = self.batch.column("id").to_pylist()
        return ids

    def column(self, name: str) -> list[str | None]:
        """One string column, in row order, for filters."""
        values: list[str | None] = self.batch.column(name).to_pylist()
        return values

    def times(self, name: str) -> list[int | None]:
        """One column of moments, in microseconds since 1970, in row order."""
        values: list[int | None] = self.batch.column(name).to_pylist()
        return values

    def undated(self) -> int:
        """How many documents have no date; a modification alone is none."""
        return int(self.batch.column("published").null_count)

    def filings(self) -> list[int]:
        """Rows of documents that came with a regulator's header."""
        rows: list[int] = np.flatnonzero(
            self.batch.column("filing").is_valid().to_numpy(zero_copy_only=False)
        ).tolist()
        return rows

    def values(self, name: str, rows: NDArray[np.integer[Any]]) -> list[str | None]:
        """One string column of these rows."""
        values: list[str | None] = self.batch.column(name).take(pa.array(rows)).to_pylist()
        return values

    def captures(self) -> dict[int, int]:
        """Rows to when a crawler, or the user, says that each was captured first, in microseconds."""
        claims = self.batch.column("claims")
        clocks, bases = (claims.flatten().field(name).to_pylist() for name in ("clock", "basis"))
        vouched = {
            row
            for row, clock, basis in zip(_owners(claims).tolist(), clocks, bases, strict=True)
            if clock == "captured" and basis in _VOUCHED
        }
        captured = self.batch.column("captured")
        return {row: captured[row].as_py() for row in sorted(vouched)}

    def capture_keys(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """All keys by which revisits may mean a document, and beside each its document's row."""
        keys = self.batch.column("capture_keys")
        return keys.flatten().to_numpy(), _owners(keys)

    def passage_count(self, row: int) -> int:
        """How many passages the document was cut into."""
        return int(self.batch.column("passages")[row].as_py())

    def documents(self) -> Iterator[Document]:
        """Every document, by id."""
        return (self._read(row) for row in range(len(self)))

    def read(self, row: int) -> Document:
        """One document. Raises SegmentError when its text is not the text it was stored with."""
        return self._remembered(row)

    def _read(self, row: int) -> Document:
        (values,) = self.batch.slice(row, 1).to_pylist()
        document = Document(
            id=values["id"],
            path=values["path"],
            kind=values["kind"],
            text=values["text"],
            original=values["original"],
            **{name: values[name] for name in _STRINGS},
            published=_dating(values["published"]),
            modified=_dating(values["modified"]),
            captured=None if values["captured"] is None else moment(values["captured"]),
            status=values["status"],
            flags=tuple(values["flags"]),
            marks=tuple(Mark(**{**mark, "kind": _MARK_KINDS[mark["kind"]]}) for mark in values["marks"]),
            claims=tuple(Claim(c["clock"], _BASES[c["basis"]], c["text"]) for c in values["claims"]),
            filing=_filing(values["filing"]),
            completeness=values["completeness"],
        )
        if document.text_sha256 != values["text_sha256"]:
            raise SegmentError(f"{self._path}: the text of document {document.id} has changed")
        return document
