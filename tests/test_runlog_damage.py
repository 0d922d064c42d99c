"""Every edit, loss and swap in a run log is found, and every cut and rewriting against a remembered head."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import evidence
from evidence.archive import Archive
from evidence.corpus.hashing import digest
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.workers import Workers
from evidence.runlog.checking import check_log
from evidence.runlog.entry import NOTHING, Entry, numbered
from evidence.runlog.log import RunLog

EDITS, CUTS, KILLS = 1000, 100, 100
SHORT_EDITS, SHORT_CUTS, SHORT_KILLS = 150, 30, 5
# What one takes, about: the instants to be killed at.
RECORD_SECONDS = 0.02
RECORDS = 24
# A document that two records name, which are erased.
GONE = "feedfeedfeedfeed"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

Edit = Callable[[random.Random, RunLog], str]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Archive:
    """An archive whose log has records of answers, of views and of an erasure."""
    folder = tmp_path_factory.mktemp("log")
    (folder / "source").mkdir()
    for number in range(3):
        text = f"SARQ said that its order backlog rose to {40 + number} tools in month {number}."
        (folder / "source" / f"{number}.txt").write_text(text)
        (folder / "source" / f"{number}.txt.meta.json").write_text(f'{{"published": "2025-08-0{number + 1}"}}')
    build_index(folder / "index", [folder / "source"], HashingEmbedder(), workers=workers)
    archive = evidence.open(folder / "index", embedder=HashingEmbedder(), clock=lambda: NOW)
    for number in range(RECORDS - 3):
        day = f"2025-08-0{number % 3 + 1}"
        archive.ask(f"SARQ order backlog {number}", day, day, llm=False)
    for _ in range(2):
        archive.recorder.record(archive.index, "view", {"document_id": GONE})
    assert archive.recorder.record_erasure(archive.index, "forget", {"documents": [GONE]}, [GONE]).number == RECORDS
    return archive


def files(log: RunLog) -> list[Path]:
    return sorted(path for root in (log.chain, log.payloads) for path in root.rglob("*.json"))


def entries(log: RunLog) -> list[Entry]:
    return list(log.entries())


def _write(log: RunLog, entry: Entry) -> None:
    (log.chain / "0000" / f"{numbered(entry.number)}-{entry.head}.json").write_bytes(entry.to_bytes())


def _flip(dice: random.Random, log: RunLog) -> str:
    path = dice.choice(files(log))
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    return f"a bit of {path.name}"


def _overwrite(dice: random.Random, log: RunLog) -> str:
    path = dice.choice(files(log))
    data = bytearray(path.read_bytes())
    at = dice.randrange(len(data))
    old = bytes(data[at : at + 16])
    data[at : at + len(old)] = bytes(byte ^ dice.randrange(1, 256) for byte in old)
    path.write_bytes(data)
    return f"bytes of {path.name}"


def _truncate(dice: random.Random, log: RunLog) -> str:
    path = dice.choice(files(log))
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])
    return f"the end of {path.name}"


def _append(dice: random.Random, log: RunLog) -> str:
    path = dice.choice(files(log))
    path.write_bytes(path.read_bytes() + dice.choice([b"\n", b" ", b"\x00", dice.randbytes(20)]))
    return f"more in {path.name}"


def _delete(dice: random.Random, log: RunLog) -> str:
    # without its last entry a log ends where a writer may have died: that is a cut, not an edit
    last = log.chain / "0000" / f"{numbered(RECORDS)}-{entries(log)[-1].head}.json"
    path = dice.choice([path for path in files(log) if path != last])
    path.unlink()
    return f"{path.name} is gone"


def _swap(dice: random.Random, log: RunLog) -> str:
    first, second = dice.sample(files(log), 2)
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)
    return f"{first.name} and {second.name} are swapped"


def _rename(dice: random.Random, log: RunLog) -> str:
    path = dice.choice(files(log))
    number = dice.choice([n for n in range(1, RECORDS + 9) if numbered(n) != path.name[:6]])
    path.rename(path.with_name(f"{numbered(number)}{path.name[6:]}"))
    return f"{path.name} is called {number}"


def _copy(dice: random.Random, log: RunLog) -> str:
    path = dice.choice([path for path in files(log) if path.is_relative_to(log.chain)])
    number = dice.randrange(1, RECORDS + 9)
    target = path.with_name(f"{numbered(number)}{path.name[6:]}")
    if target == path:
        target = path.with_name(f"{numbered(RECORDS + 4)}{path.name[6:]}")
    shutil.copyfile(path, target)
    return f"{path.name} a second time as {number}"


def _plant(dice: random.Random, log: RunLog) -> str:
    root = dice.choice([log.chain, log.payloads])
    name = dice.choice(["notes.txt", f"{numbered(3)}-{'0' * 63}.json", f"{numbered(3)}-{'0' * 64}.json"])
    (root / "0000" / name).write_text("planted")
    return f"{name} in {root.name}"


def _rewrite(dice: random.Random, log: RunLog) -> str:
    """As a forger would who renames what he changed, but goes no further: the next entry tells."""
    entry = dice.choice(entries(log)[:-1])
    (log.chain / "0000" / f"{numbered(entry.number)}-{entry.head}.json").unlink()
    changed = dice.choice(
        [
            replace(entry, who=replace(entry.who, user="nobody")),
            replace(entry, at=entry.at - timedelta(days=dice.randrange(1, 400))),
            replace(entry, verb="view" if entry.verb == "ask" else "ask"),
            replace(entry, snapshot=entry.snapshot + 1),
        ]
    )
    _write(log, changed)
    return f"entry {entry.number} says something else under its own digest"


def _rewrite_payload(dice: random.Random, log: RunLog) -> str:
    """The payload and the entry that names it, and no entry after it."""
    entry = dice.choice([one for one in entries(log)[:-1] if log.payload(one)])
    old = log.payloads / "0000" / f"{numbered(entry.number)}-{entry.payload}.json"
    data = old.read_bytes().replace(b"backlog", b"backlug")
    old.unlink()
    (log.chain / "0000" / f"{numbered(entry.number)}-{entry.head}.json").unlink()
    old.with_name(f"{numbered(entry.number)}-{digest(data)}.json").write_bytes(data)
    _write(log, replace(entry, payload=digest(data)))
    return f"payload {entry.number} says something else"


KINDS: tuple[Edit, ...] = (
    *(_flip, _overwrite, _truncate, _append, _delete, _swap, _rename, _copy, _plant, _rewrite, _rewrite_payload),
)


_SOAK = [pytest.mark.soak, pytest.mark.timeout(1800)]


@pytest.fixture(params=[False, pytest.param(True, marks=_SOAK)], ids=["short", "whole"])
def whole(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_random_edits_of_the_log_are_all_found(
    archive: Archive, tmp_path: Path, whole: bool, keep_counts: Callable[..., None]
) -> None:
    trials = EDITS if whole else SHORT_EDITS
    found = 0
    for trial in range(trials):
        log = RunLog(Path(shutil.copytree(archive.recorder.log.folder, tmp_path / str(trial))))
        said = KINDS[trial % len(KINDS)](random.Random(trial), log)
        assert check_log(log).problems, f"trial {trial}: {said}"
        found += 1
        shutil.rmtree(log.folder)
    keep_counts("run-log-edits", whole, edits=trials, kinds=len(KINDS), found=found)


def _remove(log: RunLog, entry: Entry) -> None:
    for root, name in ((log.chain, entry.head), (log.payloads, entry.payload)):
        (root / "0000" / f"{numbered(entry.number)}-{name}.json").unlink(missing_ok=True)


def _cut_off(dice: random.Random, log: RunLog) -> str:
    kept = dice.randrange(RECORDS)
    for entry in entries(log)[kept:]:
        _remove(log, entry)
    return f"all after {kept} are cut off"


def _cut_off_and_go_on(dice: random.Random, log: RunLog, archive: Archive) -> str:
    said = _cut_off(dice, log)
    other = evidence.open(archive.index.layout.root, runs=log.folder, clock=lambda: NOW)
    for _ in range(dice.randrange(1, 2 * RECORDS)):
        other.recorder.record(other.index, "view", {})
    return f"{said}, and others written"


def _chain_anew(log: RunLog, kept: list[Entry]) -> None:
    """A whole new chain, sound in itself, of these entries: what a forger does who knows how."""
    held = [(entry, log.payloads / "0000" / f"{numbered(entry.number)}-{entry.payload}.json") for entry in kept]
    data = [(entry, path.read_bytes() if path.exists() else None) for entry, path in held]
    for entry in entries(log):
        _remove(log, entry)
    previous = NOTHING
    for number, (entry, payload) in enumerate(data, start=1):
        anew = replace(entry, number=number, previous=previous, erases=())
        _write(log, anew)
        if payload is not None:
            (log.payloads / "0000" / f"{numbered(number)}-{entry.payload}.json").write_bytes(payload)
        previous = anew.head


def _reorder(dice: random.Random, log: RunLog) -> str:
    kept = [entry for entry in entries(log) if log.payload(entry) is not None]
    first, second = sorted(dice.sample(range(len(kept)), 2))
    kept[first], kept[second] = kept[second], kept[first]
    _chain_anew(log, kept)
    return f"{first} and {second} in another order"


def _leave_out(dice: random.Random, log: RunLog) -> str:
    kept = [entry for entry in entries(log) if log.payload(entry) is not None]
    del kept[dice.randrange(len(kept))]
    _chain_anew(log, kept)
    return "one left out"


def test_cuts_and_rewritings_are_all_found_against_a_remembered_head(
    archive: Archive, tmp_path: Path, whole: bool, keep_counts: Callable[..., None]
) -> None:
    trials, found, sound = CUTS if whole else SHORT_CUTS, 0, 0
    head = check_log(archive.recorder.log).head
    kinds: list[Edit] = [_cut_off, lambda dice, log: _cut_off_and_go_on(dice, log, archive), _reorder, _leave_out]
    for trial in range(trials):
        log = RunLog(Path(shutil.copytree(archive.recorder.log.folder, tmp_path / str(trial))))
        said = kinds[trial % len(kinds)](random.Random(trial), log)
        sound += not check_log(log).problems
        problems = check_log(log, [head]).problems
        assert any("remembered head" in line for line in problems), f"trial {trial}: {said}"
        found += 1
        shutil.rmtree(log.folder)
    # without a memory a chain that was cut or written anew can be as good as any: that is what it cannot show
    assert sound > 0
    keep_counts("run-log-cuts", whole, cuts=trials, found=found, found_without_a_remembered_head=trials - sound)


_APPENDS = """
import sys
import evidence
archive = evidence.open(sys.argv[1], runs=sys.argv[2])
while True:
    print(archive.recorder.record(archive.index, "view", {"document_id": "0" * 16}).head, flush=True)
