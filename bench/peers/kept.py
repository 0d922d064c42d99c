"""A peer's own encoder that keeps what it has encoded, so that an index is made again without embedding again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path

from passages import Vectors

Encode = Callable[[Sequence[str]], Vectors]

# Texts between two looks at the clock, and all that an interruption costs.
_STEP = 128


@dataclass(frozen=True, slots=True)
class _Model:
    """What bench/remembered.py asks of an embedder; nothing here counts pieces."""

    name: str
    encode: Encode
    dimensions: int
    languages: tuple[str, ...] = ()
    count_pieces: None = None
    piece_spans: None = None

    @property
    def digest(self) -> str:
        return self.name


class Kept:
    """`encode` with a memory on disk, under `name`."""

    def __init__(self, name: str, encode: Encode, dimensions: int, folder: Path) -> None:
        script = run_path(str(Path(__file__).parent.parent / "remembered.py"))
        self._embedder = script["RememberingEmbedder"](_Model(name, encode, dimensions), folder)

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._embedder.encode(list(texts))
        return vectors

    def fill(self, texts: Sequence[str], seconds: float) -> int:
        """Encodes what is not kept for about that long; how many of the texts were looked at."""
        ends = time.monotonic() + seconds
        ordered = list(dict.fromkeys(texts))
        for start in range(0, len(ordered), _STEP):
            if time.monotonic() > ends:
                return start
            self.encode(ordered[start : start + _STEP])
        return len(ordered)
