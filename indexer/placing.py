"""A folder of finished files to a segment: durable, named by its bytes, described for the manifest."""

from collections.abc import Sequence
from pathlib import Path

from evidence.corpus.hashing import digest, file_digest
from evidence.indexer.datings import NEVER
from evidence.indexer.document_rows import DOCUMENTS, DocumentFile
from evidence.indexer.draft import Draft
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import FileEntry, SegmentEntry
from evidence.indexer.passage_rows import PASSAGES, PassageFile


def start_segment(layout: Layout) -> Draft:
    """An empty folder to write a segment's files into; what a dead writer left there is gone."""
    layout.disk.remove_folder(layout.draft)
    layout.disk.make_folder(layout.draft)
    return Draft(layout.draft, layout.disk)


def place_segment(layout: Layout, draft: Draft) -> SegmentEntry:
    """Makes the folder a segment that a manifest can name. The same files give the same segment."""
    folder = draft.folder
    layout.disk.sync_folder(folder)
    files = _describe(folder)
    documents, times = DocumentFile(folder / DOCUMENTS), PassageFile(folder / PASSAGES).times
    name = segment_id([entry.sha256 for entry in files.values()])
    _name(layout, folder, layout.segment(name), files)
    dated = times.latest != NEVER
    return SegmentEntry(
        id=name,
        documents=len(documents),
        passages=len(dated),
        undated=documents.undated(),
        earliest=int(times.earliest[dated].min()) if dated.any() else None,
        latest=int(times.latest[dated].max()) if dated.any() else None,
        files=files,
    )


def segment_id(digests: Sequence[str]) -> str:
    """What a segment of files of these digests, by the files' names, is called."""
    return digest(" ".join(digests).encode())[:16]


def _name(layout: Layout, folder: Path, target: Path, files: dict[str, FileEntry]) -> None:
    """What lies there already has the same bytes and may belong to a snapshot, or a writer died over it."""
    if target.exists() and _describe(target) == files:
        layout.disk.remove_folder(folder)
        return
    layout.disk.remove_folder(target)
    layout.disk.rename(folder, target)
    layout.disk.sync_folder(layout.segments)


def _describe(folder: Path) -> dict[str, FileEntry]:
    return {path.name: FileEntry(file_digest(path), path.stat().st_size) for path in sorted(folder.iterdir())}
