"""A damaged or foreign index is refused by every command that reads the damage, by the file's name."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cli import run
from evidence.indexer.layout import FORMAT, Layout
from evidence.indexer.store import Index

TEXT = "Invented Bonders booked orders of 41 million dollars in July.\n\nLead times were 19 weeks."
SEARCH = ["search", "lead times", "--since", "2025-08", "--until", "2025-08"]
ASK = ["ask", "lead times", "--since", "2025-08", "--until", "2025-08", "--no-llm"]
SEGMENT_FILES = (
    "documents.arrow passages.arrow vectors.npy terms.arrow postings.offsets.npy postings.rows.npy "
    "postings.bodies.npy postings.heads.npy postings.lengths.npy"
).split()

Called = tuple[int, str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One note and one failure, indexed with the real embedder."""
    source = tmp_path_factory.mktemp("damage") / "source"
    source.mkdir()
    (source / "note.txt").write_text(TEXT)
    (source / "note.txt.meta.json").write_text('{"published": "2025-08-04"}')
    (source / "empty.txt").touch()
    index = source.parent / "index"
    assert run(["index", str(source), "-i", str(index)]) == 3
    return index


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Layout:
    """An index that may be damaged."""
    return Layout(Path(shutil.copytree(built, tmp_path / "copy")))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """call(index, "search", ...) -> exit code, stdout and stderr."""

    def on_index(index: Path, *arguments: str) -> Called:
        capsys.readouterr()
        code = run([*arguments, "-i", str(index)])
        return code, *capsys.readouterr()

    return on_index


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def _reads(command: list[str], name: str) -> bool:
    return name == "documents.arrow" or command[0] in {"search", "verify"}


@pytest.mark.parametrize("damage", [_flip, _shorten, Path.unlink])
@pytest.mark.parametrize("name", SEGMENT_FILES)
def test_one_wrong_byte_of_a_segment_stops_every_command_that_reads_the_file(
    copy: Layout, call: Callable[..., Called], name: str, damage: Callable[[Path], None]
) -> None:
    document = Index.open(copy.root).segments[0].ids[0]
    (path,) = copy.segments.glob(f"*/{name}")
    damage(path)
    # one search loads the embedder: once a file is enough
    searched = [SEARCH] if damage is _flip else []
    for command in [*searched, ["documents"], ["show", document], ["verify"]]:
        code, out, err = call(copy.root, *command)
        if _reads(command, name):
            assert (code, out, str(path) in err, "error: " in err) == (5, "", True, True), command
        else:
            assert (code, err) == (0, ""), command


@pytest.mark.parametrize("damage", [_flip, _shorten, Path.unlink])
def test_a_damaged_original_is_found_when_it_is_shown_cited_or_verified(
    copy: Layout, call: Callable[..., Called], damage: Callable[[Path], None]
) -> None:
    document = Index.open(copy.root).segments[0].ids[0]
    (path,) = copy.originals.rglob("*.gz")
    damage(path)
    for command in (["show", document, "--original"], ASK, ["verify"]):
        code, out, err = call(copy.root, *command)
        assert (code, out, str(path) in err) == (5, "", True), command
    assert call(copy.root, "show", document)[0] == 0


def test_a_damaged_manifest_stops_every_command(copy: Layout, call: Callable[..., Called]) -> None:
    _flip(copy.snapshot(1))
    for command in (["status"], ["documents"], ["failures"], SEARCH, ASK, ["verify"], ["index", __file__]):
        code, out, err = call(copy.root, *command)
        assert (code, out, str(copy.snapshot(1)) in err, "hint: " in err) == (5, "", True, True), command


def test_a_damaged_list_of_failures_is_found(copy: Layout, call: Callable[..., Called]) -> None:
    (path,) = copy.failures.iterdir()
    _flip(path)
    for command in ("failures", "status", "verify"):
        code, out, err = call(copy.root, command)
        assert (code, out, str(path) in err) == (5, "", True)


def test_a_file_that_is_no_snapshot_is_passed_over(copy: Layout, call: Callable[..., Called]) -> None:
    shutil.copyfile(copy.snapshot(1), copy.snapshots / "00000001 (copy).json")
    assert call(copy.root, "status")[0] == 0


def test_an_index_of_another_format_is_refused_with_both_numbers(copy: Layout, call: Callable[..., Called]) -> None:
    copy.format.write_text("9\n")
    for command in (["status"], SEARCH, ["index", __file__]):
        code, _, err = call(copy.root, *command)
        said = f"is of format 9; this program knows 4 and {FORMAT}"
        assert (code, said in err, "hint: " in err) == (1, True, True)


def test_a_manifest_of_another_format_is_refused(copy: Layout, call: Callable[..., Called]) -> None:
    row = json.loads(copy.snapshot(1).read_text())
    copy.snapshot(1).write_text(json.dumps({**row, "format": 9}))
    code, _, err = call(copy.root, "status")
    assert (code, f"is of format 9; this program knows 4 and {FORMAT}" in err) == (1, True)


def test_an_index_of_another_embedder_is_not_searched(
    call: Callable[..., Called], build: Callable[..., Index], write_folder: Callable[..., Path]
) -> None:
    index = build(write_folder({"note.txt": TEXT})).layout.root
    code, _, err = call(index, *SEARCH)
    assert (code, "was built with embedder hashing-stand-in" in err, "hint: " in err) == (12, True, True)
    assert call(index, "status")[0] == 0


@pytest.mark.parametrize("place", ["a-file", "a-file/index"])
def test_an_index_cannot_be_where_a_file_is(tmp_path: Path, call: Callable[..., Called], place: str) -> None:
    (tmp_path / "a-file").write_text(TEXT)
    assert call(tmp_path / place, "status")[0] == 10
    code, _, err = call(tmp_path / place, "index", __file__)
    assert (code, err.startswith("error: ")) == (1, True)
    assert (tmp_path / "a-file").read_text() == TEXT


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, call: Callable[..., Called]) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")
    code, _, err = call(tmp_path, "index", __file__)
    assert (code, "choose a new folder with -i" in err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
