"""The index on disk: commits are whole, damage is named, one writer, and a dead one leaves no trace."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from evidence.corpus.errors import FormatError, Locked, ModelMismatch, NoIndex, NotFound, SegmentError, StoreError
from evidence.indexer import postings, stories
from evidence.indexer.build import build_index
from evidence.indexer.changes import collect, compact, delete, forget
from evidence.indexer.checking import check_index
from evidence.indexer.document_rows import DOCUMENTS
from evidence.indexer.layout import FORMAT, Layout
from evidence.indexer.manifest import Manifest
from evidence.indexer.passage_rows import PASSAGES
from evidence.indexer.segment import VECTORS
from evidence.indexer.snapshots import Head, numbers
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import is_being_written, open_writer

NOW = datetime(2026, 1, 15, tzinfo=UTC)

FILES = {
    "one.json": '{"text": "BESI orders rose in the quarter.", "title": "Orders", "date": "2025-08-01"}',
    "two.txt": "Wheat fell after rain.",
    "three.md": "# Tools\n\nDie attach tools ship in May.\n\n# Prices\n\nPrices held.",
    "broken.json": '{"text": }',
}
SIDECARS = {"two.txt": {"published": "2025-07"}}
SEGMENT_FILES = [DOCUMENTS, PASSAGES, VECTORS, *postings.FILES, *stories.FILES]


@pytest.fixture
def source(write_folder: Callable[..., Path]) -> Path:
    return write_folder(FILES, SIDECARS)


@pytest.fixture
def layout(source: Path, build: Callable[..., Index]) -> Layout:
    return build(source).layout


def content(index: Index) -> list[object]:
    """Everything that a reader can see of a snapshot."""
    return [*index.documents(), *index.failures(), index.manifest]


def flip_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def only_file(folder: Path, pattern: str) -> Path:
    [path] = folder.glob(pattern)
    return path


def test_what_is_written_can_be_read_again(layout: Layout) -> None:
    index = Index.open(layout.root)
    documents = {document.path.rsplit("/", 1)[-1]: (document, count) for document, count in index.documents()}
    assert {name: count for name, (_, count) in documents.items()} == {"one.json": 1, "two.txt": 1, "three.md": 2}
    assert documents["two.txt"][0].text == FILES["two.txt"]
    assert index.document(documents["two.txt"][0].id) == documents["two.txt"][0]
    assert [failure.status for failure in index.failures()] == ["malformed"]
    assert (index.manifest.documents, index.manifest.passages, index.check()) == (3, 4, [])
    assert set(index.segments[0].entry.files) == {path.name for path in layout.segments.glob("*/*")}
    with pytest.raises(NotFound, match="0123456789abcdef"):
        index.document("0123456789abcdef")


@pytest.mark.parametrize("name", SEGMENT_FILES)
@pytest.mark.parametrize("damage", [flip_byte, Path.unlink])
def test_damage_to_a_segment_is_found_and_refused(
    layout: Layout, name: str, damage: Callable[[Path], None]
) -> None:
    path = only_file(layout.segments, f"*/{name}")
    damage(path)
    index = Index.open(layout.root)
    assert [str(path) in line for line in index.check()] == [True]
    with pytest.raises(SegmentError) as refused:
        assert [(s.documents, s.passages, s.vectors, s.postings, s.stories) for s in index.segments]
    assert str(path) in str(refused.value) and "copy" in refused.value.hint


def test_a_manifest_with_any_bit_flipped_or_its_end_lost_is_refused(
    layout: Layout, embedder: HashingEmbedder
) -> None:
    path = layout.snapshot(1)
    data = path.read_bytes()
    for at, bit in product(range(len(data)), range(8)):
        with pytest.raises(StoreError):
            Manifest.from_bytes(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :], path)
    path.write_bytes(data[:-40])
    with pytest.raises(SegmentError, match=r"00000001\.json is damaged"):
        Index.open(layout.root)
    with pytest.raises(SegmentError, match=r"00000001\.json is damaged"), open_writer(layout.root, embedder):
        pass


@pytest.mark.parametrize("damage", [flip_byte, Path.unlink])
def test_a_damaged_list_of_failures_is_found_and_refused(layout: Layout, damage: Callable[[Path], None]) -> None:
    path = only_file(layout.failures, "*.jsonl")
    damage(path)
    index = Index.open(layout.root)
    assert [str(path) in line for line in index.check()] == [True]
    with pytest.raises(SegmentError, match=path.name):
        index.failures()


def test_damaged_originals_are_found(layout: Layout) -> None:
    paths = sorted(layout.originals.glob("*/*.gz"))
    flip_byte(paths[0])
    paths[1].unlink()
    assert {p for p in paths for line in Index.open(layout.root).check() if str(p) in line} == set(paths[:2])


def test_another_format_is_refused(layout: Layout, embedder: HashingEmbedder) -> None:
    ours, other = (f'"format": {number}'.encode() for number in (FORMAT, FORMAT + 1))
    layout.snapshot(1).write_bytes(layout.snapshot(1).read_bytes().replace(ours, other))
    with pytest.raises(FormatError, match=f"format {FORMAT + 1}"):
        Index.open(layout.root)
    layout.format.write_text("7\n")
    with pytest.raises(FormatError, match="format 7") as refused:
        Index.open(layout.root)
    assert "index the sources again" in refused.value.hint
    with pytest.raises(FormatError, match="format 7"), open_writer(layout.root, embedder):
        pass


def test_vectors_of_another_embedder_are_refused(layout: Layout, source: Path) -> None:
    with pytest.raises(ModelMismatch, match="64-hashing"):
        Index.open(layout.root).require(HashingEmbedder(32))
    with pytest.raises(ModelMismatch, match="32-hashing"):
        build_index(layout.root, [source], HashingEmbedder(32))
    Index.open(layout.root).require(HashingEmbedder())


def test_a_second_writer_is_told_who_writes_and_readers_are_not_kept_out(
    layout: Layout, source: Path, embedder: HashingEmbedder
) -> None:
    with open_writer(layout.root, embedder):
        with pytest.raises(Locked, match=f"process {os.getpid()}"):
            build_index(layout.root, [source], embedder)
        assert Index.open(layout.root).manifest.documents == 3
    assert build_index(layout.root, [source], embedder).skipped == 3


def test_a_folder_that_is_no_index_is_left_alone(tmp_path: Path, source: Path, embedder: HashingEmbedder) -> None:
    before = sorted(source.rglob("*"))
    for root in (source, source / "one.json"):
        with pytest.raises(FormatError, match="not an index"):
            build_index(root, [source], embedder)
        with pytest.raises(NoIndex):
            Index.open(root)
    with pytest.raises(NoIndex, match="no index at"):
        Index.open(tmp_path / "nowhere")
    with open_writer(tmp_path / "new", embedder), pytest.raises(NoIndex, match="holds nothing yet"):
        Index.open(tmp_path / "new")
    assert sorted(source.rglob("*")) == before


def test_leftovers_of_a_dead_writer_change_nothing(
    layout: Layout, source: Path, build: Callable[..., Index]
) -> None:
    before = content(Index.open(layout.root))
    shutil.copytree(only_file(layout.segments, "*"), layout.segments / "0123456789abcdef")
    (layout.segments / ".writing").mkdir()
    (layout.segments / ".writing" / DOCUMENTS).write_bytes(b"half a f")
    for path in (layout.head, layout.format, layout.snapshot(2), layout.failure_list("ab" * 32)):
        path.with_name(f"{path.name}.tmp").write_bytes(b"{")
    index = Index.open(layout.root)
    assert (content(index), index.check()) == (before, [])
    (source / "new.txt").write_text("A new text of its own.")
    assert build(source).manifest.documents == 4


@pytest.mark.parametrize("made", [["segments"], ["originals", "segments", "snapshots", "failures"]])
def test_a_writer_that_died_while_making_the_index_is_no_hindrance(
    tmp_path: Path, source: Path, build: Callable[..., Index], made: list[str]
) -> None:
    for name in made:
        (tmp_path / "index" / name).mkdir(parents=True)
    (tmp_path / "index" / "format.tmp").write_bytes(b"")
    assert build(source).manifest.documents == 3


def test_a_commit_is_all_or_nothing_and_readers_keep_their_snapshot(
    layout: Layout, source: Path, embedder: HashingEmbedder
) -> None:
    """The manifest cannot be replaced, so nothing of the run may show."""
    old = Index.open(layout.root)
    before = content(old)
    (source / "new.txt").write_text("A new text of its own.")
    blocker = layout.snapshots / "00000002.json.tmp"
    blocker.mkdir()
    with pytest.raises(StoreError, match="Is a directory"):
        build_index(layout.root, [source], embedder)
    assert content(Index.open(layout.root)) == before
    blocker.rmdir()
    assert build_index(layout.root, [source], embedder).added == 1
    assert (content(old), old.check()) == (before, [])


def test_a_snapshot_of_another_index_is_not_opened_in_the_place_of_the_next(
    tmp_path: Path, write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    source = write_folder({"a.txt": "Orders rose.", "b.txt": "Wheat fell."})
    one, other = (build(source, name=name).layout for name in ("one", "other"))
    first, second = sorted(document.id for document, _ in Index.open(one.root).documents())
    for layout, gone in ((one, first), (other, second)):
        with open_writer(layout.root) as writer:
            delete(writer, [gone], "a court said so", NOW)
    with open_writer(one.root) as writer:
        compact(writer)
    assert Index.open(one.root).check() == []

    shutil.copy(one.snapshot(3), other.snapshot(3))
    with pytest.raises(SegmentError, match="does not follow"):
        Index.open(other.root)
    shutil.copy(other.snapshot(2), one.snapshot(2))
    assert Index.open(one.root).check() == [f"{one.snapshot(2)} is not the one that {one.snapshot(3)} follows"]


def test_an_index_lies_under_any_name_that_the_system_takes(
    tmp_path: Path, write_folder: Callable[..., Path], embedder: HashingEmbedder
) -> None:
    root = tmp_path / os.fsdecode(b"d\nname\xff\xfe")
    build_index(root, [write_folder({"a.txt": "Orders rose."})], embedder)
    index = Index.open(root)
    (document,) = [document for document, _ in index.documents()]
    assert (document.text, index.check()) == ("Orders rose.", [])


def test_gc_takes_nothing_from_who_checks_the_index(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    """As where `gc` runs in the middle of a check: what it may take is decided by who reads."""
    layout = build(write_folder({"a.txt": "Orders rose.", "b.txt": "Wheat fell."})).layout
    with open_writer(layout.root) as writer:
        delete(
            writer,
            [min(d.id for d, _ in Index.open(layout.root).documents())],
            "x",
            datetime(2026, 1, 15, tzinfo=UTC),
        )
    swept = []

    class Swept(Layout):
        @property
        def failures(self) -> Path:
            if not swept:
                with open_writer(layout.root) as writer:
                    swept.append(collect(writer, 1))
            return super().failures

    assert check_index(Swept(layout.root)).problems == ()
    assert swept[0].snapshots == () and swept[0].read == 1
    assert not is_being_written(layout)
    with open_writer(layout.root):
        assert is_being_written(layout)


def test_a_writer_sets_right_what_is_newest_before_it_goes_on(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    """As where writers were killed between a snapshot and `newest`, and the snapshots between were given up."""
    layout = build(write_folder({"a.txt": "Orders rose.", "b.txt": "Wheat fell."})).layout
    behind = layout.head.read_bytes()
    first, second = sorted(document.id for document, _ in Index.open(layout.root).documents())
    with open_writer(layout.root) as writer:
        delete(writer, [first], "a court said so", NOW)
        forget(writer, [second], "the law", NOW)
    assert numbers(layout) == [3]
    layout.head.write_bytes(behind)
    assert Index.open(layout.root).manifest.number == 3
    with open_writer(layout.root):
        head = Head.read(layout)
        assert head is not None and head.newest == 3
    assert Index.open(layout.root).check() == []
