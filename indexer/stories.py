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
from evidence.indexer.clusters import Clusters
from evidence.indexer.copies import STORY, Added, Codes
from evidence.indexer.syndication import Kinship, Story
from evidence.indexer.vectors import Mask

STORIES, SAMPLES, KINSHIPS = FILES = ("stories.npy", "stories.samples.npy", "stories.kinships.npy")

_KINSHIP = np.dtype([("one", np.uint64), ("other", np.uint64), ("shared", np.uint32), ("told", np.bool_)])


def write_stories(added: Added, folder: Path) -> None:
    """Writes what a finder says of a segment's documents, in row order."""
    kinships = sorted((k.one, k.other, k.shared, k.told) for k in added.kinships)
    np.save(folder / STORIES, added.stories)
    np.save(folder / SAMPLES, added.samples)
    np.save(folder / KINSHIPS, np.array(kinships, _KINSHIP))


class StoryFiles:
    """A segment's stories on disk. Their bytes must have been checked before."""

    def __init__(self, folder: Path, documents: int) -> None:
        try:
            self.stories, samples, self.kinships = (
                np.asarray(np.load(folder / name, mmap_mode="r", allow_pickle=False)) for name in FILES
            )
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
