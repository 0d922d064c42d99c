"""Subject and lens of a report: what they say in it, what `verify` holds them to, and replays with them."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.corpus.errors import ConfigError, UsageError
from evidence.generator.report import seal
from evidence.generator.weighing.impact import SCALE
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.views.lines import render_text

NOW = datetime(2026, 1, 15, tzinfo=UTC)
WINDOW = ("2025-08", "2025-08")
QUESTION = "orders of bonders"
ARTICLES = {
    "logo": "Halden & Voss showed orders of bonders on a poster in its hall.",
    "cut": "Pellmarch cancelled half of its orders of bonders at Halden & Voss, two people said.",
    "own": "Our orders of bonders rose by 40 per cent to EUR 500 million.",
}
OWN = {"kind": "press-release", "publisher": "Halden & Voss", "company": "Halden & Voss N.V.", "ticker": "HAVO"}
Report = dict[str, Any]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("weighing")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        stated = OWN if name == "own" else {"kind": "news", "publisher": f"The {name} Post"}
        (folder / f"{name}.txt.meta.json").write_text(json.dumps({"published": "2025-08-04", **stated}))
    build_index(folder / "index", [folder], HashingEmbedder())
    return evidence.open(folder / "index", embedder=HashingEmbedder(), clock=lambda: NOW)


@pytest.fixture(scope="module")
def report(archive: Archive) -> Report:
    return archive.ask(QUESTION, *WINDOW, subject="HAVO", llm=False)


def by_text(report: Report) -> dict[str, Report]:
    texts = {text: name for name, text in ARTICLES.items()}
    return {texts[finding["quotes"][0]["text"]]: finding for finding in report["findings"]}


def test_each_finding_has_an_impact_on_the_subject_and_says_whether_its_source_is_primary(report: Report) -> None:
    found = by_text(report)
    assert report["subject"] == {"name": "Halden & Voss N.V.", "ticker": "HAVO", "from": "given"}
    assert {name: (f["impact"]["level"], f["source"]["primary"]) for name, f in found.items()} == {
        "logo": ("Medium", False),
        "cut": ("High", False),
        "own": ("High", True),
    }
    assert found["cut"]["impact"]["mechanism"] == "demand"


def test_key_findings_begin_with_what_matters_most(report: Report) -> None:
    numbers = {finding["id"]: name for name, finding in by_text(report).items()}
    assert [numbers[key["citations"][0]] for key in report["key_findings"]] == ["own", "cut", "logo"]


def test_a_reader_sees_subject_lens_objective_and_impacts(report: Report) -> None:
    text = render_text(report)
    assert "Subject: Halden & Voss N.V. (HAVO), as given" in text
    assert "Before the next results of Halden & Voss N.V." in text
    assert "Impact: High, by demand. About Halden & Voss N.V. itself" in text


def test_the_subject_of_a_question_is_the_one_company_that_it_names(archive: Archive) -> None:
    report = archive.ask("What is known of orders of bonders at Halden & Voss?", *WINDOW, llm=False)
    assert report["subject"]["from"] == "question"
    assert all(finding["impact"]["level"] in SCALE for finding in report["findings"])


def test_without_a_subject_nothing_has_an_impact_and_the_lens_is_none(archive: Archive) -> None:
    report = archive.ask(QUESTION, *WINDOW, llm=False)
    assert (report["subject"], report["lens"]) == (None, None)
    assert [finding["impact"] for finding in report["findings"]] == [None, None, None]
    assert [key["citations"] for key in report["key_findings"]] == [["1"], ["2"], ["3"]]
    assert archive.verify(report) == []
    named = archive.ask(QUESTION, *WINDOW, lens="pre-earnings", llm=False)
    assert named["lens"]["objective"] == "Before the next results of the companies asked about: " + (
        "what is material to them and not yet widely reported."
    )


def test_a_lens_of_ones_own_decides(archive: Archive, tmp_path: Path) -> None:
    shipped = Path(evidence.__file__).with_name("lenses") / "pre-earnings.toml"
    own = tmp_path / "posters.toml"
    text = shipped.read_text(encoding="utf-8").replace('"not material",', '"not material", "cancel",')
    own.write_text(text.replace('name = "pre-earnings"', 'name = "posters"'), encoding="utf-8")
    report = archive.ask(QUESTION, *WINDOW, subject="HAVO", lens=str(own), llm=False)
    assert report["lens"]["name"] == "posters"
    assert by_text(report)["cut"]["impact"]["level"] == "Medium"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "Low-Medium"}, "its impact 'Low-Medium' is none of High, Medium, Low"),
        ({"quote": 7}, "its impact rests on a quote that it does not have"),
        ({"quote": -1}, "its impact rests on a quote that it does not have"),
        ({"rationale": "It “tripled”."}, "its impact rests on 'tripled', which it does not quote"),
        (None, "an impact needs a subject, and a subject an impact"),
    ],
)
def test_verify_holds_an_impact_to_the_scale_and_to_its_quote(
    archive: Archive, report: Report, change: dict[str, Any] | None, said: str
) -> None:
    changed = copy.deepcopy(report)
    finding = changed["findings"][0]
    finding["impact"] = change and {**finding["impact"], **change}
    problems = archive.verify(seal(changed))
    assert [line for line in problems if line.startswith("finding")] == [f"finding 1: {said}"]
    assert archive.verify(report) == []


def test_a_replay_asks_for_the_same_subject_and_lens(archive: Archive, report: Report) -> None:
    for run in (report, report["run"]["id"]):
        replayed = archive.replay(run, llm=False)
        assert (replayed.same, replayed.differences) == (True, ())


def test_a_subject_without_a_word_and_a_lens_that_is_not_there_are_told_before_anything_is_opened(
    archive: Archive,
) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        archive.ask(QUESTION, *WINDOW, subject=" ", llm=False)
    with pytest.raises(ConfigError, match="there is no lens 'post-earnings'"):
        archive.ask(QUESTION, *WINDOW, lens="post-earnings", llm=False)
