"""The one module that knows Arrow tables: documents and passages as rows of memory-mapped files."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Claim, Dating, Document, Filing, Grade, Mark, MarkKind, Precision
from evidence.indexer.passages import Passage

DOCUMENTS, PASSAGES = "documents.arrow", "passages.arrow"

# Rows whose extremes are kept in memory together: few enough that a window's ends cost little, row by row, and so
# many that the blocks of a million rows are looked at in one call.
BLOCK = 1024

# An undated row sorts behind every window that can be asked for.
NEVER = np.iinfo(np.int64).max
GRADES = {None: 0, Grade.C: 1, Grade.B: 2, Grade.A: 3}

# Looking a member up by its value takes an enumeration ten times as long, and a filing has hundreds of marks.
_BASES = {basis.value: basis for basis in Basis}
_MARK_KINDS = {kind.value: kind for kind in MarkKind}
# Documents that a segment remembers: hits are often of one document, and a filing takes a millisecond to read.
_REMEMBERED = 8

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


def microseconds(moment: datetime) -> int:
    """A moment as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds_utc: int) -> datetime:
    """The inverse of `microseconds`."""
    return _EPOCH + timedelta(microseconds=microseconds_utc)


@dataclass(frozen=True, slots=True)
class Times:
    """The datings of passage rows as arrays of one length; `grade` as GRADES, undated rows at NEVER.

    `known` is when the document was provably in the world's hands; NEVER where nothing says so.
    """

    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    known: NDArray[np.int64]
    zoned: NDArray[np.bool_]
    grade: NDArray[np.uint8]

    def cut(self, first: int, last: int) -> "Times":
        """The rows [first, last), without copying."""
        return Times(
            self.earliest[first:last],
            self.latest[first:last],
            self.known[first:last],
            self.zoned[first:last],
            self.grade[first:last],
        )

    def take(self, rows: NDArray[np.int64]) -> "Times":
        """These rows, copied."""
        return Times(self.earliest[rows], self.latest[rows], self.known[rows], self.zoned[rows], self.grade[rows])


@dataclass(frozen=True, slots=True)
class Extremes:
    """What no row of a block of BLOCK rows is outside of, as if it were a row's dating, with a zone and without."""

    zoned: Times
    unzoned: Times

    @classmethod
    def of(cls, times: Times) -> "Extremes":
        """The last block may be a short one."""
        starts = np.arange(0, len(times.latest), BLOCK)
        ends = (
            np.minimum.reduceat(times.earliest, starts),
            np.maximum.reduceat(times.latest, starts),
            np.maximum.reduceat(times.known, starts),
        )
        grade = np.minimum.reduceat(times.grade, starts)
        zoned, unzoned = np.ones(len(starts), np.bool_), np.zeros(len(starts), np.bool_)
        return cls(Times(*ends, zoned, grade), Times(*ends, unzoned, grade))


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with its document's row in the same segment."""

    document: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Source:
    """What a document was read from: its path, resolved, however it was spelt; what its bytes are; and the keys
    by which a crawler's later captures may mean it."""

    place: str = ""
    media: str = Media.TEXT
    capture_keys: tuple[int, ...] = ()


def write_documents(
    documents: Sequence[Document], passages: Sequence[int], sources: Sequence[Source], path: Path
) -> None:
    """Writes one row a document with its count of passages and what it was read from."""
    rows = [
        {**_document_row(document, count), **asdict(source)}
        for document, count, source in zip(documents, passages, sources, strict=True)
    ]
    write_table(pa.Table.from_pylist(rows, _DOCUMENT_SCHEMA), path)


def write_passages(rows: Sequence[PassageRow], documents: Sequence[Document], path: Path) -> None:
    """Writes one row a passage, in the order given, with its document's dating."""
    table = pa.Table.from_pylist([_passage_row(row, documents[row.document]) for row in rows], _PASSAGE_SCHEMA)
    write_table(table, path)


def sort_key(document: Document, passage: Passage) -> tuple[int, int, str, int]:
    """The order of rows: latest, earliest, id, place in the document."""
    earliest, latest = _ends(document.dated)
    return latest, earliest, document.id, passage.start


def _ends(dating: Dating | None) -> tuple[int, int]:
    return (microseconds(dating.earliest), microseconds(dating.latest)) if dating else (NEVER, NEVER)


def _passage_row(row: PassageRow, document: Document) -> dict[str, Any]:
    earliest, latest = _ends(document.dated)
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


def write_table(table: pa.Table, path: Path) -> None:
    """One batch a file: a row is then addressed directly, where `Table.take` would search the batches for it."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=max(1, table.num_rows))


def _open(path: Path, schema: pa.Schema) -> pa.RecordBatch:
    try:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        if reader.schema != schema or reader.num_record_batches != 1:
            raise SegmentError(f"{path} does not have the columns of this format")
        return reader.get_batch(0)
    except (OSError, pa.ArrowInvalid) as error:
        raise SegmentError(f"{path} cannot be opened: {error}") from error


def _owners(lists: pa.ListArray) -> NDArray[np.int64]:
    """The row of each item of a column of lists; Arrow's own functions for it take long to import."""
    return np.repeat(np.arange(len(lists)), np.diff(lists.offsets.to_numpy()))


class DocumentFile:
    """The documents of one segment, ordered by id. Its bytes must have been checked before."""

    def __init__(self, path: Path) -> None:
        self.batch = _open(path, _DOCUMENT_SCHEMA)
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


class PassageFile:
    """The passages of one segment, sorted by time. Its bytes must have been checked before."""

    def __init__(self, path: Path) -> None:
        self.batch = _open(path, _PASSAGE_SCHEMA)
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
