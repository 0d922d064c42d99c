"""The writer: one process at a time adds segments, and replaces what is newest by a snapshot of its own."""

import fcntl
import os
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TextIO

from evidence.corpus.disk import DISK, Disk
from evidence.corpus.errors import FormatError, Locked, StoreError, UsageError
from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.originals import Originals
from evidence.corpus.values import Document
from evidence.indexer.copies import Finder
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.failures import Failure, read_failures, write_failures
from evidence.indexer.layout import FORMAT, Layout
from evidence.indexer.manifest import FULL, EmbedderEntry, Manifest, SegmentEntry
from evidence.indexer.merging import compact_segments, merge_segments
from evidence.indexer.runs import mergeable
from evidence.indexer.segment import CutDocument, Segment, write_segment
from evidence.indexer.snapshots import Head, check_format, first_kept, numbers, read_newest, write_head
from evidence.indexer.store import Index
from evidence.indexer.sweeping import finish

# How often a lock is looked at for who has it, and how long apart: half a second together.
_LOOKS, _PAUSE_SECONDS = 50, 0.01


class Writer:
    """The one process that may change an index. Made by `open_writer`."""

    def __init__(self, layout: Layout, manifest: Manifest, first: int) -> None:
        self.layout = layout
        self.manifest = manifest
        self.first = first
        self.originals = Originals(layout.originals, layout.disk)
        self._held: list[Segment] = []
        # the number of each segment's first document
        self._starts: list[int] = []

    def index(self) -> Index:
        """The newest snapshot, for reading."""
        return Index(self.layout, self.manifest)

    def failures(self) -> list[Failure]:
        """What earlier runs could not read."""
        return read_failures(self.layout, self.manifest.failures)

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
        self.originals.settle()
        entries = self._superseded(anew) if anew else self.manifest.segments
        if cut:
            entry = write_segment(self.layout, cut, vectors, self._finder)
            self._hold(entry)
            entries = (*entries, replace(entry, run=self.manifest.number + 1))
        added = {one.document.id for one in cut}
        self.publish(
            replace(
                self.manifest,
                segments=entries,
                failures=write_failures(self.layout, failures),
                withdrawn=tuple(sorted(withdrawn)),
                corrected=tuple(one for one in self.manifest.corrected if one not in added),
            )
        )

    def merge(self, times: float) -> None:
        """Merges the newest segments where that pays (`runs.py`); the next snapshot holds what this one does."""
        tail = mergeable(self.manifest.segments, times)
        if not tail:
            return
        dimensions = self.manifest.embedder.dimensions
        merged = merge_segments(self.layout, [Segment(self.layout, entry, dimensions) for entry in tail])
        run = [replace(entry, run=self.manifest.number + 1) for entry in merged]
        older = self.manifest.segments[: -len(tail)]
        self.publish(replace(self.manifest, segments=(*older, *run)))

    def without(self, ids: frozenset[str]) -> Manifest:
        """The newest snapshot with no row of these documents, nor of superseded ones: to be published.

        What holds none of them stays as it is; earlier snapshots keep their files.
        """
        held = self.manifest
        segments = compact_segments(self.layout, self.index().segments, ids)
        return replace(
            held,
            segments=tuple(one if one in held.segments else replace(one, run=held.number + 1) for one in segments),
            withdrawn=tuple(one for one in held.withdrawn if one not in ids),
            corrected=tuple(sorted({*held.corrected, *ids.intersection(held.withdrawn)})),
            deleted=tuple(replace(one, gone=one.gone or one.id in ids) for one in held.deleted),
        )

    def publish(self, manifest: Manifest) -> None:
        """Makes this the next snapshot, unless it says what the newest says."""
        if manifest == self.manifest and self.manifest.number:
            return
        number = self.manifest.number
        previous = file_digest(self.layout.snapshot(number)) if number else ""
        manifest = replace(manifest, number=number + 1, format=FORMAT, previous=previous)
        data = manifest.to_bytes()
        try:
            self.layout.disk.create_only(self.layout.snapshot(manifest.number), data)
        except FileExistsError as error:
            raise Locked(
                f"{self.layout.root}: another process wrote snapshot {manifest.number} at the same time",
                "run the command again",
            ) from error
        self.first = max(self.first, manifest.first)
        write_head(self.layout, Head(manifest.number, digest(data), self.first))
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
def open_writer(
    root: Path, embedder: Embedder | None = None, records: str | None = None, disk: Disk = DISK
) -> Iterator[Writer]:
    """Takes the index's lock; the kernel frees it with the process. What a dead writer had begun is finished.

    With an embedder it makes the index where there is none, and requires that one's vectors. `records` is what run
    records of a new index keep, FULL unless it is given.

    Raises Locked, NoIndex, FormatError, ModelMismatch, UsageError for `records` that an index has otherwise,
    SegmentError for damage, and StoreError for a disk that is full or fails: then the newest snapshot is the old
    one or the new one, whole.
    """
    layout = Layout(root, disk)
    with _told(layout):
        if embedder is None:
            check_format(layout)
        else:
            _require_own(layout)
            layout.disk.make_folder(layout.root)
        with _locked(layout):
            if embedder is not None:
                _make(layout)
            yield _writer(layout, embedder, records)


