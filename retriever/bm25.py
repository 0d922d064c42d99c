"""BM25 with the window's own statistics (Robertson & Zaragoza 2009; idf as in Lucene). Exact, deterministic.

Counts are summed over all segments before anything is scored, so that how segments are cut, and whatever
lies outside the window, changes nothing. A word over a passage (its title, its section, whose filing it is) counts
as often as `head` says, in the count of the word and in the length of the passage alike (BM25F with one length).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.postings import PostingFiles, Postings
from evidence.indexer.vectors import Mask
from evidence.retriever.terms import Clause

# The values that Lucene and tantivy ship, and that four decades of collections have not moved much.
K1 = 1.2
B = 0.75
# A word over a passage counts as if it stood in it once more.
HEAD_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What a score is made with; the index holds none of it."""

    k1: float = K1
    b: float = B
    head: float = HEAD_WEIGHT


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Slice:
    """A segment's rows `first + i` of a window, of which those with `wanted[i]` are inside."""

    postings: PostingFiles
    first: int
    wanted: Mask


def score_slices(
    slices: Sequence[Slice], clauses: Sequence[Clause], weights: Weights = WEIGHTS
) -> list[NDArray[np.float32]]:
    """One array a slice, of its rows' scores; 0 where nothing asked for stands or the row is not wanted."""
    lengths = [s.postings.lengths(s.first, s.first + len(s.wanted)) for s in slices]
    rows = sum(int(np.count_nonzero(s.wanted)) for s in slices)
    scores = [np.zeros(len(s.wanted), np.float32) for s in slices]
    body, head = sum(
        (length[:, s.wanted].sum(axis=1) for s, length in zip(slices, lengths, strict=True)), np.zeros(2, np.int64)
    ).tolist()
    total = body + weights.head * head
    if not total:
        return scores
    norms = [_norms(length, total / rows, weights) for length in lengths]
    for clause in clauses:
        best = [np.zeros(len(s.wanted), np.float32) for s in slices]
        for spelling in clause.spellings:
            for most, score in zip(best, _score_spelling(slices, norms, spelling, rows, weights), strict=True):
                np.maximum(most, score, out=most)
        for score, most in zip(scores, best, strict=True):
            np.add(score, most, out=score)
    return scores


def _norms(lengths: NDArray[np.int64], average: float, weights: Weights) -> NDArray[np.float32]:
    length = lengths[0] + weights.head * lengths[1]
    norms: NDArray[np.float32] = (weights.k1 * (1 - weights.b + weights.b * length / average)).astype(np.float32)
    return norms


def _score_spelling(
    slices: Sequence[Slice], norms: Sequence[NDArray[np.float32]], words: Sequence[str], rows: int, weights: Weights
) -> list[NDArray[np.float32]]:
    scores = [np.zeros(len(s.wanted), np.float32) for s in slices]
    present = [np.zeros(len(s.wanted), np.int64) for s in slices]
    for word in words:
        found = [s.postings.find(word, s.first, s.wanted) for s in slices]
        weight = _idf(rows, sum(len(f.rows) for f in found))
        for s, f, norm, score, count in zip(slices, found, norms, scores, present, strict=True):
            _add(f, s.first, norm, weight, weights, score)
            count[f.rows - s.first] += 1
    for score, count in zip(scores, present, strict=True):
        score[count < len(words)] = 0
    return scores


def _idf(rows: int, containing: int) -> float:
    return float(np.log1p((rows - containing + 0.5) / (containing + 0.5)))


def _add(
    found: Postings, first: int, norm: NDArray[np.float32], idf: float, weights: Weights, score: NDArray[np.float32]
) -> None:
    at = found.rows - first
    counts = found.bodies + np.float32(weights.head) * found.heads
    score[at] += idf * counts * (weights.k1 + 1) / (counts + norm[at])
