"""Texts to numbers of index words, many at a time: a spelling is tidied and stemmed once, however often it stands.

Holds the words of one segment; nothing here reaches the disk.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.words import index_word, raw_words

Numbers = NDArray[np.int32]


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
        self._numbers = _Numbers(self._terms)

    @property
    def terms(self) -> list[str]:
        """The word of each number."""
        return list(self._terms)

    def numbers(self, text: str) -> Numbers:
        """The index words of a text, in order."""
        words = raw_words(text)
        return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))


class _Numbers(dict[str, int]):
    """Spellings as they stand in texts to numbers; one that is new is looked into once."""

    def __init__(self, terms: dict[str, int]) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, raw: str) -> int:
        number = self._terms.setdefault(index_word(raw), len(self._terms))
        self[raw] = number
        return number
