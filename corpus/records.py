"""Files to records: walks what the user gave, sniffs what each file is and splits those that hold several.

A record is one crawled thing, still unread: its bytes, its path and what is known from outside about it.
"""

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from evidence.corpus import warc
from evidence.corpus.decoding import UTF_16_BOMS
from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import (
    NO_METADATA,
    SIDECAR_SUFFIX,
    Metadata,
    MetadataFile,
    read_sidecar,
)
from evidence.corpus.values import Status

# One page or filing. The largest 10-K of a bank is about 20 MB; what is larger is a dump, not a document.
MAX_RECORD_BYTES = 32 << 20
# gzip cannot honestly shrink text a hundredfold; a small file that does is a bomb.
MAX_INFLATION = 200
_SMALL_BYTES = 1 << 20

_GZIP_MAGIC = b"\x1f\x8b"
_HEAD_BYTES = 4096
_JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*\{)")
_BETWEEN = re.compile(r"[\s,]*")
_HTML = re.compile(
    # atomic, for many comments before something else would be tried in every grouping
    rb"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


class Media(StrEnum):
    """What a record's bytes are, by their content."""

    HTML = "html"
    PDF = "pdf"
    TEXT = "text"
    ARTICLE = "article"
    # one document of an EDGAR submission, behind the submission's own header
    SUBMISSION = "submission"
    # one item of a feed, inside the feed's own head
    FEED_ITEM = "feed-item"


@dataclass(frozen=True, slots=True)
class Record:
    """One crawled thing. `path` is the source as given, `#` and its number where the file holds several.

    `position` is how far into such a file it ends, in bytes on disk; it tells progress and nothing else.
    `status` is TRUNCATED where the crawl says that it kept only a part.
    """

    path: str
    media: Media
    data: bytes
    metadata: Metadata = NO_METADATA
    url: str | None = None
    captured: datetime | None = None
    position: int = 0
    status: Status = Status.OK

    @property
    def id(self) -> str:
        """16 hexadecimal digits of what the document is, not where it lies: moving a file changes nothing."""
        identity = [digest(self.data), self.metadata.canonical(), self.url]
        return digest(json.dumps(identity).encode())[:16]


def find_files(sources: Iterable[Path]) -> list[Path]:
    """The files under these sources, sorted; hidden ones, sidecars and indexes of ours are left out.

    Links are followed, each folder once. A folder that cannot be listed and a link to nothing come back, too,
    and fail when they are read. Raises UsageError for a source that is not there: a misspelt path must not
    look like an empty one.
    """
    found: dict[Path, None] = {}
    for source in sources:
        if not source.exists():
            raise UsageError(f"no such file or folder: {source}", "check the path, and quote one that has spaces")
        for path in sorted(_walk(source)) if source.is_dir() else [source]:
            if not path.name.endswith(SIDECAR_SUFFIX):
                found[path] = None
    return list(found)


def find_orphans(files: Iterable[Path]) -> list[Path]:
    """Sidecars in these files' folders that stand beside none of them: misnamed, most likely."""
    named = {path.with_name(path.name + SIDECAR_SUFFIX) for path in files}
    folders = {path.parent for path in named}
    return sorted(path for folder in folders for path in folder.glob(f"*{SIDECAR_SUFFIX}") if path not in named)


def _walk(source: Path) -> Iterator[Path]:
    unlisted: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for name, folders, files in os.walk(
        source, followlinks=True, onerror=lambda error: unlisted.append(Path(error.filename))
    ):
        place = Path(name).stat()
        if (place.st_dev, place.st_ino) in seen or ("format" in files and "snapshots" in folders):
            folders.clear()
            continue
        seen.add((place.st_dev, place.st_ino))
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        for file in files:
            path = Path(name) / file
            if not file.startswith(".") and (path.is_symlink() or path.is_file()):
                yield path
    yield from unlisted


def read_records(path: Path, stated: MetadataFile | None = None) -> Iterator[Record | DocumentError]:
    """The records of one file, each read only when asked for; a broken part is yielded as its error."""
    try:
        if not path.is_file():
            reason = "the folder cannot be listed" if path.is_dir() else "no file, or a link to none"
            raise DocumentError(str(path), Status.UNREADABLE, reason)
        metadata = (stated and stated.of(path)) or read_sidecar(path) or NO_METADATA
        with path.open("rb") as raw:
            yield from _split(path, raw, metadata)
    except DocumentError as error:
        yield error
    except OSError as error:
        yield DocumentError(str(path), Status.UNREADABLE, error.strerror or str(error))
    except (EOFError, zlib.error) as error:
        yield DocumentError(str(path), Status.TRUNCATED, f"compressed data ends early or is damaged: {error}")


def _split(path: Path, raw: BinaryIO, metadata: Metadata) -> Iterator[Record | DocumentError]:
    packed = raw.read(2) == _GZIP_MAGIC
    raw.seek(0)
    with _unpack(raw) if packed else nullcontext(raw) as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
        if not head.strip():
            raise DocumentError(str(path), Status.EMPTY, "the file holds nothing")
        if head.startswith(b"WARC/1."):
            raw.seek(0)
            yield from _warc_records(path, raw, metadata)
            return
        media = _sniff(path, head)
        if media is Media.ARTICLE and head[:2] in UTF_16_BOMS:
            text = _read_whole(path, file).decode("utf-16", "replace").encode("utf-8", "replace")
            yield from _articles(path, BytesIO(text), raw, metadata)
        elif media is Media.ARTICLE:
            yield from _articles(path, file, raw, metadata)
        else:
            yield Record(str(path), media, _read_whole(path, file), metadata)


def _unpack(raw: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.open(raw))


def _sniff(path: Path, head: bytes) -> Media:
    """By content, never by name: crawlers save PDFs as .html and error pages as .pdf."""
    if b"%PDF-" in head[:1024]:
        return Media.PDF
    if head[:2] in UTF_16_BOMS:
        head = head.decode("utf-16", "replace").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in {b"{", b"["}:
        return Media.ARTICLE
    if text[:5].upper() == b"<SEC-" or text.startswith(b"-----BEGIN PRIVACY-ENHANCED MESSAGE"):
        raise DocumentError(str(path), Status.UNSUPPORTED, "a whole EDGAR submission; index its primary document")
    if _HTML.match(text) or b"<html" in head.lower():
        return Media.HTML
    if text.startswith(b"<?xml"):
        raise DocumentError(str(path), Status.UNSUPPORTED, "XML that is not a page")
    if b"\0" in head:
        raise DocumentError(str(path), Status.UNSUPPORTED, "binary data of a kind that is not read")
    return Media.TEXT


def _read_whole(path: Path, file: BinaryIO) -> bytes:
    data = file.read(MAX_RECORD_BYTES + 1)
    size = path.stat().st_size
    if len(data) > max(size * MAX_INFLATION, _SMALL_BYTES):
        raise DocumentError(str(path), Status.TOO_LARGE, f"{size:,} bytes inflate more than {MAX_INFLATION}-fold")
    if len(data) > MAX_RECORD_BYTES:
        raise DocumentError(
            str(path),
            Status.TOO_LARGE,
            f"more than {MAX_RECORD_BYTES >> 20} MB in one document; a list of articles can be JSON Lines",
        )
    return data


def _articles(path: Path, file: BinaryIO, raw: BinaryIO, metadata: Metadata) -> Iterator[Record | DocumentError]:
    """JSON Lines line by line; else one JSON value, an article or a list of them."""
    first = file.readline(MAX_RECORD_BYTES + 1)
    if _is_object(first) and file.read(1):
        file.seek(0)
        yield from _lines(path, file, raw, metadata)
        return
    file.seek(0)
    data = _read_whole(path, file)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        if data.lstrip().startswith(b"{") and any(_is_object(line) for line in data.splitlines()):
            # JSON Lines of which the first is broken
            file.seek(0)
            yield from _lines(path, file, raw, metadata)
            return
        # prose may begin with a bracket; what goes on or ends like JSON was meant to be it
        if _JSON.match(data) or data.rstrip()[-1:] in {b"}", b"]"}:
            raise DocumentError(str(path), Status.MALFORMED, f"not JSON: {error}") from error
        yield Record(str(path), Media.TEXT, data, metadata)
        return
    if isinstance(value, dict):
        yield Record(str(path), Media.ARTICLE, data, metadata)
        return
    if not value:
        raise DocumentError(str(path), Status.EMPTY, "a list without an article")
    for number, item in enumerate(_items(data), start=1):
        yield Record(f"{path}#{number}", Media.ARTICLE, item, metadata)


def _items(array: bytes) -> Iterator[bytes]:
    """The elements of a JSON array that is known to parse, each as the bytes it was written in."""
    text = array.decode(json.detect_encoding(array), "surrogatepass")
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text[at] == "]":
            return
        _, end = decoder.raw_decode(text, at)
        yield text[at:end].encode("utf-8", "surrogatepass")
        at = end


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, file: BinaryIO, raw: BinaryIO, metadata: Metadata) -> Iterator[Record | DocumentError]:
    number = 0
    while line := file.readline(MAX_RECORD_BYTES + 1):
        number += 1
        where = f"{path}#{number}"
        if len(line) > MAX_RECORD_BYTES:
            yield DocumentError(where, Status.TOO_LARGE, f"a line of more than {MAX_RECORD_BYTES >> 20} MB")
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_RECORD_BYTES)
        elif line.strip():
            yield Record(where, Media.ARTICLE, line.strip(), metadata, position=raw.tell())


def _warc_records(path: Path, raw: BinaryIO, metadata: Metadata) -> Iterator[Record | DocumentError]:
    for number, capture in enumerate(warc.read_captures(raw, str(path), MAX_RECORD_BYTES), start=1):
        if isinstance(capture, DocumentError):
            yield capture
            continue
        where = f"{path}#{number}"
        try:
            if not capture.body.strip():
                raise DocumentError(where, Status.EMPTY, f"no body was captured for {capture.url}")
            media = _sniff(Path(where), capture.body[:_HEAD_BYTES])
            yield Record(where, media, capture.body, metadata, capture.url, capture.captured, raw.tell())
        except DocumentError as error:
            yield error
