"""Indexing: incremental by content, failures listed and cleared, and a killed run costs only its last part."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.corpus.errors import UsageError
from evidence.indexer.build import COMMIT_PASSAGES, Outcome, Plan, Progress, build_index, plan_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index

FILES = {
    "a.txt": "Wheat fell after rain.",
    "b/b.md": "# Tools\n\nDie attach tools ship in May.",
    "c.jsonl": '{"text": "Orders rose.", "date": "2025-08-01"}\n{"text": "Orders fell.", "date": "2025-08-02"}\n',
}
# Indexes a folder, and stops for good in the middle of what follows its first commit.
STOPPING_RUN = """
import sys
from pathlib import Path
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

committed = 0

def on_progress(progress):
    global committed
    committed = committed or (progress.documents and progress.passages)
    if committed and progress.passages > committed + 200:
        print(progress.documents, flush=True)
        sys.stdin.read()

build_index(Path(sys.argv[1]), [Path(sys.argv[2])], HashingEmbedder(), on_progress=on_progress)
"""


def sections(number: int, count: int) -> str:
    """A document of many short passages: one a heading."""
    return "".join(f"# Part {n}\n\nDocument {number} says {n} here.\n\n" for n in range(count))


def snapshot_of(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of an index but the lock, with its bytes and the time it was written."""
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != "lock"]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def ids(root: Path) -> dict[str, int]:
    return {document.id: passages for document, passages in Index.open(root).documents()}


@pytest.fixture
def source(write_folder: Callable[..., Path]) -> Path:
    return write_folder(FILES)


@pytest.fixture
def run(tmp_path: Path, source: Path, embedder: HashingEmbedder) -> Callable[[], Outcome]:
    return lambda: build_index(tmp_path / "index", [source], embedder)


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.added, outcome.skipped, len(outcome.failures)


def test_the_same_input_twice_adds_nothing_and_changes_no_file(run: Callable[[], Outcome], tmp_path: Path) -> None:
    first = run()
    before = snapshot_of(tmp_path / "index")
    second = run()
    assert (counts(first), first.passages) == ((4, 0, 0), 4)
    assert (counts(second), second.passages, second.snapshot) == ((0, 4, 0), 0, first.snapshot)
    assert snapshot_of(tmp_path / "index") == before


@pytest.mark.parametrize("name", ["a.txt", "a.txt.meta.json"])
def test_a_changed_file_or_sidecar_adds_one_document_and_touches_no_written_file(
    run: Callable[[], Outcome], tmp_path: Path, source: Path, name: str
) -> None:
    run()
    before = snapshot_of(tmp_path / "index")
    (source / name).write_text('{"published": "2025-08-04"}' if "meta" in name else "Wheat rose after rain.")
    assert counts(run()) == (1, 3, 0)
    after = snapshot_of(tmp_path / "index")
    # the one file that is replaced, for it names the newest snapshot
    kept = before.keys() - {str(tmp_path / "index" / "newest")}
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}


def test_moved_and_copied_files_add_nothing(run: Callable[[], Outcome], source: Path) -> None:
    run()
    (source / "a.txt").rename(source / "b" / "moved.txt")
    (source / "copy.md").write_bytes((source / "b" / "b.md").read_bytes())
    assert counts(run()) == (0, 5, 0)


@pytest.mark.parametrize("name", ["broken.json", "with#mark.json", "part#3.json"])
def test_failures_are_listed_once_and_cleared_when_repaired(
    run: Callable[[], Outcome], tmp_path: Path, source: Path, name: str
) -> None:
    (source / name).write_text('{"text": }')
    (source / "void.txt").write_text(" ")
    for _ in range(3):
        assert sorted(failure.status for failure in run().failures) == ["empty", "malformed"]
    before = snapshot_of(tmp_path / "index")
    run()
    assert snapshot_of(tmp_path / "index") == before
    listed = Index.open(tmp_path / "index").failures()
    assert sorted(failure.path for failure in listed) == sorted([str(source / name), str(source / "void.txt")])
    (source / name).write_text('{"text": "Repaired."}')
    assert [failure.status for failure in run().failures] == ["empty"]
    assert [failure.status for failure in Index.open(tmp_path / "index").failures()] == ["empty"]


