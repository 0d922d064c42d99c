"""The index as one thing: readers hold a snapshot, one writer at a time adds segments and replaces the manifest."""

import fcntl
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from evidence.corpus.errors import FormatError, Locked, ModelMismatch, NoIndex, NotFound, SegmentError, UsageError
from evidence.corpus.hashing import digest
from evidence.corpus.originals import Originals, sync_folder
from evidence.corpus.values import Document
from evidence.indexer.clusters import Clusters
from evidence.indexer.copies import Finder
from evidence.indexer.disk import write_durably
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.layout import FORMAT, Layout
from evidence.indexer.manifest import FULL, EmbedderEntry, FailureEntry, Manifest, SegmentEntry, other_format
from evidence.indexer.merging import merge_segments
from evidence.indexer.runs import mergeable
from evidence.indexer.segment import CutDocument, Segment, write_segment
from evidence.indexer.stories import Shelf, find_clusters


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, for `evidence failures`; `file` is the file it lies in, resolved."""

    path: str
    status: str
    reason: str
    file: str

    def as_json(self) -> dict[str, str]:
        """The contract's line."""
        return {"path": self.path, "status": self.status, "reason": self.reason}


class Index:
    """One snapshot of an index, opened for reading; later commits do not change it."""

    def __init__(self, layout: Layout, manifest: Manifest) -> None:
        self.layout = layout
        self.manifest = manifest
        self.originals = Originals(layout.originals)
        self.withdrawn = frozenset(manifest.withdrawn)
        self.segments = [
            Segment(layout, entry, manifest.embedder.dimensions, self.withdrawn) for entry in manifest.segments
        ]

    @classmethod
    def open(cls, root: Path) -> "Index":
        """The newest snapshot. Raises NoIndex, FormatError, or SegmentError for a damaged manifest."""
        layout = Layout(root)
        _check_format(layout)
        return cls(layout, _newest(layout))

    def at(self, number: object) -> "Index":
        """This index as an earlier snapshot of it was; as it is where that one is not here."""
        path = self.layout.snapshot(number) if isinstance(number, int) else None
        if path is None or number == self.manifest.number or not path.is_file():
            return self
        return Index(self.layout, Manifest.from_bytes(path.read_bytes(), path))

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
            if document_id not in self.withdrawn
        )
        for document_id, number in located:
            file, row = self.segments[number].documents, self.segments[number].rows_by_id[document_id]
            yield file.read(row), file.passage_count(row)

    def document(self, document_id: str) -> Document:
        """Raises NotFound."""
        for segment in self.segments:
            row = segment.rows_by_id.get(document_id)
            if row is not None:
                return segment.documents.read(row)
        raise NotFound(f"no document {document_id} in {self.layout.root}", "`evidence documents` lists the ids")

    @cached_property
    def clusters(self) -> Clusters:
        """Which documents are copies of one story; made when first asked for, from all segments."""
        return find_clusters([Shelf(s.ids, s.live, s.stories) for s in self.segments], self.document)

    def failures(self) -> list[Failure]:
        """What could not be read, by path."""
        return _read_failures(self.layout, self.manifest.failures)

    def check(self) -> list[str]:
        """One line for each file of this snapshot that is missing or damaged, every byte read."""
        damaged = [line for segment in self.segments for line in segment.check()]
        try:
            self.failures()
        except SegmentError as error:
            damaged.append(str(error))
        if damaged:
            return damaged
        for document, _ in self.documents():
            try:
                self.originals.get(document.original)
            except SegmentError as error:
                damaged.append(str(error))
        return damaged


