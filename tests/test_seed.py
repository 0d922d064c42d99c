"""A question once answered badly, asked of an archive that holds what that report cited (tests/seed/README.md).

That report joined pieces with `...` in 3 of 5 quotations, used a page without a date, rated 2 of 5 impacts off its
own scale, and cited nothing in any of its 4 key findings.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import evidence
from evidence.archive import Archive
from evidence.commands.schema import SCHEMA_FILE
from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_models
from evidence.views.forms import FORMS

ARCHIVE = Path(__file__).parent / "seed" / "archive.jsonl"
QUESTION = "BESI/ASMPT/K&S order backlogs tagged to CoWoS/die‑attach tools for ASE/Amkor; lead times to install."
# The searches of that report, without the time words: the window is the window's affair.
QUERIES = (
    "die-attach tools order backlogs for ASE/Amkor",
    "lead times to install die-attach tools",
    "CoWoS advanced packaging capacity allocation",
    "ASMPT",
    "die attach equipment market",
    "die bonders for AI and HPC chips",
)
SECTIONS = "Search queries used,Sources,Analysis,Key findings,Contradictions,Gaps,indings,Coverage".split(",")
NOON = "2025-08-27T12:00-04:00"
ROWS = [json.loads(line) for line in ARCHIVE.read_text(encoding="utf-8").splitlines()]
CITED, RELEASE, INVENTED = ROWS[:5], ROWS[5], ROWS[6:]
DATED, UNDATED = CITED[:4], CITED[4]
Report = dict[str, Any]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    root = tmp_path_factory.mktemp("seed") / "index"
    embedder = load_embedder(load_models(None))
    build_index(root, [ARCHIVE], embedder)
    return evidence.open(root, embedder=embedder, clock=lambda: datetime(2025, 8, 27, 16, 0, 33, tzinfo=UTC))


@pytest.fixture(scope="module")
def report(archive: Archive) -> Report:
    asked: Report = archive.ask(QUESTION, "2025-05-27", as_of=NOON, queries=QUERIES, subject="NVDA", llm=False)
    return asked


def misses(report: Report) -> dict[str, str]:
    """Title to the reason why it was not used."""
    every = [*report["near_misses"], *(miss for gap in report["gaps"] for miss in gap["near_misses"])]
    return {miss["document"]["title"]: miss["reason"] for miss in every}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def test_the_archive_is_what_its_readme_says() -> None:
    assert (len(CITED), len(INVENTED)) == (5, 30)
    assert "date" not in UNDATED and all("date" in row for row in (*DATED, RELEASE, *INVENTED))
    assert RELEASE["date"] == "2025-08-27T16:20:00-04:00"
    assert not any("..." in row["text"] or "…" in row["text"] for row in ROWS)


def test_every_dated_page_that_was_cited_then_is_quoted_now(report: Report) -> None:
    quoted = {finding["source"]["title"] for finding in report["findings"]}
    assert quoted == {row["title"] for row in DATED}
    assert sum(len(finding["quotes"]) for finding in report["findings"]) >= 5


def test_the_page_without_a_date_and_the_release_of_the_evening_are_near_misses_only(report: Report) -> None:
    assert misses(report)[UNDATED["title"]] == "undated"
    assert misses(report)[RELEASE["title"]] == "outside the window"
    shown = " ".join(" ".join(strings(report)).split())
    for row in (UNDATED, RELEASE):
        assert [part for part in row["text"].split("\n\n") if part in shown] == []


def test_the_plan_of_the_question_itself_keeps_them_out_too(archive: Archive) -> None:
    planned = archive.ask(QUESTION, "2025-05-27", as_of=NOON, llm=False)
    assert len(planned["search_queries"]) > 5
    assert {UNDATED["title"], RELEASE["title"]} & {source["title"] for source in planned["sources"]} == set()
    assert misses(planned)[RELEASE["title"]] == "outside the window"
    assert archive.verify(planned) == []


def test_every_impact_on_the_subject_is_on_the_scale_and_names_its_quote(report: Report) -> None:
    assert report["subject"]["ticker"] == "NVDA" and report["subject"]["from"] == "given"
    impacts = [finding["impact"] for finding in report["findings"]]
    assert len(impacts) == len(DATED)
    for impact, finding in zip(impacts, report["findings"], strict=True):
        assert impact["level"] in {"High", "Medium", "Low"}
        assert impact["mechanism"] and impact["rationale"]
        assert impact["quote"] < len(finding["quotes"])


def test_every_consensus_is_counted_from_documents_that_it_names(report: Report) -> None:
    for finding in report["findings"]:
        consensus = finding["consensus"]
        assert consensus["label"] in {"new", "corroborated", "widely reported", "known", "unknown"}
        assert finding["source"]["id"] in {document["id"] for document in consensus["documents"]}
        assert {document["title"] for document in consensus["documents"]} & {
            UNDATED["title"],
            RELEASE["title"],
        } == set()


def test_every_key_finding_has_a_title_and_cites_its_quotes(report: Report) -> None:
    assert len(report["key_findings"]) == len(DATED)
    known = {finding["id"] for finding in report["findings"]}
    for key in report["key_findings"]:
        assert key["title"]
        assert key["citations"] and set(key["citations"]) <= known


def test_that_nothing_contradicts_is_counted_and_not_asserted(report: Report) -> None:
    assert report["contradictions"]["pairs"] == []
    assert isinstance(report["contradictions"]["compared"], int)


def test_no_quote_is_joined_from_pieces(report: Report) -> None:
    texts = {row["title"]: row["text"] for row in ROWS}
    for finding in report["findings"]:
        for quote in finding["quotes"]:
            assert quote["text"] in texts[finding["source"]["title"]]
            assert "..." not in quote["text"]


def test_what_was_asked_and_is_not_there_is_a_gap(report: Report) -> None:
    # the last is answered by the page without a date alone
    assert [gap["query"] for gap in report["gaps"]] == [*QUERIES[:2], QUERIES[-1]]
    lacks = " ".join(lack for gap in report["gaps"] for lack in gap["lacks"])
    assert "ASE" in lacks and "Amkor" in lacks


def test_the_report_passes_its_schema_and_every_check(archive: Archive, report: Report) -> None:
    schema = json.loads((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(report)] == []
    assert archive.verify(report) == []


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_section_is_there(report: Report, form: str) -> None:
    written = FORMS[form](report)
    for section in SECTIONS:
        assert section in written, section
    assert "vertexaisearch" not in written


def test_the_readme_shows_this_report(report: Report) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("## A report\n")[2].partition("```text\n")[2].partition("```")[0]
    written = FORMS["text"](report).replace(str(ARCHIVE), "tests/seed/archive.jsonl")
    lines = {line.strip() for line in written.splitlines()}
    assert len(shown.splitlines()) > 30
    assert [line for line in shown.splitlines() if line.strip() not in {*lines, "..."}] == []


def test_the_readme_asks_this_question() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    command = readme.partition("## A report\n")[2].partition("```sh\n")[2].partition("```")[0]
    assert QUESTION.replace("\u2011", "-") in command
    assert f"--as-of {NOON}" in command
    assert [query for query in QUERIES if query not in command] == []
