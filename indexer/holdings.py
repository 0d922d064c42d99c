"""What an index holds, as a run that adds to it must know: ids with their captures, places, bodies for revisits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import StoreError
from evidence.corpus.records import Record, Revisit
from evidence.corpus.revisits import wanted_keys
from evidence.corpus.sniffing import Media
from evidence.indexer.datings import moment
from evidence.indexer.segment import Segment
from evidence.indexer.store import Index


@dataclass(frozen=True, slots=True)
class Holdings:
    """The ids that are held, with when each was first captured; None where no crawler or user says when.

    `places` has the id of each live document by its resolved path and the digest of its original.
    """

    captured: dict[str, datetime | None] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)


def take_stock(index: Index) -> Holdings:
    """All documents of a snapshot; those withdrawn have an id and a capture, and no place."""
    held = Holdings()
    for segment in index.segments:
        for name, captured in _captures(segment):
            held.captured[name] = captured
        columns = [segment.documents.column(name) for name in ("place", "original")]
        for name, place, original, live in zip(segment.ids, *columns, segment.live, strict=True):
            if live:
                held.places[str(place), str(original)] = name
    return held


def _captures(segment: Segment) -> Iterator[tuple[str, datetime | None]]:
    times = segment.documents.captures()
    for name, row in segment.rows_by_id.items():
        time = times.get(row)
        yield name, None if time is None else moment(time)


class Bodies:
    """The bodies of captures that earlier runs indexed, for revisits that mean them."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, revisit: Revisit) -> list[Record]:
        """The documents of the capture that is meant, each as this revisit's; none where it is not held.

        The surest of the names that it uses counts, as among the captures of one run.
        """
        for key in wanted_keys(revisit):
            found = [
                record
                for number, row in self._rows(key)
                if (record := self._record(self._index.segments[number], row, revisit)) is not None
            ]
            if found:
                return list({(record.path, record.id): record for record in found}.values())
        return []

    def _rows(self, key: int) -> list[tuple[int, int]]:
        keys, places = self._keys
        first, last = (int(np.searchsorted(keys, np.uint64(key), side)) for side in ("left", "right"))
        return [(number, row) for number, row in places[first:last].tolist()]

    @cached_property
    def _keys(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Names of captures, ascending, and the segment and row of the document that each belongs to."""
        keys, places = [np.zeros(0, np.uint64)], [np.zeros((0, 2), np.int64)]
        for number, segment in enumerate(self._index.segments):
            names, rows = segment.documents.capture_keys()
            live = segment.live[rows]
            keys.append(names[live])
            places.append(np.stack([np.full(int(live.sum()), number), rows[live]], axis=1))
        joined = np.concatenate(keys)
        order = np.argsort(joined, kind="stable")
        return joined[order], np.concatenate(places)[order]

    def _record(self, segment: Segment, row: int, revisit: Revisit) -> Record | None:
        only = np.array([row])
        path, media, original = (segment.documents.values(name, only)[0] for name in ("path", "media", "original"))
        # a feed's third item is the third of the revisit, too
        piece = str(path).rpartition("#")[2].partition(".")[2]
        try:
            data = self._index.originals.get(str(original))
        except StoreError:
            return None
        return Record(
            path=f"{revisit.path}.{piece}" if piece else revisit.path,
            media=Media(str(media)),
            data=data,
            metadata=revisit.metadata,
            url=revisit.capture.url,
            captured=revisit.captured,
            capture=revisit.capture,
        )
