"""Damage of any file of an index, anywhere in it, is named by `verify`, and gives no wrong answer before it is."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.cli import run
from evidence.corpus.errors import EvidenceError, UsageError
from evidence.indexer.build import build_index
from evidence.indexer.changes import compact, delete
from evidence.indexer.checking import Subset, check_index
from evidence.indexer.layout import Layout
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers
from evidence.indexer.writer import open_writer

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
WINDOW = {"since": "2025-08-01", "until": "2025-08-31"}
QUESTION = "Which orders did Invented Bonders book?"
WHOLE, SHORT = 1000, 63

Kind = Callable[[Path, Path, random.Random], list[Path]]


@dataclass(frozen=True)
class Archived:
    """An index, a folder for its run log, and what it answers while it is sound."""

    root: Path
    runs: Path

    def answer(self) -> list[Any]:
        archive = evidence.open(self.root, runs=self.runs, embedder=HashingEmbedder(), clock=lambda: AT)
        report = archive.ask(QUESTION, llm=False, **WINDOW)
        said = {key: value for key, value in report.items() if key not in {"run", "sha256"}}
        hits = [(hit.id, hit.text, hit.score) for hit in archive.search("orders lead times", **WINDOW)]
        return [json.dumps(said, default=str), hits, [document for document, _ in archive.index.documents()]]

    def files(self) -> list[Path]:
        """All that is written but the lock, which says nothing."""
        return sorted(path for path in self.root.rglob("*") if path.is_file() and path.name != "lock")


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Archived:
    """Segments of two commits, failures, a deletion, and what `compact` wrote beside what it replaced."""
    folder = tmp_path_factory.mktemp("damage")
    source, root = folder / "source", folder / "index"
    source.mkdir()
    for number in range(8):
        text = f"Invented Bonders booked order {number} of {number * 7} million. Lead times were {number} weeks."
        (source / f"{number}.txt").write_text(text)
        (source / f"{number}.txt.meta.json").write_text('{"published": "2025-08-04"}')
        (source / f"broken{number // 4}.json").write_text('{"text": }')
        if number in {3, 7}:
            build_index(root, [source], HashingEmbedder(), workers=workers)
    with open_writer(root) as writer:
        delete(writer, [Index.open(root).segments[0].ids[0]], "a court said so", AT)
        compact(writer)
    made = Archived(root, folder / "runs")
    assert len({path.parent.name for path in made.files() if path.name == "vectors.npy"}) == 3
    return made


def change_byte(path: Path, other: Path, chance: random.Random) -> list[Path]:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    return [path]


def flip_bit(path: Path, other: Path, chance: random.Random) -> list[Path]:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return [path]


def shorten(path: Path, other: Path, chance: random.Random) -> list[Path]:
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])
    return [path]


def append(path: Path, other: Path, chance: random.Random) -> list[Path]:
    with path.open("ab") as file:
        file.write(chance.choice([b"\0", b"\n", chance.randbytes(chance.randrange(1, 600))]))
    return [path]


def erase_block(path: Path, other: Path, chance: random.Random) -> list[Path]:
    """Zeros in place of what was there, as a lost sector reads."""
    data = path.read_bytes()
    at = chance.randrange(len(data))
    lost = data[:at] + bytes(len(data[at : at + 512])) + data[at + 512 :]
    path.write_bytes(lost if lost != data else data + b"\0")
    return [path]


def remove(path: Path, other: Path, chance: random.Random) -> list[Path]:
    path.unlink()
    return [path]


def swap(path: Path, other: Path, chance: random.Random) -> list[Path]:
    mine, others = path.read_bytes(), other.read_bytes()
    path.write_bytes(others)
    other.write_bytes(mine)
    return [path, other]


def overwrite(path: Path, other: Path, chance: random.Random) -> list[Path]:
    path.write_bytes(other.read_bytes())
    return [path]


def add_foreign(path: Path, other: Path, chance: random.Random) -> list[Path]:
    foreign = path.with_name(f"{path.stem}-{chance.randrange(1000)}{path.suffix}")
    foreign.write_bytes(path.read_bytes())
    return [foreign]


KINDS = (change_byte, flip_bit, shorten, append, erase_block, remove, swap, overwrite, add_foreign)


@contextmanager
def put_back(archived: Archived) -> Iterator[None]:
    held = {path: path.read_bytes() for path in archived.files()}
    try:
        yield
    finally:
        for path in set(archived.files()) - held.keys():
            path.unlink()
        for path, data in held.items():
            path.write_bytes(data)


def damage(archived: Archived, kind: Kind, chance: random.Random) -> list[Path]:
    """Each kind of file as often as every other, however many there are of it."""
    files = archived.files()
    names = sorted({kind_of(path, archived.root) for path in files})
    name = chance.choice(names)
    path = chance.choice([path for path in files if kind_of(path, archived.root) == name])
    other = chance.choice([one for one in files if one.read_bytes() != path.read_bytes()])
    return kind(path, other, chance)


def kind_of(path: Path, root: Path) -> str:
    folder = path.relative_to(root).parts[0]
    return path.name if folder == "segments" else folder


@pytest.mark.parametrize("count", [SHORT, pytest.param(WHOLE, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
def test_every_damage_is_named_and_none_gives_a_wrong_answer(
    archived: Archived, capsys: pytest.CaptureFixture[str], keep_counts: Callable[..., None], count: int
) -> None:
    chance, answers = random.Random(count), {"refused": 0, "answered_right": 0}
    right = archived.answer()
    for number in range(count):
        with put_back(archived):
            paths = damage(archived, KINDS[number % len(KINDS)], chance)
            capsys.readouterr()
            code = run(["verify", "-i", str(archived.root)])
            said = capsys.readouterr().err
            assert (code, [str(path) in said for path in paths]) == (5, [True] * len(paths)), (number, paths, said)
            try:
                assert archived.answer() == right, (number, paths)
                answers["answered_right"] += 1
            except EvidenceError:
                answers["refused"] += 1
    assert check_index(Layout(archived.root)).problems == ()
    assert min(answers.values()) > count // 10
    keep_counts("damage", count == WHOLE, damages=count, named=count, **answers, wrong_answers=0, tracebacks=0)


def test_a_swapped_file_is_told_whose_it_is(archived: Archived) -> None:
    one, other = sorted(archived.root.glob("segments/*/vectors.npy"))[:2]
    with put_back(archived):
        swap(one, other, random.Random(0))
        problems = check_index(Layout(archived.root)).problems
    assert set(problems) == {f"{one} is damaged: it is {other}", f"{other} is damaged: it is {one}"}


def test_seven_parts_read_what_the_whole_reads_and_find_what_it_finds(archived: Archived) -> None:
    layout = Layout(archived.root)
    with put_back(archived):
        for path in [*archived.root.glob("segments/*/terms.arrow"), *archived.root.glob("originals/*/*.gz")]:
            append(path, path, random.Random(0))
        whole = check_index(layout)
        parts = [check_index(layout, Subset(part, 7)) for part in range(1, 8)]
    assert sorted(line for part in parts for line in part.problems) == sorted(whole.problems)
    assert len(whole.problems) == 11
    assert max(part.bytes for part in parts) < whole.bytes


@pytest.mark.parametrize("text", ["0/7", "8/7", "1", "1/", "a/b", "1/7/2", "-1/7", ""])
def test_a_part_that_cannot_be_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="is no part"):
        Subset.parse(text)


def test_what_a_writer_that_died_left_is_told_apart_from_damage(
    archived: Archived, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = Layout(archived.root)
    (layout.segments / "0123456789abcdef").mkdir()
    (layout.originals / "ab").mkdir(exist_ok=True)
    half = layout.originals / "ab" / f"{'ab' * 32}.tmp"
    half.write_bytes(b"half a p")
    try:
        assert run(["verify", "-i", str(archived.root)]) == 0
        assert "note: 2 files left by a writer that died: `evidence gc` removes them" in capsys.readouterr().err
    finally:
        (layout.segments / "0123456789abcdef").rmdir()
        half.unlink()
