"""SHA-256, the one digest of this project: of bytes, and of files too big to hold."""

import hashlib
from pathlib import Path

_BLOCK_BYTES = 1 << 20


def digest(data: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal, read in blocks. Raises OSError."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            state.update(block)
    return state.hexdigest()
