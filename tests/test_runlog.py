"""The run log: no record, no answer; one chain however many ask; what is erased is gone, the chain holds."""

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.cli import run
from evidence.corpus.errors import RecordError, SegmentError, UsageError
from evidence.corpus.hashing import canonical
from evidence.generator.report import seal
from evidence.generator.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.recording import without_run
from evidence.runlog.checking import check_log
from evidence.runlog.log import RunLog
from evidence.runlog.payload import salted

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
QUESTION = "What is the order backlog of SARQ?"
CANARY = "SARQ said that its order backlog is kept under the quetzal clause."
OTHER = "SARQ said that its order backlog rose to 41 tools in July."
ROWS = (
    {"date": "2025-08-20", "title": "Quetzal", "publisher": "Quetzal Post", "text": CANARY},
    {"date": "2025-08-21", "title": "Other", "text": OTHER},
)
SAID = "SARQ said that its order backlog rose to 41 tools in July."


def make(folder: Path, records: str | None = None) -> Path:
    """An index of two documents."""
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "a.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    build_index(folder / "index", [folder / "source"], HashingEmbedder(), records=records)
    return folder / "index"


def opened(index: Path, runs: Path | None = None) -> Archive:
    generator = ScriptedGenerator(f"{SAID} [1]", f"{SAID} [2]")
    return evidence.open(index, embedder=HashingEmbedder(), generator=generator, runs=runs, clock=lambda: NOW)


def ask(archive: Archive, question: str = QUESTION) -> dict[str, Any]:
    return archive.ask(question, "2025-08", "2025-08-31")


