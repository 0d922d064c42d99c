"""A report: every quote is true and inside the window, nothing outside of it is seen, and it says what it lacks."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.corpus.entities import SHIPPED
from evidence.corpus.errors import SegmentError, UsageError
from evidence.corpus.hashing import digest, file_digest
from evidence.generator.report import seal
from evidence.generator.writing.prompt import Prompt
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.recording import without_run
from evidence.views.lines import render_text

ROOT = Path(__file__).resolve().parent.parent
FACTS: dict[str, Any] = json.loads((ROOT / "tests" / "sample_facts.json").read_text(encoding="utf-8"))
SAMPLE = ROOT / "corpus" / "sample"
FOLDERS = sorted({fact["path"].split("/")[0] for fact in FACTS["documents"]})
NOW = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
KEYS = (
    "schema query subject lens window filters generated_at run snapshot models entities seed search_queries plan "
    "unplanned sources analysis key_findings contradictions gaps near_misses findings coverage cut sha256"
).split()


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("report") / "index"
    build_index(root, [SAMPLE / name for name in FOLDERS], HashingEmbedder())
    return root


class Backwards:
    """A reranker that is of no use."""

    name, digest = "backwards", "backwards-1"

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        return [number / len(texts) for number in range(len(texts))]


def ask(index: Path, question: str, *window: str, generator: ScriptedGenerator | None = None) -> dict[str, Any]:
    archive = evidence.open(
        index, embedder=HashingEmbedder(), generator=generator or ScriptedGenerator(), clock=lambda: NOW
    )
    report: dict[str, Any] = archive.ask(question, *window, llm=generator is not None, seed=7)
    return report


def test_a_report_has_the_keys_of_its_contract_in_their_order(sample_index: Path) -> None:
    report = ask(sample_index, FACTS["demo_question"], *FACTS["window"].values())
    assert list(report) == KEYS
    assert report["schema"] == "evidence.report/1"
    assert all(finding["consensus"] for finding in report["findings"])
    assert json.loads(json.dumps(report)) == report
    assert (report["seed"], report["snapshot"], report["generated_at"]) == (7, 1, "2026-01-15T23:30:00Z")
    assert report["models"] == {
        "embedder": {"name": "hashing-stand-in", "sha256": HashingEmbedder().digest},
        "reranker": None,
        "verifier": None,
        "generator": None,
    }
    assert report["entities"] == {"sha256": file_digest(SHIPPED)}


def test_a_report_names_all_that_ranked_what_it_was_chosen_from(sample_index: Path, tmp_path: Path) -> None:
    own = tmp_path / "entities.toml"
    own.write_text('[[entities]]\nname = "Halden & Voss"\nshort = ["H&V"]\n')
    archive = evidence.open(sample_index, entities=own, embedder=HashingEmbedder(), clock=lambda: NOW)
    archive.reranker = Backwards()
    report = archive.ask("What did H&V say about lead times?", "2025-05", "2025-08", llm=False)
    assert report["models"]["reranker"] == {"name": "backwards", "sha256": "backwards-1"}
    assert report["entities"] == {"sha256": file_digest(own)}
    assert "; reranker backwards; generator none" in render_text(report)
    assert archive.verify(report) == []


def test_every_quote_of_the_demo_is_in_its_original_and_its_source_is_named(sample_index: Path) -> None:
    report = ask(sample_index, FACTS["demo_question"], *FACTS["window"].values())
    index, inside = Index.open(sample_index), {fact["path"] for fact in FACTS["documents"] if fact["inside"]}
    sources = {source["id"]: source for source in report["sources"]}
    assert len(report["findings"]) == 8
    for finding in report["findings"]:
        for quote in finding["quotes"]:
            document = index.document(quote["document_id"])
            assert document.text[quote["start"] : quote["end"]] == quote["text"]
            assert digest(quote["text"].encode()) == quote["sha256"]
            assert document.path.removeprefix(f"{SAMPLE}/") in inside
            assert finding["id"] in sources[document.id]["findings"]
            assert digest(index.originals.get(document.original)) == sources[document.id]["original"]
    assert {number for source in sources.values() for number in source["findings"]} == {
        finding["id"] for finding in report["findings"]
    }


def test_the_same_question_gives_the_same_bytes(sample_index: Path) -> None:
    written = [
        json.dumps(
            without_run(
                ask(sample_index, FACTS["demo_question"], "2025-05", "2025-08", generator=ScriptedGenerator("X"))
            )
        )
        for _ in range(2)
    ]
    assert written[0] == written[1]


def test_the_seal_covers_every_key(sample_index: Path) -> None:
    report = ask(sample_index, FACTS["demo_question"], *FACTS["window"].values())
    assert seal(report) == report
    for key in set(report) - {"sha256"}:
        assert seal({**report, key: "changed"})["sha256"] != report["sha256"]


def test_a_model_that_always_fails_costs_its_sentences_alone(sample_index: Path) -> None:
    window = tuple(FACTS["window"].values())
    without = ask(sample_index, FACTS["demo_question"], *window)
    failed = ask(sample_index, FACTS["demo_question"], *window, generator=ScriptedGenerator())
    assert failed["findings"] == without["findings"] != []
    assert failed["sources"] == without["sources"]
    assert without["analysis"] == {"state": "extractive", "sentences": [], "failure": None}
    assert failed["analysis"]["state"] == "model-failed"
    assert "always fails" in failed["analysis"]["failure"]


def test_what_a_model_invents_is_cut_and_counted(sample_index: Path) -> None:
    generator = ScriptedGenerator("Danmora has cancelled all 34 bonders. [1]\nIts exposure is $999 million. [2]\n")
    report = ask(sample_index, FACTS["demo_question"], *FACTS["window"].values(), generator=generator)
    assert report["analysis"] == {"state": "composed", "sentences": [], "failure": None}
    # the two sentences of the answer, and the claims that were made of them; some quotes hold nothing to copy
    assert report["cut"]["written"] == report["cut"]["cut"] >= 2 + len(report["findings"]) == 10
    keys = report["key_findings"]
    assert [key["citations"] for key in keys] == [[finding["id"]] for finding in report["findings"]]
    for key, finding in zip(keys, report["findings"], strict=True):
        assert key["text_from"] == "quote" and key["text"] in finding["quotes"][0]["text"]


class Interrupted(ScriptedGenerator):
    """Is interrupted when it is first asked."""

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        raise KeyboardInterrupt


def test_an_interrupt_while_the_model_works_leaves_a_report_that_verifies(sample_index: Path) -> None:
    window = tuple(FACTS["window"].values())
    report = ask(sample_index, FACTS["demo_question"], *window, generator=Interrupted())
    assert report["analysis"] == {"state": "interrupted", "sentences": [], "failure": None}
    without = ask(sample_index, FACTS["demo_question"], *window)
    assert report["findings"] == without["findings"] != []
    assert report["key_findings"] == without["key_findings"]
    assert evidence.open(sample_index, embedder=HashingEmbedder()).verify(report) == []


@pytest.mark.parametrize("window", [("2019", "2019"), ("2025-08-07T00:00Z", "2025-08-07T00:00:01Z")])
def test_an_empty_window_is_a_report_that_says_so_and_no_model_is_asked(
    sample_index: Path, window: tuple[str, str]
) -> None:
    generator = ScriptedGenerator("Anything. [1]")
    report = ask(sample_index, FACTS["demo_question"], *window, generator=generator)
    assert (report["findings"], report["sources"], report["analysis"]["sentences"]) == ([], [], [])
    assert generator.prompts == [] and report["analysis"]["state"] == "extractive"
    assert [gap["query"] for gap in report["gaps"]] == report["search_queries"][1:]
    assert (report["coverage"]["documents"], report["coverage"]["inside"]) == (len(FACTS["documents"]), 0)


def test_gaps_are_exactly_the_parts_that_nothing_answers(sample_index: Path) -> None:
    question = "SARQ order backlog; walrus husbandry in zoological gardens; lead times to install; opera tickets"
    report = ask(sample_index, question, *FACTS["window"].values())
    answered = {finding["query"] for finding in report["findings"]}
    gaps = [gap["query"] for gap in report["gaps"]]
    missing = ["walrus husbandry in zoological gardens", "opera tickets"]
    assert gaps == [query for part in missing for query in (part, f"SARQ {part}")]
    assert answered | set(gaps) == set(report["search_queries"][1:])


def test_coverage_counts_every_document_once(sample_index: Path) -> None:
    counts = ask(sample_index, "orders", *FACTS["window"].values())["coverage"]
    assert counts["inside"] == sum(fact["inside"] for fact in FACTS["documents"])
    parts = (counts[key] for key in ("inside", "outside", "undated", "below_grade"))
    assert sum(parts) == counts["documents"] == len(FACTS["documents"])


def test_a_report_is_not_written_when_a_cited_original_is_not_what_was_crawled(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    index = build(
        write_folder(
            {"a.txt": "Orders rose again in August, a maker said."}, {"a.txt": {"published": "2025-08-04"}}
        )
    )
    (document, _), *_ = index.documents()
    index.originals.path(document.original).unlink()
    archive = evidence.open(index.layout.root, embedder=HashingEmbedder(), clock=lambda: NOW)
    with pytest.raises(SegmentError, match="cannot be read"):
        archive.ask("orders in August", "2025-08", llm=False)


@pytest.mark.parametrize(
    ("question", "since"), [("", "2025"), ("  \n", "2025"), ("orders", ""), ("orders", "last tuesday")]
)
def test_what_cannot_be_asked_is_a_usage_error(sample_index: Path, question: str, since: str) -> None:
    with pytest.raises(UsageError):
        ask(sample_index, question, since)
