"""Several segments to fewer: the same documents, passages, vectors and words, in the same order of time.

What is written follows from what is merged alone, byte for byte, however it was cut before. The result is cut in
time, so that a narrow window opens, hashes and scans one or two segments of a large archive. Memory is bounded by
what one of them holds; vectors pass through in blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evidence.indexer.embedder import Vectors
from evidence.indexer.gathering import gather_documents, gather_passages
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import SegmentEntry
from evidence.indexer.names import merge_names
from evidence.indexer.placing import place_segment, start_segment
from evidence.indexer.posting_merge import DROPPED, merge_postings
from evidence.indexer.segment import VECTORS, Segment
from evidence.indexer.stories import merge_stories
from evidence.indexer.vectors import Rows, write_vectors

# 100 MB of MiniLM's vectors, hashed in a twentieth of a second before the first search; smaller ones would give
# a search of everything more to go through, larger ones a narrow window more to hash.
MAX_PASSAGES = 65_536
# Rows of vectors copied at once.
_BLOCK_ROWS = 8192


@dataclass(frozen=True, slots=True)
class _Origins:
    """Where each of some rows comes from: the number of its segment, and its row there."""

    segment: Rows
    row: Rows

    def pick(self, places: Rows) -> "_Origins":
        return _Origins(self.segment[places], self.row[places])

    def of(self, number: int) -> tuple[Rows, Rows]:
        """The places of what one segment has here, and its rows there."""
        places = np.flatnonzero(self.segment == number)
        return places, self.row[places]

    def by_segment(self, count: int) -> tuple[list[Rows], Rows]:
        """Rows segment by segment, and the order that puts these, one after the other, in place."""
        found = [self.of(number) for number in range(count)]
        order = np.empty(len(self.row), np.int64)
        order[np.concatenate([places for places, _ in found])] = np.arange(len(self.row))
        return [rows for _, rows in found], order


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one new segment holds: documents by id, passages by time; `documents_of` are the passages' documents."""

    documents: _Origins
    passages: _Origins
    documents_of: Rows


def merge_segments(layout: Layout, segments: Sequence[Segment], most: int = MAX_PASSAGES) -> list[SegmentEntry]:
    """Writes durable segments of `most` passages that hold what these hold, by time; those that stand apart stay.

    A document that a later one of them holds anew is left out. Raises SegmentError for a file that is damaged.
    """
    staying = [segment for segment in segments if _stands_apart(segment, segments, most)]
    mixed = [segment for segment in segments if segment not in staying]
    if len(mixed) < 2:
        return [segment.entry for segment in segments]
    return [segment.entry for segment in staying] + _written(layout, mixed, most)


def compact_segments(
    layout: Layout, segments: Sequence[Segment], without: frozenset[str], most: int = MAX_PASSAGES
) -> list[SegmentEntry]:
    """The same segments without these documents, by id, and without what was superseded; the others stay."""
    whole = [segment for segment in segments if not segment.entry.superseded and without.isdisjoint(segment.ids)]
    mixed = [segment for segment in segments if segment not in whole]
    return [segment.entry for segment in whole] + _written(layout, mixed, most, without)


def _written(
    layout: Layout, segments: Sequence[Segment], most: int, left_out: frozenset[str] = frozenset()
) -> list[SegmentEntry]:
    return [
        _write(layout, segments, piece) for piece in _pieces(segments, most, left_out) if len(piece.documents.row)
    ]


def _stands_apart(segment: Segment, segments: Sequence[Segment], most: int) -> bool:
    """Large enough, and no other has a row among its dated ones."""
    entry = segment.entry
    if entry.passages < most // 2 or entry.earliest is None or entry.latest is None:
        return False
    return not any(other.entry.overlaps(entry.earliest, entry.latest) for other in segments if other is not segment)


