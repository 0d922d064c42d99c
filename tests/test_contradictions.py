"""Disagreement is told from what only looks like it, and nothing of one source contradicts itself."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import evidence
from evidence.archive import Archive
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.loading import load_embedder, load_models

BENCH = Path(__file__).resolve().parent.parent / "bench" / "contradictions.py"
WINDOW = ("2025-05-01", "2025-09-30")
ORDERS = "Sarq Optics reported a backlog of {} at the end of June 2025, and its order book is full."

Ask = Callable[..., Mapping[str, Any]]


@pytest.fixture
def ask(write_folder: Callable[..., Path], build: Callable[..., Index]) -> Ask:
    """ask(question, (day, publisher, text), ...) gives the report's contradictions and its findings."""

    def run(question: str, *told: tuple[str, str, str]) -> Mapping[str, Any]:
        files = {f"{number}.txt": text for number, (_, _, text) in enumerate(told)}
        stated = {
            f"{number}.txt": {"published": day, "publisher": publisher, "title": f"Backlog, note {number}"}
            for number, (day, publisher, _) in enumerate(told)
        }
        root = build(write_folder(files, stated)).layout.root
        archive = evidence.open(root, embedder=HashingEmbedder(), generator=ScriptedGenerator())
        return archive.ask(question, *WINDOW, llm=False)

    return run


def classes(report: Mapping[str, Any]) -> list[str]:
    return [pair["class"] for pair in report["contradictions"]["pairs"]]


def test_two_publishers_that_differ_disagree_and_the_pair_names_its_findings(ask: Ask) -> None:
    told = [("2025-07-02", "A", ORDERS.format("$1.5 billion")), ("2025-07-04", "B", ORDERS.format("$1.9 billion"))]
    report = ask("How large is Sarq Optics' backlog?", *told)
    (pair,) = report["contradictions"]["pairs"]
    assert (pair["class"], pair["measure"], pair["period"]) == ("disagreement", "order backlog", "2025-06")
    assert (pair["first"]["value"], pair["second"]["value"]) == ("$1.5 billion", "$1.9 billion")
    quotes = {finding["id"]: finding["quotes"] for finding in report["findings"]}
    for side in (pair["first"], pair["second"]):
        assert side["value"] in quotes[side["finding"]][side["quote"]]["text"]


@pytest.mark.parametrize("other", ["1,540 million dollars", "about $1.5 billion", "more than $1.5 billion"])
def test_one_value_in_other_words_is_compared_and_is_no_contradiction(ask: Ask, other: str) -> None:
    told = [("2025-07-02", "A", ORDERS.format("$1.54 billion")), ("2025-07-04", "B", ORDERS.format(other))]
    contradictions = ask("How large is Sarq Optics' backlog?", *told)["contradictions"]
    assert contradictions["pairs"] == [] and contradictions["compared"] == 1


def test_a_later_word_of_the_same_source_takes_the_place_of_the_earlier(ask: Ask) -> None:
    told = [("2025-07-02", "A", ORDERS.format("$1.5 billion")), ("2025-08-04", "A", ORDERS.format("$1.9 billion"))]
    assert classes(ask("How large is Sarq Optics' backlog?", *told)) == ["superseded"]


def test_a_part_that_is_told_by_whom_it_relates_to_is_no_later_word_on_the_whole(ask: Ask) -> None:
    part = "Of the Sarq Optics backlog at the end of June 2025, $0.9 billion relates to Lark tools."
    told = [("2025-07-02", "A", ORDERS.format("$1.5 billion")), ("2025-08-04", "A", part)]
    assert "superseded" not in classes(ask("How large is Sarq Optics' backlog?", *told))


def test_copies_of_one_story_are_not_compared(ask: Ask) -> None:
    rest = " ".join(
        f"Its hall {number} in Ipoh was let to a maker of lenses in the year {number}." for number in range(40)
    )
    one, other = (f"{ORDERS.format(value)} {rest}" for value in ("$1.5 billion", "$1.9 billion"))
    report = ask("How large is Sarq Optics' backlog?", ("2025-07-02", "A", one), ("2025-07-03", "B", other))
    assert report["contradictions"] == {"compared": 0, "pairs": []}


def test_who_says_otherwise_is_quoted_though_others_answer_better(ask: Ask) -> None:
    """In the same words but for the number: as a repetition it would be passed over."""
    told = [(f"2025-07-0{n}", f"P{n}", ORDERS.format("$1.5 billion")) for n in range(1, 4)]
    report = ask("How large is Sarq Optics' backlog?", *told, ("2025-07-05", "Z", ORDERS.format("$1.1 billion")))
    assert "Z" in {finding["source"]["publisher"] for finding in report["findings"]}
    assert classes(report)[0] == "disagreement"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_contradictions", BENCH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built_set(bench: ModuleType, root: Path, embedder: Any) -> Any:
    source = root / "pairs"
    source.mkdir()
    pairs = bench.read_pairs()
    bench.write_pairs(pairs, source)
    archive: Archive = bench.open_archive(root / "index", [source], embedder)
    return bench.Scores(tuple((meant, found) for meant, found, _ in bench.score_pairs(archive, pairs)))


def test_the_built_set_with_the_stand_in(bench: ModuleType, tmp_path: Path) -> None:
    """Measured 0.80 and 1.00: what is not found without a model is not compared."""
    scores = built_set(bench, tmp_path, HashingEmbedder())
    assert len(scores.pairs) >= 80
    assert scores.recall >= 0.7 and scores.precision >= 0.9
    assert scores.count("superseded", bench.DISAGREEMENT) == 0


@pytest.mark.soak
def test_the_built_set_with_the_default_embedder(bench: ModuleType, tmp_path: Path) -> None:
    """Measured 0.97 and 1.00."""
    scores = built_set(bench, tmp_path, load_embedder(load_models(None)))
    assert scores.recall >= 0.8 and scores.precision >= 0.7
    assert scores.count("superseded", bench.DISAGREEMENT) == 0


@pytest.mark.soak
def test_quarters_of_one_company_contradict_nothing(bench: ModuleType, shared_data: Path, tmp_path: Path) -> None:
    filings = tmp_path / "filings"
    filings.mkdir()
    paths = bench.copy_filings(shared_data, filings)
    found = bench.quarters(bench.open_archive(tmp_path / "index", paths, HashingEmbedder()))
    assert found["compared"] > 100 and not found["disagreement"]
