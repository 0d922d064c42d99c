"""Postings of several segments to those of one, in arrays, a stretch of the dictionary at a time.

What comes out is byte for byte what would have been written had all rows been there at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.arrays import start_array, write_items
from evidence.indexer.dictionary import write_terms
from evidence.indexer.draft import Draft
from evidence.indexer.postings import BODIES, HEADS, LENGTHS, OFFSETS, ROWS, PostingFiles

# In a row map: the row is left out.
DROPPED = -1
# Postings that are sorted at once, in some 40 bytes each: what bounds the memory of a merge, however large.
_STEP_POSTINGS = 1 << 22

_LISTS = ((ROWS, np.uint32), (BODIES, np.uint16), (HEADS, np.uint8))

RowMap = NDArray[np.int64]
Part = tuple[PostingFiles, RowMap]


def merge_postings(parts: Sequence[Part], rows: int, draft: Draft) -> None:
    """Writes one segment's postings. A part's map has the new row of each of its rows, or DROPPED; all of [0, rows)
    are taken once."""
    terms = sorted(set().union(*(files.dictionary.terms() for files, _ in parts)))
    number = {term: at for at, term in enumerate(terms)}
    places = [np.array([number[term] for term in files.dictionary.terms()], np.int64) for files, _ in parts]
    sizes = np.zeros(len(terms), np.int64)
    for (files, row_map), place in zip(parts, places, strict=True):
        sizes[place] += _kept_sizes(files, row_map)
    standing = np.flatnonzero(sizes)
    write_terms([terms[at] for at in standing.tolist()], draft)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    draft.save(OFFSETS, ends[np.append(standing, len(terms))])
    draft.save(LENGTHS, _lengths(parts, rows))
    _write_lists(parts, places, rows, ends, draft)


def _kept_sizes(files: PostingFiles, row_map: RowMap) -> NDArray[np.int64]:
    kept = np.concatenate([[0], np.cumsum(row_map[files.rows] != DROPPED)])
    sizes: NDArray[np.int64] = np.diff(kept[files.offsets])
    return sizes


def _lengths(parts: Sequence[Part], rows: int) -> NDArray[np.int64]:
    lengths = np.zeros((2, rows + 1), np.int64)
    for files, row_map in parts:
        keep = row_map != DROPPED
        lengths[:, 1 + row_map[keep]] = files.lengths(0, len(row_map))[:, keep]
    ends: NDArray[np.int64] = np.cumsum(lengths, axis=1)
    return ends


def _write_lists(
    parts: Sequence[Part],
    places: Sequence[NDArray[np.int64]],
    rows: int,
    ends: NDArray[np.int64],
    draft: Draft,
) -> None:
    """Stretch after stretch, to files and not to mapped memory: a full disk would end the process there."""
    with ExitStack() as stack:
        files = [(stack.enter_context(draft.file(name)), kind) for name, kind in _LISTS]
        for file, kind in files:
            start_array(kind, (int(ends[-1]),), file)
        for first, last in _steps(ends):
            found = [_stretch(part, place, rows, first, last) for part, place in zip(parts, places, strict=True)]
            codes, bodies, heads = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
            # runs that are sorted already, which is what this kind of sorting is made for
            order = np.argsort(codes, kind="stable")
            for (file, kind), values in zip(files, (codes % max(1, rows), bodies, heads), strict=True):
                write_items(values[order].astype(kind, copy=False), file)


def _steps(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cuts the dictionary into stretches of few postings, or of one word."""
    first, count = 0, len(ends) - 1
    while first < count:
        last = int(np.searchsorted(ends, ends[first] + _STEP_POSTINGS, "right")) - 1
        last = max(first + 1, last)
        yield first, last
        first = last


def _stretch(
    part: Part, place: NDArray[np.int64], rows: int, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.uint8]]:
    """One part's postings of the words [first, last), each as one number of word and new row."""
    files, row_map = part
    low, high = np.searchsorted(place, [first, last]).tolist()
    start, end = files.offsets[low], files.offsets[high]
    new = row_map[files.rows[start:end]]
    codes = np.repeat(place[low:high], np.diff(files.offsets[low : high + 1])) * rows + new
    keep = new != DROPPED
    return codes[keep], files.bodies[start:end][keep], files.heads[start:end][keep]
