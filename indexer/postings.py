"""Date-sorted postings: for each word the rows it stands in, in row order, as plain memory-mapped arrays.

Rows are sorted by time, so a window is a slice of every posting list. Its document frequency is that
slice's length: BM25 with the window's own statistics, whatever lies outside and however segments are cut.

A row has two fields, the body (the passage's own words) and the head (those over it). They are counted apart, so
that how much a word of the head is worth is for the question to say and not for the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.indexer.arrays import map_array
from evidence.indexer.dictionary import ABSENT, TERMS, Dictionary, write_terms
from evidence.indexer.draft import Draft
from evidence.indexer.vocabulary import Field

OFFSETS, ROWS, BODIES, HEADS, LENGTHS = (
    "postings.offsets.npy",
    "postings.rows.npy",
    "postings.bodies.npy",
    "postings.heads.npy",
    "postings.lengths.npy",
)
FILES = (TERMS, OFFSETS, ROWS, BODIES, HEADS, LENGTHS)

# Higher counts are kept as these: a passage of 220 wordpieces has hardly more words, nor a head 255.
_BODY, _HEAD = np.uint16, np.uint8


@dataclass(frozen=True, slots=True)
class Postings:
    """One word's rows inside a window, ascending, and how often it stands in the body and the head of each."""

    rows: NDArray[np.uint32]
    bodies: NDArray[np.uint16]
    heads: NDArray[np.uint8]


def write_postings(terms: Sequence[str], body: Field, head: Field, draft: Draft) -> None:
    """Writes the postings of rows given as numbers into `terms`, in row order, each with both of its fields."""
    count = max(1, len(body.lengths))
    order = sorted(range(len(terms)), key=terms.__getitem__)
    place = np.empty(len(terms), np.int64)
    place[order] = np.arange(len(terms))
    # one number an occurrence: its word, its row, its field; sorted, those of one posting stand together
    codes = np.concatenate([_occurrences(field, place * count) * 2 + n for n, field in enumerate((body, head))])
    codes.sort()
    distinct, repeated = _runs(codes)
    # a posting's head, where there is one, follows its body, where there is one
    posts, fields = _runs(distinct >> 1)
    at, over = np.cumsum(fields) - 1, distinct[np.cumsum(fields) - 1] & 1 == 1
    heads = np.where(over, repeated[at], 0)
    bodies = np.where(over, np.where(fields == 2, repeated[at - 1], 0), repeated[at])
    write_terms([terms[number] for number in order], draft)
    draft.save(OFFSETS, np.searchsorted(posts, np.arange(len(terms) + 1) * count))
    draft.save(ROWS, (posts % count).astype(np.uint32))
    draft.save(BODIES, np.minimum(bodies, np.iinfo(_BODY).max).astype(_BODY))
    draft.save(HEADS, np.minimum(heads, np.iinfo(_HEAD).max).astype(_HEAD))
    draft.save(LENGTHS, np.array([_ends(body), _ends(head)]))


def _occurrences(field: Field, first: NDArray[np.int64]) -> NDArray[np.int64]:
    codes = first[field.words]
    codes += np.repeat(np.arange(len(field.lengths)), field.lengths)
    return codes


def _runs(ordered: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct numbers of a sorted array, and how often each stands there."""
    starts = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])[: len(ordered)]
    return ordered[starts], np.diff(starts, append=len(ordered))


def _ends(field: Field) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(field.lengths)])


class PostingFiles:
    """A segment's postings on disk. Their bytes must have been checked before.

    The list of the word of number n is `offsets[n]` to `offsets[n + 1]` of `rows`, `bodies` and `heads`.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        self.dictionary = Dictionary(folder)
        try:
            self.offsets, self.rows, self.bodies, self.heads, self._ends = (
                map_array(folder / name) for name in FILES[1:]
            )
        except (OSError, ValueError) as error:
            raise SegmentError(f"postings in {folder} cannot be opened: {error}") from error
        fit = len(self.rows) == len(self.bodies) == len(self.heads)
        if not fit or self._ends.shape != (2, rows + 1) or len(self.offsets) != len(self.dictionary) + 1:
            raise SegmentError(f"postings in {folder} do not fit its {rows} rows")
        self._weighted: tuple[float, NDArray[np.float32]] | None = None

    def lengths(self, first: int, last: int) -> NDArray[np.int64]:
        """How many words each row in [first, last) holds, in its body and in its head: shape (2, rows)."""
        return np.diff(self._ends[:, first : last + 1])

    def total(self, first: int, last: int) -> tuple[int, int]:
        """How many words the rows in [first, last) hold, in their bodies and in their heads."""
        (body, before), (head, above) = self._ends[:, [last, first]].tolist()
        return body - before, head - above

    def weighted_lengths(self, head: float) -> NDArray[np.float32]:
        """The length of each row where a word of the head counts as `head` words; kept for the next search."""
        if self._weighted is None or self._weighted[0] != head:
            body, over = self.lengths(0, self._ends.shape[1] - 1)
            self._weighted = head, (body + head * over).astype(np.float32)
        return self._weighted[1]

    def find(self, words: Sequence[str], first: int, last: int) -> list[Postings]:
        """Each word's postings in the rows [first, last), without copying; empty where it does not stand."""
        numbers = self.dictionary.numbers(words)
        # of the same type as the lists: another would copy all of them
        bounds = None if (first, last) == (0, self._ends.shape[1] - 1) else np.array([first, last], np.uint32)
        return [_NOWHERE if number == ABSENT else self._cut(number, bounds) for number in numbers]

    def _cut(self, number: int, bounds: NDArray[np.uint32] | None) -> Postings:
        start, end = self.offsets[number : number + 2].tolist()
        if bounds is not None:
            low, high = self.rows[start:end].searchsorted(bounds).tolist()
            start, end = start + low, start + high
        return Postings(self.rows[start:end], self.bodies[start:end], self.heads[start:end])


_NOWHERE = Postings(np.zeros(0, np.uint32), np.zeros(0, _BODY), np.zeros(0, _HEAD))
