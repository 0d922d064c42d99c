"""What crosses between the writer and a contained process: framed, bounded JSON, and a record's bytes as they are.

A frame is two lengths, a value as JSON behind the name of its type, and raw bytes. Whoever reads one
believes only what has the right types: a parser that was taken over can lie about its own document, no more.
"""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evidence.corpus.errors import DocumentError
from evidence.corpus.metadata import Metadata
from evidence.corpus.records import MAX_RECORD_BYTES, Passed, Record, Revisit, Spot
from evidence.corpus.sandbox import Limits
from evidence.corpus.values import Document, Status
from evidence.indexer.sentences import Span

LENGTHS = struct.Struct("!II")
# A request is a record; its bytes are bounded by the reader of files, what is said about it by nobody.
MAX_REQUEST_BYTES = 4 * MAX_RECORD_BYTES


@dataclass(frozen=True, slots=True)
class Sentenced:
    """A document that was read, with the spans of its sentences."""

    document: Document
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A DocumentError on its way."""

    path: str
    status: Status
    reason: str

    def error(self) -> DocumentError:
        """The error it stands for."""
        return DocumentError(self.path, self.status, self.reason)


@dataclass(frozen=True, slots=True)
class SplitFile:
    """The request for the records of one file."""

    name: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class FetchBodies:
    """The request for what revisits mean out of one file: each Revisit comes back, and its Record behind it."""

    name: str
    wanted: tuple[tuple[Spot, tuple[Revisit, ...]], ...]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more comes for this request."""


_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (Sentenced, Refused, Record, Passed, Revisit, SplitFile, FetchBodies, End, Limits)
}


class BrokenFrame(Exception):
    """The other side ended, or what it sent is no frame."""


def name_of(path: Path) -> str:
    """A path's bytes as Latin-1, for JSON has no place for one that is no text."""
    return os.fsencode(path).decode("latin-1")


def path_of(name: str) -> Path:
    """The inverse of `name_of`."""
    return Path(os.fsdecode(name.encode("latin-1")))


def written(path: Path | str) -> str:
    """A path as text: what is no UTF-8 in a file's name is spelt out, for no store has a place for it."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def pack_frame(value: Any) -> bytes:
    """One value as a frame."""
    data = b""
    if isinstance(value, DocumentError):
        value = Refused(written(value.path), value.status, written(value.reason))
    if isinstance(value, Record):
        data, value = value.data, replace(value, data=b"", path=written(value.path))
    if isinstance(value, Revisit):
        value = replace(value, path=written(value.path))
    name = type(value).__name__
    head = name.encode() + b" " + _ADAPTERS[name].dump_json(value)
    return LENGTHS.pack(len(head), len(data)) + head + data


END = pack_frame(End())


def read_frame(read: Callable[[int], bytes], most: int) -> Any:
    """The next value; `read(n)` gives n bytes, fewer only at the end.

    Raises BrokenFrame, also for a frame above `most` bytes.
    """
    head, data = read_raw_frame(read, most)
    name, _, body = head.partition(b" ")
    try:
        value = _ADAPTERS[name.decode()].validate_json(body)
    except (KeyError, UnicodeDecodeError, ValidationError) as error:
        raise BrokenFrame(f"no value of ours: {error}") from error
    return replace(value, data=data) if isinstance(value, Record) else value


def read_raw_frame(read: Callable[[int], bytes], most: int) -> tuple[bytes, bytes]:
    """A frame's two parts, unread."""
    lengths = read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        raise BrokenFrame("the other side has ended")
    sizes = LENGTHS.unpack(lengths)
    if sum(sizes) > most:
        raise BrokenFrame(f"a frame of {sum(sizes):,} bytes")
    parts = tuple(read(size) if size else b"" for size in sizes)
    if any(len(part) < size for part, size in zip(parts, sizes, strict=True)):
        raise BrokenFrame("the other side has ended within a frame")
    return parts[0], parts[1]