def _pieces(segments: Sequence[Segment], most: int, left_out: frozenset[str]) -> Iterator[_Piece]:
    """Cuts all rows, in order of time, into pieces of like size, no document in two."""
    if not segments:
        return
    documents, ranks = _documents(segments, left_out)
    passages, documents_of = _passages(segments, ranks)
    count = max(1, -(-len(documents_of) // most))
    ends = np.append(np.flatnonzero(np.diff(documents_of)) + 1, len(documents_of))
    aims = np.arange(1, count + 1) * len(documents_of) // count
    cuts = np.unique(ends[np.searchsorted(ends, aims)]).tolist()
    without = np.setdiff1d(np.arange(len(documents.row)), documents_of)
    for first, last in pairwise([0, *cuts]):
        held = np.unique(documents_of[first:last])
        if last == cuts[-1]:
            held = np.union1d(held, without)
        places = np.arange(first, last)
        yield _Piece(documents.pick(held), passages.pick(places), np.searchsorted(held, documents_of[places]))


def _documents(segments: Sequence[Segment], left_out: frozenset[str]) -> tuple[_Origins, list[Rows]]:
    """All documents by id; and for each segment the places of its own among them, or DROPPED."""
    ids = [document_id for segment in segments for document_id in segment.ids]
    held = [name in segment.rows_by_id and name not in left_out for segment in segments for name in segment.ids]
    order = np.array(sorted(np.flatnonzero(held).tolist(), key=ids.__getitem__), np.int64)
    ranks = np.full(len(ids), DROPPED, np.int64)
    ranks[order] = np.arange(len(order))
    counts = [len(segment.ids) for segment in segments]
    return _origins(counts).pick(order), np.split(ranks, np.cumsum(counts)[:-1])


def _passages(segments: Sequence[Segment], ranks: Sequence[Rows]) -> tuple[_Origins, Rows]:
    """All passages by time, document and offset, as in every segment; and their documents' places."""
    files = [segment.passages for segment in segments]
    documents = np.concatenate([rank[file.documents] for file, rank in zip(files, ranks, strict=True)])
    earliest, latest, starts = (
        np.concatenate(column)
        for column in zip(*((f.times.earliest, f.times.latest, f.starts) for f in files), strict=True)
    )
    order = np.lexsort((starts, documents, earliest, latest))
    order = order[documents[order] != DROPPED]
    return _origins([len(file) for file in files]).pick(order), documents[order]


def _origins(counts: Sequence[int]) -> _Origins:
    return _Origins(np.repeat(np.arange(len(counts)), counts), np.concatenate([np.arange(n) for n in counts]))


def _write(layout: Layout, segments: Sequence[Segment], piece: _Piece) -> SegmentEntry:
    draft = start_segment(layout)
    rows, order = piece.documents.by_segment(len(segments))
    gather_documents([(s.documents, r) for s, r in zip(segments, rows, strict=True)], order, draft)
    rows, order = piece.passages.by_segment(len(segments))
    parts = [(s.passages, r) for s, r in zip(segments, rows, strict=True)]
    gather_passages(parts, order, piece.documents_of.astype(np.uint32), draft)
    dimensions = segments[0].vectors.dimensions
    with draft.file(VECTORS) as file:
        write_vectors(_vectors(segments, piece.passages), len(order), dimensions, file)
    maps = [_map(piece.passages, n, len(segment.passages)) for n, segment in enumerate(segments)]
    used = [(s.postings, m) for s, m in zip(segments, maps, strict=True) if (m != DROPPED).any()]
    merge_postings(used, len(order), draft)
    merge_names([(s.names, m) for s, m in zip(segments, maps, strict=True)], draft)
    maps = [_map(piece.documents, n, len(segment.ids)) for n, segment in enumerate(segments)]
    merge_stories([(s.stories, m) for s, m in zip(segments, maps, strict=True)], len(piece.documents.row), draft)
    return place_segment(layout, draft)


def _map(origins: _Origins, number: int, count: int) -> Rows:
    """For each row of a segment its new row, or DROPPED."""
    new, old = origins.of(number)
    rows = np.full(count, DROPPED, np.int64)
    rows[old] = new
    return rows


def _vectors(segments: Sequence[Segment], passages: _Origins) -> Iterator[Vectors]:
    for start in range(0, len(passages.row), _BLOCK_ROWS):
        origins = passages.pick(np.arange(start, min(start + _BLOCK_ROWS, len(passages.row))))
        block = np.empty((len(origins.row), segments[0].vectors.dimensions), np.float32)
        for number, segment in enumerate(segments):
            places, rows = origins.of(number)
            block[places] = segment.vectors.take(rows)
        yield block