def every_byte(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return make(tmp_path)


def test_an_answer_has_a_record_of_all_that_led_to_it(index: Path) -> None:
    archive = opened(index)
    report = ask(archive)
    log = archive.recorder.log
    (entry,) = log.entries()
    assert (entry.id, entry.head) == (report["run"]["id"], report["run"]["head"])
    assert (entry.verb, entry.at, entry.snapshot, entry.policy) == ("ask", NOW, 1, "full")
    said = log.payload(entry)
    assert said is not None
    assert said["question"] == QUESTION
    assert said["report"] == without_run(report)
    assert said["output"] == salted(canonical(said["report"]), said["salt"])
    assert said["given"] == {"queries": [], "llm": True, "seed": 0}
    assert {one["passage"].split(":")[0] for one in said["candidates"]} == {s["id"] for s in report["sources"]}
    (call,) = said["calls"]
    assert (call["written"], CANARY in call["prompt"], call["seed"]) == (f"{SAID} [1]", True, 0)
    assert report["models"]["generator"] == {"name": "scripted", "sha256": "scripted-1"}


def test_the_account_is_the_kernels_word(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    archive = opened(index)
    ask(archive)
    (entry,) = archive.recorder.log.entries()
    assert entry.who.user != "somebody-else"
    assert entry.who.host


def test_each_record_follows_the_one_before_it(index: Path) -> None:
    archive = opened(index)
    heads = [ask(archive)["run"]["head"] for _ in range(3)]
    archive.original(archive.index.document(archive.index.segments[0].ids[0]))
    checked = check_log(archive.recorder.log, heads)
    assert (checked.problems, checked.entries) == ([], 4)
    newest = next(archive.recorder.log.latest())
    assert (newest.verb, newest.previous, newest.head) == ("view", heads[-1], checked.head)


def test_no_record_no_answer(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (index / "runs").write_text("a file stands where the folder of the run log should")
    archive = opened(index)
    with pytest.raises(RecordError, match="no run record can be written") as caught:
        ask(archive)
    assert "--runs DIR" in caught.value.hint
    assert archive.generator.prompts == []  # type: ignore[attr-defined]
    document = archive.index.segments[0].ids[0]
    assert run(["show", document, "--original", "-i", str(index)]) == 1
    out, err = capsys.readouterr()
    assert (out, "so there is no answer" in err, "$EVIDENCE_RUNS" in err) == ("", True, True)


def test_an_index_that_may_not_be_written_to_is_asked_with_a_run_log_elsewhere(index: Path, tmp_path: Path) -> None:
    before = sorted(index.rglob("*"))
    archive = opened(index, tmp_path / "runs")
    report = ask(archive)
    assert sorted(index.rglob("*")) == before
    assert check_log(RunLog(tmp_path / "runs"), [report["run"]["head"]]).problems == []
    assert archive.verify(report) == []


def test_many_who_ask_at_once_write_one_chain(index: Path) -> None:
    archives = [opened(index) for _ in range(8)]
    threads = [
        threading.Thread(
            target=lambda archive=archive: [archive.recorder.record(archive.index, "view", {}) for _ in range(12)]
        )
        for archive in archives
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checked = check_log(archives[0].recorder.log)
    assert (checked.problems, checked.entries) == ([], 96)


def test_a_writer_that_died_before_its_entry_leaves_nothing_to_clean(index: Path) -> None:
    archive = opened(index)
    ask(archive)
    log = archive.recorder.log
    left = log.payloads / "0000" / f"000002-{'a' * 64}.json"
    left.write_text("half a pay")
    left.with_name(f"{left.name}.tmp").write_text("h")
    checked = check_log(log)
    assert (checked.problems, checked.entries, checked.leftover) == ([], 1, True)
    report = ask(archive)
    assert not left.exists()
    checked = check_log(log, [report["run"]["head"]])
    assert (checked.problems, checked.entries, checked.leftover) == ([], 2, False)


def test_nothing_is_chained_to_a_damaged_entry(index: Path) -> None:
    archive = opened(index)
    ask(archive)
    (path,) = archive.recorder.log.chain.rglob("*.json")
    path.write_bytes(path.read_bytes().replace(b'"ask"', b'"asq"'))
    with pytest.raises(SegmentError, match="not what was recorded"):
        ask(archive)


def test_a_report_that_is_not_what_was_answered_is_told_even_under_a_new_seal(index: Path) -> None:
    archive = opened(index)
    report = ask(archive)
    assert (archive.verify(report), archive.is_recorded(report)) == ([], True)
    forged = seal({**report, "seed": 8})
    assert archive.verify(forged) == [f"report: it is not what run {report['run']['id']} answered"]
    elsewhere = opened(index, index.parent / "elsewhere")
    assert (elsewhere.verify(report), elsewhere.is_recorded(report)) == ([], None)


def test_under_the_policy_hash_no_text_is_kept_and_what_was_answered_can_still_be_shown(tmp_path: Path) -> None:
    index = make(tmp_path, "hash")
    archive = opened(index)
    report = ask(archive)
    kept = every_byte(index / "runs")
    for text in (QUESTION, CANARY, OTHER, "Quetzal", "a.jsonl", "scripted -"):
        assert text.encode() not in kept, text
    assert report["sources"][0]["id"].encode() in kept
    assert archive.is_recorded(report) is True
    (entry,) = archive.recorder.log.entries()
    said = archive.recorder.log.payload(entry)
    assert said is not None
    assert (entry.policy, said["question"]) == ("hash", f"sha256:{salted(QUESTION.encode(), said['salt'])}")


def test_the_same_question_twice_does_not_show_under_the_policy_hash(tmp_path: Path) -> None:
    archive = opened(make(tmp_path, "hash"))
    for _ in range(2):
        ask(archive)
    said = [archive.recorder.log.payload(entry) for entry in archive.recorder.log.entries()]
    assert len({row["question"] for row in said if row}) == 2


def test_the_policy_is_chosen_when_the_index_is_made(tmp_path: Path) -> None:
    index = make(tmp_path, "hash")
    (tmp_path / "source" / "b.txt").write_text(OTHER)
    with pytest.raises(UsageError, match="keep hash, not full"):
        build_index(index, [tmp_path / "source"], HashingEmbedder(), records="full")
    build_index(index, [tmp_path / "source"], HashingEmbedder())
    assert opened(index).index.manifest.records == "hash"


@pytest.mark.parametrize("policy", ["full", "hash"])
def test_what_is_erased_is_in_no_byte_of_the_log_and_the_chain_still_holds(tmp_path: Path, policy: str) -> None:
    archive = opened(make(tmp_path, policy))
    canary = next(d for d, _ in archive.index.documents() if d.title == "Quetzal")
    asked = ask(archive)
    archive.original(canary)
    other = archive.ask("41 tools in July", "2025-08-21", "2025-08-21")
    archive.recorder.record(archive.index, "delete", {"documents": [canary.id], "reason": "asked for"})
    assert other["sources"]
    entry = archive.recorder.record_erasure(archive.index, "forget", {"documents": [canary.id]}, [canary.id])
    assert entry.erases == (1, 2)
    log = archive.recorder.log
    left = every_byte(log.folder)
    assert not re.search(rb"(?i)quetzal", left)
    checked = check_log(log, [asked["run"]["head"], other["run"]["head"]])
    assert (checked.problems, checked.entries, checked.erased) == ([], 5, 2)
    assert (archive.is_recorded(asked), archive.is_recorded(other)) == (None, True)
    again = archive.recorder.record_erasure(archive.index, "forget", {"documents": [canary.id]}, [canary.id])
    assert (again.erases, check_log(log).problems) == ((), [])


def test_an_erasure_that_a_crash_cut_short_is_told(index: Path) -> None:
    archive = opened(index)
    ask(archive)
    log = archive.recorder.log
    (payload,) = log.payloads.rglob("*.json")
    data = payload.read_bytes()
    document = archive.index.segments[0].ids[0]
    archive.recorder.record_erasure(archive.index, "forget", {}, [document])
    payload.write_bytes(data)
    assert check_log(log).problems == ["run 000001: its payload is here, which run 000002 erased"]


@pytest.fixture
def call(index: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def on_index(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([*arguments, "-i", str(index)])
        return code, *capsys.readouterr()

    return on_index
