"""A segment: some documents, cut, embedded and posted, written once and never changed.

Rows are sorted by time, so a window is one range of them. A file's bytes are checked against the manifest
before any parser sees them, each file when it is first needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import file_digest
from evidence.corpus.values import Document
from evidence.indexer import postings, stories
from evidence.indexer.copies import Finder
from evidence.indexer.document_rows import DOCUMENTS, DocumentFile, Source, write_documents
from evidence.indexer.draft import Draft
from evidence.indexer.embedder import Vectors
from evidence.indexer.heads import document_head, passage_head
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import RESTORE, SegmentEntry
from evidence.indexer.names import NAMES, NameFile, write_names
from evidence.indexer.passage_rows import PASSAGES, PassageFile, PassageRow, sort_key, write_passages
from evidence.indexer.passages import Passage
from evidence.indexer.placing import place_segment, start_segment
from evidence.indexer.postings import PostingFiles, write_postings
from evidence.indexer.stories import StoryFiles, write_stories
from evidence.indexer.syndication import describe
from evidence.indexer.vectors import Mask, VectorFile, write_vectors
from evidence.indexer.vocabulary import Field, Vocabulary

VECTORS = "vectors.npy"


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A document with its passages, not embedded yet, and what it was read from."""

    document: Document
    passages: tuple[Passage, ...]
    source: Source

    def texts(self) -> list[str]:
        """The passages' texts, in order."""
        return [self.document.text[passage.start : passage.end] for passage in self.passages]


def write_segment(layout: Layout, cut: Sequence[CutDocument], vectors: Vectors, finder: Finder) -> SegmentEntry:
    """Writes a durable segment. `vectors` has one row a passage, in the order of `cut` and its passages.

    Its name follows from its bytes: the same documents added to what `finder` holds give the same segment.
    """
    cut_rows = [(number, passage) for number, item in enumerate(cut) for passage in item.passages]
    order = sorted(range(len(cut)), key=lambda number: cut[number].document.id)
    place = {number: row for row, number in enumerate(order)}
    documents = [cut[number].document for number in order]
    by_time = sorted(
        range(len(cut_rows)), key=lambda row: sort_key(cut[cut_rows[row][0]].document, cut_rows[row][1])
    )
    rows = [PassageRow(place[cut_rows[row][0]], cut_rows[row][1]) for row in by_time]

    draft = start_segment(layout)
    write_documents(
        documents,
        [len(cut[number].passages) for number in order],
        [cut[number].source for number in order],
        draft,
    )
    write_passages(rows, documents, draft)
    with draft.file(VECTORS) as file:
        write_vectors([vectors[by_time]], len(vectors), vectors.shape[1], file)
    _write_words(rows, documents, draft)
    write_names(documents, _first_rows(rows, len(documents)), draft)
    write_stories(finder.add([describe(document) for document in documents]), draft)
    return place_segment(layout, draft)


def _first_rows(rows: Sequence[PassageRow], documents: int) -> list[int | None]:
    first: dict[int, int] = {}
    for number, row in enumerate(rows):
        first.setdefault(row.document, number)
    return [first.get(document) for document in range(documents)]


def _write_words(rows: Sequence[PassageRow], documents: Sequence[Document], draft: Draft) -> None:
    """Posts each passage's own words, and those over it as a field of their own."""
    vocabulary = Vocabulary()
    over = [vocabulary.numbers(document_head(document)) for document in documents]
    bodies, heads = [], []
    for row in rows:
        document, start = documents[row.document], row.passage.start
        bodies.append(vocabulary.numbers(document.text[start : row.passage.end]))
        heads.append(np.concatenate([over[row.document], vocabulary.numbers(passage_head(document, start))]))
    write_postings(vocabulary.terms, Field.of(bodies), Field.of(heads), draft)


class Segment:
    """A segment opened for reading."""

    def __init__(
        self, layout: Layout, entry: SegmentEntry, dimensions: int, hidden: frozenset[str] = frozenset()
    ) -> None:
        self.entry = entry
        self._hidden = hidden
        self._folder = layout.segment(entry.id)
        self._dimensions = dimensions

    @cached_property
    def documents(self) -> DocumentFile:
        """Raises SegmentError when the file is not what was written; so do the other files."""
        return DocumentFile(self._checked(DOCUMENTS))

    @cached_property
    def passages(self) -> PassageFile:
        return PassageFile(self._checked(PASSAGES))

    @cached_property
    def vectors(self) -> VectorFile:
        return VectorFile(self._checked(VECTORS), self.entry.passages, self._dimensions)

    @cached_property
    def postings(self) -> PostingFiles:
        for name in postings.FILES:
            self._checked(name)
        return PostingFiles(self._folder, self.entry.passages)

    @cached_property
    def names(self) -> NameFile:
        return NameFile(self._checked(NAMES))

    @cached_property
    def stories(self) -> StoryFiles:
        for name in stories.FILES:
            self._checked(name)
        return StoryFiles(self._folder, self.entry.documents)

    @cached_property
    def ids(self) -> list[str]:
        """Document ids in row order."""
        return self.documents.ids()

    @cached_property
    def live(self) -> Mask:
        """Which documents are neither hidden nor superseded, in row order."""
        gone = self._hidden.union(self.entry.superseded)
        return np.array([document_id not in gone for document_id in self.ids], np.bool_)

    @property
    def live_passages(self) -> int:
        """How many passages the live documents have."""
        if self.all_live:
            return self.entry.passages
        return sum(self.documents.passage_count(row) for row in np.flatnonzero(self.live).tolist())

    @cached_property
    def all_live(self) -> bool:
        """Whether none is hidden."""
        return bool(self.live.all())

    @cached_property
    def rows_by_id(self) -> dict[str, int]:
        """Document id to row; a document that a later segment holds anew is found there."""
        rows = {document_id: row for row, document_id in enumerate(self.ids)}
        return {document_id: row for document_id, row in rows.items() if document_id not in self.entry.superseded}

    def _checked(self, name: str) -> Path:
        path = self._folder / name
        entry = self.entry.files.get(name)
        try:
            sound = entry is not None and path.stat().st_size == entry.size and file_digest(path) == entry.sha256
        except OSError as error:
            raise SegmentError(f"{path} cannot be read: {error.strerror}", RESTORE) from error
        if not sound:
            raise SegmentError(f"{path} is damaged: its SHA-256 is not the manifest's", RESTORE)
        return path
