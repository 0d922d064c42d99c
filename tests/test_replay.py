"""Replays give what was given, however the archive has grown; a diff says what is not the same, and why."""

import copy
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.changing import collect
from evidence.cli import run
from evidence.corpus.errors import EvidenceError, NotFound, ReportError, UsageError
from evidence.generator.report import seal
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.workers import Workers
from evidence.loading import load_embedder, load_models
from evidence.retriever.filters import Filter
from evidence.runlog.checking import check_log
from evidence.runlog.log import RunLog
from evidence.settings import Settings

SAMPLE = Path(__file__).resolve().parent.parent / "corpus" / "sample"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
QUESTION = "What is the order backlog of SARQ?"
OLD = {"date": "2025-08-20", "title": "Old", "publisher": "Post", "text": "SARQ said its order backlog rose to 41."}
OTHER = {"date": "2025-07-20", "title": "July", "publisher": "News", "text": "SARQ said its order backlog is 30."}
NEW = {"date": "2025-08-22", "title": "New", "publisher": "Late", "text": "SARQ said the order backlog hit 57 now."}
SENTENCE = "SARQ said its order backlog rose to 41. [1]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """Indexes that keep texts and digests, each with the documents of its first run in snapshot 1."""
    folder = tmp_path_factory.mktemp("replay")
    write(folder / "first.jsonl", OLD, OTHER)
    write(folder / "second.jsonl", NEW)
    for policy in ("full", "hash"):
        build_index(folder / policy, [folder / "first.jsonl"], HashingEmbedder(), workers=workers, records=policy)
    return folder


def write(path: Path, *rows: dict[str, str]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "full", tmp_path / "index"))


@pytest.fixture
def grow(made: Path, index: Path, workers: Workers) -> Callable[[], Path]:
    """grow() adds a document that answers the question better."""

    def add() -> Path:
        build_index(index, [made / "second.jsonl"], HashingEmbedder(), workers=workers)
        return index

    return add


def opened(index: Path, *said: str, now: datetime = NOW) -> Archive:
    generator = ScriptedGenerator(*(said or [SENTENCE]))
    return evidence.open(index, embedder=HashingEmbedder(), generator=generator, clock=lambda: now)


def ask(archive: Archive, since: str = "2025-08", **options: Any) -> dict[str, Any]:
    return archive.ask(QUESTION, since, "2025-08-31", **options)


def titles(report: dict[str, Any]) -> set[str]:
    return {source["title"] for source in report["sources"]}


def test_a_replay_gives_the_same_though_the_archive_has_grown(index: Path, grow: Callable[[], Path]) -> None:
    report = ask(opened(index))
    assert report["analysis"]["sentences"]
    later = opened(grow(), now=datetime(2026, 6, 1, tzinfo=UTC))
    assert titles(ask(later)) == {"Old", "New"}
    replayed = later.replay(report["run"]["id"])
    assert (replayed.same, replayed.differences, replayed.circumstances) == (True, (), ())
    assert (replayed.findings, replayed.sentences) == (1, 1)
    # the report itself does as well as its id, and so does its run's number
    assert later.replay(report).same
    assert later.replay("1").same
    verbs = [entry.verb for entry in later.recorder.log.entries()]
    assert verbs == ["ask", "ask", "replay", "replay", "replay"]


def test_what_was_asked_is_asked_again_to_the_letter(index: Path) -> None:
    archive = opened(index)
    options = {"seed": 7, "queries": ["backlog of SARQ"], "where": Filter(publisher="post"), "tz": "Asia/Tokyo"}
    report = ask(archive, "3m", as_of="2025-08-31", **options)
    assert (report["seed"], report["search_queries"], titles(report)) == (7, ["backlog of SARQ"], {"Old"})
    assert archive.replay(report["run"]["id"]).same


def test_another_text_of_the_model_is_told_with_what_may_explain_it(index: Path) -> None:
    report = ask(opened(index))
    other = opened(index, "SARQ said its order backlog rose. [1]")
    other.generator.digest = "scripted-2"  # type: ignore[misc]
    replayed = other.replay(report["run"]["id"])
    assert not replayed.same
    assert any(line.startswith("analysis.sentences 1.text: was 'SARQ") for line in replayed.differences)
    assert replayed.circumstances == ("another generator: was scripted (scripted-1), is scripted (scripted-2)",)
    # passages and quotes are the same with any model
    assert other.replay(report["run"]["id"], llm=False).same


def test_a_run_of_a_log_of_digests_is_replayed_by_its_report(made: Path, tmp_path: Path) -> None:
    archive = opened(Path(shutil.copytree(made / "hash", tmp_path / "index")))
    report = ask(archive)
    with pytest.raises(UsageError, match="the log keeps digests alone"):
        archive.replay(report["run"]["id"])
    assert archive.replay(report).same
    other = opened(archive.index.layout.root, "SARQ said its order backlog rose. [1]")
    assert any(line.startswith("analysis.sentences 1.text") for line in other.replay(report).differences)


def test_what_cannot_be_replayed_is_told(index: Path, grow: Callable[[], Path], made: Path, tmp_path: Path) -> None:
    archive = opened(index)
    report = ask(archive)
    with pytest.raises(NotFound, match="no run 99"):
        archive.replay("99")
    with pytest.raises(ReportError, match="not what run"):
        archive.replay(seal({**report, "query": "another"}))
    document = report["sources"][0]["id"]
    archive.original(archive.index.document(document))
    with pytest.raises(UsageError, match="is no answer but: view"):
        archive.replay("2")
    elsewhere = Path(shutil.copytree(made / "hash", tmp_path / "elsewhere"))
    other = evidence.open(elsewhere, embedder=HashingEmbedder(), runs=index / "runs", clock=lambda: NOW)
    with pytest.raises(NotFound, match="snapshot 1 is not the one that run"):
        other.replay(report["run"]["id"])
    again = ask(archive)
    grow()
    # what is open is not given up
    del archive
    collect(Settings(index, None), 1, lambda: NOW)
    later = opened(index)
    with pytest.raises(NotFound, match="snapshot 1"):
        later.replay(again["run"]["id"])
    later.recorder.record_erasure(later.index, "forget", {}, [document])
    with pytest.raises(NotFound, match="was erased"):
        later.replay(report["run"]["id"])


def because(report: dict[str, Any], other: dict[str, Any], archive: Archive) -> dict[str, str]:
    """Title to reason, of what only the first of two reports quotes."""
    return {str(only.title): only.why for only in archive.diff(report, other).only_first}


def test_a_diff_says_why_a_quote_is_in_one_report_alone(index: Path, grow: Callable[[], Path]) -> None:
    before = opened(index)
    old, wide = ask(before), ask(before, "2025-07")
    later = opened(grow())
    new = ask(later)
    assert because(new, old, later) == {"New": "a new document: snapshot 1 did not hold it"}
    assert because(wide, old, later) == {"July": "the document is not inside the other's window"}
    assert because(old, ask(later, where=Filter(publisher="Late")), later) == {
        "Old": "the other asks for publisher Late alone"
    }
    planned = because(new, ask(later, queries=["gulls on the roof"], llm=False), later)
    assert set(planned.values()) == {f"the other does not ask: {QUESTION}"}
    assert later.diff(old, new).asked == ("snapshot: 1, then 2",)


def test_reports_that_say_the_same_have_no_differences(index: Path) -> None:
    archive, later = opened(index), opened(index, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert archive.diff(ask(archive), ask(later)).same
    shorter = ask(opened(index, "SARQ said its order backlog rose. [1]"))
    found = archive.diff(ask(archive), shorter)
    assert (found.sentences_first, found.sentences_second) == (
        ("SARQ said its order backlog rose to 41.",),
        ("SARQ said its order backlog rose.",),
    )


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("key_findings", lambda report: report["key_findings"][0].update(title="Another")),
        ("findings", lambda report: report["findings"][0].update(consensus=None)),
        ("findings", lambda report: report["findings"][0].update(relevance=0.1)),
        ("contradictions", lambda report: report["contradictions"].update(compared=7)),
        ("gaps", lambda report: report["gaps"].append({"query": "x"})),
        ("coverage", lambda report: report["coverage"].clear()),
    ],
)
def test_what_is_made_of_the_same_quotes_is_compared_too(
    index: Path, part: str, change: Callable[[dict[str, Any]], None]
) -> None:
    archive = opened(index)
    report = ask(archive)
    other = copy.deepcopy(report)
    change(other)
    found = archive.diff(report, other)
    assert not found.same and found.judged[0].startswith(part)


@pytest.mark.parametrize(
    ("part", "value"),
    [("snapshot", "x"), ("query", 7), ("window", {}), ("models", None), ("filters", {"colour": "red"})],
)
def test_a_report_that_is_malformed_or_was_changed_is_no_report(index: Path, part: str, value: object) -> None:
    archive = opened(index)
    unrecorded = {**ask(archive), "run": None}
    forged = seal({**unrecorded, part: value})
    with pytest.raises(EvidenceError):
        archive.replay(forged, llm=False)
    with pytest.raises(ReportError, match="has changed since it was written"):
        archive.replay({**seal(unrecorded), "seed": 9}, llm=False)


@pytest.mark.parametrize("given", ["foo", "nothing.json"])
def test_what_is_neither_a_file_nor_a_run_is_told(
    index: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    assert run(["replay", given, "-i", str(index)]) == 2
    assert "neither a file nor a run" in capsys.readouterr().err


def test_replay_and_diff_end_with_the_code_of_what_they_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real embedder, as from a shell."""
    write(tmp_path / "a.jsonl", OLD, OTHER)
    where = ["-i", str(tmp_path / "index")]
    assert run(["index", str(tmp_path / "a.jsonl"), *where]) == 0
    reports = [tmp_path / "a.json", tmp_path / "b.json"]
    for report, since in zip(reports, ("2025-08", "2025-07"), strict=True):
        window = ["--since", since, "--until", "2025-08-31"]
        assert run(["ask", QUESTION, *window, "--no-llm", "-o", str(report), *where]) == 0
    capsys.readouterr()
    assert run(["replay", "1", *where]) == 0
    assert capsys.readouterr().out.endswith(": the same: 1 passage, 1 finding, 0 sentences\n")
    assert run(["replay", str(reports[1]), "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True
    assert run(["diff", "1", str(reports[1]), *where]) == 6
    out = capsys.readouterr().out
    assert "window, first_day: 2025-08-01, then 2025-07-01\n" in out
    assert "only the second quotes, [1] News - July: SARQ said its order backlog is 30.\n" in out
    assert "  because: the document is not inside the other's window\n" in out
    assert run(["diff", "1", "1", *where]) == 0
    assert capsys.readouterr().out == "both say the same\n"
    assert run(["replay", "77", *where]) == 1
    assert run(["diff", "1", str(tmp_path / "a.jsonl"), *where]) == 5


QUESTIONS = (
    *("H&V/SARQ/Pellmarch order backlogs; lead times to install.", "What did Halden & Voss say about lead times?"),
    *("Who supplies hybrid bonders to Ostrellan?", "How large is SARQ's order backlog?"),
    *("Capital spending of Ostrellan in 2025", "What is CoRIL?", "Pellmarch lid attach tools", "walrus husbandry"),
    *("Danmora building 4", "Which tools has K7 ordered?"),
)
WINDOWS = (("2025-05-27", "2025-08-27"), ("2024", "2025-10"))


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """The sample's news alone, with the real embedder."""
    root = tmp_path_factory.mktemp("sample") / "index"
    build_index(root, [SAMPLE / "news"], load_embedder(load_models(None)), workers=workers)
    return root


def _replay_each(made: Archive, asked: list[str], replays: int, times: Callable[[], Archive]) -> int:
    same = 0
    for _ in range(replays):
        archive = times()
        assert archive.index.manifest.number > made.index.manifest.number
        for run_id in asked:
            replayed = archive.replay(run_id)
            assert replayed.same, (run_id, replayed.differences)
            same += 1
    return same


def test_every_ask_is_replayed_to_the_character_after_the_archive_has_grown(
    index: Path, grow: Callable[[], Path], keep_counts: Callable[..., None]
) -> None:
    first = opened(index)
    asked = [ask(first, since, llm=llm)["run"]["id"] for since in ("2025-08", "2025-07") for llm in (True, False)]
    grow()
    same = _replay_each(first, asked, 2, lambda: opened(index, now=datetime(2026, 6, 1, tzinfo=UTC)))
    keep_counts("replays", False, asks=len(asked), replays=same, identical=same)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_ask_is_replayed_to_the_character_with_the_real_models(
    sample_index: Path, workers: Workers, keep_counts: Callable[..., None]
) -> None:
    """20 asks, five replays each, every time by an archive opened anew; two of the asks with the model's text."""
    first = evidence.open(sample_index)
    asked = [
        first.ask(question, *window, llm=number < 1)["run"]["id"]
        for window in WINDOWS
        for number, question in enumerate(QUESTIONS)
    ]
    others = [SAMPLE / name for name in ("releases", "transcripts", "filings", "notes")]
    build_index(sample_index, others, load_embedder(load_models(None)), workers=workers)
    same = _replay_each(first, asked, 5, lambda: evidence.open(sample_index))
    log = RunLog(sample_index / "runs")
    assert check_log(log).problems == []
    keep_counts("replays", True, asks=len(asked), replays=same, identical=same, with_a_models_text=len(WINDOWS) * 5)
