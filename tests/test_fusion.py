"""Two rankings become one list that keeps how much better the first of a ranking is than the second."""

from collections.abc import Sequence
from typing import cast

import pytest

from evidence.indexer.segment import Segment
from evidence.retriever.candidates import Candidate
from evidence.retriever.fusion import LEXICAL_SHARE, Place, fuse

NO_SEGMENT = cast("Segment", None)


def rank(**scores: float) -> list[Candidate]:
    return [Candidate(name, 0, NO_SEGMENT, 0, score) for name, score in scores.items()]


def names(places: Sequence[Place]) -> str:
    return "".join(place.candidate.document_id for place in places)


def test_a_passage_that_is_best_by_words_and_means_the_same_has_all_of_the_score() -> None:
    (place,) = fuse(rank(a=1.0), rank(a=17.3))
    assert (place.score, place.dense, place.lexical) == (1.0, 1, 1)


def test_what_stands_out_by_words_stays_first_whatever_is_near_by_meaning() -> None:
    dense = rank(b=0.51, c=0.5, a=0.4)
    assert names(fuse(dense, rank(a=20.0, b=5.0, c=4.0))) == "abc"
    assert names(fuse(dense, rank(a=20.0, b=19.9, c=4.0)))[0] == "b"


def test_where_no_word_stands_meaning_alone_ranks() -> None:
    places = fuse(rank(b=0.9, a=0.5, c=-0.2), [])
    assert names(places) == "bac"
    assert [place.score for place in places] == pytest.approx([(1 - LEXICAL_SHARE) * c for c in (0.9, 0.5, 0.0)])


def test_what_a_full_ranking_leaves_out_is_given_its_least() -> None:
    places = {place.candidate.document_id: place for place in fuse(rank(a=0.8, b=0.6), rank(c=10.0, a=5.0))}
    assert places["c"].score == pytest.approx(LEXICAL_SHARE + (1 - LEXICAL_SHARE) * 0.6)
    assert places["b"].score == pytest.approx(LEXICAL_SHARE * 0.5 + (1 - LEXICAL_SHARE) * 0.6)


def test_what_holds_no_word_asked_for_has_nothing_by_words() -> None:
    places = {place.candidate.document_id: place for place in fuse(rank(a=0.8, b=0.6), rank(a=5.0))}
    assert places["b"].score == pytest.approx((1 - LEXICAL_SHARE) * 0.6)


def test_ties_are_broken_by_id_and_the_order_given_does_not_matter() -> None:
    assert names(fuse(rank(b=0.5, a=0.5), rank(b=3.0, a=3.0))) == "ab"
