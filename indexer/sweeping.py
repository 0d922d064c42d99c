"""Clearing away: snapshots that are no longer kept, and files that no snapshot needs.

Nothing is removed before every snapshot that stays was read, and manifests go last, so that what was begun is seen.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from re import Pattern

from evidence.corpus.hashing import file_digest
from evidence.indexer.layout import FAILURES, HALF, ORIGINAL, SEGMENT, Layout
from evidence.indexer.manifest import Manifest
from evidence.indexer.segment import Segment
from evidence.indexer.snapshots import (
    Head,
    first_kept,
    numbers,
    read_manifest,
    read_newest,
    removal,
    write_head,
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed: numbers of snapshots, counts of segments and originals, bytes; `first` is the oldest kept.

    `read` is the snapshot that a process has open, and which stays with all after it.
    """

    first: int
    snapshots: tuple[int, ...] = ()
    segments: int = 0
    originals: int = 0
    bytes: int = 0
    read: int | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """Names that snapshots refer to."""

    segments: frozenset[str]
    originals: frozenset[str]
    failures: frozenset[str]


def collect(layout: Layout, first: int) -> Swept:
    """Removes the snapshots before `first` but for those that are read from, and all that is needed by none.

    Raises SegmentError, with nothing removed, where a snapshot that stays cannot be read.
    """
    with ExitStack() as stack:
        read = None
        for number in [number for number in numbers(layout) if number < first]:
            if not stack.enter_context(removal(layout, number)):
                first = read = number
                break
        newest = read_newest(layout)
        needed = find_needed(layout, [read_manifest(layout, n) for n in range(first, newest.number + 1)])
        if first > first_kept(layout, newest):
            sha256 = file_digest(layout.snapshot(newest.number))
            write_head(layout, Head(newest.number, sha256, first))
        return sweep(layout, needed, first, read)


def finish(layout: Layout, first: int) -> None:
    """Goes on where a process died that had begun to clear away, whoever reads what was to go."""
    if any(number < first for number in numbers(layout)):
        erase(layout, first)


def erase(layout: Layout, first: int) -> Swept:
    """Removes what the snapshots from `first` on do not need; a reader of an older one is told that it is gone."""
    kept = [read_manifest(layout, number) for number in range(first, read_newest(layout).number + 1)]
    return sweep(layout, find_needed(layout, kept), first, None)


def find_needed(layout: Layout, kept: list[Manifest]) -> Needed:
    """What these snapshots refer to. Raises SegmentError where documents cannot be read."""
    entries = {entry.id: (entry, manifest.embedder.dimensions) for manifest in kept for entry in manifest.segments}
    opened = (Segment(layout, entry, dimensions) for entry, dimensions in entries.values())
    return Needed(
        segments=frozenset(entries),
        originals=frozenset(str(name) for segment in opened for name in segment.documents.column("original")),
        failures=frozenset(layout.failure_list(m.failures.sha256).name for m in kept if m.failures),
    )


def sweep(layout: Layout, needed: Needed, first: int, read: int | None) -> Swept:
    """Removes every file that a writer made and that is not needed, and leftovers of writers that died."""
    drafts = [layout.draft] if layout.draft.exists() or layout.draft.is_symlink() else []
    segments = drafts + [path for path in _named(layout.segments, SEGMENT) if path.name not in needed.segments]
    wanted = {f"{name}.gz" for name in needed.originals}
    originals = [path for path in _originals(layout.originals) if path.name not in wanted]
    lists = [path for path in _named(layout.failures, FAILURES) if path.name not in needed.failures]
    halves = [path for folder in (layout.root, layout.snapshots) for path in _named(folder, HALF)]
    gone = [number for number in numbers(layout) if number < first]
    manifests = [layout.snapshot(number) for number in gone]
    freed = sum(_size(path) for path in [*segments, *originals, *lists, *halves, *manifests])
    for path in segments:
        # of a link the link alone: what it leads to is not the index's
        remove = layout.disk.remove if path.is_symlink() or path.is_file() else layout.disk.remove_folder
        remove(path)
    for path in [*originals, *lists, *halves]:
        layout.disk.remove(path)
    for folder in sorted({path.parent for path in [*segments, *originals, *lists, *halves]}):
        layout.disk.sync_folder(folder)
    for path in manifests:
        layout.disk.remove(path)
    layout.disk.sync_folder(layout.snapshots)
    return Swept(first, tuple(gone), len(segments), len(originals), freed, read)


def _named(folder: Path, pattern: Pattern[str]) -> list[Path]:
    """What writers have called so, in order; what else lies there is somebody's, and `verify` names it."""
    return sorted(p for p in folder.iterdir() if pattern.fullmatch(p.name)) if folder.is_dir() else []


def _originals(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        # a link may lead out of the index
        if folder.is_dir() and not folder.is_symlink():
            yield from (p for p in sorted(folder.iterdir()) if ORIGINAL.fullmatch(f"{folder.name}/{p.name}"))


def _size(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return sum(_size(inner) for inner in path.iterdir())
    return path.lstat().st_size
