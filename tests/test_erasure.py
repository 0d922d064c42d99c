"""What is forgotten is in no record: of any run log of the index, damaged or not, nor of runs asked again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.changing import delete, forget
from evidence.corpus.errors import NotFound, SegmentError
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.runlog.checking import check_log
from evidence.runlog.log import RunLog
from evidence.settings import Settings

TEXT = "Sarq Optics said that its order backlog is kept under the quetzal clause."
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def root(write_folder: Callable[..., Path], build: Callable[..., Index]) -> Path:
    rows = [{"date": "2025-08-20", "title": "One", "text": TEXT}]
    return build(write_folder({"a.jsonl": "\n".join(map(json.dumps, rows))})).layout.root


def opened(root: Path, said: str, runs: Path | None = None) -> Archive:
    generator = ScriptedGenerator(said)
    return evidence.open(root, embedder=HashingEmbedder(), generator=generator, runs=runs, clock=lambda: NOW)


def ask(root: Path, said: str = f"{TEXT} [1]", runs: Path | None = None) -> dict[str, Any]:
    return opened(root, said, runs).ask("What is the order backlog of Sarq Optics?", "2025-08", "2025-08")


def erase(root: Path, runs: Path | None = None) -> None:
    (one,) = [document.id for document, _ in Index.open(root).documents()]
    forget(Settings.read(str(root), None, runs=runs and str(runs)), [one], "the law", lambda: NOW)


def holding(*folders: Path) -> list[Path]:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if b"quetzal" in path.read_bytes().lower()]


def test_a_replay_of_a_run_is_erased_with_the_run(root: Path) -> None:
    report = ask(root)
    opened(root, "Sarq Optics said that its order backlog is kept. [1]").replay(report["run"]["id"])
    assert len(holding(root / "runs")) == 2
    erase(root)
    assert holding(root) == []
    assert check_log(RunLog(root / "runs")).problems == []


def test_a_run_log_elsewhere_keeps_nothing_in_the_indexs_own(root: Path, tmp_path: Path) -> None:
    ask(root)
    ask(root, runs=tmp_path / "other")
    erase(root, tmp_path / "other")
    assert holding(root, tmp_path / "other") == []
    for runs in (root / "runs", tmp_path / "other"):
        assert check_log(RunLog(runs)).problems == []


def test_a_damaged_entry_keeps_no_payload_from_being_erased(root: Path) -> None:
    for _ in range(2):
        ask(root)
    entry = next((root / "runs" / "chain" / "0000").glob("000001-*"))
    entry.write_bytes(entry.read_bytes() + b"junk")
    erase(root)
    assert holding(root) == []


def test_where_the_last_entry_is_damaged_nothing_is_changed_and_another_log_helps(
    root: Path, tmp_path: Path
) -> None:
    ask(root)
    entry = next((root / "runs" / "chain" / "0000").glob("000001-*"))
    entry.write_bytes(entry.read_bytes() + b"junk")
    with pytest.raises(SegmentError):
        erase(root)
    assert Index.open(root).manifest.number == 1
    erase(root, tmp_path / "other")
    assert holding(root, tmp_path / "other") == []


def test_nothing_is_recorded_of_a_snapshot_that_was_given_up_meanwhile(root: Path) -> None:
    archive = opened(root, f"{TEXT} [1]")
    # opened before, as by another process
    assert archive.index.manifest.number == 1
    erase(root)
    with pytest.raises(NotFound, match="is not kept"):
        archive.recorder.record(archive.index, "view", {"document_id": "x"})
    assert [entry.verb for entry in archive.recorder.log.entries()] == ["forget"]


def test_a_change_leaves_no_reserve_behind(root: Path) -> None:
    (one,) = [document.id for document, _ in Index.open(root).documents()]
    delete(Settings.read(str(root), None), [one], "the law", lambda: NOW)
    assert sorted(path.name for path in (root / "runs").iterdir()) == ["chain", "lock", "payloads"]
