"""The crawled bytes, kept for ever under their own digest: `originals/ab/abcdef...gz`. Write-once.

A file is gzip, which anything can open. In its header stands the SHA-256 of all that follows, for gzip's own sum
covers neither its header nor the last bits of its stream.
"""

import zlib
from dataclasses import dataclass, field
from hashlib import sha256 as sha256_of
from pathlib import Path

from evidence.corpus.disk import DISK, Disk
from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import digest

# Crawled text shrinks about fivefold at any level; higher levels cost more time than they save bytes.
_GZIP_LEVEL = 5

# RFC 1952: magic, deflate, a flag, no time (the same page gives the same file on every machine), no hint, Unix.
# With the flag FEXTRA one field follows, of 36 bytes: our name, its length, and the digest of the rest of the file.
_HEADER = bytes.fromhex("1f8b0804 00000000 0003 2400") + b"EV\x20\x00"
_DIGEST_BYTES = 32
# Until format 5 there was no field.
_PLAIN_HEADER = bytes.fromhex("1f8b0800 00000000 0003")
_RESTORE = "restore the file from a copy of this index, or index the source again into a new folder"


@dataclass(frozen=True, slots=True)
class Originals:
    """A content-addressed folder."""

    root: Path
    disk: Disk = DISK
    _unsettled: list[Path] = field(default_factory=list, compare=False, repr=False)

    def path(self, sha256: str) -> Path:
        """Where bytes of this digest lie, or would."""
        return self.root / sha256[:2] / f"{sha256}.gz"

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256; durable once `settle` returns. Safe to repeat."""
        sha256 = digest(data)
        path = self.path(sha256)
        if not self._is_sound(sha256):
            if not path.parent.is_dir():
                self.disk.make_folder(self.root)
                self.disk.make(path.parent)
            temporary = path.with_suffix(".tmp")
            with self.disk.written(temporary) as file:
                file.write(_packed(data))
            self.disk.rename(temporary, path)
        # what is there already a writer may have left that died before it was on the disk
        self._unsettled.append(path)
        return sha256

    def settle(self) -> None:
        """Makes durable what was put: together that takes a third of what it takes one by one."""
        for path in self._unsettled:
            self.disk.sync(path)
        for folder in sorted({path.parent for path in self._unsettled}):
            self.disk.sync_folder(folder)
        if self._unsettled:
            # once for all folders: those that are new, and those that a dead writer had made and not synced
            self.disk.sync_folder(self.root)
        self._unsettled.clear()

    def _is_sound(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except SegmentError:
            return False
        return True

    def get(self, sha256: str) -> bytes:
        """The bytes of this digest. Raises SegmentError when they are missing or are not those bytes."""
        path = self.path(sha256)
        try:
            data = _unpacked(path.read_bytes())
        except (OSError, zlib.error, ValueError) as error:
            raise SegmentError(f"original {path} cannot be read: {error}", _RESTORE) from error
        if digest(data) != sha256:
            raise SegmentError(f"original {path} is not the bytes it is named after", _RESTORE)
        return data


def _packed(data: bytes) -> bytes:
    stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = stream.compress(data) + stream.flush()
    body += zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return _HEADER + sha256_of(body).digest() + body


def _unpacked(packed: bytes) -> bytes:
    """Raises zlib.error or ValueError for what was not written here."""
    if packed.startswith(_HEADER):
        stated = packed[len(_HEADER) : len(_HEADER) + _DIGEST_BYTES]
        if sha256_of(packed[len(_HEADER) + _DIGEST_BYTES :]).digest() != stated:
            raise ValueError("it has changed since it was written")
    elif not packed.startswith(_PLAIN_HEADER):
        raise ValueError("it does not begin as it was written")
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    data = stream.decompress(packed)
    if not stream.eof or stream.unused_data:
        raise ValueError("it is longer or shorter than it was written")
    return data
