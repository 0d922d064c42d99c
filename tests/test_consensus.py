"""Independent publishers in the window and mentions before it are counted, and no copy fools the count."""

import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import evidence
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.embedder import Embedder
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.loading import load_embedder, load_models

BENCH = Path(__file__).resolve().parent.parent / "bench" / "consensus.py"
WINDOW = ("2025-06-01", "2025-08-31")
QUESTION = "What is Sarq Optics' order backlog?"
FACT = "Sarq Optics had an order backlog of $310 million, its chairman said at the annual meeting."
STORY = (
    f"{FACT} The firm in Boston makes cameras that find the marks on a chip, and sells them to everyone who stacks "
    "chips on chips. It has rented a second hall by the harbour, where benches are being set up that came out of a "
    "closed school, and looks for forty people who can solder under a microscope."
)
PAST = [
    ("2024-11-05", "Old Post", "Sarq Optics has moved its canteen to the ground floor."),
    ("2025-01-14", "Old Herald", "Sarq Optics sponsors the harbour marathon again."),
    ("2025-02-20", "Old Mail", "Sarq Optics has named a new head of its laboratory."),
]

Row = tuple[str | None, str, str]
Ask = Callable[..., Mapping[str, Any]]


@pytest.fixture
def ask(write_folder: Callable[..., Path], build: Callable[..., Index]) -> Ask:
    """ask((day, publisher, text), ...) gives the report; the finding of the first row comes first."""

    def run(*rows: Row, **options: str) -> Mapping[str, Any]:
        files = {f"{number:02d}.txt": text for number, (_, _, text) in enumerate(rows)}
        stated = {
            f"{number:02d}.txt": {
                "publisher": publisher,
                "title": " ".join(text.split()[3:6]),
                **({"published": day} if day else {}),
            }
            for number, (day, publisher, text) in enumerate(rows)
        }
        root = build(write_folder(files, stated)).layout.root
        archive = evidence.open(root, embedder=HashingEmbedder(), generator=ScriptedGenerator())
        return archive.ask(QUESTION, *WINDOW, llm=False, **options)

    return run


def consensus(report: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = report["findings"][0]["consensus"]
    return found


def test_what_one_publisher_has_is_new_where_the_archive_could_know(ask: Ask) -> None:
    found = consensus(ask(("2025-07-01", "A", FACT), *PAST))
    assert (found["label"], found["independent_publishers"], found["first_seen"]) == ("new", 1, "2025-07-01")
    assert (found["mentions_before"], found["known_since"]) == (0, None)


def test_an_archive_that_holds_too_little_of_its_past_does_not_call_it_new(ask: Ask) -> None:
    assert consensus(ask(("2025-07-01", "A", FACT), *PAST[:2]))["label"] == "unknown"


def test_one_wire_story_on_eight_sites_counts_as_one(ask: Ask) -> None:
    sites = [("2025-07-01", f"Site {number}", STORY) for number in range(8)]
    found = consensus(ask(*sites, *PAST))
    assert (found["label"], found["independent_publishers"]) == ("new", 1)
    assert len(found["documents"]) == 8


def test_two_stories_of_their_own_corroborate_and_four_report_widely(ask: Ask) -> None:
    told = [
        f"{opening} Sarq Optics had an order backlog of $310 million."
        for opening in ("Cameras sell.", "In Boston hands are full.", "What a summer.", "Chips on chips pay.")
    ]
    rows = [("2025-07-0" + str(n), f"Paper {n}", text) for n, text in enumerate(told, start=1)]
    assert consensus(ask(*rows[:2], *PAST))["label"] == "corroborated"
    assert consensus(ask(*rows, *PAST))["label"] == "widely reported"


def test_a_fact_of_ninety_days_before_the_window_is_known_since_and_only_listed(ask: Ask) -> None:
    earlier = "At Sarq Optics the order backlog was $310 million, a lender said behind closed doors."
    report = ask(("2025-07-01", "A", FACT), ("2025-03-03", "B", earlier), *PAST)
    found = consensus(report)
    assert (found["label"], found["known_since"], found["first_seen"]) == ("known", "2025-03-03", "2025-03-03")
    assert (found["mentions_before"], found["independent_publishers"]) == (1, 1)
    assert [document["date"] for document in found["documents"]] == ["2025-03-03", "2025-07-01"]
    assert "closed doors" not in json.dumps(report)


@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param((None, "B", FACT), id="undated"),
        pytest.param(("2025-03-03", "B", FACT.replace("310", "240")), id="another number"),
        pytest.param(("2025-03-03", "B", FACT.replace("Sarq Optics", "Pellmarch")), id="another company"),
        pytest.param(("2025-03-03", "B", FACT.replace("had", "never had")), id="denied"),
        pytest.param(("2025-09-10", "B", FACT), id="after the window"),
    ],
)
def test_what_is_not_the_same_fact_before_the_window_makes_nothing_known(ask: Ask, earlier: Row) -> None:
    found = consensus(ask(("2025-07-01", "A", FACT), earlier, *PAST))
    assert (found["label"], found["mentions_before"], found["independent_publishers"]) == ("new", 0, 1)


def test_what_was_not_known_by_then_does_not_count(ask: Ask) -> None:
    """Nothing of these files was provably captured by then, so that not even the finding is there."""
    rows = [("2025-07-01", "A", FACT), ("2025-03-03", "B", FACT), *PAST]
    assert ask(*rows, known_by="2025-07-02")["findings"] == []


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_consensus", BENCH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def right(bench: ModuleType, root: Path, embedder: Embedder) -> int:
    cases = bench.read_cases()
    archive = bench.open_archive(cases, root, embedder)
    assert len(cases) == 40
    return sum(bench.check(archive, case, number)[0] == case["label"] for number, case in enumerate(cases))


def test_the_built_set_with_the_stand_in(bench: ModuleType, tmp_path: Path) -> None:
    """Measured 35 of 40: it knows no likeness of meaning."""
    assert right(bench, tmp_path, HashingEmbedder()) >= 33


@pytest.mark.soak
def test_the_built_set_with_the_default_embedder(bench: ModuleType, tmp_path: Path) -> None:
    """Measured 40 of 40."""
    assert right(bench, tmp_path, load_embedder(load_models(None))) == 40
