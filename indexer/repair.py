"""A new snapshot of what is sound, on request: files come back from a copy, what cannot is left out and named.

A file is taken from another copy of the index when its bytes are those that a manifest, or its own name, asks for:
whose copy that is does not matter. What is left out can be indexed again. Nothing is removed: what of an earlier
snapshot does not come back stays as damaged as it is until `gc`. Where all is sound no snapshot is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evidence.corpus.errors import SegmentError, StoreError
from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.originals import Originals
from evidence.indexer.failures import is_sound
from evidence.indexer.layout import FORMAT, Layout
from evidence.indexer.manifest import Manifest, SegmentEntry
from evidence.indexer.merging import compact_segments
from evidence.indexer.segment import Segment
from evidence.indexer.snapshots import Head, check_format, numbers, read_manifest, write_head


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done. `restored` are files that came back from the copy, `segments` those left out, with counts of
    their documents, `documents` ids of those left out whose originals are lost, `unreadable` snapshots. What was
    deleted or corrected after snapshot `base` is not known any more. `older` are earlier ones that stay damaged.
    """

    snapshot: int
    base: int
    restored: tuple[str, ...]
    segments: dict[str, int]
    documents: tuple[str, ...]
    unreadable: tuple[int, ...]
    older: tuple[int, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing that the newest snapshot held had to be left out."""
        return not (self.segments or self.documents or self.unreadable)

    @property
    def is_new(self) -> bool:
        """Whether a snapshot was made."""
        return self.snapshot != self.base


def repair(layout: Layout, copy: Path | None) -> Repaired:
    """Makes the next snapshot from the newest that can be read. Its caller has the index's lock.

    Raises SegmentError, with nothing changed, when no snapshot can be read; NoIndex and FormatError for the copy.
    """
    if copy is not None:
        check_format(Layout(copy))
    work = _Work(layout, Layout(copy) if copy else None)
    found, unreadable = work.manifests()
    if not found:
        raise SegmentError(f"no snapshot of {layout.root} can be read", "index the sources again into a new folder")
    newest = found[-1]
    sound = [entry for entry in newest.segments if work.restore_segment(entry)]
    segments = [Segment(layout, entry, newest.embedder.dimensions) for entry in sound]
    lost = work.lost_originals(segments)
    kept = tuple(compact_segments(layout, segments, frozenset(lost)) if lost else sound)
    listed = work.restore_list(newest) is not False
    older = tuple(one.number for one in found[:-1] if not work.restore_older(one))
    left_out = {entry.id: entry.documents for entry in newest.segments if entry not in sound}
    done = Repaired(
        newest.number, newest.number, tuple(work.restored), left_out, tuple(lost), tuple(unreadable), older
    )
    if done.is_whole and listed and work.head_number() == newest.number:
        return done
    number = max([*numbers(layout), work.head_number()]) + 1
    manifest = replace(_within(layout, newest, kept), number=number, format=FORMAT, previous="")
    if not listed:
        manifest = replace(manifest, failures=None)
    _publish(layout, manifest, max([found[0].number, newest.first, *(one + 1 for one in unreadable)]))
    return replace(done, snapshot=number)


class _Work:
    """One repair: where files come back from, and which did."""

    def __init__(self, layout: Layout, copy: Layout | None) -> None:
        self._layout, self._copy = layout, copy
        self._originals = Originals(layout.originals, layout.disk)
        self.restored: list[str] = []

    def manifests(self) -> tuple[list[Manifest], list[int]]:
        """Those that can be read, here or in the copy, by number; and the numbers of the others."""
        wanted = set(numbers(self._layout)) | ({self.head_number()} - {0})
        found, unreadable = [], []
        for number in sorted(wanted):
            manifest = self._manifest(number)
            if manifest is None:
                unreadable.append(number)
            else:
                found.append(manifest)
        return found, unreadable

    def _manifest(self, number: int) -> Manifest | None:
        for layout in (self._layout, self._copy):
            try:
                manifest = read_manifest(layout, number) if layout else None
            except StoreError:
                continue
            if manifest and layout and layout is self._copy:
                self._take(self._layout.snapshot(number), layout.snapshot(number).read_bytes())
            return manifest
        return None

    def head_number(self) -> int:
        """What `newest` says, 0 where it cannot be believed."""
        try:
            head = Head.read(self._layout)
        except StoreError:
            return 0
        return head.newest if head else 0

    def restore_segment(self, entry: SegmentEntry) -> bool:
        """Whether every file of it is, or becomes, what it was."""
        folder = self._layout.segment(entry.id)
        # every file is restored, also after one that cannot be
        missing = [name for name, file in entry.files.items() if not self._restore(folder / name, file.sha256)]
        return not missing

    def restore_older(self, manifest: Manifest) -> bool:
        """Whether an earlier snapshot is, or becomes, what it was."""
        sound = [entry for entry in manifest.segments if self.restore_segment(entry)]
        opened = [Segment(self._layout, entry, manifest.embedder.dimensions) for entry in sound]
        lost = self.lost_originals(opened)
        return len(sound) == len(manifest.segments) and not lost and self.restore_list(manifest) is not False

    def restore_list(self, manifest: Manifest) -> bool | None:
        """The same of the list of failures; None where there is none."""
        entry = manifest.failures
        if entry is None:
            return None
        return is_sound(self._layout, entry) or self._restore(self._layout.failure_list(entry.sha256), entry.sha256)

    def lost_originals(self, segments: Sequence[Segment]) -> list[str]:
        """Ids of the documents whose archived bytes neither are here nor come back."""
        lost = [
            name
            for segment in segments
            for name, original in zip(segment.ids, segment.documents.column("original"), strict=True)
            if name in segment.rows_by_id and not self._restore_original(str(original))
        ]
        self._originals.settle()
        return sorted(lost)

    def _restore(self, path: Path, sha256: str) -> bool:
        if _is(path, sha256):
            return True
        if self._copy is None:
            return False
        held = self._copy.root / path.relative_to(self._layout.root)
        if not _is(held, sha256):
            return False
        self._take(path, held.read_bytes())
        return True

    def _restore_original(self, sha256: str) -> bool:
        """The copy may have packed the bytes otherwise."""
        for layout in (self._layout, self._copy):
            try:
                data = Originals(layout.originals).get(sha256) if layout else None
            except SegmentError:
                continue
            if data is not None and layout is self._copy:
                self._originals.put(data)
                self.restored.append(str(self._originals.path(sha256)))
            return data is not None
        return False

    def _take(self, path: Path, data: bytes) -> None:
        self._layout.disk.make_folder(path.parent)
        self._layout.disk.replace(path, data)
        self.restored.append(str(path))


def _within(layout: Layout, newest: Manifest, kept: tuple[SegmentEntry, ...]) -> Manifest:
    """The newest snapshot with these segments alone: who is withdrawn or deleted elsewhere is in none of them."""
    opened = (Segment(layout, entry, newest.embedder.dimensions) for entry in kept)
    held = {name for segment in opened for name in segment.rows_by_id}
    return replace(
        newest,
        segments=kept,
        withdrawn=tuple(name for name in newest.withdrawn if name in held),
        corrected=tuple(sorted({*newest.corrected, *(name for name in newest.withdrawn if name not in held)})),
        deleted=tuple(replace(one, gone=one.gone or one.id not in held) for one in newest.deleted),
    )


def _publish(layout: Layout, manifest: Manifest, first: int) -> None:
    data = manifest.to_bytes()
    layout.disk.create_only(layout.snapshot(manifest.number), data)
    write_head(layout, Head(manifest.number, digest(data), first))
    layout.disk.replace(layout.format, f"{FORMAT}\n".encode())


def _is(path: Path, sha256: str) -> bool:
    try:
        return file_digest(path) == sha256
    except OSError:
        return False
