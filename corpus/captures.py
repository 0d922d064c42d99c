"""Crawlers' archives of every kind to their records' blocks: WARC and ARC, compressed or not, and WACZ."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from evidence.corpus import arc, warc
from evidence.corpus.bodies import Block
from evidence.corpus.errors import DocumentError
from evidence.corpus.inflating import Damaged, find_member, is_packed, open_stream
from evidence.corpus.records import MAX_RECORD_BYTES, Spot
from evidence.corpus.values import Status
from evidence.corpus.wacz import is_zip, open_members

_HEAD_BYTES = 64

_Reader = Callable[[BinaryIO, str, int, int, int], Iterator[Block | DocumentError]]


def is_crawl(head: bytes) -> bool:
    """Whether uncompressed bytes begin like a WARC or an ARC."""
    return warc.is_warc(head) or arc.is_arc(head)


def is_archive(file: BinaryIO) -> bool:
    """Whether the open file is a crawl, or a zip, which is one or nothing."""
    file.seek(0)
    return is_zip(file.read(4)) or _reader(file) is not None


def read_archive(file: BinaryIO, path: str) -> Iterator[Block | DocumentError]:
    """All blocks, in order. Raises DocumentError for a zip that is no WACZ."""
    file.seek(0)
    if not is_zip(file.read(4)):
        yield from _read(file, path, Spot())
        return
    for number, member in open_members(file, path):
        if isinstance(member, DocumentError):
            yield member
        else:
            yield from _read(member, path, Spot(number))


def read_blocks_at(file: BinaryIO, path: str, spots: Sequence[Spot]) -> Iterator[Block]:
    """The blocks at these places, which are sorted, in one pass; those that are not there are left out."""
    file.seek(0)
    members: dict[int, BinaryIO | DocumentError] = {0: file}
    if is_zip(file.read(4)):
        members = dict(open_members(file, path))
    for (number, offset), group in groupby(spots, lambda spot: (spot.member, spot.offset)):
        member, wanted = members.get(number), set(group)
        last = max(wanted)
        if member is None or isinstance(member, DocumentError):
            continue
        for block in _read(member, path, Spot(number, offset)):
            if isinstance(block, DocumentError):
                continue
            spot = block.capture.spot
            if spot in wanted:
                yield block
            if spot >= last:
                break


def _read(file: BinaryIO, path: str, start: Spot) -> Iterator[Block | DocumentError]:
    try:
        reader = _reader(file)
        if reader is not None:
            yield from reader(file, path, MAX_RECORD_BYTES, start.member, start.offset)
            return
        reason = f"what it holds as number {start.member + 1} is no crawl"
        yield DocumentError(path, Status.UNSUPPORTED, reason)
    except Damaged as error:
        # of a damaged zip even the beginning
        yield DocumentError(path, Status.TRUNCATED, str(error))


def _reader(file: BinaryIO) -> _Reader | None:
    """By the first record; where that is damaged, by the next one that can be found."""
    try:
        head = open_stream(file).read(_HEAD_BYTES)
    except OSError:
        head = b""
    if _is_damaged(file, head):
        found = find_member(file, 1, (*warc.STARTS, arc.START))
        head = b"" if found is None else open_stream(file, found).read(_HEAD_BYTES)
    if warc.is_warc(head):
        return warc.read_blocks
    return arc.read_blocks if arc.is_arc(head) else None


def _is_damaged(file: BinaryIO, head: bytes) -> bool:
    """Whether a crawl might follow: nothing can be inflated, or what would begin a member is none."""
    file.seek(0)
    return (not head and is_packed(file.read(4))) or (b"\0" in head)
