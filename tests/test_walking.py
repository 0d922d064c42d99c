"""What lies under a source: links, folders that cannot be listed, and an index of ours."""

import gzip
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.sniffing import HEAD_BYTES, Media
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


def test_a_sidecar_whose_document_was_not_asked_for_is_no_orphan(write_folder: Callable[..., Path]) -> None:
    source = write_folder({"a.txt": "Orders rose.", "b.txt": "Orders fell."}, {"b.txt": {"published": "2025"}})

    assert find_orphans(find_files([source / "a.txt"])) == []


def test_what_is_no_file_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    for source in ([tmp_path], [tmp_path / "pipe", tmp_path / "socket"]):
        errors = [error for path in find_files(source) for error in read_records(path)]
        assert [getattr(error, "status", None) for error in errors] == ["unsupported"] * 2
        reasons = [getattr(error, "reason", "").partition(" and ")[0] for error in errors]
        assert reasons == ["a pipe", "a socket"]
    (error,) = read_records(Path("/dev/null"))
    assert isinstance(error, DocumentError)
    assert (error.status, "device" in error.reason) == ("unsupported", True)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
@pytest.mark.parametrize(
    ("text", "media"),
    [
        (b"Orders rose by a third in July.", Media.TEXT),
        (b"<html><p>Orders rose.</p></html>", Media.HTML),
        (b'{"title": "Orders", "text": "Orders rose."}', Media.ARTICLE),
    ],
)
def test_blanks_before_a_document_are_not_the_document(
    tmp_path: Path, pack: Callable[[bytes], bytes], text: bytes, media: Media
) -> None:
    for blanks in (1, HEAD_BYTES - 2, HEAD_BYTES, 3 * HEAD_BYTES + 5):
        (tmp_path / "a").write_bytes(pack(b" \n" * (blanks // 2) + b" " + text))
        (record,) = read_records(tmp_path / "a")
        assert isinstance(record, Record)
        assert record.media is media


def test_a_file_of_blanks_alone_says_that_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b" " * 3 * HEAD_BYTES)
    (error,) = read_records(tmp_path / "a")
    assert isinstance(error, DocumentError)
    assert (error.status, error.reason) == ("empty", "it holds nothing but blanks")
