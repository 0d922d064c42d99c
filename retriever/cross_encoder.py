"""The rerankers of sentence-transformers: a query and passages to scores.

The library takes seconds to import, so it is imported at the first query.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evidence.corpus.errors import ConfigError

_BATCH_PAIRS = 8
_WAY_OUT = "correct its entry in models.toml, or leave `reranker` out of it"


def _as_it_is(given: Any) -> Any:
    return given


class CrossEncoderReranker:
    """A sequence classifier of one label in a local folder. Nothing is downloaded and no code in it is run."""

    def __init__(self, name: str, digest: str, folder: Path, context: int) -> None:
        self.name = name
        self.digest = digest
        self._folder = folder
        self._context = context
        self._model: Any = None

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        if not texts:
            return []
        pairs = [(query, text) for text in texts]
        given = self._loaded().predict(pairs, batch_size=_BATCH_PAIRS, show_progress_bar=False)
        scores: list[float] = (1 / (1 + np.exp(-given.astype(np.float64)))).tolist()
        return scores

    def _loaded(self) -> Any:
        if self._model is None:
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import CrossEncoder  # noqa: PLC0415
            from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

            disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                model = CrossEncoder(
                    str(self._folder),
                    device="cpu",
                    max_length=self._context,
                    # models disagree on what they apply
                    activation_fn=_as_it_is,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                    trust_remote_code=False,
                )
            except (OSError, ValueError, KeyError, RuntimeError) as error:
                raise ConfigError(f"reranker {self.name} cannot be loaded: {error}", _WAY_OUT) from error
            if model.num_labels != 1:
                raise ConfigError(f"reranker {self.name} gives {model.num_labels} labels, not one score", _WAY_OUT)
            self._model = model
        return self._model
