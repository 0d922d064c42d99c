"""The one module that knows sentence-transformers and tokenizers: texts to unit vectors.

The library takes seconds to import, so it is imported at the first text that needs a vector: a run that
embeds nothing pays nothing. It is told to stay offline before it is imported.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from evidence.corpus.errors import ConfigError

Vectors = NDArray[np.float32]

# On CPUs short batches of like length waste the least on padding: 1.15 to 1.2 times the library's 32.
BATCH_TEXTS = 8


_WAY_OUT = "correct its entry in models.toml, or restore the model's folder"


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


class SentenceEmbedder:
    """A sentence-transformers model in a local folder. Nothing is downloaded and no code in it is run."""

    def __init__(
        self, name: str, digest: str, dimensions: int, folder: Path, languages: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.languages = languages
        self.digest = digest
        self.dimensions = dimensions
        self._folder = folder
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises nothing narrower
            raise ConfigError(f"embedder {name}: no tokenizer in {folder}: {error}", _WAY_OUT) from error
        # the file itself asks for truncation and padding at 128
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._model: Any = None

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def piece_spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        vectors = self._loaded().encode(
            list(texts), batch_size=BATCH_TEXTS, normalize_embeddings=True, show_progress_bar=False
        )
        if vectors.shape[1] != self.dimensions:
            raise ConfigError(
                f"embedder {self.name} gives {vectors.shape[1]} dimensions, not {self.dimensions}", _WAY_OUT
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _loaded(self) -> Any:
        if self._model is None:
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

            # progress is the front door's to show
            disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = SentenceTransformer(
                    str(self._folder), device="cpu", local_files_only=True, trust_remote_code=False
                )
            except (OSError, ValueError, KeyError, RuntimeError) as error:
                raise ConfigError(f"embedder {self.name} cannot be loaded: {error}", _WAY_OUT) from error
        return self._model
