"""Texts to vectors for one report, each distinct text once: queries of one question find many passages alike."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from evidence.indexer.embedder import Vectors


class Encoder(Protocol):
    """The part of an Embedder that compares sentences."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of unit length."""


class Remembering:
    """An encoder that keeps what it was asked for: for one report, so that it never grows beyond its passages."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])
