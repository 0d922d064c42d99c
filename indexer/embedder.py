"""What an embedder is to the rest: texts to unit vectors, and wordpieces to cut passages by."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors of length 1. `digest` names the weights: vectors of two digests never meet."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Those it was made for, ISO 639-1; empty where it serves any."""

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """How many wordpieces each text is, without the model's own marks."""

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        """The wordpieces of a text as spans of code points."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in their order, each of length 1."""
