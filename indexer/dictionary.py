"""The words of a segment, sorted, as a memory-mapped Arrow file; a word's place in it is its number.

Beside each word stand its first eight bytes as a number, so that all words of a query are bisected in one step.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError

TERMS = "terms.arrow"
ABSENT = -1

_KEY_BYTES = 8
_SCHEMA = pa.schema([("term", pa.large_string()), ("key", pa.uint64())])


def write_terms(terms: Sequence[str], folder: Path) -> None:
    """Writes distinct terms, which must be sorted."""
    keys = np.array([_key(term.encode()) for term in terms], np.uint64)
    batch = pa.record_batch([pa.array(terms, pa.large_string()), pa.array(keys)], _SCHEMA)
    with pa.OSFile(str(folder / TERMS), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as writer:
        writer.write_batch(batch)


class Dictionary:
    """A segment's words on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path) -> None:
        path = folder / TERMS
        try:
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            if reader.schema != _SCHEMA or reader.num_record_batches != 1:
                raise SegmentError(f"{path} does not have the columns of this format")
            self._batch = reader.get_batch(0)
        except (OSError, pa.ArrowInvalid) as error:
            raise SegmentError(f"{path} cannot be opened: {error}") from error
        # addressed as bytes: an Arrow scalar costs more than the whole search for it
        _, ends, data = self._batch.column("term").buffers()
        self._ends = np.frombuffer(ends, np.int64) if ends else np.zeros(1, np.int64)
        self._data = memoryview(data) if data else memoryview(b"")
        self._keys: NDArray[np.uint64] = self._batch.column("key").to_numpy()

    def __len__(self) -> int:
        return int(self._batch.num_rows)

    def terms(self) -> list[str]:
        """Every word, sorted."""
        terms: list[str] = self._batch.column("term").to_pylist()
        return terms

    def numbers(self, words: Sequence[str]) -> list[int]:
        """The number of each word; ABSENT for one that stands in no row."""
        spelt = [word.encode() for word in words]
        keys = np.array([_key(word) for word in spelt], np.uint64)
        lows = self._keys.searchsorted(keys, "left").tolist()
        highs = self._keys.searchsorted(keys, "right").tolist()
        return [self._bisect(*bounds) for bounds in zip(spelt, lows, highs, strict=True)]

    def _bisect(self, word: bytes, low: int, high: int) -> int:
        """Among the words that begin alike; a word may be cut out of a question, and be any bytes."""
        end = high
        while low < high:
            middle = (low + high) // 2
            if self._word(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low if low < end and self._word(low) == word else ABSENT

    def _word(self, number: int) -> bytes:
        return bytes(self._data[self._ends[number] : self._ends[number + 1]])


def _key(word: bytes) -> int:
    return int.from_bytes(word[:_KEY_BYTES].ljust(_KEY_BYTES, b"\0"), "big")
