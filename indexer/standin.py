"""A deterministic embedder without weights, for tests of everything that is not the model. Public.

Each word's stem is hashed to a direction; a text is the normalised sum of its words (feature hashing,
Weinberger et al. 2009). Texts that share words are near each other, and that is all it knows.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from evidence.indexer.embedder import Vectors
from evidence.indexer.words import index_words

_PIECE = re.compile(r"\w+|[^\w\s]")


class HashingEmbedder:
    """Stands in for a real model wherever only the vectors' shape and their repeatability matter."""

    name = "hashing-stand-in"
    languages = ()

    def __init__(self, dimensions: int = 64) -> None:
        self.digest = f"{dimensions}-hashing-stand-in-1"
        self.dimensions = dimensions

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(_PIECE.findall(text)) for text in texts]

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in _PIECE.finditer(text)]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in index_words(text):
                state = hashlib.blake2b(word.encode(), digest_size=5).digest()
                sign = 1.0 if state[4] & 1 else -1.0
                vectors[row, int.from_bytes(state[:4], "big") % self.dimensions] += sign
            length = float(np.linalg.norm(vectors[row]))
            if length == 0.0:
                vectors[row, 0], length = 1.0, 1.0
            vectors[row] /= length
        return vectors
