"""What everybody has at hand: BM25 over pieces of 180 words, the title over each, without stems. The baseline."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.values import Document

PIECE_WORDS = 180
K1, B = 1.2, 0.75
_WORD = re.compile(r"\w+")


class PlainBm25:
    """All pieces of some documents; a search is given the documents that it may see."""

    def __init__(self, documents: Collection[Document], unit: Callable[[Document, int], str]) -> None:
        self._pieces: list[tuple[str, str]] = []
        self._owners: list[str] = []
        lengths: list[int] = []
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for document in documents:
            for start, end in _cut(document.text):
                words = _words(f"{document.title or ''} {document.text[start:end]}")
                for word, count in Counter(words).items():
                    postings[word].append((len(lengths), count))
                self._pieces.append((unit(document, start), document.text[start:end]))
                self._owners.append(document.id)
                lengths.append(len(words))
        self._lengths = np.array(lengths, np.float32)
        self._postings = {word: np.array(pairs, np.int64).T for word, pairs in postings.items()}

    def rank(self, query: str, seen: Collection[str], count: int) -> list[tuple[str, str]]:
        """Unit and text of the best pieces, best first."""
        inside = np.array([owner in seen for owner in self._owners])
        scores = self._score(set(_words(query)), inside)
        best = np.argsort(-scores, kind="stable")[:count]
        return [self._pieces[piece] for piece in best if scores[piece] > 0]

    def _score(self, words: Collection[str], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
        scores = np.zeros(len(inside), np.float32)
        total, average = int(inside.sum()), float(self._lengths[inside].mean())
        for word in sorted(words & self._postings.keys()):
            pieces, counts = self._postings[word]
            pieces, counts = pieces[inside[pieces]], counts[inside[pieces]]
            weight = np.log1p((total - len(pieces) + 0.5) / (len(pieces) + 0.5))
            norm = K1 * (1 - B + B * self._lengths[pieces] / average)
            scores[pieces] += (weight * counts * (K1 + 1) / (counts + norm)).astype(np.float32)
        return scores


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """The span of each piece."""
    words = list(_WORD.finditer(text))
    for at in range(0, len(words), PIECE_WORDS):
        piece = words[at : at + PIECE_WORDS]
        yield piece[0].start(), piece[-1].end()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
