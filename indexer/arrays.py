"""numpy's own file format: an array written once and memory-mapped. No pickle is ever read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOMEM
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray


def write_array(array: NDArray[Any], file: BinaryIO) -> None:
    """Writes a whole array, in C order, as `numpy.save` would."""
    start_array(array.dtype, array.shape, file)
    write_items(array, file)


def start_array(kind: DTypeLike, shape: tuple[int, ...], file: BinaryIO) -> None:
    """Writes what stands before the items, which must follow in C order."""
    described = np.lib.format.dtype_to_descr(np.dtype(kind))
    header = {"descr": described, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def write_items(array: NDArray[Any], file: BinaryIO) -> None:
    """Writes the next items."""
    file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def map_array(path: Path) -> NDArray[Any]:
    """A plain array over the mapped file: numpy's own memmap class costs microseconds at every slice.

    Its bytes must have been checked before. Raises OSError, ValueError or EOFError, and MemoryError.
    """
    with memory_told():
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


@contextmanager
def memory_told() -> Iterator[None]:
    """A file that cannot be mapped for want of memory is not damaged."""
    try:
        yield
    except OSError as error:
        # Arrow gives no number
        if error.errno == ENOMEM or os.strerror(ENOMEM) in str(error):
            raise MemoryError(str(error)) from error
        raise
