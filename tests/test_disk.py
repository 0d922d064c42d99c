"""Whatever the disk does, the newest snapshot is the old one or the new one, whole, and the next run goes on.

First every single operation fails, once, in every way. Then the power goes at every point: what was not synced is
lost, kept or torn, names and bytes alike.
"""

import io
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from errno import EIO, ENOSPC
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.disk import DISK, Disk
from evidence.corpus.errors import NoIndex, StoreError
from evidence.corpus.hashing import digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.changes import collect, compact, delete, forget
from evidence.indexer.checking import check_index
from evidence.indexer.document_rows import Source
from evidence.indexer.failures import Failure
from evidence.indexer.layout import Layout
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import Writer, open_writer

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
TEXTS = [f"Company {number} reported order {number * 7} on day {number}." for number in range(6)]
FAILURES = [Failure("broken.json", "malformed", "no JSON", "broken.json")]
STATES, SHORT_STATES = 2400, 160


def cut(text: str) -> CutDocument:
    at = datetime(2025, 8, 1, tzinfo=UTC)
    dating = Dating(at, at, Precision.SECOND, Basis.META, Grade.B, zoned=True)
    document = Document(document_id(text), text, "news", text, digest(text.encode()), published=dating)
    return CutDocument(document, (Passage(0, len(text), ((0, len(text)),)),), Source(text))


def document_id(text: str) -> str:
    return digest(text.encode())[:16]


def commit(texts: Sequence[str]) -> Callable[[Writer], None]:
    """Adds those of the texts that are not held, as `index` does."""

    def step(writer: Writer) -> None:
        held = {document.id for document, _ in writer.index().documents()} if writer.manifest.number else set()
        new = [text for text in texts if document_id(text) not in held]
        for text in new:
            writer.originals.put(text.encode())
        writer.commit([cut(text) for text in new], HashingEmbedder().encode(new), FAILURES)

    return step


# What is done to one index, each step by a process of its own.
STEPS: list[Callable[[Writer], Any]] = [
    commit(TEXTS[:3]),
    commit(TEXTS[3:5]),
    lambda writer: delete(writer, [document_id(TEXTS[1])], "a court said so", AT),
    compact,
    lambda writer: collect(writer, 1),
    lambda writer: forget(writer, [document_id(TEXTS[3])], "the law", AT),
    commit(TEXTS[5:]),
]


def take(step: Callable[[Writer], Any], root: Path, disk: Disk = DISK) -> None:
    with open_writer(root, HashingEmbedder(), disk=disk) as writer:
        step(writer)


def content(root: Path) -> list[Any]:
    """All that a reader sees of the newest snapshot; nothing where there is none."""
    try:
        index = Index.open(root)
    except NoIndex:
        return []
    found = [(document, count, index.originals.get(document.original)) for document, count in index.documents()]
    return [found, index.failures(), index.manifest.deleted]


