"""What a segment keeps of its documents' stories: what is known of each, the samples, and who is related to whom.

Arrays as plain memory-mapped files. Related documents may lie in other segments, so they are named by their twins'
number, and one that no segment of the snapshot holds is passed over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import SegmentError
from evidence.corpus.values import Document
from evidence.indexer.arrays import map_array
from evidence.indexer.clusters import Clusters
from evidence.indexer.copies import STORY, Added, Codes
from evidence.indexer.draft import Draft
from evidence.indexer.syndication import Kinship, Story
from evidence.indexer.vectors import Mask

STORIES, SAMPLES, KINSHIPS = FILES = ("stories.npy", "stories.samples.npy", "stories.kinships.npy")

# The half of a sample's code that is the document's row.
_LOW = np.uint64(0xFFFFFFFF)
_KINSHIP = np.dtype([("one", np.uint64), ("other", np.uint64), ("shared", np.uint32), ("told", np.bool_)])


def write_stories(added: Added, draft: Draft) -> None:
    """Writes what a finder says of a segment's documents, in row order."""
    kinships = sorted((k.one, k.other, k.shared, k.told) for k in added.kinships)
    _save(added.stories, added.samples, np.array(kinships, _KINSHIP), draft)


def merge_stories(parts: Sequence[tuple["StoryFiles", NDArray[np.int64]]], documents: int, draft: Draft) -> None:
    """Writes what segments keep of the documents that become one. A part's map has the new row of each of its
    documents, below 0 for those that are not here.

    A sample is the first twin's, and a kinship goes wherever its newer end does: told twice, it is still one.
    """
    stories = np.zeros(documents, STORY)
    for files, rows in parts:
        stories[rows[rows >= 0]] = files.stories[rows >= 0]
    twins, first = np.unique(stories["twins"], return_index=True)
    samples = [_samples(files, twins, first) for files, _ in parts]
    kinships = np.concatenate([files.kinships for files, _ in parts])
    kept = np.unique(kinships[np.isin(kinships["one"], twins)])
    _save(stories, np.unique(np.concatenate(samples)), kept, draft)


def _samples(files: "StoryFiles", twins: Codes, first: NDArray[np.int64]) -> Codes:
    """Those whose document has a twin here, as codes of that one's row."""
    told = files.stories["twins"][(files.samples & _LOW).astype(np.int64)]
    place = np.searchsorted(twins, told)
    here = np.append(twins, 0)[place] == told
    here &= place < len(twins)
    codes: Codes = files.samples[here] & ~_LOW | first[place[here]].astype(np.uint64)
    return codes


def _save(stories: NDArray[np.void], samples: Codes, kinships: NDArray[np.void], draft: Draft) -> None:
    for name, array in zip(FILES, (stories, samples, kinships), strict=True):
        draft.save(name, array)


class StoryFiles:
    """A segment's stories on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path, documents: int) -> None:
        try:
            self.stories, samples, self.kinships = (map_array(folder / name) for name in FILES)
        except (OSError, ValueError) as error:
            raise SegmentError(f"stories in {folder} cannot be opened: {error}") from error
        fit = self.stories.dtype == STORY and samples.dtype == np.uint64 and self.kinships.dtype == _KINSHIP
        if not fit or len(self.stories) != documents:
            raise SegmentError(f"stories in {folder} do not fit its {documents} documents")
        self.samples: Codes = samples


@dataclass(frozen=True, slots=True)
class Shelf:
    """One segment's part of a snapshot's stories, in row order."""

    ids: Sequence[str]
    live: Mask
    files: StoryFiles


def find_clusters(shelves: Sequence[Shelf], read: Callable[[str], Document]) -> Clusters:
    """The clusters of all live documents. Of those without any relation nothing is kept in memory."""
    kinships = [Kinship(*row) for shelf in shelves for row in shelf.files.kinships.tolist()]
    twins = _joined([shelf.files.stories["twins"][shelf.live] for shelf in shelves])
    names, times = np.unique(twins, return_counts=True)
    ends = _joined([shelf.files.kinships[end] for shelf in shelves for end in ("one", "other")])
    wanted = np.union1d(names[times > 1], ends)
    live = {}
    for shelf in shelves:
        rows = np.flatnonzero(np.isin(shelf.files.stories["twins"], wanted) & shelf.live)
        for row in rows.tolist():
            live[shelf.ids[row]] = Story(*shelf.files.stories[row].tolist())
    return Clusters(live, kinships, read)


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[np.uint64]:
    return np.concatenate([np.zeros(0, np.uint64), *arrays])
