"""Date-sorted postings: for each word the rows it stands in, in row order, as plain memory-mapped arrays.

Rows are sorted by time, so a window is a slice of every posting list. Its document frequency is that
slice's length: BM25 with the window's own statistics, whatever lies outside and however segments are cut.

A row has two fields, the body (the passage's own words) and the head (those over it). They are counted apart, so
that how much a word of the head is worth is for the question to say and not for the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.indexer.dictionary import ABSENT, TERMS, Dictionary, write_terms
from evidence.indexer.vectors import Mask
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

    rows: NDArray[np.int64]
    bodies: NDArray[np.uint16]
    heads: NDArray[np.uint8]


def write_postings(terms: Sequence[str], body: Field, head: Field, folder: Path) -> None:
    """Writes the postings of rows given as numbers into `terms`, in row order, each with both of its fields."""
    count = max(1, len(body.lengths))
    order = sorted(range(len(terms)), key=terms.__getitem__)
    place = np.empty(len(terms), np.int64)
    place[order] = np.arange(len(terms))
    # one number an occurrence: its word, its row, its field; sorted, those of one posting stand together
    codes = np.concatenate([_occurrences(field, place, count) * 2 + n for n, field in enumerate((body, head))])
    codes.sort()
    posts = codes >> 1
    starts = np.flatnonzero(np.diff(posts, prepend=-1))
    heads = np.add.reduceat(codes & 1, starts) if len(starts) else starts
    bodies = np.diff(starts, append=len(codes)) - heads
    write_terms([terms[number] for number in order], folder)
    np.save(folder / OFFSETS, np.searchsorted(posts[starts], np.arange(len(terms) + 1) * count))
    np.save(folder / ROWS, (posts[starts] % count).astype(np.uint32))
    np.save(folder / BODIES, np.minimum(bodies, np.iinfo(_BODY).max).astype(_BODY))
    np.save(folder / HEADS, np.minimum(heads, np.iinfo(_HEAD).max).astype(_HEAD))
    np.save(folder / LENGTHS, np.array([_ends(body), _ends(head)]))


def _occurrences(field: Field, place: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return place[field.words] * count + np.repeat(np.arange(len(field.lengths)), field.lengths)


def _ends(field: Field) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(field.lengths)])


class PostingFiles:
    """A segment's postings on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._dictionary = Dictionary(folder)
        try:
            self._offsets, self._rows, self._bodies, self._heads, self._ends = (
                _mapped(folder / name) for name in FILES[1:]
            )
        except (OSError, ValueError) as error:
            raise SegmentError(f"postings in {folder} cannot be opened: {error}") from error
        fit = len(self._rows) == len(self._bodies) == len(self._heads)
        if not fit or self._ends.shape != (2, rows + 1) or len(self._offsets) != len(self._dictionary) + 1:
            raise SegmentError(f"postings in {folder} do not fit its {rows} rows")

    def lengths(self, first: int, last: int) -> NDArray[np.int64]:
        """How many words each row in [first, last) holds, in its body and in its head: shape (2, rows)."""
        return np.diff(self._ends[:, first : last + 1])

    def find(self, term: str, first: int, wanted: Mask) -> Postings:
        """The rows `first + i` with `wanted[i]` in which the term stands."""
        at = self._dictionary.numbers([term])[0]
        if at == ABSENT:
            return Postings(np.zeros(0, np.int64), np.zeros(0, _BODY), np.zeros(0, _HEAD))
        start, end = int(self._offsets[at]), int(self._offsets[at + 1])
        # of the same type as the list: another would copy all of it
        bounds = np.array([first, first + len(wanted)], np.uint32)
        low, high = (start + self._rows[start:end].searchsorted(bounds)).tolist()
        rows = self._rows[low:high].astype(np.int64)
        keep = wanted[rows - first]
        return Postings(rows[keep], self._bodies[low:high][keep], self._heads[low:high][keep])


def _mapped(path: Path) -> NDArray[Any]:
    """A plain array over the mapped file: numpy's own memmap class costs microseconds at every slice."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