class Writer:
    """The one process that may add to an index. Made by `open_writer`."""

    def __init__(self, layout: Layout, manifest: Manifest) -> None:
        self.layout = layout
        self.manifest = manifest
        self.originals = Originals(layout.originals)
        self._held: list[Segment] = []
        # the number of each segment's first document
        self._starts: list[int] = []

    def index(self) -> Index:
        """The newest snapshot, for reading."""
        return Index(self.layout, self.manifest)

    def failures(self) -> list[Failure]:
        """What earlier runs could not read."""
        return _read_failures(self.layout, self.manifest.failures)

    def commit(
        self,
        cut: Sequence[CutDocument],
        vectors: Vectors,
        failures: Sequence[Failure],
        withdrawn: Iterable[str] = (),
        anew: frozenset[str] = frozenset(),
    ) -> None:
        """Adds documents as one segment, and replaces the failures and the withdrawn. All of it, or nothing.

        Of those in `anew` older segments may hold the same id; there they are superseded.
        """
        entries = self._superseded(anew) if anew else self.manifest.segments
        if cut:
            entry = write_segment(self.layout, cut, vectors, self._finder)
            self._hold(entry)
            entries = (*entries, replace(entry, run=self.manifest.number + 1))
        listed = _write_failures(self.layout, failures)
        self._publish(replace(self.manifest, segments=entries, failures=listed, withdrawn=tuple(sorted(withdrawn))))

    def merge(self, times: float) -> None:
        """Merges the newest segments where that pays (`runs.py`); the next snapshot holds what this one does."""
        tail = mergeable(self.manifest.segments, times)
        if not tail:
            return
        dimensions = self.manifest.embedder.dimensions
        merged = merge_segments(self.layout, [Segment(self.layout, entry, dimensions) for entry in tail])
        run = [replace(entry, run=self.manifest.number + 1) for entry in merged]
        older = self.manifest.segments[: -len(tail)]
        self._publish(replace(self.manifest, segments=(*older, *run)))

    def _publish(self, manifest: Manifest) -> None:
        """The next snapshot, unless it says what this one says."""
        if manifest == self.manifest and self.manifest.number:
            return
        manifest = replace(manifest, number=self.manifest.number + 1)
        write_durably(self.layout.snapshot(manifest.number), manifest.to_bytes())
        self.manifest = manifest

    def _superseded(self, anew: frozenset[str]) -> tuple[SegmentEntry, ...]:
        entries = []
        for segment in self.index().segments:
            gone = anew.intersection(segment.ids).union(segment.entry.superseded)
            entries.append(replace(segment.entry, superseded=tuple(sorted(gone))))
        return tuple(entries)

    @cached_property
    def _finder(self) -> Finder:
        """All documents held, by their running number; those withdrawn too, for their twins may live."""
        finder = Finder(self._read)
        for entry in self.manifest.segments:
            segment = self._hold(entry)
            finder.hold(segment.stories.stories, segment.stories.samples)
        return finder

    def _hold(self, entry: SegmentEntry) -> Segment:
        self._starts.append(self._starts[-1] + self._held[-1].entry.documents if self._held else 0)
        self._held.append(Segment(self.layout, entry, self.manifest.embedder.dimensions))
        return self._held[-1]

    def _read(self, number: int) -> Document:
        place = bisect_right(self._starts, number) - 1
        return self._held[place].documents.read(number - self._starts[place])


@contextmanager
def open_writer(root: Path, embedder: Embedder, records: str | None = None) -> Iterator[Writer]:
    """Takes the index's lock, making the index where there is none. The kernel frees it with the process.

    `records` is what run records of a new index keep, FULL unless it is given.

    Raises Locked, FormatError, ModelMismatch, UsageError for `records` that an index has otherwise, or SegmentError
    for a damaged manifest.
    """
    layout = Layout(root)
    _make(layout)
    with layout.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise Locked(
                f"{root} is being written by process {lock.read().strip() or 'unknown'}",
                "wait for it to finish",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        entry = EmbedderEntry(embedder.name, embedder.digest, embedder.dimensions)
        manifest = _newest(layout) if _numbers(layout) else Manifest(0, entry, (), records=records or FULL)
        if records not in {None, manifest.records}:
            raise UsageError(
                f"run records of {root} keep {manifest.records}, not {records}: an index is made with its choice",
                "leave --records out, or index the sources into a new folder",
            )
        Index(layout, manifest).require(embedder)
        yield Writer(layout, manifest)


def _make(layout: Layout) -> None:
    if layout.format.exists():
        _check_format(layout)
        return
    folders = (layout.originals, layout.segments, layout.snapshots, layout.failures)
    # what a writer that died right here has left is still an index that holds nothing
    ours = {*folders, layout.format.with_name("format.tmp")}
    if layout.root.exists() and (not layout.root.is_dir() or any(p not in ours for p in layout.root.rglob("*"))):
        raise FormatError(f"{layout.root} is not an index and not empty", "choose a new folder with -i")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    sync_folder(layout.root)
    write_durably(layout.format, f"{FORMAT}\n".encode())


def _check_format(layout: Layout) -> None:
    try:
        number = layout.format.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoIndex(
            f"there is no index at {layout.root}", "`evidence index SOURCE` makes one; -i names its folder"
        ) from error
    if number != str(FORMAT):
        raise other_format(layout.format, number)


def _numbers(layout: Layout) -> list[int]:
    return sorted(int(path.stem) for path in layout.snapshots.glob("*.json") if path.stem.isdecimal())


def _newest(layout: Layout) -> Manifest:
    numbers = _numbers(layout)
    if not numbers:
        raise NoIndex(f"the index at {layout.root} holds nothing yet", "`evidence index SOURCE` fills it")
    path = layout.snapshot(numbers[-1])
    return Manifest.from_bytes(path.read_bytes(), path)


def _write_failures(layout: Layout, failures: Iterable[Failure]) -> FailureEntry | None:
    rows = sorted(failures, key=lambda failure: failure.path)
    if not rows:
        return None
    data = b"".join(json.dumps(asdict(row), ensure_ascii=False).encode("utf-8", "replace") + b"\n" for row in rows)
    sha256 = digest(data)
    if not layout.failure_list(sha256).exists():
        write_durably(layout.failure_list(sha256), data)
    return FailureEntry(len(rows), sha256)


def _read_failures(layout: Layout, entry: FailureEntry | None) -> list[Failure]:
    if entry is None:
        return []
    path = layout.failure_list(entry.sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SegmentError(f"{path} cannot be read: {error.strerror}") from error
    if digest(data) != entry.sha256:
        raise SegmentError(f"{path} is damaged: its SHA-256 is not the manifest's")
    rows: list[dict[str, Any]] = [json.loads(line) for line in data.splitlines()]
    return [Failure(**row) for row in rows]
