"""How much of what a question asks for a report holds: the gold facts of thirty built questions about real texts.

    python bench/completeness.py --data ../shared/data --work DIR [--index DIR] [--half a] [--model NAME]
        [--models FILE] [--wrong]

The archive is the documents that hold the facts, with several hundred articles of the same days and the facts of
multihop_rag_500 among them; it is built under WORK, or taken from INDEX. Found is a fact whose words stand
together in one quote or key finding of a document that is known to hold it; beside it what the five best passages
of a search for the question hold, each read whole. With --model what was asked stands in WORK/asked.MODEL.jsonl
and is not asked again. Prints a line a half and one of all: facts found and characters to read, of the report and
of the passages, the difference by question with a bootstrapped 95 % interval, and the share of the model's
sentences that was cut. With --wrong each fact that was missed, and why, then counted.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

import evidence
from evidence.answering import Question, answer
from evidence.archive import Archive
from evidence.indexer.build import build_index
from evidence.indexer.embedder import Embedder
from evidence.loading import load_embedder, load_generator, load_models
from evidence.views.lines import render_text

BUILT = Path(__file__).with_suffix(".toml")
# Articles of the days on which the gold documents appeared, or of the nearest.
DISTRACTORS = 350
PASSAGES = 5
_RESAMPLES = 10_000
_SEED = 7

# What a reader reads: the name of a document, and words of it.
Text = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Nugget:
    """A fact with the words that tell it, and the documents that hold it."""

    fact: str
    words: list[list[str]]
    documents: list[str]

    def told_by(self, text: str) -> bool:
        """Whether all words of one of its alternatives stand in the text."""
        plain = " ".join(text.split())
        return any(all(_stands(word, plain) for word in words) for words in self.words)

    def stands_in(self, texts: Sequence[Text]) -> bool:
        """Whether one of the texts tells it, and is of a document that is known to."""
        return any(name in self.documents and self.told_by(text) for name, text in texts)


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Built:
    """A built question with its window and its nuggets."""

    half: str
    text: str
    since: str
    until: str
    nuggets: list[Nugget]

    @property
    def spread(self) -> bool:
        """Whether no document holds all its nuggets."""
        return not set.intersection(*(set(nugget.documents) for nugget in self.nuggets))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: whether each nugget is in the report and in the passages, and what is read."""

    found: list[bool]
    in_passages: list[bool]
    why_not: list[str]
    quotes: int
    report: int
    passages: int
    written: int
    cut: int

    @property
    def better(self) -> float:
        """The share of the nuggets that the report holds beyond the passages'."""
        return mean(self.found) - mean(self.in_passages)


def read_built(half: str | None = None) -> list[Built]:
    """The questions, or one half of them."""
    rows = tomllib.loads(BUILT.read_text(encoding="utf-8"))["questions"]
    built = [Built(**{**row, "nuggets": [Nugget(**nugget) for nugget in row["nuggets"]]}) for row in rows]
    return [question for question in built if half in (None, question.half)]


