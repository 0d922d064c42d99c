"""Compressed streams that say where they are, stop at what cannot be honest, and are entered at any member.

gzip by zlib, member by member; zstd and lz4 by fastwarc's own readers. `gzip.open` would do none of the three.
"""

import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BufferedReader, RawIOBase
from itertools import islice
from typing import Any, BinaryIO, Protocol, cast

from fastwarc.stream_io import Lz4Reader, WarcReader, ZstdReader

# gzip cannot honestly shrink text a hundredfold; what does is a bomb.
MAX_INFLATION = 200
# A small bomb harms nobody.
SMALL_BYTES = 1 << 20

_CHUNK_BYTES = 1 << 16
_STEP_BYTES = 1 << 20
_GZIP, _ZSTD, _LZ4 = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"
# a zstd file for crawls may begin with its dictionary, in a frame of its own
_DICTIONARY = b"\x5d\x2a\x4d\x18"
# every gzip member says deflate, the only method there is
_MEMBER = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18")
# A file made of nothing but beginnings is no archive.
_MAX_TRIED = 100_000


class Damaged(OSError):
    """The bytes cannot be inflated on; `at` is where in the file that was noticed."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at


class Bomb(Damaged):
    """The bytes inflate further than an honest file's do."""


class Stream(Protocol):
    """A stream of bytes that knows its way back: `place` is the (offset in the file, bytes from there on)."""

    def read(self, size: int = -1) -> bytes: ...

    def tell(self) -> int: ...

    def place(self, at: int) -> tuple[int, int]: ...


def open_stream(file: BinaryIO, offset: int = 0) -> Stream:
    """The file from this offset on, where a member or a plain record starts; inflated if it is compressed.

    `tell` starts at 0. Reading raises Damaged or Bomb.
    """
    file.seek(offset)
    magic = file.read(4)
    file.seek(offset)
    if magic.startswith(_GZIP):
        return _Gzip(file, offset)
    if magic in {_ZSTD, _DICTIONARY}:
        return _Frames(file, offset, ZstdReader)
    if magic == _LZ4:
        return _Frames(file, offset, Lz4Reader)
    return _Plain(file, offset)


def is_gzip(head: bytes) -> bool:
    """Whether these first bytes are gzip's."""
    return head.startswith(_GZIP)


def is_packed(head: bytes) -> bool:
    """Whether these first bytes are those of a compressed file that is read here."""
    return head.startswith((_GZIP, _ZSTD, _LZ4, _DICTIONARY))


def open_inflated(file: BinaryIO) -> BinaryIO:
    """A compressed file as one that can seek, from its start."""
    return cast("BinaryIO", BufferedReader(_Inflated(file)))


def find_member(file: BinaryIO, offset: int, starts: tuple[bytes, ...]) -> int | None:
    """Where the next compressed member begins, from this offset on, that holds one of these beginnings."""
    size = max(map(len, starts))
    for found in islice(_beginnings(file, offset), _MAX_TRIED):
        if _head(file, found, size).startswith(starts):
            return found
    return None


def _beginnings(file: BinaryIO, offset: int) -> Iterator[int]:
    """Every offset from this one on where a compressed member might begin."""
    with suppress(Damaged):
        while True:
            file.seek(offset)
            block = file.read(_STEP_BYTES)
            yield from (offset + match.start() for match in _MEMBER.finditer(block))
            if len(block) < _STEP_BYTES:
                return
            # a beginning may lie across two blocks
            offset += len(block) - 3


def _head(file: BinaryIO, offset: int, size: int) -> bytes:
    try:
        return open_stream(file, offset).read(size)
    except OSError:
        return b""


class _Plain:
    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._offset = offset
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def place(self, at: int) -> tuple[int, int]:
        return self._offset + at, 0


