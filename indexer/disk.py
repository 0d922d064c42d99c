"""Durable writes: a file is complete and on the disk under its name, or it is not there."""

import os
from pathlib import Path

from evidence.corpus.originals import sync_folder


def write_durably(path: Path, data: bytes) -> None:
    """Writes a new file whole: temporary name, fsync, rename, fsync of the folder."""
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_files(folder: Path) -> None:
    """Makes every file directly in a folder, and their names, durable."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)
