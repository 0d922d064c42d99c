"""The words of a segment, sorted, as a memory-mapped Arrow file; a word's place in it is its number.

Beside each word stand its first eight bytes as a number, so that all words of a query are bisected in one step.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evidence.indexer.arrow import open_batch, write_batch
from evidence.indexer.draft import Draft

TERMS = "terms.arrow"
ABSENT = -1

_KEY_BYTES = 8
_SCHEMA = pa.schema([("term", pa.large_string()), ("key", pa.uint64())])


def write_terms(terms: Sequence[str], draft: Draft) -> None:
    """Writes distinct terms, which must be sorted."""
    keys = _keys([term.encode() for term in terms])
    batch = pa.record_batch([pa.array(terms, pa.large_string()), pa.array(keys)], _SCHEMA)
    with draft.file(TERMS) as file:
        write_batch(batch, file)


class Dictionary:
    """A segment's words on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path) -> None:
        self._batch = open_batch(folder / TERMS, _SCHEMA)
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
        lows = self._keys.searchsorted(_keys(spelt)).tolist()
        return [self._bisect(word, low) for word, low in zip(spelt, lows, strict=True)]

    def _bisect(self, word: bytes, low: int) -> int:
        """Among the words that begin alike, of which the first is at `low`: it is nearly always that one."""
        if low == len(self._keys) or self._word(low) == word:
            return low if low < len(self._keys) else ABSENT
        if len(word) < _KEY_BYTES:
            return ABSENT
        high = end = int(self._keys.searchsorted(_keys([word]), "right")[0])
        while low < high:
            middle = (low + high) // 2
            if self._word(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low if low < end and self._word(low) == word else ABSENT

    def _word(self, number: int) -> bytes:
        start, end = self._ends[number : number + 2].tolist()
        return bytes(self._data[start:end])


def _keys(words: Sequence[bytes]) -> NDArray[np.uint64]:
    """Each word's first bytes, and zeros where there are fewer, as a number that sorts as they do."""
    return np.array(words, f"S{_KEY_BYTES}").view(">u8").astype(np.uint64)