def write_documents(data: Path, folder: Path) -> None:
    """Filings with their sidecars, the facts, the gold articles and those of the same days: a file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, filing in tomllib.loads(BUILT.read_text(encoding="utf-8"))["filings"].items():
        shutil.copyfile(data / filing["path"], folder / name)
        (folder / f"{name}.meta.json").write_text(json.dumps({"published": filing["published"]}), encoding="utf-8")
    facts = (data / "multihop_rag_500" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, facts):
        article = {"title": row["title"], "text": row["fact"], "date": row["published_at"], "url": row["url"]}
        _write(folder, row["id"], {**article, "publisher": row["source"]})
    gold = {name for question in read_built() for nugget in question.nuggets for name in nugget.documents}
    for row in _chosen(list(_articles(data)), gold):
        article = {"title": row["title"], "text": row["text"], "date": row["publish_date"], "url": row["url"]}
        _write(folder, row["id"], {**article, "publisher": urlsplit(row["url"]).hostname})


def _write(folder: Path, name: str, article: Row) -> None:
    (folder / f"{name}.json").write_text(json.dumps(article, ensure_ascii=False), encoding="utf-8")


def _articles(data: Path) -> Iterator[Row]:
    with gzip.open(data / "realtimeqa" / "articles_2023.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from (row for row in map(json.loads, file) if row["publish_date"])


def _chosen(articles: list[Row], gold: set[str]) -> list[Row]:
    """The gold ones, and others by how near their day is to one of theirs, in no order of their own."""
    own = [row for row in articles if row["id"] in gold]
    days = {date.fromisoformat(row["publish_date"]) for row in own}

    def order(row: Row) -> tuple[int, str]:
        day = date.fromisoformat(row["publish_date"])
        return min(abs((day - other).days) for other in days), hashlib.sha256(row["id"].encode()).hexdigest()

    return own + sorted((row for row in articles if row["id"] not in gold), key=order)[:DISTRACTORS]


def open_archive(arguments: argparse.Namespace, embedder: Embedder) -> Archive:
    """The index, built where it is not; what is held already costs a hash. Runs are recorded under WORK."""
    index: Path = arguments.index or arguments.work / "index"
    if not arguments.index:
        write_documents(arguments.data, arguments.work / "documents")
        build_index(index, [arguments.work / "documents"], embedder)
    models = load_models(arguments.models)
    writer = load_generator(models, arguments.model) if arguments.model else None
    return evidence.open(index, embedder=embedder, generator=writer, runs=arguments.work / "runs")


def ask(archive: Archive, built: Built, llm: bool) -> Outcome:
    """The report and the passages for one question."""
    answered = answer(archive, archive.window(built.since, built.until), Question(built.text, llm=llm))
    read = told(answered.report)
    hits = archive.search(built.text, built.since, built.until, PASSAGES)
    passages = [(_name(hit.as_json()["document"]["path"]), hit.text) for hit in hits]
    found = [nugget.stands_in(read) for nugget in built.nuggets]
    return Outcome(
        found=found,
        in_passages=[nugget.stands_in(passages) for nugget in built.nuggets],
        why_not=[
            "" if is_found else why_not(archive, nugget, answered.said["candidates"])
            for is_found, nugget in zip(found, built.nuggets, strict=True)
        ],
        quotes=sum(len(quote["text"]) for finding in answered.report["findings"] for quote in finding["quotes"]),
        report=len(render_text(answered.report)),
        passages=sum(len(text) for _, text in passages),
        written=answered.report["cut"]["written"],
        cut=answered.report["cut"]["cut"],
    )


def told(report: Row) -> list[Text]:
    """The quotes of the findings and the texts of the key findings, each with the document it is of."""
    sources = {finding["id"]: _name(finding["source"]["path"]) for finding in report["findings"]}
    quoted = [(sources[f["id"]], quote["text"]) for f in report["findings"] for quote in f["quotes"]]
    return quoted + [(sources[name], key["text"]) for key in report["key_findings"] for name in key["citations"]]


def _name(path: str) -> str:
    return Path(path.partition("#")[0]).name.removesuffix(".json")


def why_not(archive: Archive, nugget: Nugget, candidates: Sequence[Row]) -> str:
    """What became of the passages that tell it: the first reason in the order of the candidates."""
    reasons = []
    for row in candidates:
        shown = archive.show(row["passage"])
        text = shown.document.text[shown.start : shown.end]
        if _name(shown.document.path) in nugget.documents and nugget.told_by(text):
            reasons.append("its passage is quoted, another sentence of it" if row["finding"] else row["excluded"])
    return reasons[0] if reasons else "no passage that tells it was found"


def asked(archive: Archive, questions: Sequence[Built], kept: Path | None) -> list[Outcome]:
    """An outcome a question; those in the file are not asked again."""
    rows = map(json.loads, kept.read_text(encoding="utf-8").splitlines()) if kept and kept.exists() else ()
    done = {row["text"]: Outcome(**row["outcome"]) for row in rows}
    for question in questions:
        if question.text not in done:
            done[question.text] = ask(archive, question, llm=kept is not None)
            if kept:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"text": question.text, "outcome": asdict(done[question.text])}) + "\n")
    return [done[question.text] for question in questions]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of the means of samples drawn from the values, with replacement."""
    draw = random.Random(_SEED)
    means = sorted(mean(draw.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    return means[_RESAMPLES // 40], means[-_RESAMPLES // 40]


def line(name: str, questions: Sequence[Built], outcomes: Sequence[Outcome]) -> str:
    """What is counted of these questions."""

    def total(count: Callable[[Outcome], int]) -> int:
        return sum(map(count, outcomes))

    nuggets = sum(len(question.nuggets) for question in questions)
    mine, theirs = total(lambda one: sum(one.found)), total(lambda one: sum(one.in_passages))
    better = [one.better for one in outcomes]
    low, high = interval(better)
    written = total(lambda one: one.written)
    share = f"{total(lambda one: one.cut)} of {written} sentences cut" if written else "no sentence written, 0 cut"
    return (
        f"{name}: {len(questions)} questions, {sum(question.spread for question in questions)} over several "
        f"documents, {nuggets} facts; found {mine / nuggets:.3f} in quotes of "
        f"{total(lambda one: one.quotes) // len(questions)} characters a question (the whole report "
        f"{total(lambda one: one.report) // len(questions)}); five passages {theirs / nuggets:.3f} in "
        f"{total(lambda one: one.passages) // len(questions)}; by question {mean(better):+.3f} "
        f"({low:+.3f} to {high:+.3f}); {share}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model", help="a generator of models.toml; else no model")
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    archive = open_archive(arguments, load_embedder(load_models(arguments.models)))
    questions = read_built(arguments.half)
    kept = arguments.work / f"asked.{arguments.model}.jsonl" if arguments.model else None
    outcomes = asked(archive, questions, kept)
    if arguments.wrong:
        show_wrong(questions, outcomes)
    halves = {
        half: [n for n, one in enumerate(questions) if half in ("all", one.half)] for half in ("a", "b", "all")
    }
    for name, numbers in halves.items():
        if numbers:
            print(line(name, [questions[n] for n in numbers], [outcomes[n] for n in numbers]))


def show_wrong(questions: Sequence[Built], outcomes: Sequence[Outcome]) -> None:
    """What was missed, and why."""
    reasons: Counter[str] = Counter()
    for question, outcome in zip(questions, outcomes, strict=True):
        print(f"{question.half}: {question.text}")
        for nugget, why, passage in zip(question.nuggets, outcome.why_not, outcome.in_passages, strict=True):
            if why:
                reasons[why] += 1
                print(f"    missed{' (a passage has it)' if passage else ''}: {nugget.fact}: {why}")
    for why, count in reasons.most_common():
        print(f"{count} missed: {why}")


if __name__ == "__main__":
    main()
