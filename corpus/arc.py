"""Old crawls: ARC version 1 to blocks, by hand, for its heads are one line each (Internet Archive, 1996).

URL, IP address, time as digits, media type, length; a URL may hold spaces. What is no such line is named and
skipped.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from evidence.corpus.bodies import Block
from evidence.corpus.errors import DocumentError
from evidence.corpus.inflating import Damaged, Stream, find_member, open_stream
from evidence.corpus.records import Capture, Spot
from evidence.corpus.values import Status

START = b"filedesc:"
# URLs of the web, and the head of the file itself
_STARTS = (START, b"http://", b"https://", b"ftp://", b"dns:")
_LINE = re.compile(rb"([a-z]{2,10}:[^\r\n]{1,8000}) ([0-9A-Fa-f.:]{2,45}) (\d{8,20}) (\S{1,200}) (-?\w{1,18})\r?\n")
_MAX_LINE = 9_000
_STEP_BYTES = 1 << 20


def is_arc(head: bytes) -> bool:
    """Whether an uncompressed file that begins like this is an ARC."""
    return head.startswith(START)


def read_blocks(
    file: BinaryIO, path: str, max_bytes: int, member: int = 0, offset: int = 0
) -> Iterator[Block | DocumentError]:
    """As `warc.read_blocks` does."""
    way: int | None = offset
    while way is not None:
        stream = open_stream(file, way)
        try:
            yield from _run(stream, path, max_bytes, member)
            way = None
        except Damaged as error:
            way = find_member(file, error.at + 1, _STARTS)
            on = "nothing more can be read" if way is None else f"reading goes on at byte {way:,}"
            yield DocumentError(path, Status.TRUNCATED, f"{error}, at byte {error.at:,}; {on}")


def _run(stream: Stream, path: str, max_bytes: int, member: int) -> Iterator[Block | DocumentError]:
    lost: int | None = None
    at, line, rest = _next_line(stream, b"")
    while line:
        match = _LINE.fullmatch(line)
        if match is None or not match[5].isdigit():
            # the lines of a body whose length is wrong are one loss
            if lost is None and line.strip():
                lost = at
        else:
            if lost is not None:
                yield _loss(stream, path, lost)
            lost, length = None, int(match[5])
            spot = Spot(member, *stream.place(at))
            data, rest = _take(stream, rest, length, max_bytes)
            yield _block(match, spot, data, length)
        at, line, rest = _next_line(stream, rest)
    if lost is not None:
        yield _loss(stream, path, lost)


def _loss(stream: Stream, path: str, lost: int) -> DocumentError:
    return DocumentError(
        path, Status.MALFORMED, f"no record begins where one should, {lost:,} bytes into the archive"
    )


def _block(match: re.Match[bytes], spot: Spot, data: bytes, length: int) -> Block:
    url, _, date, kind, _ = (group.decode("utf-8", "replace") for group in match.groups())
    is_http = data[:5] == b"HTTP/"
    return Block(
        capture=Capture(spot, url, date),
        kind="other" if match[1].startswith(START) else "page",
        data=data,
        length=length,
        is_http=is_http,
        content_type="" if kind == "no-type" else kind,
        captured=_time(date),
    )


def _next_line(stream: Stream, rest: bytes) -> tuple[int, bytes, bytes]:
    """Where the next line begins, the line, and what was read beyond it; a long line comes in parts."""
    while b"\n" not in rest[:_MAX_LINE] and len(rest) < _MAX_LINE and (more := stream.read(_MAX_LINE)):
        rest += more
    end = rest.find(b"\n", 0, _MAX_LINE) + 1 or min(len(rest), _MAX_LINE)
    return stream.tell() - len(rest), rest[:end], rest[end:]


def _take(stream: Stream, rest: bytes, length: int, max_bytes: int) -> tuple[bytes, bytes]:
    """The block, cut one byte above the limit, and what was read beyond it."""
    parts, kept, left = [rest[:length][: max_bytes + 1]], min(len(rest), length), length - len(rest)
    while left > 0 and (more := stream.read(min(left, _STEP_BYTES))):
        left -= len(more)
        if kept <= max_bytes:
            parts.append(more[: max_bytes + 1 - kept])
            kept += len(more)
    return b"".join(parts), rest[length:]


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
