"""Free writing against writing in the quotes' own words: how much stands, and what of it is wrong.

Each question is asked of its window, code chooses the findings, and for each the model writes one claim in either
way; the gate judges both. What stood is printed with its quote by --show, for somebody to read: the gate cannot
count its own errors. With --resume FILE what was done is kept there, and not done again.

    python bench/writing.py --index DIR --questions FILE.jsonl --model smollm2-135m [--limit 20] [--show]

Lines of the questions: {"text": .., "since": .., "until": ..}. A claim takes 1 to 5 seconds of two cores.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import evidence
from evidence.answering import PASSAGES_PER_QUERY
from evidence.archive import Archive
from evidence.corpus.model_entries import Writing
from evidence.generator.gate.grounds import grounds_of
from evidence.generator.gate.support import judge
from evidence.generator.reading.names import names_of
from evidence.generator.spans import choose_findings
from evidence.generator.values import Finding
from evidence.generator.writing.compose import claim_in
from evidence.generator.writing.generator import Generator
from evidence.loading import load_generator, load_models
from evidence.openmp import wait_asleep
from evidence.retriever.filters import NO_FILTER
from evidence.retriever.plan import plan_queries
from evidence.retriever.planned import search_plan

STYLES: tuple[Writing, ...] = ("free", "copied")


def findings_of(archive: Archive, question: dict[str, str]) -> tuple[Finding, ...]:
    window = archive.window(question["since"], question["until"])
    planned = plan_queries(question["text"], archive.entities)
    found = search_plan(
        archive.index, archive.embedder, planned, window, PASSAGES_PER_QUERY, NO_FILTER, archive.entities, None
    )
    parts = [(part.query, part.hits) for part in found]
    return choose_findings(parts[1:] or parts, archive.embedder, lambda _: False).findings


def write_both(archive: Archive, generator: Generator, finding: Finding) -> Iterator[dict[str, Any]]:
    names = names_of([finding.document], archive.entities)
    for style in STYLES:
        began, tokens = time.monotonic(), generator.tokens
        text = claim_in(style, finding, generator, seed=0)
        row = {"style": style, "quote": finding.text, "query": finding.query, "text": text}
        if text is not None:
            verdict = judge(text, (finding.number,), grounds_of([finding]), names)
            row |= {"shown": verdict.text if verdict.stands else None, "reason": verdict.reason}
        yield row | {"seconds": time.monotonic() - began, "tokens": generator.tokens - tokens}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--limit", type=int, default=20, help="questions")
    parser.add_argument("--claims", type=int, default=4, help="of each question")
    parser.add_argument("--resume", type=Path, help="JSON Lines, one a question")
    parser.add_argument("--show", action="store_true", help="what stood, beside its quote")
    arguments = parser.parse_args()
    wait_asleep(os.environ)
    archive = evidence.open(arguments.index)
    generator = load_generator(load_models(arguments.models), arguments.model)
    done = read_done(arguments.resume)
    for question in map(
        json.loads, arguments.questions.read_text(encoding="utf-8").splitlines()[: arguments.limit]
    ):
        if question["text"] in done:
            continue
        found = findings_of(archive, question)[: arguments.claims]
        done[question["text"]] = [row for finding in found for row in write_both(archive, generator, finding)]
        if arguments.resume:
            with arguments.resume.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"question": question["text"], "rows": done[question["text"]]}) + "\n")
    rows = [row for of_one in done.values() for row in of_one]
    if arguments.show:
        show(rows)
    for style in STYLES:
        print(f"{generator.name}: {summary(style, [row for row in rows if row['style'] == style])}")


def read_done(path: Path | None) -> dict[str, list[dict[str, Any]]]:
    if path is None or not path.exists():
        return {}
    return {row["question"]: row["rows"] for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def show(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["style"] == STYLES[0]:
            print(f"\n? {row['query']}\n| {' '.join(row['quote'].split())}")
        said = row.get("shown") or (f"CUT ({row['reason']}) {row['text']}" if row["text"] else "nothing to write")
        print(f"{row['style']:>7}: {said.strip()}")


def summary(style: str, rows: list[dict[str, Any]]) -> str:
    written = [row for row in rows if row["text"] is not None]
    stood = [row for row in written if row["shown"]]
    words = [len(row["shown"].split()) / len(row["quote"].split()) for row in stood]
    reasons = Counter(row["reason"] for row in written if not row["shown"])
    seconds = sum(row["seconds"] for row in rows) / max(len(rows), 1)
    length = sum(words) / max(len(words), 1)
    return (
        f"{style}: {len(rows)} findings, {len(written)} written, {len(stood)} stood, "
        f"{length:.2f} of the quote's words, {seconds:.1f} s each; cut {dict(reasons)}"
    )


if __name__ == "__main__":
    main()
