"""Every file of an index, of every snapshot that is kept, to what is wrong with it: nothing is believed unread.

Damaged, missing, foreign and swapped files are named. What writers that died have left is no damage; it is told
apart, by its name.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evidence.corpus.errors import EvidenceError, FormatError, SegmentError, StoreError, UsageError
from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.originals import Originals
from evidence.indexer.document_rows import DOCUMENTS
from evidence.indexer.failures import read_failures
from evidence.indexer.layout import FAILURES, FORMAT, ORIGINAL, SEGMENT, Layout
from evidence.indexer.manifest import Manifest, SegmentEntry
from evidence.indexer.placing import segment_id
from evidence.indexer.segment import Segment
from evidence.indexer.snapshots import (
    Head,
    check_format,
    first_kept,
    numbers,
    open_number,
    read_manifest,
    read_newest,
)


@dataclass(frozen=True, slots=True)
class Subset:
    """Which of the large files are read: part `part` of `of` like parts, told by their names."""

    part: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> "Subset":
        """`1/7`. Raises UsageError."""
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise UsageError(f"{text!r} is no part", "--subset 1/7 is the first of seven parts, 7/7 the last")
        return cls(int(match[1]), int(match[2]))

    def takes(self, name: str) -> bool:
        """Whether a file of this name, below the index's folder, is of this part."""
        return int(digest(name.encode())[:8], 16) % self.of == self.part - 1


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read, what is wrong, a line each, and what is left over; `newest` is None if it cannot be read."""

    newest: Manifest | None
    files: int
    bytes: int
    problems: tuple[str, ...]
    leftovers: tuple[str, ...]


def check_index(layout: Layout, subset: Subset = Subset()) -> Checked:
    """Reads everything, or of segments and originals a part. The run log is not looked at.

    Raises NoIndex, and FormatError for an index of a format that is not known.
    """
    with _spared(layout):
        check = _Check(layout, subset)
        kept = check.manifests()
        check.top()
        check.lists(kept)
        sound = check.segments(kept)
        check.originals(sound)
        newest = kept[-1] if kept else None
        return Checked(newest, check.files, check.bytes, tuple(check.problems), tuple(check.leftovers))


@contextmanager
def _spared(layout: Layout) -> Iterator[None]:
    """While this is open `gc` leaves every snapshot that is kept, for one of them is read."""
    try:
        descriptor = open_number(layout, first_kept(layout, read_newest(layout))).descriptor
    except EvidenceError:
        # of a damaged index `gc` takes nothing
        yield
        return
    try:
        yield
    finally:
        os.close(descriptor)


class _Check:
    """One check's findings, folder by folder."""

    def __init__(self, layout: Layout, subset: Subset) -> None:
        self._layout, self._subset = layout, subset
        self.files = self.bytes = 0
        # a snapshot, or a segment's documents, cannot be read: what it names is not known to be needed
        self._blind = False
        # what the file `format` says, or what is written where it cannot be believed
        self._stated = FORMAT
        self.problems: list[str] = []
        self.leftovers: list[str] = []

    def manifests(self) -> list[Manifest]:
        """The manifests that can be read, by number, once format, `newest` and all that are kept were looked at."""
        misstated = self._format()
        head = self._head()
        found = numbers(self._layout)
        readable = [manifest for number in found if (manifest := self._manifest(number, head))]
        if misstated is not None:
            if not readable:
                raise misstated
            self.problems.append(str(misstated))
        if head is None and not self._layout.head.exists() and any(one.format == FORMAT for one in readable):
            self.problems.append(f"{self._layout.head} is missing")
        first = max(head.first if head else min(found, default=1), readable[-1].first if readable else 1)
        last = max([*found, head.newest if head else 0])
        for number in range(first, last + 1):
            if number not in found:
                self.problems.append(f"{self._layout.snapshot(number)} is missing")
        self._blind = last - first + 1 > sum(manifest.number >= first for manifest in readable)
        self.leftovers += [str(self._layout.snapshot(number)) for number in found if number < first]
        self._chain({manifest.number: manifest for manifest in readable if manifest.number >= first})
        return [manifest for manifest in readable if manifest.number >= first]

    def _chain(self, kept: Mapping[int, Manifest]) -> None:
        """Each snapshot says which bytes the one before it has."""
        for number, manifest in kept.items():
            path = self._layout.snapshot(number - 1)
            if number - 1 in kept and manifest.previous not in {"", file_digest(path)}:
                self.problems.append(f"{path} is not the one that {self._layout.snapshot(number)} follows")

    def _format(self) -> StoreError | None:
        self._count(self._layout.format)
        try:
            self._stated = check_format(self._layout)
        except (FormatError, SegmentError) as error:
            return error
        return None

    def _head(self) -> Head | None:
        self._count(self._layout.head)
        try:
            return Head.read(self._layout)
        except StoreError as error:
            self.problems.append(str(error))
            return None

    def _manifest(self, number: int, head: Head | None) -> Manifest | None:
        path = self._layout.snapshot(number)
        self._count(path)
        try:
            manifest = read_manifest(self._layout, number)
        except StoreError as error:
            self.problems.append(str(error))
            return None
        if head is not None and number == head.newest and file_digest(path) != head.manifest:
            self.problems.append(f"{path} is damaged: it is not the one that {self._layout.head} names")
        if manifest.format > self._stated:
            self.problems.append(f"{self._layout.format} is damaged: {path} is of format {manifest.format}")
        return manifest

    def top(self) -> None:
        """What lies beside the folders, and among the manifests."""
        layout = self._layout
        ours = {layout.format, layout.head, layout.lock, layout.runs}
        ours |= {layout.originals, layout.segments, layout.snapshots, layout.failures}
        halves = {f"{path.name}.tmp" for path in (layout.format, layout.head)}
        for path in sorted(set(layout.root.iterdir()) - ours):
            self._stray(path, path.name in halves)
        known = {layout.snapshot(number) for number in numbers(layout)}
        for path in sorted(set(_inside(layout.snapshots)) - known):
            self._stray(path, re.fullmatch(r"\d{8,}\.json\.tmp", path.name) is not None)

    def lists(self, kept: list[Manifest]) -> None:
        """Lists of failures."""
        entries = {entry.sha256: entry for manifest in kept if (entry := manifest.failures)}
        for entry in entries.values():
            self._count(self._layout.failure_list(entry.sha256))
            try:
                read_failures(self._layout, entry)
            except SegmentError as error:
                self.problems.append(str(error))
        wanted = {self._layout.failure_list(sha256) for sha256 in entries}
        for path in sorted(set(_inside(self._layout.failures)) - wanted):
            self._stray(path, FAILURES.fullmatch(path.name) is not None, _is_list)

    def segments(self, kept: list[Manifest]) -> list[Segment]:
        """All files of all segments; those whose documents can be believed."""
        entries = {
            entry.id: (entry, manifest.embedder.dimensions) for manifest in kept for entry in manifest.segments
        }
        owners = {
            file.sha256: self._layout.segment(entry.id) / name
            for entry, _ in entries.values()
            for name, file in entry.files.items()
        }
        sound = [
            Segment(self._layout, entry, dimensions)
            for entry, dimensions in entries.values()
            if self._segment(entry, owners)
        ]
        for path in sorted(_inside(self._layout.segments)):
            if path.name not in entries:
                is_ours = path == self._layout.draft or SEGMENT.fullmatch(path.name) is not None
                self._stray(path, is_ours and path.is_dir(), _is_segment)
        self._blind |= len(sound) < len(entries)
        return sound

    def _segment(self, entry: SegmentEntry, owners: Mapping[str, Path]) -> bool:
        """Looks at every file; whether the documents are what was written."""
        folder, sound = self._layout.segment(entry.id), True
        if folder.is_symlink():
            self.problems.append(f"{folder} is foreign: a segment is a folder of its own")
        for name, file in sorted(entry.files.items()):
            path = folder / name
            # whose documents are not known cannot be asked for their originals
            if name != DOCUMENTS and not self._takes(path) and path.is_file():
                continue
            problem = self._file(path, file.sha256, owners)
            if problem:
                self.problems.append(problem)
            sound &= not (problem and name == DOCUMENTS)
        for path in sorted(_inside(folder)):
            if path.name not in entry.files:
                self._stray(path, False)
        return sound

    def _file(self, path: Path, sha256: str, owners: Mapping[str, Path]) -> str | None:
        self._count(path)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            return f"{path} is foreign: a writer makes plain files only"
        try:
            found = file_digest(path)
        except FileNotFoundError:
            return f"{path} is missing"
        except OSError as error:
            return f"{path} cannot be read: {error.strerror}"
        if found == sha256:
            return None
        whose = owners.get(found)
        return f"{path} is damaged: " + (f"it is {whose}" if whose else "its SHA-256 is not the manifest's")

    def originals(self, segments: list[Segment]) -> None:
        """The archived bytes of all documents."""
        originals = Originals(self._layout.originals)
        wanted = {str(name) for segment in segments for name in segment.documents.column("original")}
        for sha256 in sorted(wanted):
            path = originals.path(sha256)
            if not self._takes(path) and path.is_file():
                continue
            self._count(path)
            if path.is_symlink() or (path.exists() and not path.is_file()):
                self.problems.append(f"{path} is foreign: a writer makes plain files only")
                continue
            try:
                originals.get(sha256)
            except SegmentError as error:
                self.problems.append(str(error))
        for folder in sorted(_inside(self._layout.originals)):
            for path in sorted(_inside(folder)) if folder.is_dir() else [folder]:
                if path.suffix != ".gz" or path.stem not in wanted or path != originals.path(path.stem):
                    name = str(path.relative_to(self._layout.originals))
                    self._stray(path, ORIGINAL.fullmatch(name) is not None, partial(_is_original, originals))

    def _stray(self, path: Path, is_ours: bool, is_sound: Callable[[Path], bool] = lambda _: True) -> None:
        """A file or segment that no snapshot names: ours by its name, or not.

        Where a snapshot cannot be read that may have named it, its name alone says what its bytes should be; else
        nobody looks into it.
        """
        if not is_ours or path.is_symlink():
            self.problems.append(f"{path} is foreign: nothing of an index has that name")
        elif self._blind and not is_sound(path):
            files = sorted(path.iterdir()) if path.is_dir() else [path]
            self.problems += [f"{file} may be damaged: who names it cannot be read" for file in files]
        else:
            self.leftovers.append(str(path))

    def _takes(self, path: Path) -> bool:
        return self._subset.takes(str(path.relative_to(self._layout.root)))

    def _count(self, path: Path) -> None:
        if path.is_file():
            self.files += 1
            self.bytes += path.stat().st_size


def _inside(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _digests(folder: Path) -> list[str]:
    return [file_digest(path) for path in sorted(_inside(folder)) if path.is_file()]


def _is_list(path: Path) -> bool:
    return digest(_bytes(path))[:16] == path.stem


def _is_segment(path: Path) -> bool:
    return segment_id(_digests(path)) == path.name


def _is_original(originals: Originals, path: Path) -> bool:
    try:
        originals.get(path.stem)
    except SegmentError:
        return False
    return True
