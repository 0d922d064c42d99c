"""Repair, on request, makes a new snapshot of what is sound, and says what is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cli import run
from evidence.corpus.errors import SegmentError
from evidence.indexer.build import build_index
from evidence.indexer.layout import Layout
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers

TEXTS = {"one": "Orders rose in the quarter.", "two": "Wheat fell after rain.", "three": "Copper was steady."}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return tmp_path / "source"


@pytest.fixture
def again(source: Path, tmp_path: Path, workers: Workers) -> Callable[[], Layout]:
    def index() -> Layout:
        build_index(tmp_path / "index", [source], HashingEmbedder(), workers=workers)
        return Layout(tmp_path / "index")

    return index


@pytest.fixture
def layout(source: Path, again: Callable[[], Layout]) -> Layout:
    """Three segments of three snapshots, and a list of failures."""
    (source / "broken.json").write_text('{"text": }')
    for name, text in TEXTS.items():
        (source / f"{name}.txt").write_text(text)
        made = again()
    assert len(Index.open(made.root).segments) == 3
    return made


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def names(layout: Layout) -> set[str]:
    return {Path(document.path).stem for document, _ in Index.open(layout.root).documents()}


def repaired(layout: Layout, *options: str) -> int:
    return run(["repair", "-i", str(layout.root), *options])


def test_everything_comes_back_from_a_copy(layout: Layout, tmp_path: Path) -> None:
    copy = shutil.copytree(layout.root, tmp_path / "copy")
    for pattern in ("segments/*/vectors.npy", "originals/*/*.gz", "failures/*", "snapshots/00000003.json"):
        spoil(next(layout.root.glob(pattern)))
    (next(layout.root.glob("segments/*/terms.arrow"))).unlink()
    spoil(layout.head)
    assert repaired(layout, "--from", str(copy)) == 0
    assert (names(layout), Index.open(layout.root).check()) == (set(TEXTS), [])
    assert len(Index.open(layout.root).failures()) == 1


def test_without_a_copy_a_damaged_segment_is_left_out_and_can_be_indexed_again(
    layout: Layout, again: Callable[[], Layout], capsys: pytest.CaptureFixture[str]
) -> None:
    segment = Index.open(layout.root).segments[1].entry.id
    spoil(layout.segment(segment) / "documents.arrow")
    assert repaired(layout) == 3
    assert f"left out: segment {segment} with 1 document" in capsys.readouterr().err
    assert names(layout) == {"one", "three"}
    again()
    assert names(layout) == set(TEXTS)
    assert run(["gc", "--keep", "1", "-i", str(layout.root)]) == 0
    assert run(["verify", "-i", str(layout.root)]) == 0


def test_a_document_whose_original_is_lost_is_left_out_and_comes_back(
    layout: Layout, again: Callable[[], Layout], capsys: pytest.CaptureFixture[str]
) -> None:
    (document, _) = next(iter(Index.open(layout.root).documents()))
    Index.open(layout.root).originals.path(document.original).unlink()
    assert repaired(layout) == 3
    assert f"left out: document {document.id}" in capsys.readouterr().err
    assert len(names(layout)) == 2
    again()
    assert (names(layout), run(["verify", "-i", str(layout.root)])) == (set(TEXTS), 0)


def test_a_lost_newest_snapshot_is_told_and_the_one_before_goes_on(
    layout: Layout, again: Callable[[], Layout]
) -> None:
    layout.snapshot(3).unlink()
    with pytest.raises(SegmentError, match=r"00000003\.json is missing"):
        Index.open(layout.root)
    assert repaired(layout) == 3
    assert (names(layout), Index.open(layout.root).manifest.number) == ({"one", "two"}, 4)
    again()
    assert (names(layout), Index.open(layout.root).check()) == (set(TEXTS), [])


def test_an_earlier_snapshot_comes_back_from_a_copy_or_is_said_to_stay_damaged(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = [d.id for d, _ in Index.open(layout.root).documents() if Path(d.path).stem == "one"]
    (old,) = Index.open(layout.root).at(1).segments
    copy = shutil.copytree(layout.root, tmp_path / "copy")
    assert run(["delete", one, "--reason", "a court said so", "-i", str(layout.root)]) == 0
    assert run(["compact", "-i", str(layout.root)]) == 0
    newest = Index.open(layout.root).manifest.number
    spoil(layout.segment(old.entry.id) / "vectors.npy")
    assert repaired(layout) == 0
    assert "snapshot 1 stays damaged" in capsys.readouterr().err
    assert repaired(layout, "--from", str(copy)) == 0
    assert "is as it was: 1 file restored" in capsys.readouterr().out
    assert run(["verify", "-i", str(layout.root)]) == 0
    assert Index.open(layout.root).manifest.number == newest


def test_what_is_no_index_is_no_copy_of_one(layout: Layout, tmp_path: Path) -> None:
    assert repaired(layout, "--from", str(tmp_path / "nothing")) == 10


def test_a_sound_index_loses_nothing_and_gets_no_snapshot(layout: Layout) -> None:
    assert repaired(layout) == 0
    assert Index.open(layout.root).manifest.number == 3
    assert (names(layout), Index.open(layout.root).check()) == (set(TEXTS), [])


def test_what_was_deleted_in_a_snapshot_that_is_lost_is_said_to_be_found_again(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = [d.id for d, _ in Index.open(layout.root).documents() if Path(d.path).stem == "one"]
    assert run(["delete", one, "--reason", "a court said so", "-i", str(layout.root)]) == 0
    spoil(layout.snapshot(4))
    assert repaired(layout) == 3
    assert "what was deleted or corrected after snapshot 3 is found again" in capsys.readouterr().err
    assert names(layout) == set(TEXTS)
