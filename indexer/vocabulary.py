"""Texts to numbers of index words, many at a time: a spelling is tidied and stemmed once, however often it stands.

Holds the words of one segment; nothing here reaches the disk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.words import ascii_chunks, index_word, index_words, raw_words

Numbers = NDArray[np.int32]

# Stands for a chunk that is not one word.
_OTHER = -1


@dataclass(frozen=True, slots=True)
class Field:
    """A field of every row: the numbers of its words, row after row, and how many each row has."""

    words: Numbers
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Numbers]) -> "Field":
        """A field of its rows' numbers."""
        held = [np.zeros(0, np.int32), *rows]
        return cls(np.concatenate(held), np.array([len(row) for row in held[1:]], np.int64))


class Vocabulary:
    """Numbers index words in the order in which they are met."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._words = _Remembered(lambda raw: self._number(index_word(raw)))
        self._chunks = _Remembered(self._look)

    @property
    def terms(self) -> list[str]:
        """The word of each number."""
        return list(self._terms)

    def numbers(self, text: str) -> Numbers:
        """The numbers of `index_words(text)`."""
        chunks = ascii_chunks(text)
        if chunks is None:
            words = raw_words(text)
            return np.fromiter(map(self._words.__getitem__, words), np.int32, len(words))
        found = list(map(self._chunks.__getitem__, chunks))
        at = more = 0
        for _ in range(found.count(_OTHER)):
            at = found.index(_OTHER, at)
            inside = [self._number(word) for word in index_words(chunks[at - more])]
            found[at : at + 1] = inside
            at, more = at + len(inside), more + len(inside) - 1
        return np.array(found, np.int32)

    def _number(self, word: str) -> int:
        return self._terms.setdefault(word, len(self._terms))

    def _look(self, chunk: str) -> int:
        """A chunk's one word; the plain shapes, which nearly all are, without looking for words in them."""
        if chunk.isalnum():
            return self._number(index_word(chunk))
        if chunk[-1] in ".," and chunk[:-1].isalnum():
            return self._chunks[chunk[:-1]]
        words = index_words(chunk)
        return self._number(words[0]) if len(words) == 1 else _OTHER


class _Remembered(dict[str, int]):
    """Answers that are worked out once for each key."""

    def __init__(self, work_out: Callable[[str], int]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: str) -> int:
        self[key] = number = self._work_out(key)
        return number
