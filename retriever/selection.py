"""Which of the places found are worth reading: of copies of one story the best alone.

Only places that were found are looked at, so what lies outside the window keeps nothing of it back.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from evidence.indexer.clusters import partition
from evidence.indexer.syndication import Kinship, Story
from evidence.retriever.fusion import Place


def one_a_story(places: Sequence[Place]) -> list[Place]:
    """Without the passages of documents that are copies of one ranked before; in the same order."""
    stories = {place.candidate.document_id: _story(place) for place in places}
    labels = partition(stories.values(), _kinships(places, stories.values()))
    told: dict[int, str] = {}
    kept = []
    for place in places:
        document = place.candidate.document_id
        label = labels.get(stories[document].twins)
        if label is None or told.setdefault(label, document) == document:
            kept.append(place)
    return kept


def _story(place: Place) -> Story:
    segment = place.candidate.segment
    row = segment.stories.stories[int(segment.passages.documents[place.candidate.row])]
    return Story(*row.tolist())


def _kinships(places: Sequence[Place], stories: Iterable[Story]) -> Iterator[Kinship]:
    """Those between these stories; a kinship lies in the segment of one of its two documents."""
    twins = np.array(sorted({story.twins for story in stories}), np.uint64)
    for segment in {place.candidate.segment.entry.id: place.candidate.segment for place in places}.values():
        held = segment.stories.kinships
        both = np.isin(held["one"], twins) & np.isin(held["other"], twins)
        yield from (Kinship(*row) for row in held[both].tolist())
