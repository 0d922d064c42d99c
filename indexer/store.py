"""The index as readers see it: one snapshot, whatever is committed, deleted or cleared away meanwhile."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from weakref import finalize

from evidence.corpus.errors import ModelMismatch, NotFound
from evidence.corpus.originals import Originals
from evidence.corpus.values import Document
from evidence.indexer.checking import check_index
from evidence.indexer.clusters import Clusters
from evidence.indexer.embedder import Embedder
from evidence.indexer.failures import Failure, read_failures
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import Manifest
from evidence.indexer.segment import Segment
from evidence.indexer.snapshots import Snapshot, check_format, open_newest, open_number
from evidence.indexer.stories import Shelf, find_clusters


class Index:
    """One snapshot of an index, opened for reading; later commits do not change it."""

    def __init__(self, layout: Layout, manifest: Manifest) -> None:
        self.layout = layout
        self.manifest = manifest
        self.originals = Originals(layout.originals)
        self.withdrawn = frozenset(manifest.withdrawn).union(manifest.corrected)
        self.deleted = {one.id: one for one in manifest.deleted}
        self.segments = [
            Segment(layout, entry, manifest.embedder.dimensions, manifest.hidden) for entry in manifest.segments
        ]

    @classmethod
    def open(cls, root: Path, number: int | None = None) -> "Index":
        """The newest snapshot, or one by its number; while the value lives no `gc` takes it away.

        Raises NoIndex, FormatError, SegmentError for a manifest that is damaged or missing, and NotFound for a
        number that is not kept.
        """
        layout = Layout(root)
        check_format(layout)
        return cls._opened(layout, open_newest(layout) if number is None else open_number(layout, number))

    def at(self, number: int) -> "Index":
        """This index as a snapshot of it was. Raises NotFound for one that is not kept, or SegmentError."""
        if number == self.manifest.number:
            return self
        return self._opened(self.layout, open_number(self.layout, number))

    @classmethod
    def _opened(cls, layout: Layout, snapshot: Snapshot) -> "Index":
        index = cls(layout, snapshot.manifest)
        finalize(index, os.close, snapshot.descriptor)
        return index

    def require(self, embedder: Embedder) -> None:
        """Raises ModelMismatch unless the index holds this embedder's vectors."""
        held = self.manifest.embedder
        if held.digest != embedder.digest:
            raise ModelMismatch(
                f"{self.layout.root} was built with embedder {held.name} ({held.digest[:12]}), "
                f"not {embedder.name} ({embedder.digest[:12]})",
                "choose that embedder in models.toml, or index the sources again into a new folder",
            )

    def overlapping(self, earliest: int, latest: int) -> list[Segment]:
        """Segments that could hold a row of this span (microseconds); the others are never opened."""
        return [segment for segment in self.segments if segment.entry.overlaps(earliest, latest)]

    def documents(self) -> Iterator[tuple[Document, int]]:
        """Every live document with its count of passages, by id."""
        located = sorted(
            (document_id, number)
            for number, segment in enumerate(self.segments)
            for document_id in segment.rows_by_id
            if document_id not in self.manifest.hidden
        )
        for document_id, number in located:
            file, row = self.segments[number].documents, self.segments[number].rows_by_id[document_id]
            yield file.read(row), file.passage_count(row)

    def document(self, document_id: str) -> Document:
        """Raises NotFound."""
        document = _read(self.segments, document_id)
        if document is not None:
            return document
        if gone := self.deleted.get(document_id):
            how = "forgotten" if gone.forgotten else "deleted"
            raise NotFound(f"document {document_id} was {how} at {gone.at}: {gone.reason}", "it is kept no more")
        raise NotFound(f"no document {document_id} in {self.layout.root}", "`evidence documents` lists the ids")

    @cached_property
    def clusters(self) -> Clusters:
        """Which documents are copies of one story; made when first asked for, from all segments."""
        shelves = [Shelf(s.ids, s.live, s.stories) for s in self.segments]
        # of the segments alone: what held this index would keep it open after its last reader is gone
        return find_clusters(shelves, partial(_read_member, self.segments))

    def failures(self) -> list[Failure]:
        """What could not be read, by path."""
        return read_failures(self.layout, self.manifest.failures)

    def check(self) -> list[str]:
        """One line for each thing that is wrong with any file of the index, of this snapshot or another."""
        return list(check_index(self.layout).problems)


def _read(segments: Sequence[Segment], document_id: str) -> Document | None:
    for segment in segments:
        row = segment.rows_by_id.get(document_id)
        if row is not None:
            return segment.documents.read(row)
    return None


def _read_member(segments: Sequence[Segment], document_id: str) -> Document:
    """A document of a cluster, which is held."""
    document = _read(segments, document_id)
    if document is None:
        raise NotFound(f"no document {document_id} among its segments")
    return document
