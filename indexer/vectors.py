"""The one module that knows FAISS: an exact index over unit vectors, memory-mapped, searched by rows."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError, StoreError
from evidence.indexer.embedder import Vectors

# Up to this many unwanted rows it is cheaper to ask for that many hits more than to test every row of the
# segment: FAISS narrows a range natively, and a bitmap not at all.
MAX_EXTRA = 256

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


def write_vectors(vectors: Vectors, path: Path) -> None:
    """Writes unit vectors as a flat inner-product index, one id a row."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise StoreError(f"{path} cannot be written: {error}", "is the disk full?") from error


class VectorFile:
    """A flat index on disk. Its bytes must have been checked before: FAISS loads damage silently."""

    def __init__(self, path: Path, rows: int, dimensions: int) -> None:
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise SegmentError(f"{path} cannot be opened: {error}") from error
        if (self._index.ntotal, self._index.d) != (rows, dimensions):
            raise SegmentError(f"{path} holds {self._index.ntotal} x {self._index.d}, not {rows} x {dimensions}")

    def search(self, query: Vectors, first: int, wanted: Mask, count: int) -> tuple[Rows, Scores]:
        """The `count` best of the rows `first + i` where `wanted[i]`, best first, ties by row; exact.

        `query` has shape (dimensions,). Fewer come back when fewer are wanted, and more when more tie with the
        last: which of them to keep is for those to say who see all segments.
        """
        allowed = int(np.count_nonzero(wanted))
        count = min(count, allowed)
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        unwanted = len(wanted) - allowed
        if unwanted <= MAX_EXTRA:
            selector = faiss.IDSelectorRange(first, first + len(wanted))
            asked = count + 1 + unwanted
        else:
            bits = np.zeros(self._index.ntotal, np.bool_)
            bits[first : first + len(wanted)] = wanted
            packed = np.packbits(bits, bitorder="little")
            selector = faiss.IDSelectorBitmap(packed)
            asked = count + 1
        rows, scores = self._nearest(query, selector, asked)
        keep = wanted[rows - first]
        while np.count_nonzero(keep) < allowed and scores[-1] == scores[keep][count - 1]:
            asked *= 2
            rows, scores = self._nearest(query, selector, asked)
            keep = wanted[rows - first]
        keep &= scores >= scores[keep][count - 1]
        rows, scores = rows[keep], scores[keep]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def _nearest(self, query: Vectors, selector: Any, asked: int) -> tuple[Rows, Scores]:
        parameters = faiss.SearchParameters(sel=selector)
        scores, rows = self._index.search(query[np.newaxis, :], asked, params=parameters)
        # -1 stands for "no more"
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]


def use_one_thread() -> None:
    """One query over one segment is faster on one OpenMP thread than on several (23 against 35 ms at 300k)."""
    faiss.omp_set_num_threads(1)
