"""The Python API: the command line's twin, with stand-ins for the models."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import evidence
from evidence.archive import Archive
from evidence.cli import COMMANDS
from evidence.corpus.errors import ModelMismatch, NoIndex, NotFound, ReportError, UsageError
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.recording import without_run
from evidence.retriever.filters import Filter

NOTES = {
    "july.txt": "Invented Bonders booked orders of 41 million dollars in July, and lead times were 19 weeks.",
    "august.txt": "Invented Bonders said in August that lead times for new orders had come down to 17 weeks.",
    "undated.txt": "Nobody knows when lead times were 12 weeks.",
}
STATED = {
    "july.txt": {"published": "2025-07-04", "publisher": "The Wire"},
    "august.txt": {"published": "2025-08-04", "publisher": "The Ledger"},
}
QUESTION = "What are the lead times of Invented Bonders?"
SENTENCE = "Invented Bonders said in August that lead times for new orders had come down to 17 weeks."

Open = Callable[..., Archive]


@pytest.fixture
def index(write_folder: Callable[..., Path], build: Callable[..., Index]) -> Path:
    return build(write_folder(NOTES, STATED)).layout.root


@pytest.fixture
def opened(index: Path) -> Archive:
    """As of a day in August 2025, with a generator that quotes the second note."""
    return evidence.open(
        index,
        embedder=HashingEmbedder(),
        generator=ScriptedGenerator(f"{SENTENCE} [1]"),
        clock=lambda: datetime(2025, 8, 20, tzinfo=UTC),
    )


def test_the_listed_names_are_the_public_ones() -> None:
    assert evidence.__all__ == ["Archive", "open"]
    assert [getattr(evidence, name) for name in evidence.__all__] == [Archive, inspect.unwrap(evidence.open)]
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        _ = evidence.close


def test_every_verb_of_the_archive_is_a_command() -> None:
    public = {name for name, value in vars(Archive).items() if inspect.isfunction(value) and name[0] != "_"}
    verbs = "search search_in ask ask_in show verify notes is_recorded replay diff at window original relations"
    assert public == set(verbs.split())
    assert {"search", "ask", "show", "verify"} <= set(COMMANDS)


def test_search_finds_inside_the_window_and_counts_back_from_the_clock(opened: Archive) -> None:
    (hit,) = opened.search("lead times", since="30d")
    assert (hit.text, hit.rank) == (NOTES["august.txt"], 1)
    assert [hit.text for hit in opened.search("lead times", since="2025-07", until="2025-07")] == [
        NOTES["july.txt"]
    ]
    assert opened.search("lead times", since="2024", until="2024") == []


def test_search_takes_a_count_a_filter_and_the_windows_options(opened: Archive) -> None:
    assert len(opened.search("lead times", "2025")) == 2
    assert len(opened.search("lead times", "2025", k=1)) == 1
    assert len(opened.search("lead times", "2025", where=Filter(publisher="the wire"))) == 1
    assert opened.search("lead times", "2025-08-04", "2025-08-04", as_of="2025-08-04T12:00Z") == []


@pytest.mark.parametrize("text", ["", " \n", "\udcff"])
def test_an_empty_question_is_a_usage_error(opened: Archive, text: str) -> None:
    for verb in (opened.search, opened.ask):
        with pytest.raises(UsageError, match=r"the (query|question) is"):
            verb(text, since="2025")


def test_a_window_is_required_and_the_error_names_the_archives_span(opened: Archive) -> None:
    with pytest.raises(UsageError, match="a window is required") as caught:
        opened.search("lead times", since="")
    assert caught.value.hint == "the archive's dates span 2025-07-04 to 2025-08-04"


def test_an_archive_without_a_date_says_so(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    root = build(write_folder({"undated.txt": NOTES["undated.txt"]})).layout.root
    with pytest.raises(UsageError) as caught:
        evidence.open(root, embedder=embedder).ask(QUESTION, since="")
    assert caught.value.hint == "the archive holds no dated document"


def test_ask_writes_a_report_that_verify_bears_out(opened: Archive) -> None:
    report = opened.ask(QUESTION, since="2025-08", seed=7)
    assert (report["generated_at"], report["seed"]) == ("2025-08-20T00:00:00Z", 7)
    assert report["analysis"]["sentences"] == [
        {"text": SENTENCE, "citations": ["1"], "verdict": "supported", "about": None}
    ]
    assert [quote["text"] for finding in report["findings"] for quote in finding["quotes"]] == [NOTES["august.txt"]]
    assert opened.verify(report) == opened.verify() == []


def test_the_same_question_of_the_same_snapshot_gives_the_same_report(opened: Archive) -> None:
    first, second = (opened.ask(QUESTION, "2025", llm=False) for _ in range(2))
    assert without_run(first) == without_run(second)
    # each is a run of its own, and says which
    assert first["run"]["id"] != second["run"]["id"]


def test_a_question_that_nothing_answers_gives_a_report_without_findings_and_asks_no_model(index: Path) -> None:
    generator = ScriptedGenerator("Never said. [1]")
    archive = evidence.open(index, embedder=HashingEmbedder(), generator=generator)
    report = archive.ask(QUESTION, since="2024", until="2024")
    assert (report["findings"], report["analysis"]["state"], generator.prompts) == ([], "extractive", [])
    assert report["coverage"]["outside"] == 2
    assert archive.verify(report) == []


def test_show_gives_the_document_of_an_id_and_the_passages_span(opened: Archive) -> None:
    (hit,) = opened.search("lead times", since="2025-08")
    shown = opened.show(hit.id)
    assert shown.document == hit.document == opened.show(hit.document.id).document
    assert shown.document.text[shown.start : shown.end] == hit.text
    assert opened.original(shown.document) == NOTES["august.txt"].encode()
    with pytest.raises(NotFound):
        opened.show("0123456789abcdef")


def test_verify_names_what_is_wrong(opened: Archive) -> None:
    report = opened.ask(QUESTION, since="2025-08", llm=False)
    assert opened.verify({**report, "query": "another"}) == [
        "report: its text has changed since it was written",
        f"report: it is not what run {report['run']['id']} answered",
    ]
    with pytest.raises(ReportError):
        opened.verify({"schema": "evidence.report/2"})


def test_an_opened_archive_keeps_its_snapshot_while_documents_are_added(
    opened: Archive, tmp_path: Path, build: Callable[..., Index]
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.txt").write_text("Lead times were 11 weeks.")
    (tmp_path / "more" / "new.txt.meta.json").write_text('{"published": "2025-08-05"}')
    assert len(list(build(tmp_path / "more").documents())) == 4
    assert len(opened.search("lead times", since="2025-08")) == 1


def test_another_embedder_than_the_indexs_is_refused(index: Path) -> None:
    with pytest.raises(ModelMismatch):
        evidence.open(index, embedder=HashingEmbedder(dimensions=32))
    with pytest.raises(ModelMismatch, match="not minilm"):
        evidence.open(index).search("lead times", since="2025")


def test_no_index_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(NoIndex):
        evidence.open(tmp_path)
