"""The crawled bytes, kept for ever under their own digest: `originals/ab/abcdef...gz`. Write-once."""

import gzip
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import digest

# Crawled text shrinks about fivefold at any level; higher levels cost more time than they save bytes.
_GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Originals:
    """A content-addressed folder."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where bytes of this digest lie, or would."""
        return self.root / sha256[:2] / f"{sha256}.gz"

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256. Durable when this returns; safe to repeat."""
        sha256 = digest(data)
        path = self.path(sha256)
        if self._is_sound(sha256):
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as file:
            # no time stamp inside: the same page gives the same file on every machine
            file.write(gzip.compress(data, _GZIP_LEVEL, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
        return sha256

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
            data = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise SegmentError(f"original {path} cannot be read: {error}", _REBUILD) from error
        if digest(data) != sha256:
            raise SegmentError(f"original {path} is not the bytes it is named after", _REBUILD)
        return data


_REBUILD = "restore the file from a copy of this index, or index the source again into a new folder"


def sync_folder(folder: Path) -> None:
    """Makes renames inside a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