class _Gzip:
    """Members one after the other; a read gives bytes of one member only, so that what is whole comes out whole."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._ahead = b""
        # bytes of the file handed to zlib and used by it, and bytes that came out
        self._used = offset
        self._at = 0
        self._members: deque[tuple[int, int]] = deque()
        self._zlib: zlib._Decompress | None = None

    def read(self, size: int = -1) -> bytes:
        """Up to this many bytes, fewer at a member's end; none at the file's."""
        while self._zlib is not None or self._enter():
            data = self._inflate(_CHUNK_BYTES if size < 0 else size)
            if data:
                return data
        return b""

    def tell(self) -> int:
        return self._at

    def place(self, at: int) -> tuple[int, int]:
        while len(self._members) > 1 and self._members[1][0] <= at:
            self._members.popleft()
        start, offset = self._members[0]
        return offset, at - start

    def _enter(self) -> bool:
        """Opens the next member, if there is one."""
        if not self._fill():
            return False
        # some writers fill the last block with zeros
        while not self._ahead.lstrip(b"\0"):
            self._used += len(self._ahead)
            self._ahead = b""
            if not self._fill():
                return False
        if not self._ahead.startswith(_GZIP[: len(self._ahead)]):
            raise Damaged(self._used, "no gzip member begins here")
        self._members.append((self._at, self._used))
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def _inflate(self, size: int) -> bytes:
        inflater = cast("zlib._Decompress", self._zlib)
        start, offset = self._members[-1]
        if not self._fill():
            self._zlib = None
            raise Damaged(offset, "the compressed data ends early")
        given = self._ahead
        try:
            data = inflater.decompress(given, size)
        except zlib.error as error:
            raise Damaged(offset, f"damaged compressed data: {error}") from error
        self._ahead = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        self._used += len(given) - len(self._ahead)
        self._at += len(data)
        if inflater.eof:
            self._zlib = None
        if self._at - start > max(SMALL_BYTES, MAX_INFLATION * (self._used - offset)):
            raise Bomb(offset, f"its bytes inflate more than {MAX_INFLATION}-fold")
        return data

    def _fill(self) -> bool:
        if not self._ahead:
            self._ahead = self._file.read(_CHUNK_BYTES)
        return bool(self._ahead)


class _Frames:
    """zstd and lz4: one run of frames, for their readers say only roughly where a frame begins."""

    def __init__(self, file: BinaryIO, offset: int, reader: Callable[[BinaryIO], WarcReader]) -> None:
        self._file = file
        self._offset = self._frame = offset
        self._open = reader
        self._reader = reader(file)
        self._at = 0
        self._is_damaged = False

    def read(self, size: int = -1) -> bytes:
        if self._is_damaged:
            data = self._read(1)
        else:
            try:
                data = self._read(_CHUNK_BYTES if size < 0 else size)
            except Damaged:
                self._reopen()
                data = self._read(1)
        self._at += len(data)
        if self._at > max(SMALL_BYTES, MAX_INFLATION * (self._file.tell() - self._offset)):
            raise Bomb(self._frame, f"its bytes inflate more than {MAX_INFLATION}-fold")
        return data

    def _read(self, size: int) -> bytes:
        try:
            data = bytes(self._reader.read(size))
            self._frame = self._reader.frame_start_position() or self._offset
        except OSError as error:
            raise Damaged(self._frame, f"damaged compressed data: {error}") from error
        return data

    def _reopen(self) -> None:
        """A read over many frames gives nothing when one is damaged; byte by byte, the good ones come out."""
        self._is_damaged = True
        self._file.seek(self._offset)
        self._reader, left = self._open(self._file), self._at
        while left > 0:
            left -= len(self._read(min(left, _CHUNK_BYTES)))

    def tell(self) -> int:
        return self._at

    def place(self, at: int) -> tuple[int, int]:
        return self._offset, at


class _Inflated(RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._stream = open_stream(file)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Back by reading again from the start; nobody here asks for the end."""
        target = offset + (self.tell() if whence == 1 else 0)
        if target < self.tell():
            self._stream = open_stream(self._file)
        while (left := target - self.tell()) > 0 and self._stream.read(min(left, _STEP_BYTES)):
            pass
        return self.tell()
