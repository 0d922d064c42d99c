"""Pipes, links and foreign names in an index: they are named, and nothing waits for them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.errors import EvidenceError, FormatError
from evidence.indexer.build import build_index
from evidence.indexer.checking import check_index
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import Manifest, sealed
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers
from evidence.runlog.checking import check_log
from evidence.runlog.log import RunLog


@pytest.fixture
def layout(tmp_path: Path, workers: Workers) -> Layout:
    (tmp_path / "a.txt").write_text("Invented Bonders booked orders of 7 million.")
    (tmp_path / "a.txt.meta.json").write_text('{"published": "2025-08-04"}')
    build_index(tmp_path / "index", [tmp_path / "a.txt"], HashingEmbedder(), workers=workers)
    return Layout(tmp_path / "index")


@pytest.mark.parametrize(
    "name", ["format", "newest", "snapshots/*.json", "segments/*/documents.arrow", "originals/*/*.gz"]
)
def test_nothing_waits_for_a_pipe_in_the_place_of_a_file(layout: Layout, name: str) -> None:
    [path] = layout.root.glob(name)
    path.unlink()
    os.mkfifo(path)
    try:
        problems = check_index(layout).problems
    except EvidenceError as error:
        problems = (str(error),)
    assert any(str(path) in problem for problem in problems)
    if not name.startswith(("originals", "segments")):
        with pytest.raises(EvidenceError):
            Index.open(layout.root)


@pytest.mark.parametrize("name", ["segments/*", "segments/*/documents.arrow", "originals/*/*.gz"])
def test_a_link_in_the_place_of_what_was_written_is_foreign(layout: Layout, tmp_path: Path, name: str) -> None:
    [path] = layout.root.glob(name)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert any(f"{path} is foreign" in problem for problem in check_index(layout).problems)


def _no_records(row: dict[str, Any]) -> None:
    row["records"] = "none"


def _segment_twice(row: dict[str, Any]) -> None:
    row["segments"] *= 2


@pytest.mark.parametrize("change", [_no_records, _segment_twice])
def test_a_manifest_of_values_that_no_version_writes_is_refused(
    layout: Layout, change: Callable[[dict[str, Any]], None]
) -> None:
    path = layout.snapshot(1)
    row = json.loads(path.read_bytes())
    del row["sha256"]
    change(row)
    with pytest.raises(FormatError):
        Manifest.from_bytes(sealed(row), path)


def test_a_foreign_file_of_a_run_log_is_named(layout: Layout) -> None:
    folder = layout.runs / "payloads" / "0000"
    folder.mkdir(parents=True)
    odd = [layout.runs / "foo", folder / f"0000001-{'a' * 64}.json"]
    for path in odd:
        path.write_text("{}")
    problems = check_log(RunLog(layout.runs)).problems
    assert all(f"{path} does not belong to a run log" in problems for path in odd)