def problems(root: Path) -> tuple[str, ...]:
    """What `verify` names; nothing where there is no index yet."""
    return check_index(Layout(root)).problems if (root / "format").exists() else ()


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The index before each step, and after the last."""
    folder = tmp_path_factory.mktemp("stages")
    made = [folder / "0"]
    for number, step in enumerate(STEPS, start=1):
        made.append(folder / str(number))
        if made[-2].exists():
            shutil.copytree(made[-2], made[-1])
        take(step, made[-1])
    return made


# How an operation fails: with an error, or by writing a part and then failing, or by writing a part and saying so.
WAYS = {"ENOSPC": (ENOSPC, False), "EIO": (EIO, False), "torn ENOSPC": (ENOSPC, True), "short write": (None, True)}


class Failing(Disk):
    """A disk whose `at`-th operation fails; counts them all."""

    def __init__(self, at: int | None = None, error: int | None = None, part: bool = False) -> None:
        self.count = 0
        self.at, self.error, self.part = at, error, part

    def is_next(self) -> bool:
        self.count += 1
        return self.count == self.at

    def fail(self, path: object) -> None:
        if self.is_next() and self.error is not None:
            raise OSError(self.error, "the disk fails", str(path))

    def raw(self, path: Path) -> io.RawIOBase:
        self.fail(path)
        return FailingFile(path, self)

    def sync_file(self, file: Any) -> None:
        self.fail(file.name)
        super().sync_file(file)

    def sync_folder(self, folder: Path) -> None:
        self.fail(folder)
        super().sync_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self.fail(new)
        super().rename(old, new)

    def link(self, old: Path, new: Path) -> None:
        self.fail(new)
        super().link(old, new)

    def remove(self, path: Path) -> None:
        self.fail(path)
        super().remove(path)

    def make(self, folder: Path) -> None:
        self.fail(folder)
        super().make(folder)

    def remove_folder(self, folder: Path) -> None:
        self.fail(folder)
        super().remove_folder(folder)


class FailingFile(io.FileIO):
    def __init__(self, path: Path, disk: Failing) -> None:
        super().__init__(path, "w")
        self.disk = disk

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        if not self.disk.is_next():
            return super().write(view)
        written = super().write(view[: len(view) // 2]) if self.disk.part else 0
        if self.disk.error is not None:
            raise OSError(self.disk.error, "the disk fails", str(self.name))
        # a write of nothing would mean that the file would block
        return written or super().write(view)


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
def test_the_nth_operation_fails_and_the_old_snapshot_or_the_new_one_is_whole(
    stages: list[Path], tmp_path: Path, keep_counts: Callable[..., None], every: int
) -> None:
    tried = refused = operations = 0
    for number, (before, after) in enumerate(pairwise(stages)):
        counting = Failing()
        take(STEPS[number], copied(before, tmp_path), counting)
        operations += counting.count
        for at in range(1 + number % every, counting.count + 1, every):
            ways = list(WAYS.values()) if every == 1 else [list(WAYS.values())[at % len(WAYS)]]
            for error, part in ways:
                root, failed = copied(before, tmp_path), False
                try:
                    take(STEPS[number], root, Failing(at, error, part))
                except StoreError as refusal:
                    failed = True
                    assert refusal.hint
                assert failed is (error is not None), (number, at, error)
                assert content(root) in ([content(before), content(after)] if failed else [content(after)])
                assert (
                    not root.exists() or not (root / "format").exists() or check_index(Layout(root)).problems == ()
                )
                take(STEPS[number], root)
                assert content(root) == content(after)
                tried, refused = tried + 1, refused + failed
    keep_counts("failing-disk", every == 1, operations=operations, failures=tried, refused=refused, lost=0)


def copied(stage: Path, folder: Path) -> Path:
    root = folder / "index"
    shutil.rmtree(root, ignore_errors=True)
    if stage.exists():
        shutil.copytree(stage, root)
    return root


@dataclass(eq=False)
class File:
    """A file as it is, and as it was when it was last synced; None when it never was."""

    data: bytes = b""
    synced: bytes | None = None


@dataclass(eq=False)
class Folder:
    """Names that are on the disk, and what was done to names since: (name, what it means now or None)."""

    names: dict[str, "File | Folder"] = field(default_factory=dict)
    since: list[tuple[str, "File | Folder | None"]] = field(default_factory=list)

    def now(self) -> dict[str, "File | Folder"]:
        return applied(self.names, self.since)


def applied(
    names: dict[str, "File | Folder"], changes: Sequence[tuple[str, "File | Folder | None"]]
) -> dict[str, "File | Folder"]:
    found = dict(names)
    for name, meaning in changes:
        if meaning is None:
            found.pop(name, None)
        else:
            found[name] = meaning
    return found


class Recorded(Disk):
    """A disk that does as it is told, and calls `point` after each operation with what may be lost by then."""

    def __init__(self, top: Path, tree: Folder, point: Callable[[], None]) -> None:
        self.top, self.tree, self.point = top, tree, point

    def at(self, path: Path) -> tuple[Folder, str]:
        folder: Any = self.tree
        for part in path.relative_to(self.top).parts[:-1]:
            folder = folder.now()[part]
        return folder, path.name

    def name(self, path: Path, meaning: "File | Folder | None") -> None:
        folder, name = self.at(path)
        folder.since.append((name, meaning))
        self.point()

    def get(self, path: Path) -> Any:
        folder, name = self.at(path)
        return folder.now()[name]

    def raw(self, path: Path) -> io.RawIOBase:
        self.name(path, File())
        return RecordedFile(path, self, self.get(path))

    def sync_file(self, file: Any) -> None:
        super().sync_file(file)
        kept = self.get(Path(file.name))
        kept.synced = kept.data
        self.point()

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        kept = self.tree if folder == self.top else self.get(folder)
        kept.names, kept.since = kept.now(), []
        self.point()

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        meaning = self.get(old)
        # the two names of one renaming go together, or one of them is late
        folder, name = self.at(old)
        folder.since.append((name, None))
        self.name(new, meaning)

    def link(self, old: Path, new: Path) -> None:
        super().link(old, new)
        self.name(new, self.get(old))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.name(path, None)

    def make(self, folder: Path) -> None:
        super().make(folder)
        self.name(folder, Folder())

    def remove_folder(self, folder: Path) -> None:
        if folder.exists():
            super().remove_folder(folder)
            self.name(folder, None)


class RecordedFile(io.FileIO):
    def __init__(self, path: Path, disk: Recorded, kept: File) -> None:
        super().__init__(path, "w")
        self.disk, self.kept = disk, kept

    def write(self, data: Any) -> int:
        count = super().write(data)
        self.kept.data += bytes(memoryview(data).cast("B")[:count])
        self.disk.point()
        return count


def survive(folder: Folder, target: Path, chance: random.Random) -> None:
    """Writes what is found after the power has gone: of what was not synced, what chance leaves."""
    target.mkdir()
    changes = folder.since
    mode = chance.choice(["none", "all", "first", "some"])
    if mode == "none":
        changes = []
    elif mode == "first":
        changes = changes[: chance.randint(0, len(changes))]
    elif mode == "some":
        changes = [change for change in changes if chance.random() < 0.5]
    for name, meaning in applied(folder.names, changes).items():
        if isinstance(meaning, Folder):
            survive(meaning, target / name, chance)
        else:
            (target / name).write_bytes(remains(meaning, chance))


def remains(file: File, chance: random.Random) -> bytes:
    if file.synced == file.data:
        return file.data
    torn = file.data[: chance.randint(0, len(file.data))]
    zeros = bytes(len(file.data) - len(torn))
    return chance.choice([file.synced or b"", file.data, torn, torn + zeros])


@pytest.mark.parametrize(
    "states", [SHORT_STATES, pytest.param(STATES, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_after_a_loss_of_power_at_any_point_what_was_acknowledged_is_there(
    stages: list[Path], tmp_path: Path, keep_counts: Callable[..., None], states: int
) -> None:
    whole = [content(stage) for stage in stages]
    chance, made = random.Random(states), [0]
    points = count_points(tmp_path)

    def crash(done: int) -> None:
        for _ in range(made_at(made[0], points, states)):
            top = tmp_path / "after"
            shutil.rmtree(top, ignore_errors=True)
            survive(tree, top, chance)
            root = top / "index"
            assert content(root) in whole[done : done + 2], (done, made)
            assert problems(root) == ()
            step = STEPS[done] if done < len(STEPS) else STEPS[-1]
            take(step, root)
            assert content(root) == whole[min(done + 1, len(STEPS))]
            total[0] += 1
        made[0] += 1

    tree, total = Folder(), [0]
    top = tmp_path / "disk"
    top.mkdir()
    for done, step in enumerate(STEPS):
        take(step, top / "index", Recorded(top, tree, lambda done=done: crash(done)))
        crash(done + 1)
    keep_counts("power-loss", states == STATES, points=points, states=total[0], recovered=total[0], lost=0)
    assert total[0] >= states


def count_points(folder: Path) -> int:
    top, tree, points = folder / "counted", Folder(), []
    top.mkdir()
    for step in STEPS:
        take(step, top / "index", Recorded(top, tree, lambda: points.append(0)))
    return len(points) + len(STEPS)


def made_at(number: int, points: int, states: int) -> int:
    """How many states to look at, at this point, so that all together are `states`."""
    return -(-(number + 1) * states // points) - -(-number * states // points)
