"""The run log: no record, no answer; one chain however many ask; what is erased is gone, the chain holds."""

import html
import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.cli import run
from evidence.corpus.disk import Disk
from evidence.corpus.errors import RecordError, SegmentError, UsageError
from evidence.corpus.hashing import canonical, digest
from evidence.generator.considered import ANSWERED_BY_PARTS, NO_ANSWER
from evidence.generator.report import seal
from evidence.generator.spans import Passed
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.workers import Workers
from evidence.recording import who, without_run
from evidence.runlog.checking import check_log
from evidence.runlog.entry import Entry
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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """Two indexes of two documents, one for each policy."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "source").mkdir()
    (folder / "source" / "a.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    for policy in ("full", "hash"):
        build_index(folder / policy, [folder / "source"], HashingEmbedder(), workers=workers, records=policy)
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    """An index whose records keep texts."""
    return Path(shutil.copytree(made / "full", tmp_path / "index"))


@pytest.fixture
def hashed(made: Path, tmp_path: Path) -> Path:
    """One whose records keep digests."""
    return Path(shutil.copytree(made / "hash", tmp_path / "hashed"))


def opened(index: Path, runs: Path | None = None) -> Archive:
    generator = ScriptedGenerator(f"{SAID} [1]", f"{SAID} [2]")
    return evidence.open(index, embedder=HashingEmbedder(), generator=generator, runs=runs, clock=lambda: NOW)


def ask(archive: Archive, question: str = QUESTION) -> dict[str, Any]:
    return archive.ask(question, "2025-08", "2025-08-31")


def every_byte(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("removed", ["chain/0000/00000[23]-*", "chain/0000/*", "chain"])
def test_nothing_is_written_where_entries_were_removed(index: Path, removed: str) -> None:
    archive = opened(index)
    for _ in range(3):
        ask(archive)
    log = archive.recorder.log
    for path in sorted(log.folder.glob(removed)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = every_byte(log.folder)
    with pytest.raises(SegmentError, match="missing"):
        ask(archive)
    assert every_byte(log.folder) == before


def test_what_a_writer_left_that_died_before_its_entry_is_swept_away(index: Path) -> None:
    archive = opened(index)
    for _ in range(2):
        ask(archive)
    log = archive.recorder.log
    (last,) = (log.chain / "0000").glob("000002-*")
    last.unlink()
    ask(archive)
    assert len(list(log.entries())) == len(list((log.payloads / "0000").iterdir())) == 2
    assert check_log(log).problems == []


def draft_of_nothing(number: int, head: str) -> tuple[Entry, bytes]:
    return Entry(number, head, NOW, who(), "view", 1, "0" * 64, "full", digest(b"{}"), ()), b"{}"


def test_a_log_that_is_written_to_is_sound_all_the_while(tmp_path: Path) -> None:
    log, found = RunLog(tmp_path), list[list[str]]()
    writer = threading.Thread(target=lambda: [log.append(draft_of_nothing) for _ in range(60)])
    writer.start()
    while writer.is_alive():
        found.append(check_log(log).problems)
    writer.join()
    assert check_log(log).entries == 60
    assert found and not any(found)


class Noting(Disk):
    """A disk that notes which folders it is told to sync."""

    def __init__(self) -> None:
        self.synced: set[Path] = set()

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self.synced.add(folder)


def test_the_folders_of_a_log_are_on_the_disk_before_its_first_answer_whoever_made_them(tmp_path: Path) -> None:
    runs = tmp_path / "deep" / "er" / "runs"
    runs.mkdir(parents=True)
    disk = Noting()
    RunLog(runs, disk).append(draft_of_nothing)
    assert {tmp_path, tmp_path / "deep", tmp_path / "deep" / "er", runs, runs / "chain"} <= disk.synced


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
    assert said["given"] == {"queries": [], "llm": True, "seed": 0, "subject": None, "lens": None}
    assert {one["passage"].split(":")[0] for one in said["candidates"]} == {s["id"] for s in report["sources"]}
    assert {one["finding"] for one in said["candidates"]} == {finding["id"] for finding in report["findings"]}
    assert said["calls"][0]["written"] == f"{SAID} [1]"
    assert any(CANARY in call["prompt"] for call in said["calls"])
    assert {call["seed"] for call in said["calls"]} == {0}
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
    assert (out, "so nothing is shown or done" in err, "$EVIDENCE_RUNS" in err) == ("", True, True)


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


def test_under_the_policy_hash_no_text_is_kept_and_what_was_answered_can_still_be_shown(hashed: Path) -> None:
    archive = opened(hashed)
    report = ask(archive)
    kept = every_byte(hashed / "runs")
    for text in (QUESTION, CANARY, OTHER, "Quetzal", "a.jsonl", "scripted -"):
        assert text.encode() not in kept, text
    assert report["sources"][0]["id"].encode() in kept
    assert archive.is_recorded(report) is True
    (entry,) = archive.recorder.log.entries()
    said = archive.recorder.log.payload(entry)
    assert said is not None
    assert (entry.policy, said["question"]) == ("hash", f"sha256:{salted(QUESTION.encode(), said['salt'])}")


def test_the_same_question_twice_does_not_show_under_the_policy_hash(hashed: Path) -> None:
    archive = opened(hashed)
    for _ in range(2):
        ask(archive)
    said = [archive.recorder.log.payload(entry) for entry in archive.recorder.log.entries()]
    assert len({row["question"] for row in said if row}) == 2


def test_the_policy_is_chosen_when_the_index_is_made(hashed: Path, tmp_path: Path, workers: Workers) -> None:
    (tmp_path / "b.txt").write_text(OTHER)
    with pytest.raises(UsageError, match="keep hash, not full"):
        build_index(hashed, [tmp_path / "b.txt"], HashingEmbedder(), workers=workers, records="full")
    build_index(hashed, [tmp_path / "b.txt"], HashingEmbedder(), workers=workers)
    assert opened(hashed).index.manifest.number == 2
    assert opened(hashed).index.manifest.records == "hash"


@pytest.mark.parametrize("policy", ["index", "hashed"])
def test_what_is_erased_is_in_no_byte_of_the_log_and_the_chain_still_holds(
    policy: str, request: pytest.FixtureRequest
) -> None:
    archive = opened(request.getfixturevalue(policy))
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


def logs(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["logs", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_logs_lists_the_newest_runs_first(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = opened(index)
    first, second = ask(archive), ask(archive, "What did SARQ say of\x1b[2J tools?")
    code, out, err = logs(capsys, "-i", index)
    lines = out.splitlines()
    assert (code, err, [line.split()[0] for line in lines]) == (0, "", [second["run"]["id"], first["run"]["id"]])
    assert "2026-01-15T12:00:00Z" in lines[0]
    assert lines[0].endswith("What did SARQ say of[2J tools?")
    code, out, _ = logs(capsys, "-n", "1", "--json", "-i", index)
    (row,) = map(json.loads, out.splitlines())
    assert (row["id"], row["about"]) == (second["run"]["id"], second["query"])
    # all of a record leaves in an export alone, which is recorded
    assert "said" not in row


def test_logs_verify_compares_with_heads_and_reports(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = opened(index)
    first, second = ask(archive), ask(archive)
    report = index.parent / "report.json"
    report.write_text(json.dumps(second))
    code, out, err = logs(capsys, "verify", "--head", first["run"]["head"], "--report", report, "-i", index)
    assert (code, err) == (0, "")
    assert out == f"2 records, 2 remembered heads compared; nothing is wrong; head {second['run']['head']}\n"
    for path in (index / "runs").rglob("000002-*.json"):
        path.unlink()
    assert logs(capsys, "verify", "-i", index)[0] == 0
    code, out, err = logs(capsys, "verify", "--report", report, "-i", index)
    assert (code, "1 problem" in out, "entries were cut off" in err) == (5, True, True)


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["verify", "--head", "beef"], 2, "a head is 64 hexadecimal digits"),
        (["verify", "--report", "nowhere.json"], 2, "nowhere.json cannot be read"),
        (["-i", "elsewhere", "verify"], 2, "stand behind `verify`"),
        (["verify", "-i", "elsewhere"], 10, "there is no index at elsewhere"),
        (["export", "-o", "no-folder/log.html"], 2, "its folder is missing"),
    ],
)
def test_what_is_asked_wrongly_of_the_logs_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, error: str
) -> None:
    got, out, err = logs(capsys, *arguments)
    assert (got, out, error in err) == (code, "", True), err


def test_an_export_holds_every_record_and_is_one_itself(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = opened(index)
    report = ask(archive)
    code, out, err = logs(capsys, "export", "-i", index)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["verb"] for row in rows], "nothing is wrong" in err) == (0, ["ask", "export"], True)
    assert rows[0]["said"]["report"] == without_run(report)
    # whoever has the export alone can check the chain
    previous = "0" * 64
    for row in rows:
        entry = {key: value for key, value in row.items() if key not in {"id", "head", "said"}}
        assert digest(canonical(entry) + b"\n") == row["head"]
        assert row["previous"] == previous
        assert digest(canonical(row["said"]) + b"\n") == row["payload"]
        previous = row["head"]


def test_an_export_for_an_examiner_is_one_page_that_loads_nothing(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = opened(index)
    report = ask(archive, "What of <script>alert(1)</script> & the order backlog of SARQ?")
    page = index.parent / "log.html"
    code, out, _ = logs(capsys, "export", "--format", "html", "-o", page, "-i", index)
    text = page.read_text(encoding="utf-8")
    assert (code, out) == (0, "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text
    assert not re.search(r"<(script|img|link|iframe|a)\b|https?://|\bon\w+=", text)
    assert "default-src 'none'" in text
    for said in (report["run"]["head"], html.escape(CANARY), "root" if os.getuid() == 0 else str(os.getuid())):
        assert said in text


def test_a_damaged_log_is_exported_as_far_as_it_can_be_read(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = opened(index)
    ask(archive)
    ask(archive)
    for folder in ("chain", "payloads"):
        (path,) = (index / "runs" / folder).rglob("000001-*.json")
        path.write_bytes(path.read_bytes() + b" ")
    code, out, err = logs(capsys, "export", "-i", index)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, "damaged" in rows[0], rows[1]["verb"], rows[2]["verb"]) == (5, True, "ask", "export")
    assert "error: run 000001" in err
    assert logs(capsys, "export", "--format", "html", "-i", index)[0] == 5


def test_every_passage_that_was_found_is_quoted_or_says_why_not(
    tmp_path: Path, workers: Workers, sample: Path
) -> None:
    build_index(tmp_path / "index", [sample / "news"], HashingEmbedder(), workers=workers)
    archive = opened(tmp_path / "index")
    asked = "H&V/SARQ/Pellmarch order backlogs; lead times to install"
    report = archive.ask(asked, "2025-05", "2025-08", llm=False)
    (entry,) = archive.recorder.log.entries()
    said = archive.recorder.log.payload(entry)
    assert said is not None
    candidates = said["candidates"]
    assert len(candidates) == sum(part["inside"] for part in report["plan"])
    assert all((one["finding"] is None) != (one["excluded"] is None) for one in candidates)
    quoted = {one["finding"] for one in candidates if one["finding"]}
    assert quoted == {finding["id"] for finding in report["findings"]}
    reasons = {one["excluded"] for one in candidates if one["excluded"]}
    assert {ANSWERED_BY_PARTS, NO_ANSWER} < reasons <= {ANSWERED_BY_PARTS, NO_ANSWER, *map(str, Passed)}
    whole = [one for one in candidates if one["query"] == asked]
    assert {one["excluded"] for one in whole} == {ANSWERED_BY_PARTS}
