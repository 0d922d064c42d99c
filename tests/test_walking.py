"""What lies under a source: links, folders that cannot be listed, and an index of ours."""

from collections.abc import Callable
from pathlib import Path

from evidence.corpus.errors import DocumentError
from evidence.corpus.sources import read_records
from evidence.corpus.walking import find_files, find_orphans
from evidence.indexer.store import Index


def _names(source: Path) -> list[str]:
    return [path.name for path in find_files([source])]


def test_linked_folders_are_followed_and_a_loop_ends(tmp_path: Path) -> None:
    source, elsewhere = tmp_path / "source", tmp_path / "elsewhere"
    source.mkdir()
    elsewhere.mkdir()
    (elsewhere / "note.txt").write_text("Orders rose.", encoding="utf-8")
    (source / "linked").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(source)

    assert _names(source) == ["note.txt"]


def test_a_link_to_nothing_is_a_failure_and_not_a_silence(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")

    (path,) = find_files([tmp_path])
    (error,) = read_records(path)

    assert isinstance(error, DocumentError)
    assert error.status == "unreadable"


def test_an_index_inside_its_own_source_is_not_a_document(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    source = write_folder({"a.txt": "Orders rose by a third in July."})
    build(source, name="source/evidence-index")

    again = build(source, name="source/evidence-index")

    assert again.manifest.documents == 1
    assert again.failures() == []


def test_a_page_that_breaks_its_reader_does_not_stop_the_others(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    lines = [
        '{"text": "Orders rose.", "date": "Thu, 01 Jan 1601 00:00:00 GMT"}',
        '{"text": "Orders fell.", "title": "\\ud800"}',
    ]
    index = build(write_folder({"export.jsonl": "\n".join(lines), "b.txt": "Good words."}))

    assert index.manifest.documents + len(index.failures()) == 3
    assert index.manifest.documents >= 2


def test_a_sidecar_beside_no_document_is_named(write_folder: Callable[..., Path]) -> None:
    source = write_folder({"a.txt": "Orders rose."}, {"a": {"published": "2025-08-04"}})

    assert [path.name for path in find_orphans(find_files([source]))] == ["a.meta.json"]
