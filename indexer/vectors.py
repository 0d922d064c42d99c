"""The one module that knows FAISS: a segment's unit vectors as a memory-mapped array, and products with its rows.

Two kinds of product. `scan` is fast and rounds as it likes: the same vector may score a little differently at
another place. `exact` is a function of the two vectors alone, so what is ranked by it is ranked the same however
segments are cut. They differ by no more than `error`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.indexer.arrays import map_array, start_array, write_items
from evidence.indexer.embedder import Vectors

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
ExactScores = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A sum of n products rounds by n units in the last place at most, in any order (Higham 2002, 3.1), times the two
# lengths, which are 1 within this slack.
_UNIT, _LENGTHS = 2.0**-24, 1.01
# Rows gathered at once: 6 MB of MiniLM's, which stay in the processor's cache.
_STEP_ROWS = 4096


def write_vectors(blocks: Iterable[Vectors], rows: int, dimensions: int, file: BinaryIO) -> None:
    """Writes unit vectors, one a row, block after block.

    In FAISS's own format the first vector begins at byte 45, and each load of 64 bytes would straddle two cache
    lines; numpy's begins where a line does.
    """
    start_array(np.float32, (rows, dimensions), file)
    for block in blocks:
        write_items(block.astype(np.float32, copy=False), file)


class VectorFile:
    """A segment's vectors on disk. Its bytes must have been checked before."""

    def __init__(self, path: Path, rows: int, dimensions: int) -> None:
        try:
            self._vectors: Vectors = map_array(path)
        except (OSError, ValueError, EOFError) as error:
            raise SegmentError(f"{path} cannot be opened: {error}") from error
        if self._vectors.dtype != np.float32 or self._vectors.shape != (rows, dimensions):
            shape = " x ".join(map(str, self._vectors.shape))
            raise SegmentError(f"{path} holds {shape} of {self._vectors.dtype}, not {rows} x {dimensions}")
        self.dimensions = dimensions
        self.row_bytes = dimensions * self._vectors.itemsize
        self.error = _LENGTHS * dimensions * _UNIT

    def take(self, rows: Rows) -> Vectors:
        """These rows, copied."""
        return self._vectors.take(rows, axis=0)

    def scan(self, query: Vectors, first: int, scores: Scores) -> None:
        """Fills `scores` with the products of `query`, shape (dimensions,), and the rows from `first` on."""
        _multiply(query, self._vectors[first : first + len(scores)], scores)

    def scan_some(self, query: Vectors, rows: Rows, scores: Scores) -> None:
        """Fills `scores` with the products of `query` and these rows."""
        for start in range(0, len(rows), _STEP_ROWS):
            step = slice(start, start + _STEP_ROWS)
            _multiply(query, self.take(rows[step]), scores[step])

    def exact(self, query: Vectors, rows: Rows) -> ExactScores:
        """Products with these rows in double precision, each summed in one and the same order."""
        products: ExactScores = np.vecdot(self.take(rows).astype(np.float64), query.astype(np.float64))
        return products


def _multiply(query: Vectors, vectors: Vectors, scores: Scores) -> None:
    """FAISS's kernel: on one thread, without the interpreter's lock."""
    rows, dimensions = vectors.shape
    faiss.fvec_inner_products_ny(
        faiss.swig_ptr(scores), faiss.swig_ptr(query), faiss.swig_ptr(vectors), dimensions, rows
    )
