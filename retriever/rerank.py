"""The best places read again, each with the query, by a model that the user brought."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from evidence.retriever.fusion import Place

# Each pair is a pass through the model: 20 of a small one (6 layers of 384) take 1.1 to 1.4 seconds of one core
# (bench/reranking.py).
RERANKED = 20


class Reranker(Protocol):
    """How well passages answer a query. `digest` names the weights."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """One number between 0 and 1 a text, in their order."""


def rerank(reranker: Reranker, query: str, places: Sequence[Place]) -> list[Place]:
    """The first RERANKED places by the model's score, ties by candidate; the others stay behind them, in order."""
    first, rest = places[:RERANKED], places[RERANKED:]
    scores = reranker.score(query, [_text(place) for place in first])
    read = [replace(place, score=float(score)) for place, score in zip(first, scores, strict=True)]
    least = min((place.score for place in read), default=1.0)
    # a score is never above one ranked before it
    behind = [replace(place, score=min(place.score, least)) for place in rest]
    return [*sorted(read, key=lambda place: (-place.score, place.candidate)), *behind]


def _text(place: Place) -> str:
    at = place.candidate
    row = at.segment.passages.read(at.row)
    return at.segment.documents.read(row.document).text[row.passage.start : row.passage.end]
