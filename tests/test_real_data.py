"""Real documents end to end, where the data sets are at hand: a filing, indexed, asked, quoted, verified."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import evidence
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

FILING = "sec_edgartools/html_2024_2025/nvda-10-q-2025-08-27.html.gz"

DAY, DAY_BEFORE = "2025-08-27", "2025-08-26"


def test_a_quarterly_filing_with_a_sidecar_is_indexed_and_its_figures_are_quoted(
    shared_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "nvda-10-q.html.gz"
    source.write_bytes((shared_data / FILING).read_bytes())
    stated = {"published": DAY, "kind": "filing", "form": "10-Q", "company": "NVIDIA", "ticker": "NVDA"}
    Path(f"{source}.meta.json").write_text(json.dumps(stated), encoding="utf-8")
    embedder = HashingEmbedder(dimensions=512)
    build_index(tmp_path / "index", [source], embedder)

    archive = evidence.open(tmp_path / "index", embedder=embedder, clock=lambda: datetime(2026, 1, 15, tzinfo=UTC))
    report = archive.ask("How much was Data Center revenue, up from a year ago?", DAY, DAY, llm=False)

    quotes = [quote["text"] for finding in report["findings"] for quote in finding["quotes"]]
    assert any("Data Center revenue was $41.1 billion, up 56% from a year ago" in text for text in quotes), quotes
    assert archive.verify(report) == []
    assert archive.ask("What was revenue?", DAY_BEFORE, DAY_BEFORE, llm=False)["findings"] == []


def test_every_article_of_an_export_is_indexed_or_named_with_its_reason(shared_data: Path, tmp_path: Path) -> None:
    export = shared_data / "realtimeqa" / "articles_2024.jsonl.gz"
    with gzip.open(export, "rt", encoding="utf-8") as file:
        lines = file.readlines()[2700:3000]

    source = tmp_path / "articles.jsonl"
    source.write_text("".join(lines), encoding="utf-8")

    outcome = build_index(tmp_path / "index", [source], HashingEmbedder(dimensions=16))

    empty = [
        f"{source}#{number}" for number, line in enumerate(lines, start=1) if not json.loads(line)["text"].strip()
    ]
    assert empty
    assert [(failure.path, failure.status) for failure in outcome.failures] == [(path, "no-text") for path in empty]
    assert outcome.added + outcome.skipped + len(empty) == len(lines)
