"""A user who corrects what was stated about a document is believed; nothing answers by the old word."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import evidence
from evidence.archive import Archive
from evidence.indexer.changes import compact
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer

Build = Callable[..., Index]
AUGUST, OCTOBER = ("2025-08", "2025-08"), ("2025-10", "2025-10")
TEXT = "Invented Bonders booked orders of 41 million dollars in the quarter."


@pytest.fixture
def source(write_folder: Callable[..., Path]) -> Path:
    return write_folder(
        {"a.txt": TEXT, "b.txt": "The ferry kept to its timetable."}, {"a.txt": {"published": "2025-08-04"}}
    )


def _state(source: Path, published: str) -> None:
    (source / "a.txt.meta.json").write_text(json.dumps({"published": published}), encoding="utf-8")


def _opened(index: Index, embedder: HashingEmbedder) -> Archive:
    return evidence.open(index.layout.root, embedder=embedder, clock=lambda: datetime(2026, 1, 15, tzinfo=UTC))


def test_a_corrected_date_replaces_the_old_one_in_search_and_counts(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    build(source)
    _state(source, "2025-10-04")
    archive = _opened(build(source), embedder)

    assert archive.search("orders", *AUGUST) == []
    assert [hit.text for hit in archive.search("orders", *OCTOBER)] == [TEXT]
    assert len(list(archive.index.documents())) == archive.index.manifest.documents == 2


def test_a_correction_taken_back_counts_again_without_embedding(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    segments = build(source).manifest.segments
    _state(source, "2025-10-04")
    build(source)
    _state(source, "2025-08-04")
    archive = _opened(build(source), embedder)

    assert [hit.text for hit in archive.search("orders", *AUGUST)] == [TEXT]
    assert archive.search("orders", *OCTOBER) == []
    assert len(archive.index.manifest.segments) == len(segments) + 1


def test_a_report_on_a_date_that_was_corrected_since_does_not_verify(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    report = _opened(build(source), embedder).ask("What orders did Invented Bonders book?", *AUGUST, llm=False)
    assert report["findings"]
    _state(source, "2025-10-04")
    problems = _opened(build(source), embedder).verify(report)

    assert any("has since been corrected" in problem for problem in problems)


def test_a_correction_is_known_when_the_index_was_written_again(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    report = _opened(build(source), embedder).ask("What orders did Invented Bonders book?", *AUGUST, llm=False)
    _state(source, "2025-10-04")
    root = build(source).layout.root
    with open_writer(root) as writer:
        assert compact(writer).documents == 1
    archive = evidence.open(root, embedder=embedder)
    assert any("has since been corrected" in problem for problem in archive.verify(report))
    assert (archive.index.manifest.documents, archive.index.check()) == (2, [])
    with open_writer(root) as writer:
        assert compact(writer).documents == 0

    _state(source, "2025-08-04")
    archive = _opened(build(source), embedder)
    assert archive.verify(report) == []
    assert [hit.text for hit in archive.search("orders", *AUGUST)] == [TEXT]


def test_the_same_bytes_elsewhere_keep_what_is_stated_there(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    (source / "copy.txt").write_text(TEXT, encoding="utf-8")
    (source / "copy.txt.meta.json").write_text('{"published": "2025-10-04"}', encoding="utf-8")
    archive = _opened(build(source), embedder)

    assert len(archive.search("orders", *AUGUST)) == len(archive.search("orders", *OCTOBER)) == 1


def test_a_correction_counts_however_the_path_is_spelt(
    source: Path, build: Build, embedder: HashingEmbedder
) -> None:
    build(source)
    _state(source, "2025-10-04")
    archive = _opened(build(source / ".." / source.name), embedder)

    assert archive.search("orders", *AUGUST) == []
    assert len(archive.search("orders", *OCTOBER)) == 1
