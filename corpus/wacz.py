"""A WACZ to the archives in it: a zip with `archive/*.warc.gz`, a description and indexes that nobody here needs.

https://specs.webrecorder.net/wacz/1.1.1/
"""

import json
import struct
import zlib
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast
from zipfile import ZIP_STORED, BadZipFile, ZipExtFile, ZipFile, ZipInfo

from evidence.corpus.errors import DocumentError
from evidence.corpus.inflating import MAX_INFLATION, SMALL_BYTES, Damaged
from evidence.corpus.values import Status

_FOLDER = "archive/"
_DESCRIPTION = "datapackage.json"
_MAX_DESCRIPTION_BYTES = 4 << 20
# A directory of contents takes ten times its size in memory. That of a crawl has a few lines.
_MAX_DIRECTORY_BYTES = 16 << 20
_MAX_COMMENT_BYTES = 1 << 16
_END_OF_ZIP = b"PK\x05\x06"
_IS_ENCRYPTED = 1
_TROUBLES = (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error, OSError)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins like this is a zip."""
    return head.startswith((b"PK\x03\x04", _END_OF_ZIP))


def open_members(file: BinaryIO, path: str) -> Iterator[tuple[int, BinaryIO | DocumentError]]:
    """The archives inside, by number, each a file that can seek; one that cannot be read is its error.

    Raises DocumentError with this path for a zip that is no WACZ, is damaged, or is a bomb.
    """
    archive = _open(file, path)
    inside = sorted(
        (info for info in archive.infolist() if info.filename.startswith(_FOLDER) and not info.is_dir()),
        key=lambda info: (info.filename, info.header_offset),
    )
    if not inside:
        raise DocumentError(path, Status.UNSUPPORTED, "a zip that is no WACZ: it has no archive/")
    # files in a zip may share their bytes
    if _is_bomb(sum(info.file_size for info in inside), file.seek(0, 2)):
        raise DocumentError(path, Status.TOO_LARGE, f"its files inflate more than {MAX_INFLATION}-fold")
    for number, info in enumerate(inside):
        yield number, _member(file, archive, info, f"{path}#{info.filename}")
    named = {info.filename for info in inside}
    for missing in sorted(_described(archive) - named):
        yield len(inside), DocumentError(f"{path}#{missing}", Status.MALFORMED, "it is described, but not there")


def _open(file: BinaryIO, path: str) -> ZipFile:
    size = file.seek(0, 2)
    file.seek(max(0, size - _MAX_COMMENT_BYTES - 22))
    tail = file.read()
    end = tail.rfind(_END_OF_ZIP)
    if end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") > _MAX_DIRECTORY_BYTES:
        raise DocumentError(path, Status.TOO_LARGE, "a zip with too many files")
    try:
        return ZipFile(file)
    except _TROUBLES as error:
        file.seek(0)
        head = file.read(_MAX_COMMENT_BYTES)
        if _FOLDER.encode() in head or _DESCRIPTION.encode() in head:
            raise DocumentError(path, Status.TRUNCATED, f"a WACZ cut short or damaged: {error}") from error
        raise DocumentError(path, Status.UNSUPPORTED, f"a zip that cannot be read: {error}") from error


def _member(file: BinaryIO, archive: ZipFile, info: ZipInfo, where: str) -> BinaryIO | DocumentError:
    if info.flag_bits & _IS_ENCRYPTED:
        return DocumentError(where, Status.ENCRYPTED, "it is encrypted")
    if _is_bomb(info.file_size, info.compress_size):
        return DocumentError(where, Status.TOO_LARGE, f"it inflates more than {MAX_INFLATION}-fold")
    try:
        opened = cast("ZipExtFile", archive.open(info))
        if info.compress_type != ZIP_STORED:
            return cast("BinaryIO", BufferedReader(_Member(opened)))
        # as the standard asks for: read where it lies, for a checksum over all would cost more than what is damaged
        opened.close()
        file.seek(info.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        return cast(
            "BinaryIO", BufferedReader(_Slice(file, info.header_offset + 30 + name + extra, info.file_size))
        )
    except _TROUBLES as error:
        return DocumentError(where, Status.MALFORMED, f"it cannot be read: {error}")


def _is_bomb(size: int, packed: int) -> bool:
    return size > max(SMALL_BYTES, MAX_INFLATION * packed)


def _described(archive: ZipFile) -> set[str]:
    """The archives that the description names; a description that cannot be read names none."""
    try:
        with archive.open(_DESCRIPTION) as file:
            value: Any = json.loads(file.read(_MAX_DESCRIPTION_BYTES))
        paths = [resource["path"] for resource in value["resources"]]
    except (*_TROUBLES, KeyError, TypeError, RecursionError):
        return set()
    return {path for path in paths if isinstance(path, str) and path.startswith(_FOLDER)}


class _Member(RawIOBase):
    """A file in the zip, with every trouble told as one kind."""

    def __init__(self, file: ZipExtFile) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        at = self._file.tell()
        try:
            data = self._file.read(len(buffer))
        except _TROUBLES as error:
            raise Damaged(at, f"damaged zip: {error}") from error
        buffer[: len(data)] = data
        return len(data)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return self._file.seek(offset, whence)
        except _TROUBLES as error:
            raise Damaged(self._file.tell(), f"damaged zip: {error}") from error


class _Slice(RawIOBase):
    """A part of a file as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at
