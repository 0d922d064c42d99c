"""Date-sorted postings: for each word the rows it stands in, in row order, as plain memory-mapped arrays.

Rows are sorted by time, so a window is a slice of every posting list. Its document frequency is that
slice's length: BM25 with the window's own statistics, whatever lies outside and however segments are cut.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.indexer.vectors import Mask

TERMS, OFFSETS, ROWS, COUNTS, LENGTHS = (
    "terms.arrow",
    "postings.offsets.npy",
    "postings.rows.npy",
    "postings.counts.npy",
    "postings.lengths.npy",
)
FILES = (TERMS, OFFSETS, ROWS, COUNTS, LENGTHS)

_MAX_COUNT = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """One word's rows inside a window, ascending, and how often it stands in each."""

    rows: NDArray[np.int64]
    counts: NDArray[np.float32]


def write_postings(rows: Sequence[Counter[str]], folder: Path) -> None:
    """Writes the postings of passages given as word counts, one counter a row, in row order."""
    lists: dict[str, list[tuple[int, int]]] = {}
    for row, counter in enumerate(rows):
        for word, count in counter.items():
            lists.setdefault(word, []).append((row, min(count, _MAX_COUNT)))
    terms = sorted(lists)
    sizes = [len(lists[term]) for term in terms]
    flat = [pair for term in terms for pair in lists[term]]
    offsets = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
    lengths = np.concatenate([[0], np.cumsum([counter.total() for counter in rows])]).astype(np.int64)
    table = pa.table({"term": pa.array(terms, pa.string())})
    with pa.OSFile(str(folder / TERMS), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    np.save(folder / OFFSETS, offsets)
    np.save(folder / ROWS, np.array([row for row, _ in flat], np.uint32))
    np.save(folder / COUNTS, np.array([count for _, count in flat], np.uint16))
    np.save(folder / LENGTHS, lengths)


class PostingFiles:
    """A segment's postings on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path, rows: int) -> None:
        try:
            reader = pa.ipc.open_file(pa.memory_map(str(folder / TERMS)))
            self._terms = reader.get_batch(0).column(0) if reader.num_record_batches else pa.array([], pa.string())
            self._offsets = _mapped(folder / OFFSETS)
            self._rows = _mapped(folder / ROWS)
            self._counts = _mapped(folder / COUNTS)
            self._ends = _mapped(folder / LENGTHS)
        except (OSError, ValueError, pa.ArrowInvalid) as error:
            raise SegmentError(f"postings in {folder} cannot be opened: {error}") from error
        if len(self._ends) != rows + 1 or len(self._offsets) != len(self._terms) + 1:
            raise SegmentError(f"postings in {folder} do not fit its {rows} rows")

    def lengths(self, first: int, last: int) -> NDArray[np.int64]:
        """How many words each row in [first, last) holds."""
        return np.diff(self._ends[first : last + 1])

    def find(self, term: str, first: int, wanted: Mask) -> Postings:
        """The rows `first + i` with `wanted[i]` in which the term stands."""
        at = bisect_left(self._terms, term, key=pa.StringScalar.as_py)
        if at == len(self._terms) or self._terms[at].as_py() != term:
            return Postings(np.zeros(0, np.int64), np.zeros(0, np.float32))
        start, end = int(self._offsets[at]), int(self._offsets[at + 1])
        listed = self._rows[start:end]
        low, high = np.searchsorted(listed, [first, first + len(wanted)])
        rows = listed[low:high].astype(np.int64)
        counts = self._counts[start + low : start + high].astype(np.float32)
        keep = wanted[rows - first]
        return Postings(rows[keep], counts[keep])


def _mapped(path: Path) -> NDArray[Any]:
    """A plain array over the mapped file: numpy's own memmap class costs microseconds at every slice."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