@contextmanager
def locked(root: Path, disk: Disk = DISK) -> Iterator[Layout]:
    """The index's lock alone, for what cannot trust its newest snapshot. Raises as `open_writer` does."""
    layout = Layout(root, disk)
    with _told(layout), _locked(layout):
        yield layout


def is_being_written(layout: Layout) -> bool:
    """Whether the lock names a process that runs. It is not tried: that would keep out who takes it this moment."""
    try:
        name = layout.lock.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return False
    return name.isdecimal() and Path(f"/proc/{name}").exists()


@contextmanager
def _told(layout: Layout) -> Iterator[None]:
    """The system's errors as ours; that whoever reads our output went away is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except MemoryError as error:
        raise StoreError(
            f"{layout.root}: memory ran out while it was being written",
            "what was committed before is whole; free memory, or give `index` fewer --jobs, and run it again",
        ) from error
    except OSError as error:
        raise StoreError(
            f"{error.filename or layout.root}: {error.strerror or error}",
            "check the space left and the permissions; what was committed before is whole, run the command again",
        ) from error


@contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    with _opened(layout.lock) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(
                f"{layout.root} is being written by process {_holder(lock)}", "wait for it to finish"
            ) from error
        if not _is_still(layout.lock, lock):
            raise Locked(f"{layout.lock} was replaced by another process", "run the command again")
        _sign(lock, str(os.getpid()))
        yield
        _sign(lock, "")


def _opened(path: Path) -> TextIO:
    """The lock's file, which is made where it is not; never what a link leads to, for it is written over."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o666), "r+", encoding="ascii")


def _is_still(path: Path, lock: TextIO) -> bool:
    """Whether the file that is locked is the one of that name: who removes it must not let two writers in."""
    held = os.fstat(lock.fileno())
    try:
        named = path.lstat()
    except FileNotFoundError:
        return False
    return (held.st_dev, held.st_ino) == (named.st_dev, named.st_ino)


def _sign(lock: TextIO, name: str) -> None:
    """Writes whom to name, for whoever is kept out; on a full disk it goes without."""
    with suppress(OSError):
        lock.seek(0)
        lock.truncate()
        lock.write(name)
        lock.flush()


def _holder(lock: TextIO) -> str:
    """The process that has the lock; it may have taken it this moment, and not have signed yet."""
    for _ in range(_LOOKS):
        lock.seek(0)
        name = lock.read().strip()
        if name.isdecimal() and Path(f"/proc/{name}").exists():
            return name
        time.sleep(_PAUSE_SECONDS)
    return "unknown"


def _writer(layout: Layout, embedder: Embedder | None, records: str | None) -> Writer:
    head = Head.read(layout)
    if embedder is not None and not numbers(layout) and not (head and head.newest):
        entry = EmbedderEntry(embedder.name, embedder.digest, embedder.dimensions)
        return Writer(layout, Manifest(0, entry, (), records=records or FULL), 1)
    manifest = read_newest(layout)
    if records not in {None, manifest.records}:
        held = manifest.records
        raise UsageError(
            f"run records of {layout.root} keep {held}, not {records}: an index is made with its choice",
            "leave --records out, or index the sources into a new folder",
        )
    if embedder is not None:
        Index(layout, manifest).require(embedder)
    first = first_kept(layout, manifest)
    if head is not None and head.newest < manifest.number:
        # a writer died in between; `newest` is never two snapshots behind
        write_head(layout, Head(manifest.number, file_digest(layout.snapshot(manifest.number)), first))
    _upgrade(layout, manifest, first)
    finish(layout, first)
    return Writer(layout, manifest, first)


def _upgrade(layout: Layout, manifest: Manifest, first: int) -> None:
    """Tells older programs, before the first snapshot of this format, that they cannot read what comes."""
    if manifest.format == FORMAT:
        return
    write_head(layout, Head(manifest.number, digest(layout.snapshot(manifest.number).read_bytes()), first))
    layout.disk.replace(layout.format, f"{FORMAT}\n".encode())


def _require_own(layout: Layout) -> None:
    """Raises FormatError for a folder that is no index and holds something."""
    if layout.format.exists() or numbers(layout):
        check_format(layout)
        return
    # what a writer that died right here has left is still an index that holds nothing
    written = (layout.format, layout.head)
    ours = {*_folders(layout), layout.lock, layout.head, *(path.with_name(f"{path.name}.tmp") for path in written)}
    foreign = layout.root.exists() and not (layout.root.is_dir() and ours.issuperset(layout.root.rglob("*")))
    # another writer may have made the index since the first look
    if foreign and not layout.format.exists():
        raise FormatError(f"{layout.root} is not an index and not empty", "choose a new folder with -i")


def _make(layout: Layout) -> None:
    if layout.format.exists():
        return
    for folder in _folders(layout):
        layout.disk.make_folder(folder)
    write_head(layout, Head(0, "", 1))
    layout.disk.replace(layout.format, f"{FORMAT}\n".encode())


def _folders(layout: Layout) -> tuple[Path, ...]:
    return layout.originals, layout.segments, layout.snapshots, layout.failures