def test_a_run_over_other_sources_keeps_what_earlier_ones_could_not_read(
    tmp_path: Path, source: Path, embedder: HashingEmbedder
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "lines.jsonl").write_text('{"text": "Good."}\n{"text": ""}\n{"title": "No text"}\n')
    for folder in ("other", "source", "source"):
        build_index(tmp_path / "index", [tmp_path / folder], embedder)
    failures = Index.open(tmp_path / "index").failures()
    assert [failure.path.rpartition("/")[2] for failure in failures] == ["lines.jsonl#2", "lines.jsonl#3"]


def test_a_file_name_that_is_no_text_stops_nothing(
    run: Callable[[], Outcome], tmp_path: Path, source: Path
) -> None:
    for name, text in ((b"\xff.txt", "A fine text."), (b"\xfe.txt", "")):
        Path(os.fsdecode(os.fsencode(source) + b"/" + name)).write_text(text)
    assert [counts(run()) for _ in range(2)] == [(5, 0, 1), (0, 5, 1)]
    index = Index.open(tmp_path / "index")
    assert [failure.path.rpartition("/")[2] for failure in index.failures()] == ["\\udcfe.txt"]
    assert "\\udcff.txt" in {document.path.rpartition("/")[2] for document, _ in index.documents()}


def test_a_plan_says_what_a_run_will_do_and_writes_nothing(run: Callable[[], Outcome], source: Path) -> None:
    (source / "broken.json").write_text('{"text": }')
    plan = plan_index(None, [source])
    assert not (source.parent / "index").exists()
    outcome = run()
    assert plan == Plan(plan.new, outcome.skipped, outcome.repeated, outcome.failures)
    assert len(plan.new) == outcome.added
    assert plan_index(Index.open(source.parent / "index"), [source]) == Plan((), 4, 0, plan.failures)


def test_nothing_to_index_is_a_usage_error(tmp_path: Path, embedder: HashingEmbedder) -> None:
    (tmp_path / "void").mkdir()
    for folder in ("void", "absent"):
        with pytest.raises(UsageError, match=folder):
            build_index(tmp_path / "index", [tmp_path / folder], embedder)
    assert not (tmp_path / "index").exists()


@pytest.fixture
def large(write_folder: Callable[..., Path]) -> Path:
    """Six documents, of which the first four fill a commit."""
    return write_folder({f"{n}.md": sections(n, COMMIT_PASSAGES // 4 + 1) for n in range(6)})


def test_an_interrupted_run_keeps_its_commits(large: Path, tmp_path: Path, embedder: HashingEmbedder) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.documents:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(tmp_path / "index", [large], embedder, on_progress=interrupt)
    assert len(ids(tmp_path / "index")) == 4
    outcome = build_index(tmp_path / "index", [large], embedder)
    assert counts(outcome) == (2, 4, 0)


def test_a_killed_run_keeps_its_commits_and_the_next_completes_it(
    large: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    command = [sys.executable, "-c", STOPPING_RUN, str(tmp_path / "index"), str(large)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        child.kill()
        child.communicate()
    assert (said, child.returncode) == ("4\n", -9)
    assert len(ids(tmp_path / "index")) == 4
    assert Index.open(tmp_path / "index").check() == []
    assert counts(build_index(tmp_path / "index", [large], embedder)) == (2, 4, 0)
    build_index(tmp_path / "whole", [large], embedder)
    assert ids(tmp_path / "index") == ids(tmp_path / "whole")
    assert Index.open(tmp_path / "index").manifest.segments == Index.open(tmp_path / "whole").manifest.segments
    assert Index.open(tmp_path / "index").check() == []


def test_progress_counts_up_to_the_whole(source: Path, tmp_path: Path, embedder: HashingEmbedder) -> None:
    seen: list[Progress] = []
    build_index(tmp_path / "index", [source], embedder, on_progress=seen.append)
    total = sum(len(text.encode()) for text in FILES.values())
    assert (seen[-1].files, seen[-1].bytes_done, seen[-1].bytes_total) == (3, total, total)
    assert (seen[-1].documents, seen[-1].passages, seen[-1].failed) == (4, 4, 0)
    assert [step.bytes_done for step in seen] == sorted(step.bytes_done for step in seen)
