"""Gaps: exactly the queries without a finding, what came near and why it was not used, what the archive lacks."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evidence
from evidence.generator.gaps import MAX_NEAR_MISSES
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index

Write = Callable[[dict[str, str]], Path]
Build = Callable[[Path], Index]

NOW = datetime(2025, 12, 1, tzinfo=UTC)
WINDOW = ("2025-06", "2025-08")


@pytest.fixture
def ask(write_folder: Write, build: Build, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Asks about texts (name to text and what is stated of it)."""

    def asked(texts: dict[str, tuple[str, dict[str, Any]]], question: str, **options: Any) -> dict[str, Any]:
        files = {name: text for name, (text, _) in texts.items()}
        files |= {f"{name}.meta.json": json.dumps(about) for name, (_, about) in texts.items()}
        root = build(write_folder(files)).layout.root
        archive = evidence.open(root, embedder=HashingEmbedder(), clock=lambda: NOW)
        report: dict[str, Any] = archive.ask(question, *WINDOW, llm=False, **options)
        return report

    return asked


ANSWER = "Pellmarch said its order backlog for bonding tools rose to 214 units."


def why(misses: list[dict[str, Any]]) -> dict[str, str]:
    return {Path(miss["document"]["path"]).name: miss["reason"] for miss in misses}


def test_a_query_without_a_finding_is_a_gap_with_what_came_near_and_why(ask: Callable[..., dict[str, Any]]) -> None:
    report = ask(
        {
            "early.txt": (ANSWER, {"published": "2025-05-30", "title": "Early"}),
            "late.txt": (ANSWER.replace("214", "230"), {"published": "2025-09-01", "title": "Late"}),
            "undated.txt": (ANSWER.replace("214", "250"), {"title": "Undated"}),
            "inside.txt": ("Gulls nest on the roof of the ferry house.", {"published": "2025-07-01"}),
        },
        "Pellmarch order backlog for bonding tools",
    )
    assert report["findings"] == []
    (gap,) = report["gaps"]
    assert gap["query"] == "Pellmarch order backlog for bonding tools"
    assert why(gap["near_misses"]) == {
        "early.txt": "outside the window",
        "late.txt": "outside the window",
        "undated.txt": "undated",
    }
    assert "rose to" not in json.dumps(report)


def test_what_was_captured_too_late_is_a_near_miss_of_that_reason(ask: Callable[..., dict[str, Any]]) -> None:
    texts = {"a.txt": (ANSWER, {"published": "2025-07-01", "captured": "2025-11-01T00:00:00Z"})}
    report = ask(texts, "Pellmarch order backlog for bonding tools", known_by="2025-09-01")
    assert why(report["gaps"][0]["near_misses"]) == {"a.txt": "known later than asked for"}


def test_an_answered_query_is_no_gap_and_what_it_could_not_use_is_named_apart(
    ask: Callable[..., dict[str, Any]],
) -> None:
    report = ask(
        {
            "in.txt": (ANSWER, {"published": "2025-07-01", "title": "In"}),
            "out.txt": (ANSWER.replace("214", "190"), {"published": "2024-07-01", "title": "Out"}),
        },
        "Pellmarch order backlog for bonding tools",
    )
    assert [Path(finding["source"]["path"]).name for finding in report["findings"]] == ["in.txt"]
    assert report["gaps"] == []
    assert why(report["near_misses"]) == {"out.txt": "outside the window"}


def test_what_has_nothing_to_do_with_the_query_is_no_near_miss(ask: Callable[..., dict[str, Any]]) -> None:
    texts = {
        "out.txt": ("Rain is due on Friday along the coast.", {"published": "2024-07-01"}),
        "in.txt": ("Gulls nest on the roof of the ferry house.", {"published": "2025-07-01"}),
    }
    report = ask(texts, "Pellmarch order backlog for bonding tools")
    assert [gap["near_misses"] for gap in report["gaps"]] == [[]]


def test_near_misses_are_few_and_the_nearest(ask: Callable[..., dict[str, Any]]) -> None:
    texts = {f"{n}.txt": (f"{ANSWER} Plant {n}.", {"published": f"2024-01-{n:02}"}) for n in range(1, 12)}
    report = ask(texts, "Pellmarch order backlog for bonding tools")
    misses = report["gaps"][0]["near_misses"]
    assert len(misses) == MAX_NEAR_MISSES
    assert [miss["relevance"] for miss in misses] == sorted((m["relevance"] for m in misses), reverse=True)


def test_a_gap_says_what_kind_of_document_on_whom_is_missing(ask: Callable[..., dict[str, Any]]) -> None:
    report = ask(
        {
            "filing.txt": ("Pellmarch Inc. holds cash.", {"published": "2024-07-01", "kind": "filing"}),
            "news.txt": ("Pellmarch moved its head office.", {"published": "2025-07-01", "kind": "news"}),
        },
        "dividend of Pellmarch; dividend of Danmora",
    )
    assert {gap["query"]: gap["lacks"] for gap in report["gaps"]} == {
        "dividend of Pellmarch": [
            "No filing document inside the window names Pellmarch; the archive holds 1 outside it."
        ],
        "dividend of Danmora": ["No document inside the window names Danmora; nor does any other in the archive."],
    }


def test_outside_the_window_only_what_would_have_been_quoted_is_a_near_miss(
    ask: Callable[..., dict[str, Any]],
) -> None:
    nearly = "Pellmarch said that an order had been signed."
    texts = {"out.txt": (nearly, {"published": "2024-07-01"}), "in.txt": (ANSWER, {"published": "2025-07-01"})}
    assert ask(texts, "Pellmarch order backlog for bonding tools")["near_misses"] == []
