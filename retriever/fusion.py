"""Reciprocal rank fusion (Cormack, Clarke & Buettcher 2009): two rankings to one, by places alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.retriever.candidates import Candidate

# The paper's constant; scores of the two rankings are not comparable, places are.
RRF_K = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's fused score, 1.0 at most, and its places, counted from 1."""

    candidate: Candidate
    score: float
    dense: int | None
    lexical: int | None


def fuse(dense: Sequence[Candidate], lexical: Sequence[Candidate]) -> list[Place]:
    """Best first, ties by candidate."""
    dense_places = {candidate: place for place, candidate in enumerate(dense, start=1)}
    lexical_places = {candidate: place for place, candidate in enumerate(lexical, start=1)}
    fused = []
    for candidate in {**dense_places, **lexical_places}:
        first, second = dense_places.get(candidate), lexical_places.get(candidate)
        fused.append(Place(candidate, (_share(first) + _share(second)) / (2 * _share(1)), first, second))
    return sorted(fused, key=lambda place: (-place.score, place.candidate))


def _share(place: int | None) -> float:
    return 0.0 if place is None else 1 / (RRF_K + place)
