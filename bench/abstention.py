"""Which questions a report refuses: those that the archive cannot answer, and how many of those that it can.

    python bench/abstention.py SET --data ../shared/data --index DIR [--limit N] [--out FILE.jsonl]

Sets, each with an index of its documents (`bench/retrieval` makes them): `multihop`, whose null queries cannot be
answered; `realtimeqa`, each question that has a gold article, asked of the three weeks before it, where the article
is, and of three weeks that ended before the article was published; `financebench`, questions whose filing is held
and questions whose filing is not. Through `ask` without a model, in one process. A line a question in FILE, which a
second run goes on from.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import evidence

WEEKS = timedelta(days=21)
# Of the questions of a set so many are asked in an order that does not depend on how the set is sorted.
_SEED = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its window; `held` says that the archive can answer it."""

    id: str
    text: str
    since: str
    until: str
    held: bool


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def multihop(data: Path) -> Iterator[Question]:
    for number, row in enumerate(rows(data / "multihop_rag_500" / "queries.jsonl.gz")):
        yield Question(f"q{number}", row["query"], "2023", "2023", row["question_type"] != "null_query")


def realtimeqa(data: Path) -> Iterator[Question]:
    folder = data / "realtimeqa"
    published = {row["id"]: row["publish_date"] for row in rows(folder / "articles_2023.jsonl.gz")}
    gold = {row["question_id"]: row["article_ids"] for row in rows(folder / "gold_articles.jsonl.gz")}
    for row in rows(folder / "questions.jsonl.gz"):
        days = [date.fromisoformat(published[a]) for a in gold.get(row["question_id"], []) if published.get(a)]
        asked = date.fromisoformat(row["question_date"].replace("/", "-"))
        if days and asked - WEEKS <= min(days) <= asked:
            before = min(days) - timedelta(days=1)
            for last, held in ((asked, True), (before, False)):
                name = f"{row['question_id']}{'' if held else '-before'}"
                yield Question(name, row["question_sentence"], f"{last - WEEKS}", f"{last}", held)


def financebench(data: Path) -> Iterator[Question]:
    folder = data / "financebench"
    held = {path.stem for path in (folder / "pdfs").glob("*.pdf")}
    for row in rows(folder / "questions.jsonl.gz"):
        yield Question(row["financebench_id"], row["question"], "2000", "2030", row["doc_name"] in held)


SETS: dict[str, Callable[[Path], Iterator[Question]]] = {
    "multihop": multihop,
    "realtimeqa": realtimeqa,
    "financebench": financebench,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    questions = list(SETS[arguments.set](arguments.data))
    random.Random(_SEED).shuffle(questions)
    questions = questions[: arguments.limit]
    started = time.monotonic()
    answered = _answered(arguments, questions)
    refused = [question for question in questions if not answered[question.id]]
    right = sum(not question.held for question in refused)
    unheld = sum(not question.held for question in questions)
    kept = sum(answered[question.id] for question in questions if question.held)
    print(
        f"{arguments.set}: {len(questions)} questions, {unheld} that cannot be answered; refusal precision "
        f"{right / max(len(refused), 1):.3f} recall {right / max(unheld, 1):.3f}; of the others answered "
        f"{kept / max(len(questions) - unheld, 1):.3f}; {(time.monotonic() - started) / 60:.1f} minutes"
    )


def _answered(arguments: argparse.Namespace, questions: list[Question]) -> dict[str, bool]:
    """Whether each question has a finding; those in the file of an earlier run are not asked again."""
    out: Path | None = arguments.out
    lines = out.read_text(encoding="utf-8").splitlines() if out and out.exists() else []
    answered = {row["id"]: bool(row["findings"]) for row in map(json.loads, lines)}
    archive = evidence.open(arguments.index)
    for question in questions:
        if question.id in answered:
            continue
        report = archive.ask(question.text, question.since, question.until, llm=False)
        answered[question.id] = bool(report["findings"])
        if out:
            row = {"id": question.id, "text": question.text, "held": question.held}
            best = max((finding["relevance"] for finding in report["findings"]), default=None)
            found = {"findings": len(report["findings"]), "best": best, "queries": report["search_queries"]}
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps({**row, **found}, ensure_ascii=False) + "\n")
    return answered


if __name__ == "__main__":
    main()
