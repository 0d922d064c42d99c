"""Lists of units to figures a question, by ir-measures; and two runs compared question by question.

A difference is given with the 95 % interval of the paired bootstrap: questions are drawn again with replacement,
always both runs' figures of a question together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import ir_measures
import numpy as np
from judged import Topic

RESAMPLES = 10_000
_DEPTHS = (1, 5, 10)
_SEED = 7


def score(topic: Topic, found: Sequence[tuple[str, str]], measures: Sequence[str]) -> dict[str, float]:
    """One question's figures; without units that are right only those of its answer."""
    found = [(unit, text) for unit, text in found if unit not in topic.aside]
    figures = {}
    if topic.answer is not None:
        first = next((n for n, (_, text) in enumerate(found, start=1) if _says(text, topic.answer)), None)
        figures = {f"Answer@{k}": float(first is not None and first <= k) for k in _DEPTHS}
    if topic.relevant:
        units = list(dict.fromkeys(unit for unit, _ in found))
        qrels = [ir_measures.Qrel(topic.id, unit, 1) for unit in sorted(topic.relevant)]
        run = [ir_measures.ScoredDoc(topic.id, unit, -place) for place, unit in enumerate(units)]
        asked = [ir_measures.parse_measure(name) for name in measures]
        figures |= {str(metric.measure): metric.value for metric in ir_measures.iter_calc(asked, qrels, run)}
    return figures


def _says(text: str, answer: str) -> bool:
    return " ".join(answer.lower().split()) in " ".join(text.lower().split())


def means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """Each figure's mean over the questions that have it."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            values[name].append(value)
    return {name: fmean(own) for name, own in values.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """`second` less `first` over the same questions, with the 95 % interval of its mean."""

    questions: int
    first: float
    second: float
    least: float
    most: float
    better: int
    worse: int


def compare(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Both runs' figures, question by question in the same order."""
    gains = np.array(second) - np.array(first)
    drawn = np.random.default_rng(_SEED).integers(0, len(gains), (RESAMPLES, len(gains)))
    least, most = np.percentile(gains[drawn].mean(axis=1), [2.5, 97.5]).tolist()
    return Difference(
        questions=len(gains),
        first=fmean(first),
        second=fmean(second),
        least=least,
        most=most,
        better=int((gains > 0).sum()),
        worse=int((gains < 0).sum()),
    )