"""


def _kill_one(archive: Archive, runs: Path, dice: random.Random) -> list[str]:
    """The heads that a process had acknowledged when it was killed, at some instant of a later record."""
    command = [sys.executable, "-c", _APPENDS, str(archive.index.layout.root), str(runs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heads = [process.stdout.readline() for _ in range(dice.randrange(1, 6))]
        until = time.perf_counter() + dice.random() * RECORD_SECONDS
        while time.perf_counter() < until:
            pass
        process.kill()
        heads += process.stdout.readlines()
    return [head.strip() for head in heads if head.endswith("\n")]


@pytest.mark.parametrize("kills", [SHORT_KILLS, pytest.param(KILLS, marks=_SOAK)])
def test_a_process_that_is_killed_at_any_instant_loses_no_record_that_it_acknowledged(
    archive: Archive, tmp_path: Path, kills: int, keep_counts: Callable[..., None]
) -> None:
    log, dice, acknowledged, leftovers = RunLog(tmp_path / "runs"), random.Random(1), 0, 0
    remembered: list[str] = []
    for _ in range(kills):
        heads = _kill_one(archive, log.folder, dice)
        remembered += heads
        checked = check_log(log, remembered)
        assert checked.problems == []
        # what was written when it died and not told of is one record at most
        acknowledged += len(heads)
        assert acknowledged <= checked.entries <= acknowledged + kills
        leftovers += checked.leftover
    keep_counts(
        "run-log-kills", kills == KILLS, kills=kills, acknowledged=acknowledged, lost=0, left_half_done=leftovers
    )
