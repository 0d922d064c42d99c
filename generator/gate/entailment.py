"""Whether quotes entail a sentence, by a model that the user brought; the gate asks it last.

A verifier only takes the place of the count of words: names, amounts, periods, turns and attachments are checked
before, whatever a model thinks of them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from evidence.retriever.cross_encoder import PairScorer

# What the label of entailment is called; models disagree on its place.
_ENTAILED = ("entail", "support", "consistent")


class Entailment(Protocol):
    """Whether quotes say what a sentence says."""

    def entails(self, quotes: Sequence[str], sentence: str) -> bool:
        """Whether all quotes together do. Raises ConfigError where the model cannot be used."""


class Verifier(Entailment, Protocol):
    """One that is a model; `digest` names its weights."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...


class TakenOnTrust:
    """Stands for a verifier that is not at hand: what it said of a sentence cannot be asked again."""

    def entails(self, quotes: Sequence[str], sentence: str) -> bool:
        del quotes, sentence
        return True


class CrossEncoderVerifier:
    """A cross-encoder of premise and hypothesis, with a label for entailment or one score for it.

    A sentence is entailed when the probability of that is at least `threshold`.
    """

    def __init__(self, name: str, digest: str, folder: Path, context: int, threshold: float) -> None:
        self.name = name
        self.digest = digest
        self._threshold = threshold
        self._scorer = PairScorer(name, "verifier", folder, context)

    def entails(self, quotes: Sequence[str], sentence: str) -> bool:
        return self.probability(quotes, sentence) >= self._threshold

    def probability(self, quotes: Sequence[str], sentence: str) -> float:
        """Of entailment, 0 to 1. Raises ConfigError."""
        column = self._column()
        logits = self._scorer.logits([("\n".join(quotes), sentence)])[0]
        if len(logits) == 1:
            return float(1 / (1 + np.exp(-logits[0])))
        shares = np.exp(logits - logits.max())
        return float(shares[column] / shares.sum())

    def _column(self) -> int:
        labels = [label.casefold() for label in self._scorer.labels]
        found = [at for at, label in enumerate(labels) if label.startswith(_ENTAILED)]
        if len(labels) > 1 and len(found) != 1:
            raise self._scorer.refused(f"has no label for entailment among {', '.join(self._scorer.labels)}")
        return found[0] if found else 0
