"""The cross-encoders of sentence-transformers: pairs of texts to scores; as a reranker, a query and passages.

The library takes seconds to import, so it is imported at the first query.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import ConfigError

_BATCH_PAIRS = 8
Logits = NDArray[np.float64]


def _as_it_is(given: Any) -> Any:
    return given


class PairScorer:
    """A sequence classifier in a local folder. Nothing is downloaded and no code in it is run."""

    def __init__(self, name: str, role: str, folder: Path, context: int) -> None:
        self.name = name
        self._role = role
        self._folder = folder
        self._context = context
        self._model: Any = None

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Logits:
        """One row a pair, one column a label. Raises ConfigError."""
        given = self.model.predict(pairs, batch_size=_BATCH_PAIRS, show_progress_bar=False)
        scores: Logits = given.astype(np.float64).reshape(len(pairs), -1)
        return scores

    @property
    def labels(self) -> list[str]:
        """What the columns are called. Raises ConfigError."""
        names = self.model.config.id2label
        return [str(names[number]) for number in range(self.model.num_labels)]

    @property
    def model(self) -> Any:
        """Loaded once. Raises ConfigError."""
        if self._model is None:
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import CrossEncoder  # noqa: PLC0415
            from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

            disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = CrossEncoder(
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
                raise self.refused(f"cannot be loaded: {error}") from error
        return self._model

    def refused(self, reason: str) -> ConfigError:
        """The error of a model that cannot be what its entry says it is."""
        way_out = f"correct its entry in models.toml, or leave `{self._role}` out of it"
        return ConfigError(f"{self._role} {self.name} {reason}", way_out)


class CrossEncoderReranker:
    """A cross-encoder of one label. Raises ConfigError at the first query where it cannot be that."""

    def __init__(self, name: str, digest: str, folder: Path, context: int) -> None:
        self.name = name
        self.digest = digest
        self._scorer = PairScorer(name, "reranker", folder, context)

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        if not texts:
            return []
        labels = self._scorer.labels
        if len(labels) != 1:
            raise self._scorer.refused(f"gives {len(labels)} labels, not one score")
        logits = self._scorer.logits([(query, text) for text in texts])[:, 0]
        scores: list[float] = (1 / (1 + np.exp(-logits))).tolist()
        return scores
