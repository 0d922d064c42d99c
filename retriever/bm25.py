"""BM25 with the window's own statistics (Robertson & Zaragoza 2009; idf as in Lucene). Exact, deterministic.

Counts are summed over all segments before anything is scored, so that how segments are cut, and whatever
lies outside the window, changes nothing. A word over a passage (its title, its section, whose filing it is) counts
as often as `head` says, in the count of the word and in the length of the passage alike (BM25F with one length).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.postings import PostingFiles, Postings
from evidence.indexer.vectors import Mask, Rows, Scores

# The values that Lucene and tantivy ship, and that four decades of collections have not moved much.
K1 = 1.2
B = 0.75
# A word over a passage counts as if it stood in it twice more. Counted once, articles lose 0.03 of reciprocal rank
# (95 %: 0.00 to 0.06) and facts 0.01; three times change neither. Were heads in no length, facts would gain 0.035,
# short as they are among articles, and abstracts lose 0.018 of average precision (0.006 to 0.032). Fused rankings,
# over a sample of the questions of bench/retrieval.
HEAD_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What a score is made with; the index holds none of it."""

    k1: float = K1
    b: float = B
    head: float = HEAD_WEIGHT


WEIGHTS = Weights()


class Slice:
    """A segment's rows `first + i` of a window, of which those with `wanted[i]` are inside."""

    def __init__(self, postings: PostingFiles, first: int, wanted: Mask) -> None:
        """Rows at both ends that are not wanted, as the margin of a window leaves them, are cut off."""
        start, end = int(wanted.argmax()), len(wanted) - int(wanted[::-1].argmax())
        self.postings = postings
        self.first, self.last = first + start, first + end
        self.wanted = wanted[start:end]
        self.rows = int(np.count_nonzero(self.wanted))
        self.whole = self.rows == end - start

    def lengths(self) -> tuple[int, int]:
        """How many words the wanted rows hold, in their bodies and in their heads."""
        if self.whole:
            return self.postings.total(self.first, self.last)
        body, head = self.postings.lengths(self.first, self.last)[:, self.wanted].sum(axis=1).tolist()
        return body, head

    def count(self, found: Postings) -> int:
        """How many wanted rows hold a word."""
        return len(found.rows) if self.whole else int(np.count_nonzero(self.wanted[found.rows - self.first]))


@dataclass(frozen=True, slots=True)
class Formula:
    """The score of a word in a row: its weight times count / (count + base + slope * length)."""

    head: float
    base: float
    slope: float
    word_weights: NDArray[np.float32]

    def score(self, slice: Slice, lists: Sequence[Postings], words: Sequence[int]) -> tuple[Rows, Scores]:
        """The rows of these words' lists one after the other, and what each word scores there.

        In single precision and without sums: the same number wherever a row lies and whatever it is scored with.
        """
        if len(words) == 1:
            found = lists[words[0]]
            rows = found.rows.astype(np.intp)
            return rows, self._apply(slice, rows, found.bodies, found.heads, self.word_weights[words[0]])
        rows = np.concatenate([lists[word].rows for word in words]).astype(np.intp)
        bodies = np.concatenate([lists[word].bodies for word in words])
        heads = np.concatenate([lists[word].heads for word in words])
        sizes = [len(lists[word].rows) for word in words]
        return rows, self._apply(slice, rows, bodies, heads, self.word_weights[words].repeat(sizes))

    def _apply(
        self,
        slice: Slice,
        rows: Rows,
        bodies: NDArray[np.uint16],
        heads: NDArray[np.uint8],
        word_weights: NDArray[np.float32] | np.float32,
    ) -> Scores:
        counts = bodies.astype(np.float32)
        counts += heads * np.float32(self.head)
        norms = slice.postings.weighted_lengths(self.head).take(rows)
        norms *= np.float32(self.slope)
        norms += np.float32(self.base)
        norms += counts
        counts /= norms
        counts *= word_weights
        return counts


def fit(slices: Sequence[Slice], lists: Sequence[Sequence[Postings]], weights: Weights) -> Formula | None:
    """The formula with the statistics of these rows; `lists` are all words' in each slice. None if all is empty."""
    rows = sum(s.rows for s in slices)
    bodies, heads = (sum(fields) for fields in zip((0, 0), *(s.lengths() for s in slices), strict=True))
    total = bodies + weights.head * heads
    if not total:
        return None
    found = zip(*([s.count(one) for one in of] for s, of in zip(slices, lists, strict=True)), strict=True)
    # of single numbers: numpy's calls cost more than their few logarithms
    word_weights = [log1p((rows - n + 0.5) / (n + 0.5)) * (weights.k1 + 1) for n in map(sum, found)]
    return Formula(
        head=weights.head,
        # where the head is worth nothing a row may hold a word no times and be of no length: 0 / 0
        base=max(weights.k1 * (1 - weights.b), float(np.finfo(np.float32).tiny)),
        slope=weights.k1 * weights.b * rows / total,
        word_weights=np.array(word_weights, np.float32),
    )
