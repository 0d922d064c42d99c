"""Finding copies: which of the documents held share enough with a new one to be looked at, and what they share.

Samples meet in sorted arrays of 64-bit codes; the texts of those that meet are compared in full. It knows documents
by the numbers in which they came, and nothing of segments or files.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.values import Document
from evidence.indexer.datings import NEVER
from evidence.indexer.shingles import Hashes, sample
from evidence.indexer.syndication import MAX_GAP, MAX_TIMES, Described, Kinship, Story, compare, describe

Codes = NDArray[np.uint64]
Numbers = NDArray[np.int64]

STORY = np.dtype(
    [
        ("twins", np.uint64),
        ("source", np.uint64),
        ("earliest", np.int64),
        ("latest", np.int64),
        ("size", np.uint32),
    ]
)
# One sampled shingle in common is often a phrase: it would have 16 times as many texts compared in full (0.32 %
# of pairs of articles against 0.02 %), to find 1.000 of the pairs of copies where two find 0.995. MinHash of 128
# permutations in 64 bands finds 0.985 at three times the memory.
MIN_MET = 2
# A shingle of more documents than that is a site's furniture; looking it up would only cost.
MAX_POSTING = 5000
# No document is compared in full with more: a flood of copies that each differ in a word is joined by these.
MAX_COMPARED = 64

_MAX_GAP = int(MAX_GAP.total_seconds() * 1_000_000)
_KEPT_TEXTS = 128


class Sorted:
    """Sorted codes to which more are added: a few arrays, each at least twice the size of the next."""

    def __init__(self) -> None:
        self._arrays: list[Codes] = []

    def add(self, codes: Codes) -> None:
        self._arrays.append(np.sort(codes))
        while len(self._arrays) > 1 and 2 * len(self._arrays[-1]) > len(self._arrays[-2]):
            last = self._arrays.pop()
            self._arrays[-1] = np.sort(np.concatenate([self._arrays[-1], last]), kind="stable")

    def between(self, low: Codes, high: Codes) -> list[Codes]:
        """For each of these ranges [low, high], the codes in it; nothing for one of more than MAX_POSTING."""
        found = []
        for array in self._arrays:
            first, last = np.searchsorted(array, low), np.searchsorted(array, high, side="right")
            found += [array[a:b] for a, b in zip(first, last, strict=True) if a < b <= a + MAX_POSTING]
        return found


@dataclass(frozen=True, slots=True)
class Added:
    """What a segment keeps of new documents: their stories, their samples as sorted codes, and who is related."""

    stories: NDArray[np.void]
    samples: Codes
    kinships: list[Kinship]


class Finder:
    """Every document so far. Its memory is some 220 bytes a document."""

    def __init__(self, read: Callable[[int], Document]) -> None:
        """`read` reads a document by its number."""
        self._stories = np.zeros(0, STORY)
        self._count = 0
        self._samples = Sorted()
        self._twins = Sorted()
        self._described = lru_cache(_KEPT_TEXTS)(lambda number: describe(read(number)))

    def hold(self, stories: NDArray[np.void], samples: Codes) -> None:
        """Adds documents whose links are known. `samples` are codes whose low half counts from the first one."""
        self._twins.add(stories["twins"])
        self._samples.add(samples + np.uint64(self._count))
        self._extend(stories)

    def add(self, described: Sequence[Described]) -> Added:
        """Adds new documents, which can be read by their numbers from now on, and says whom they are related to."""
        first = self._count
        stories = story_rows([one.story for one in described])
        known = self._known_twins(stories["twins"])
        samples = sample_codes([one.text.distinct for one in described], known)
        self.hold(stories, samples)
        kinships = []
        for row in np.flatnonzero(~known).tolist():
            one = described[row]
            for older in self._candidates(first + row, sample(one.text.distinct)):
                other = described[older - first] if older >= first else self._described(older)
                kinship = compare(one, other)
                if kinship:
                    kinships.append(kinship)
        return Added(stories, samples, kinships)

    def _extend(self, stories: NDArray[np.void]) -> None:
        """Grows by an eighth, so that adding costs little however many are held."""
        need = self._count + len(stories)
        if need > len(self._stories):
            grown = np.zeros(need + need // 8, STORY)
            grown[: self._count] = self._stories[: self._count]
            self._stories = grown
        self._stories[self._count : need] = stories
        self._count = need

    def _known_twins(self, twins: Codes) -> NDArray[np.bool_]:
        """Which have a twin before them, held or in the same batch."""
        held = {int(code) for code in np.concatenate([twins[:0], *self._twins.between(twins, twins)])}
        first = np.zeros(len(twins), np.bool_)
        first[np.unique(twins, return_index=True)[1]] = True
        return np.array(
            [not is_first or int(t) in held for is_first, t in zip(first, twins, strict=True)], np.bool_
        )

    def _candidates(self, number: int, codes: NDArray[np.uint32]) -> list[int]:
        """Older documents whose samples meet this one's and that may be copies of it, the likeliest first."""
        low = codes.astype(np.uint64) << np.uint64(32)
        met = [array & np.uint64(0xFFFFFFFF) for array in self._samples.between(low, low + np.uint64(0xFFFFFFFF))]
        numbers, times = np.unique(np.concatenate([low[:0], *met]).astype(np.int64), return_counts=True)
        enough = (numbers < number) & (times >= MIN_MET)
        numbers, times = numbers[enough], times[enough]
        fit = self._comparable(number, numbers)
        numbers, times = numbers[fit], times[fit]
        order = np.lexsort((self._stories["twins"][numbers], -times))[:MAX_COMPARED]
        return [int(older) for older in numbers[order]]

    def _comparable(self, number: int, others: Numbers) -> NDArray[np.bool_]:
        """Of one source, of like size, and not dated further apart than MAX_GAP."""
        one, rows = self._stories[number], self._stories[others]
        gap = np.maximum(rows["earliest"], one["earliest"]) - np.minimum(rows["latest"], one["latest"])
        undated = (rows["latest"] == NEVER) | (one["latest"] == NEVER)
        like = (rows["size"] <= MAX_TIMES * float(one["size"])) & (
            one["size"] <= MAX_TIMES * rows["size"].astype(float)
        )
        return np.asarray((rows["source"] == one["source"]) & like & (undated | (gap <= _MAX_GAP)))


def story_rows(stories: Sequence[Story]) -> NDArray[np.void]:
    """Stories as rows of an array."""
    return np.array([(s.twins, s.source, s.earliest, s.latest, s.size) for s in stories], STORY)


def sample_codes(distinct: Sequence[Hashes], known_twins: NDArray[np.bool_]) -> Codes:
    """Sorted codes: a sampled shingle in the high half, the document's place in the low. Twins have the first's."""
    codes = [
        (sample(hashes).astype(np.uint64) << np.uint64(32)) | np.uint64(row)
        for row, hashes in enumerate(distinct)
        if not known_twins[row]
    ]
    return np.sort(np.concatenate([np.zeros(0, np.uint64), *codes]))
