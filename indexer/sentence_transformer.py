"""The embedders of sentence-transformers: any of its models, for what `bert_embedder.py` does not serve.

The library takes seconds to import, so it is imported at the first text that needs a vector. It is told to stay
offline before that.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evidence.corpus.errors import ConfigError
from evidence.indexer.embedder import Vectors
from evidence.indexer.wordpieces import Wordpieces

# On CPUs short batches of like length waste less on padding than the library's 32.
BATCH_TEXTS = 8

_WAY_OUT = "correct its entry in models.toml, or restore the model's folder"


class SentenceEmbedder:
    """A sentence-transformers model in a local folder. Nothing is downloaded and no code in it is run."""

    def __init__(
        self,
        name: str,
        digest: str,
        dimensions: int,
        folder: Path,
        wordpieces: Wordpieces,
        languages: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.digest = digest
        self.dimensions = dimensions
        self.languages = languages
        self._folder = folder
        self._model: Any = None
        self.count_pieces = wordpieces.count
        self.piece_spans = wordpieces.spans

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
