"""A segment's folder while its files are written: each is on the disk when its block ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from evidence.corpus.disk import Disk
from evidence.indexer.arrays import write_array


@dataclass(frozen=True, slots=True)
class Draft:
    """The folder, and the disk it is on."""

    folder: Path
    disk: Disk

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """A new file of this name."""
        with self.disk.create(self.folder / name) as file:
            yield file

    def save(self, name: str, array: NDArray[Any]) -> None:
        """An array as a file of this name."""
        with self.file(name) as file:
            write_array(array, file)
