"""Which questions a report refuses: those that the archive cannot answer, and how many of those that it can.

    python bench/abstention.py SET --data ../shared/data --index DIR [--articles N] [--limit N] [--out FILE.jsonl]

`removed` is multihop's set: its facts among N articles of that year, but for the facts of every third question,
which then cannot be answered, nor can the set's null queries; what shares a fact with those is not asked. Its index
is made where there is none. The others want an index of their documents (`bench/retrieval` makes them): `multihop`,
whose null queries cannot be answered; `realtimeqa`, each question that has a gold article, asked of the three weeks
before it, where the article is, and of three weeks that ended before the article was published; `financebench`,
questions whose filing is held and questions whose filing is not. Through `ask` without a model, in one process. A
line a question in FILE, which a second run goes on from.
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import evidence
from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_models

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


def removed(data: Path) -> Iterator[Question]:
    gone = _removed_facts(data)
    for number, row in enumerate(rows(data / "multihop_rag_500" / "queries.jsonl.gz")):
        lost = gone.intersection(row["evidence_ids"])
        held = row["question_type"] != "null_query" and not lost
        if held or len(lost) == len(row["evidence_ids"]):
            yield Question(f"q{number}", row["query"], "2023", "2023", held)


def _removed_facts(data: Path) -> set[str]:
    """Those of every third question that has any."""
    asked = [row["evidence_ids"] for row in rows(data / "multihop_rag_500" / "queries.jsonl.gz")]
    return {fact for ids in [ids for ids in asked if ids][::3] for fact in ids}


def build_removed(data: Path, articles: int, index: Path) -> None:
    """The index that `removed` is asked of."""
    gone = _removed_facts(data)
    with (data / "multihop_rag_500" / "facts.jsonl").open(encoding="utf-8") as file:
        facts = [row for row in map(json.loads, file) if row["id"] not in gone]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "articles.jsonl").open("w") as file:
        for row in facts:
            told = {"publisher": row["source"], "published": row["published_at"], "text": row["fact"]}
            file.write(json.dumps({**told, "title": row["title"], "url": row["url"]}) + "\n")
        for row in islice(rows(data / "realtimeqa" / "articles_2023.jsonl.gz"), articles):
            file.write(json.dumps(row) + "\n")
        file.flush()
        embedder = load_embedder(load_models(None))
        build_index(index, [Path(file.name)], embedder)


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
    "removed": removed,
    "multihop": multihop,
    "realtimeqa": realtimeqa,
    "financebench": financebench,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.set == "removed" and not arguments.index.exists():
        build_removed(arguments.data, arguments.articles, arguments.index)
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
