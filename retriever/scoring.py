"""Clauses to the best rows of a window: every posting of the window scored. Exact and deterministic.

A row's score is the sum over the clauses, in their order and in single precision, so that it is the same whatever
stands beside it, in whatever segment, and in whichever of the two ways it was summed up.

Pruning in the manner of MaxScore was tried over the same arrays: at 900,000 rows, the 100 best of some 530,000
postings, it took as long as scoring all of them, and at fewer longer: numpy adds lists up faster than it looks rows
up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.indexer.postings import Postings
from evidence.indexer.vectors import Rows, Scores
from evidence.retriever.bm25 import WEIGHTS, Formula, Slice, Weights, fit
from evidence.retriever.terms import Clause

# Only so many clauses of a query are asked, the first: of a longer text an embedder reads no more either, and the
# time of a search stays bounded.
MAX_CLAUSES = 256
# In a window of more rows than this, and than this many times the postings, the rows that hold something are sorted
# out before they are summed up; in others there is a sum for every row.
_WIDE, _SPARSE = 8192, 8
# Up to this many postings are scored at once: more no longer fit the processor's cache, and fewer cost calls.
_TOGETHER = 40_000

Found = tuple[Rows, Scores]
# A clause with numbers for its words.
Asked = tuple[tuple[int, ...], ...]

_NOTHING: Found = (np.zeros(0, np.int64), np.zeros(0, np.float32))


def best_rows(
    slices: Sequence[Slice], clauses: Sequence[Clause], depth: int, weights: Weights = WEIGHTS
) -> list[Found]:
    """For each slice rows and their scores, in no order: its own `depth` best and what ties with the last of them,
    never a row that holds nothing asked for or is not wanted. Clauses beyond MAX_CLAUSES are passed over."""
    clauses = clauses[:MAX_CLAUSES]
    words = list(dict.fromkeys(word for clause in clauses for spelling in clause.spellings for word in spelling))
    found = [s.postings.find(words, s.first, s.last) for s in slices]
    formula = fit(slices, found, weights) if words else None
    if formula is None:
        return [_NOTHING for _ in slices]
    number = {word: at for at, word in enumerate(words)}
    asked = [tuple(tuple(number[word] for word in spelling) for spelling in c.spellings) for c in clauses]
    return [_best(_Lists(s, postings, formula), asked, depth) for s, postings in zip(slices, found, strict=True)]


@dataclass(frozen=True, slots=True)
class _Lists:
    """A slice with the postings of every word that is asked for, and the formula that scores them."""

    slice: Slice
    found: Sequence[Postings]
    formula: Formula

    def score(self, clauses: Sequence[Asked]) -> Found:
        """What each clause scores in each row that holds it, one clause after the other."""
        if all(len(clause) == 1 and len(clause[0]) == 1 for clause in clauses):
            return self.formula.score(self.slice, self.found, [clause[0][0] for clause in clauses])
        pieces = [self._score_clause(clause) for clause in clauses]
        return np.concatenate([rows for rows, _ in pieces]), np.concatenate([scores for _, scores in pieces])

    def _score_clause(self, clause: Asked) -> Found:
        """The best of a clause's spellings in each row."""
        if len(clause) == 1:
            return self._score_spelling(clause[0])
        pieces = [self._score_spelling(spelling) for spelling in clause]
        rows, place = np.unique(np.concatenate([rows for rows, _ in pieces]), return_inverse=True)
        best = np.zeros(len(rows), np.float32)
        np.maximum.at(best, place, np.concatenate([scores for _, scores in pieces]))
        return rows, best

    def _score_spelling(self, words: Sequence[int]) -> Found:
        """The rows that hold all words of a spelling, and the sum of what each scores."""
        rows, scores = self.formula.score(self.slice, self.found, list(words))
        if len(words) == 1:
            return rows, scores
        held, place, counts = np.unique(rows, return_inverse=True, return_counts=True)
        whole = counts == len(words)
        return held[whole], _sum(place, scores, len(held))[whole]


def _best(lists: _Lists, asked: Sequence[Asked], depth: int) -> Found:
    slice, width = lists.slice, lists.slice.last - lists.slice.first
    size = sum(len(postings.rows) for postings in lists.found)
    if width > max(_WIDE, _SPARSE * size):
        rows, scores = lists.score(asked)
        held, place = np.unique(rows, return_inverse=True)
        return _top(slice, held, _sum(place, scores, len(held)), depth)
    sums = np.zeros(width, np.float32)
    for some in [asked] if size <= _TOGETHER else [[clause] for clause in asked]:
        rows, scores = lists.score(some)
        np.add.at(sums, rows - slice.first, scores)
    held = np.flatnonzero(sums >= _floor(lists, sums, depth))
    return _top(slice, held + slice.first, sums[held], depth)


def _sum(places: Rows, scores: Scores, count: int) -> Scores:
    """One after the other; of one type it is twice as fast as bincount, which does the same in double precision."""
    sums = np.zeros(count, np.float32)
    np.add.at(sums, places, scores)
    return sums


def _floor(lists: _Lists, sums: Scores, depth: int) -> float:
    """What the best reach at least: what so many rows reach of the shortest list that is long enough."""
    least = float(np.finfo(np.float32).tiny)
    long = [postings.rows for postings in lists.found if len(postings.rows) >= depth]
    if not long or not lists.slice.whole:
        return least
    return max(least, _last_of_best(sums[min(long, key=len) - np.uint32(lists.slice.first)], depth))


def _last_of_best(scores: Scores, depth: int) -> float:
    return float(np.partition(scores, len(scores) - depth)[len(scores) - depth])


def _top(slice: Slice, rows: Rows, scores: Scores, depth: int) -> Found:
    """The `depth` highest wanted rows above 0, and what ties with the last of them."""
    if not slice.whole:
        scores = scores * slice.wanted[rows - slice.first]
    if not scores.all():
        rows, scores = rows[scores > 0], scores[scores > 0]
    if len(rows) > depth:
        keep = scores >= _last_of_best(scores, depth)
        rows, scores = rows[keep], scores[keep]
    return rows, scores
