"""The manifest: which segments a snapshot is made of, and the SHA-256 of each of their files."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.corpus.errors import FormatError, SegmentError
from evidence.corpus.hashing import digest
from evidence.indexer.layout import FORMAT, FORMATS

RESTORE = (
    "`evidence verify` names all that is damaged; `evidence repair --from COPY` restores it from a copy, "
    "and without one leaves it out; or index the sources again into a new folder"
)

# What the records of an index's run log keep: texts, or digests in their place.
FULL, HASH = "full", "hash"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file as it was written."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment. `earliest` and `latest` (microseconds since 1970) span its dated rows; None without any.

    `superseded` are ids of documents that a later segment holds anew, because an earlier capture of them was found.
    `run` is the snapshot that first had it where it is now: what one merge wrote is of one run.
    """

    id: str
    documents: int
    passages: int
    undated: int
    earliest: int | None
    latest: int | None
    files: dict[str, FileEntry]
    superseded: tuple[str, ...] = ()
    run: int = 0

    def overlaps(self, earliest: int, latest: int) -> bool:
        """Whether a row could lie in this span."""
        if self.earliest is None or self.latest is None:
            return False
        return self.earliest <= latest and earliest <= self.latest


@dataclass(frozen=True, slots=True)
class EmbedderEntry:
    """The model whose vectors the index holds."""

    name: str
    digest: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class FailureEntry:
    """The list of documents that could not be read."""

    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """A document that was deleted, and stays so when its source is indexed again.

    `original` is the SHA-256 of its bytes, `at` when it was deleted, in UTC. It is `gone` once no segment of this
    snapshot has its rows, and `forgotten` when no file of the index has its text.
    """

    id: str
    original: str
    reason: str
    at: str
    gone: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot of an index; never changed once written.

    `withdrawn` are ids of documents whose metadata was corrected: the same bytes stand under a newer id;
    `corrected` are those of them that are in no segment any more. No snapshot before `first` is kept: they hold
    what was forgotten. `records`, FULL or HASH, was chosen when the index was made. `previous` is the SHA-256 of
    the manifest before it, empty where that is not known.
    """

    number: int
    embedder: EmbedderEntry
    segments: tuple[SegmentEntry, ...]
    failures: FailureEntry | None = None
    withdrawn: tuple[str, ...] = ()
    records: str = FULL
    deleted: tuple[Deletion, ...] = ()
    first: int = 1
    format: int = FORMAT
    corrected: tuple[str, ...] = ()
    previous: str = ""

    @property
    def hidden(self) -> frozenset[str]:
        """Ids of documents whose rows are in the segments, and that are in no search, listing or count."""
        return frozenset(self.withdrawn).union(one.id for one in self.deleted if not one.gone)

    @property
    def documents(self) -> int:
        """Live documents; the hidden and the superseded are still in their segments."""
        held = sum(segment.documents - len(segment.superseded) for segment in self.segments)
        return held - len(self.hidden)

    @property
    def passages(self) -> int:
        return sum(segment.passages for segment in self.segments)

    def to_bytes(self) -> bytes:
        """JSON with a digest of its own over the rest. No flag is known yet; one that is not known is refused."""
        return sealed({**asdict(self), "format": FORMAT, "flags": []})

    @classmethod
    def from_bytes(cls, data: bytes, path: Path) -> "Manifest":
        """Raises FormatError for another format's manifest and SegmentError for a damaged one."""
        try:
            body: dict[str, Any] = json.loads(data)
            stated = body.pop("sha256")
            number = body["format"]
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
            raise SegmentError(f"{path} is damaged: {error!r}", RESTORE) from error
        if number not in FORMATS:
            raise other_format(path, number)
        if _digest(body) != stated or data != _spelt(body, stated):
            raise SegmentError(f"{path} is damaged: it is not what was written", RESTORE)
        if flags := body.pop("flags", []):
            raise FormatError(
                f"{path} says {', '.join(map(str, flags))}, which this program does not know", _OTHER_PROGRAM
            )
        try:
            manifest = cls._of(body, number)
            _require_known(manifest)
            return manifest
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FormatError(
                f"{path} has parts that this program does not know: {error!r}", _OTHER_PROGRAM
            ) from error

    @classmethod
    def _of(cls, body: dict[str, Any], number: int) -> "Manifest":
        return cls(
            number=body["number"],
            embedder=EmbedderEntry(**body["embedder"]),
            segments=tuple(_segment(row) for row in body["segments"]),
            failures=FailureEntry(**body["failures"]) if body["failures"] else None,
            withdrawn=tuple(body["withdrawn"]),
            deleted=tuple(Deletion(**row) for row in body.get("deleted", ())),
            first=body.get("first", 1),
            corrected=tuple(body.get("corrected", ())),
            previous=body.get("previous", ""),
            format=number,
            # indexes that were made before there was a choice do not speak of it
            records=body.get("records", FULL),
        )


def _require_known(manifest: Manifest) -> None:
    """Raises ValueError for values that no version writes."""
    if manifest.records not in {FULL, HASH}:
        raise ValueError(f"records are {manifest.records!r}")
    ids = [segment.id for segment in manifest.segments]
    if len(set(ids)) < len(ids):
        raise ValueError("a segment is listed twice")


def other_format(path: Path, number: object) -> FormatError:
    """The refusal to guess at another program version's files."""
    return FormatError(
        f"{path} is of format {number}; this program knows {', '.join(map(str, FORMATS[:-1]))} and {FORMATS[-1]}",
        _OTHER_PROGRAM,
    )


_OTHER_PROGRAM = "use the version of evidence that wrote it, or index the sources again into a new folder"


def sealed(body: dict[str, Any]) -> bytes:
    """JSON with a digest of its own over the rest."""
    return _spelt(body, _digest(body))


def _spelt(body: dict[str, Any], sha256: str) -> bytes:
    """Byte for byte what is written: a space more is damage, too."""
    return json.dumps({**body, "sha256": sha256}, indent=1).encode()


def span_of(segments: Iterable[SegmentEntry]) -> tuple[int, int] | None:
    """The earliest and the latest moment of all dated rows, in microseconds; None without any."""
    dated = [(s.earliest, s.latest) for s in segments if s.earliest is not None and s.latest is not None]
    return (min(first for first, _ in dated), max(last for _, last in dated)) if dated else None


def _segment(row: dict[str, Any]) -> SegmentEntry:
    files = {name: FileEntry(**entry) for name, entry in row.pop("files").items()}
    superseded = tuple(row.pop("superseded"))
    return SegmentEntry(**row, files=files, superseded=superseded)


def _digest(body: dict[str, Any]) -> str:
    return digest(json.dumps(body, sort_keys=True, default=asdict).encode())
