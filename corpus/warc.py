"""A crawler's WARC file to its records' blocks, however damaged; what is skipped is said.

Reading goes in runs. A run ends with the archive, or where its bytes or its records' lengths are wrong; then the
next one begins at the next record that can be found.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from evidence.corpus.bodies import Block, Kind
from evidence.corpus.errors import DocumentError
from evidence.corpus.inflating import Bomb, Damaged, Stream, find_member, open_stream
from evidence.corpus.records import Capture, Spot
from evidence.corpus.values import Status

STARTS = (b"WARC/1.", b"WARC/0.")
_STARTING = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]{1,40}:")
_HEAD = re.compile(rb"\n" + _STARTING.pattern)
_HEAD_BYTES = 64
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MAX_HEAD_BYTES = 32 << 10
_STEP_BYTES = 1 << 20
_PAGES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
# Finding the way again may read bytes twice; no archive is worth more of it than this.
_MAX_RUNS = 10_000
_MAX_REREAD_BYTES = 1 << 30

_Way = tuple[int, int]
_Found = Generator[Block | DocumentError, None, _Way | None]


def is_warc(head: bytes) -> bool:
    """Whether an uncompressed file that begins like this is a WARC."""
    return head.startswith(STARTS)


def read_blocks(
    file: BinaryIO, path: str, max_bytes: int, member: int = 0, offset: int = 0
) -> Iterator[Block | DocumentError]:
    """The records in order from this offset on, compressed or not, with at most `max_bytes` + 1 of each block.

    What is damaged is yielded as a DocumentError that names its bytes, and reading goes on behind it.
    """
    walk = _Walk(file, path, max_bytes, member, _has_bare_feeds(file, offset))
    way: _Way | None = (offset, 0)
    while way is not None:
        way = yield from walk.run(way)


class _Walk:
    """One walk over an archive, and what it has cost so far to find the way again."""

    def __init__(self, file: BinaryIO, path: str, max_bytes: int, member: int, quirks: bool) -> None:
        self._file = file
        self._path = path
        self._max_bytes = max_bytes
        self._member = member
        self._quirks = quirks
        self._runs = 0
        self._reread = 0

    def run(self, way: _Way) -> _Found:
        """Blocks up to the first thing that is wrong; returns the way on."""
        stream, last, where = open_stream(self._file, way[0]), None, self._path
        self._runs += 1
        try:
            _skip(stream, way[1])
            for record in ArchiveIterator(cast("BinaryIO", stream), parse_http=False, quirks_mode=self._quirks):
                if last is not None:
                    yield last
                url = record.headers.get("WARC-Target-URI")
                last, where = None, f"{self._path}#{url}" if url else self._path
                last = self._block(record, stream)
                where = self._path
        except Damaged as error:
            if last is not None:
                yield last
            return (yield from self._past_damage(error, where, last))
        except OSError:
            return (yield from self._past_lies(way, last, stream.tell()))
        if last is None:
            return None
        if _is_short(last, self._max_bytes) and _HEAD.search(last.data):
            return (yield from self._past_lies(way, last, stream.tell()))
        yield self._cut_off(last) if _is_short(last, self._max_bytes) else last
        return None

    def _block(self, record: WarcRecord, stream: Stream) -> Block:
        """Reads the record. What else the archive holds than pages and revisits is read for its end alone."""
        headers, kind = record.headers, record.record_type
        spot = Spot(self._member, *stream.place(record.stream_pos))
        length = record.content_length if "Content-Length" in headers else _MAX_REREAD_BYTES
        return Block(
            capture=Capture(
                spot,
                _bare(headers.get("WARC-Target-URI")),
                headers.get("WARC-Date"),
                headers.get("WARC-Record-ID"),
                headers.get("WARC-Payload-Digest"),
            ),
            kind=_kind(kind) if "WARC-Type" in headers else "untyped",
            data=bytes(record.reader.read(self._max_bytes + 1)),
            length=length,
            is_http=record.is_http,
            content_type=headers.get("Content-Type") or "",
            captured=_aware(record.record_date),
            cut="WARC-Truncated" in headers or "WARC-Segment-Number" in headers,
            refers=(
                headers.get("WARC-Refers-To"),
                _bare(headers.get("WARC-Refers-To-Target-URI")),
                headers.get("WARC-Refers-To-Date"),
            ),
        )

    def _past_damage(self, error: Damaged, where: str, last: Block | None) -> _Found:
        """Behind bytes that cannot be inflated, to the next member that holds a record."""
        found = None if self._runs >= _MAX_RUNS else find_member(self._file, error.at + 1, STARTS)
        if not (isinstance(error, Bomb) and last is not None and _is_over(last, self._max_bytes)):
            status = Status.TOO_LARGE if isinstance(error, Bomb) else Status.TRUNCATED
            yield DocumentError(where, status, f"{error}; {_skipped(error.at, found)}")
        return None if found is None else (found, 0)

    def _past_lies(self, way: _Way, last: Block | None, read_to: int) -> _Found:
        """Behind something that is no record, to the next that is one."""
        start = (last.capture.spot.offset, last.capture.spot.within) if last else way
        stream = open_stream(self._file, start[0])
        try:
            _skip(stream, start[1])
            begin = stream.tell()
            honest, found = _find_head(stream, last)
            self._reread += max(0, read_to - begin)
        except Damaged as error:
            return (yield from self._past_damage(error, self._path, None))
        on = None if found is None else stream.place(found)
        if on is None and (member := find_member(self._file, start[0] + 1, STARTS)) is not None:
            on = (member, 0)
        if self._runs >= _MAX_RUNS or self._reread > _MAX_REREAD_BYTES:
            on = None
        at = start[0]
        if last is not None and not honest and _HEAD.search(last.data):
            where = f"{self._path}#{last.capture.url}"
            yield DocumentError(
                where, Status.MALFORMED, f"its stated length reaches into the next record, at byte {at:,}"
            )
            return on
        if last is not None:
            yield last if honest else _cut(last)
        yield DocumentError(
            self._path, Status.MALFORMED, f"no record where one should begin; {_skipped(at, on and on[0])}"
        )
        return on

    def _cut_off(self, last: Block) -> DocumentError:
        reason = f"the archive ends before its record at byte {last.capture.spot.offset:,} does"
        return DocumentError(f"{self._path}#{last.capture.url}", Status.TRUNCATED, reason)


def _find_head(stream: Stream, last: Block | None) -> tuple[bool, int | None]:
    """Whether the record before, where the stream stands, ends where it says; and where the next one begins."""
    head = _read(stream, _MAX_HEAD_BYTES if last else 1)
    honest, ahead = last is not None, b""
    if last is not None and not _HEAD.search(last.data):
        end = _HEAD_END.search(head)
        ahead = head[end.end() :] if end else b""
        while len(ahead) < len(last.data) + 4 and (more := stream.read(_STEP_BYTES)):
            ahead += more
        behind = ahead[len(last.data) :]
        honest = len(last.data) < last.length or not behind or behind.startswith((b"\r", b"\n"))
        ahead = behind
    elif last is not None:
        honest, ahead = False, head[len(STARTS[0]) :]
    while True:
        match = _STARTING.search(ahead)
        if match is not None:
            return honest, stream.tell() - len(ahead) + match.start()
        ahead = ahead[-_HEAD_BYTES:]
        more = stream.read(_STEP_BYTES)
        if not more:
            return honest, None
        ahead += more


def _has_bare_feeds(file: BinaryIO, offset: int) -> bool:
    """Whether heads are written with line feeds alone; reading them so passes over junk between records, too."""
    try:
        first, feed, _ = open_stream(file, offset).read(_HEAD_BYTES).partition(b"\n")
    except OSError:
        return False
    return bool(feed) and not first.endswith(b"\r")


def _skip(stream: Stream, size: int) -> None:
    while size > 0 and (data := stream.read(min(size, _STEP_BYTES))):
        size -= len(data)


def _read(stream: Stream, size: int) -> bytes:
    """As many bytes as there are, for one read gives those of one member."""
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


def _is_over(block: Block, max_bytes: int) -> bool:
    return len(block.data) > max_bytes


def _is_short(block: Block, max_bytes: int) -> bool:
    return len(block.data) < min(block.length, max_bytes)


def _cut(block: Block) -> Block:
    return replace(block, cut=True)


def _skipped(at: int, on: int | None) -> str:
    return f"from byte {at:,} on nothing more can be read" if on is None else f"bytes {at:,} to {on:,} are skipped"


def _bare(url: str | None) -> str | None:
    """Some crawlers write the URL in angle brackets."""
    return url.removeprefix("<").removesuffix(">") if url else None


def _kind(kind: WarcRecordType) -> Kind:
    if kind & _PAGES:
        return "page"
    return "revisit" if kind == WarcRecordType.revisit else "other"


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
