"""Two rankings of one window to one: a weighted mean of their scores. Pure.

Places alone (reciprocal rank fusion) throw away how much better the first is than the second: with a general
embedder beside exact words that lost to words alone on both sets of news, by 9 and 14 points of reciprocal rank,
over a sample of the questions of bench/retrieval; filings alone like it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.retriever.candidates import Candidate

# The words' part of a score (bench/retrieval, reciprocal rank). From 0.6 to 0.5 the pages of a filing that is known
# gain 0.045 (95 %: 0.006 to 0.102), where question and statement share few words. What is asked for by name loses
# within the intervals: facts 0.003, answers in news 0.001, gold articles 0.02, two of 34. At 0.4 facts lose 0.021.
LEXICAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's fused score, 1.0 at most, and its places, counted from 1."""

    candidate: Candidate
    score: float
    dense: int | None
    lexical: int | None


def fuse(dense: Sequence[Candidate], lexical: Sequence[Candidate]) -> list[Place]:
    """Best first, ties by candidate; both rankings are as deep as they were asked to be, or hold all there is.

    A lexical score counts as its share of the window's best, a dense one as the cosine that it is. What a ranking
    leaves out for its depth could score as high as its last, and is given that.
    """
    # every passage has a cosine: a shorter ranking by words left out only what holds none of them
    full = len(lexical) >= len(dense)
    dense_places, lexical_places = _places(dense), _places(lexical)
    best = lexical[0].score if lexical else 1.0
    fused = []
    for candidate in {**dense_places, **lexical_places}:
        first, second = dense_places.get(candidate), lexical_places.get(candidate)
        near = max(0.0, _score(dense, first, full=True))
        worded = _score(lexical, second, full) / best
        score = LEXICAL_SHARE * worded + (1 - LEXICAL_SHARE) * near
        fused.append(Place(candidate, score, first, second))
    return sorted(fused, key=lambda place: (-place.score, place.candidate))


def _places(ranking: Sequence[Candidate]) -> dict[Candidate, int]:
    return {candidate: place for place, candidate in enumerate(ranking, start=1)}


def _score(ranking: Sequence[Candidate], place: int | None, full: bool) -> float:
    if place is not None:
        return ranking[place - 1].score
    return ranking[-1].score if ranking and full else 0.0
