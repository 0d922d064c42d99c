"""What is done to a file system to keep something: every byte and name of an index goes through these.

A file is complete and on the disk under its name, or it is not there. The operations are few and stand in one
class, so that a disk which is full, broken or loses its power can be put in its place.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EOPNOTSUPP, EPERM
from pathlib import Path
from typing import BinaryIO

# Columns of a few rows are many small writes; arrays of megabytes pass through unbuffered.
_BUFFER_BYTES = 1 << 18


class Disk:
    """The operating system's own. All of it raises OSError."""

    def raw(self, path: Path) -> io.RawIOBase:
        """An empty file, unbuffered; what lay there is gone, but for what a link there leads to."""
        if path.is_symlink():
            path.unlink()
        return io.FileIO(path, "w", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o666))

    def sync_file(self, file: BinaryIO | io.RawIOBase) -> None:
        """Puts an open file's bytes on the disk."""
        os.fsync(file.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Makes the names inside a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """In place of what lies there."""
        old.rename(new)

    def link(self, old: Path, new: Path) -> None:
        """A second name. Raises FileExistsError where something has that name."""
        os.link(old, new)

    def remove(self, path: Path) -> None:
        """Takes a file away, which may be gone already."""
        path.unlink(missing_ok=True)

    def make(self, folder: Path) -> None:
        """A new folder in one that is there."""
        folder.mkdir()

    def remove_folder(self, folder: Path) -> None:
        """With all in it; it may be gone already."""
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)

    def make_folder(self, folder: Path) -> None:
        """With those above it; each new name is durable. Another process may make them at the same moment."""
        if not folder.is_dir():
            self.make_folder(folder.parent)
            try:
                self.make(folder)
            except FileExistsError:
                if not folder.is_dir():
                    raise
            self.sync_folder(folder.parent)

    @contextmanager
    def create(self, path: Path) -> Iterator[BinaryIO]:
        """A new file to write: its bytes are on the disk when the block ends, its name once its folder is."""
        with self.written(path) as file:
            yield file
            file.flush()
            self.sync_file(file)

    @contextmanager
    def written(self, path: Path) -> Iterator[BinaryIO]:
        """The same without a sync."""
        with io.BufferedWriter(self.raw(path), _BUFFER_BYTES) as file:
            yield file

    def sync(self, path: Path) -> None:
        """Puts a file that was written before on the disk."""
        with path.open("rb", buffering=0) as file:
            self.sync_file(file)

    def replace(self, path: Path, data: bytes) -> None:
        """Durably: a reader finds what was there, or these bytes, also after a loss of power."""
        temporary = path.with_name(f"{path.name}.tmp")
        with self.create(temporary) as file:
            file.write(data)
        self.rename(temporary, path)
        self.sync_folder(path.parent)

    def create_only(self, path: Path, data: bytes) -> None:
        """A new file, durably. Raises FileExistsError, and changes nothing, where there is one of that name."""
        temporary = path.with_name(f"{path.name}.tmp")
        with self.create(temporary) as file:
            file.write(data)
        try:
            self.link(temporary, path)
        except OSError as error:
            # a file system without second names, as on many sticks: the writer's lock alone keeps others out
            if error.errno not in {EPERM, EOPNOTSUPP} or path.exists():
                raise
            self.rename(temporary, path)
        self.sync_folder(path.parent)
        self.remove(temporary)


DISK = Disk()
