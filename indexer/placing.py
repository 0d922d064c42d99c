"""A folder of finished files to a segment: durable, named by its bytes, described for the manifest."""

import shutil
from pathlib import Path

from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.originals import sync_folder
from evidence.indexer.datings import NEVER
from evidence.indexer.disk import sync_files
from evidence.indexer.document_rows import DOCUMENTS, DocumentFile
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import FileEntry, SegmentEntry
from evidence.indexer.passage_rows import PASSAGES, PassageFile


def start_segment(layout: Layout) -> Path:
    """An empty folder to write a segment's files into; what a dead writer left there is gone."""
    folder = layout.segments / ".writing"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def place_segment(layout: Layout, folder: Path) -> SegmentEntry:
    """Makes the folder a segment that a manifest can name. The same files give the same segment."""
    sync_files(folder)
    files = _describe(folder)
    documents, times = DocumentFile(folder / DOCUMENTS), PassageFile(folder / PASSAGES).times
    segment_id = digest(" ".join(entry.sha256 for entry in files.values()).encode())[:16]
    _name(layout, folder, layout.segment(segment_id), files)
    dated = times.latest != NEVER
    return SegmentEntry(
        id=segment_id,
        documents=len(documents),
        passages=len(dated),
        undated=documents.undated(),
        earliest=int(times.earliest[dated].min()) if dated.any() else None,
        latest=int(times.latest[dated].max()) if dated.any() else None,
        files=files,
    )


def _name(layout: Layout, folder: Path, target: Path, files: dict[str, FileEntry]) -> None:
    """What lies there already has the same bytes and may belong to a snapshot, or a writer died over it."""
    if target.exists() and _describe(target) == files:
        shutil.rmtree(folder)
        return
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    sync_folder(layout.segments)


def _describe(folder: Path) -> dict[str, FileEntry]:
    return {path.name: FileEntry(file_digest(path), path.stat().st_size) for path in sorted(folder.iterdir())}
