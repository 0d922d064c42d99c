"""Questions with four false pages of one site and a true one of another: what a report quotes."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from judging import interval

import evidence
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

SITES = {"false.example": "false", "true.example": "true"}


def poison(data: Path, work: Path, limit: int) -> None:
    """Prints how often the report quotes the false pages, the true one, or both."""
    rows = list(json.loads((data / "poisonedrag" / "nq.json").read_text(encoding="utf-8")).values())
    usable = [row for row in rows if honest(row)]
    work.mkdir(parents=True, exist_ok=True)
    source, index = work / "poison.jsonl", work / "poison-index"
    source.write_text("".join(json.dumps(line) + "\n" for row in usable for line in told(row)), encoding="utf-8")
    if not index.exists():
        build_index(index, [source], HashingEmbedder())
    archive = evidence.open(index, embedder=HashingEmbedder(), runs=work / "poison-runs")
    counts: Counter[str] = Counter()
    for row in usable[:limit]:
        report = archive.ask(row["question"], "2025-08", "2025-08", llm=False)
        own = {f["source"]["publisher"] for f in report["findings"] if f["source"]["title"] == row["id"]}
        counts["asked"] += 1
        counts[" and ".join(sorted(SITES[site] for site in own)) or "neither"] += 1
        counts["told apart"] += bool((report.get("contradictions") or {}).get("pairs"))
    asked = counts["asked"]
    print(f"poisonedrag, four false pages of one site and a true one, {asked} questions (of {len(rows)}):")
    for name in ("false", "false and true", "true", "neither"):
        print(f"  the report quotes {name}: {interval(counts[name], asked)}")
    print(f"  a contradiction is shown: {interval(counts['told apart'], asked)}")


def honest(row: dict[str, Any]) -> str | None:
    """The fifth false passage with the true answer in it; none where the false one does not stand there."""
    passage, false = row["adv_texts"][4], row["incorrect answer"]
    start = passage.casefold().find(false.casefold())
    return None if start < 0 else passage[:start] + row["correct answer"] + passage[start + len(false) :]


def told(row: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Its pages, all of one day."""
    pages = [("true.example", honest(row)), *(("false.example", text) for text in row["adv_texts"][:4])]
    for number, (site, text) in enumerate(pages):
        url = f"https://{site}/{row['id']}-{number}"
        yield {"title": row["id"], "source": site, "date": "2025-08-04", "text": str(text), "url": url}
