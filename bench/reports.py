"""Whether every report passes its published schema and `evidence verify`: on the sample, on news, on filings.

    python bench/reports.py --data ../shared/data --work DIR [--news INDEX] [--filings INDEX] [--models FILE]
        [--model NAME] [--limit N]

Without --model the writer is scripted: it says again what the quotes say, and every third sentence is false. NEWS
and FILINGS are indexes of realtimeqa's articles of 2023 and of financebench's PDFs, as bench/retrieval builds them.
A question that stands in WORK/reports.WRITER.jsonl is not asked again, so a run that was stopped goes on. Prints a
line a set: reports that pass, those with findings, sentences written and kept, and minutes.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import evidence
from evidence.archive import Archive
from evidence.commands.schema import SCHEMA_FILE
from evidence.corpus import sample
from evidence.generator.writing.prompt import Prompt
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_generator, load_models
from evidence.views.forms import FORMS

ROOT = Path(__file__).resolve().parent.parent
# Questions of each set: a hundred together.
COUNTS = {"sample": 20, "news": 50, "filings": 30}
_QUOTE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_FALSE_ONE_IN = 3
_LAST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its window."""

    id: str
    text: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; `problems` is empty when all is well."""

    id: str
    problems: list[str]
    findings: int
    written: int
    kept: int
    seconds: float


class Repeating(ScriptedGenerator):
    """A scripted writer: the first words of each quote with its number; a third have a figure of its own."""

    name, digest = "repeating", "repeating-1"

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        """A line a quote of the prompt; of a prompt without numbers its last words."""
        asked = "".join(piece.text for piece in prompt)
        quotes = _QUOTE.findall(asked) or [("1", " ".join(asked.split()[-_LAST_WORDS:]))]
        return "\n".join(
            f"{'It was 987654 that ' if place % _FALSE_ONE_IN == 2 else ''}{text[:200].rstrip(' .')}. [{number}]"
            for place, (number, text) in enumerate(quotes)
        )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """JSON Lines, compressed."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def sample_questions() -> list[Question]:
    """Those that the sample's facts answer, then the demo's in every month of the sample."""
    facts = json.loads((ROOT / "tests" / "sample_facts.json").read_text(encoding="utf-8"))
    window = facts["window"].values()
    asked = [Question(f"fact-{n}", row["question"], *window) for n, row in enumerate(facts["questions"])]
    months = (f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13))
    return [*asked, *(Question(f"demo-{month}", facts["demo_question"], month, month) for month in months)]


def news_questions(data: Path) -> list[Question]:
    """Each quiz of 2023 with the three weeks before it, spread over the year."""
    found = []
    for row in rows(data / "realtimeqa" / "questions.jsonl.gz"):
        until = date.fromisoformat(row["question_date"].replace("/", "-"))
        if until.year == 2023:
            since = until - timedelta(days=21)
            found.append(Question(row["question_id"], row["question_sentence"], str(since), str(until)))
    return found[:: max(1, len(found) // COUNTS["news"])]


def filing_questions(data: Path) -> list[Question]:
    """Those of financebench, whether their filing is there or not."""
    path = data / "financebench" / "questions.jsonl.gz"
    return [Question(row["financebench_id"], row["question"], "2000", "2030") for row in rows(path)]


def check(archive: Archive, question: Question, validator: Draft202012Validator) -> Outcome:
    """One report, written, validated, rendered in every form and verified."""
    started = time.monotonic()
    report = archive.ask(question.text, question.since, question.until)
    problems = [f"schema: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(report)]
    problems += archive.verify(json.loads(json.dumps(report)))
    for name, render in FORMS.items():
        if not render(report).strip():
            problems.append(f"{name}: empty")
    cut, seconds = report["cut"], round(time.monotonic() - started, 2)
    return Outcome(
        question.id, problems, len(report["findings"]), cut["written"], cut["written"] - cut["cut"], seconds
    )


def run(name: str, archive: Archive, questions: list[Question], kept: Path, limit: int) -> None:
    """Asks what was not asked before, and prints a line on all that ever was."""
    schema = json.loads((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    done = {row["id"]: row for row in map(json.loads, kept.open())} if kept.exists() else {}
    totals: Counter[str] = Counter()
    seconds = 0.0
    for question in questions[: min(limit, COUNTS[name])]:
        key = f"{name}:{question.id}"
        if key not in done:
            done[key] = {**asdict(check(archive, question, validator)), "id": key}
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[key]) + "\n")
        row = done[key]
        for line in row["problems"]:
            print(f"  {key}: {line}", flush=True)
        totals.update(reports=1, passed=not row["problems"], answered=row["findings"] > 0)
        totals.update(written=row["written"], kept=row["kept"])
        seconds += row["seconds"]
    print(
        f"{name} {archive.generator.name}: {totals['passed']} of {totals['reports']} reports pass their schema and "
        f"verify; {totals['answered']} with findings; {totals['kept']} of {totals['written']} sentences kept; "
        f"{seconds / 60:.1f} min",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--filings", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model", help="a generator of models.toml; else a scripted one")
    parser.add_argument("--limit", type=int, default=max(COUNTS.values()))
    arguments = parser.parse_args()
    models = load_models(arguments.models)
    embedder = load_embedder(models)
    writer = load_generator(models, arguments.model) if arguments.model else Repeating()
    arguments.work.mkdir(parents=True, exist_ok=True)
    own = arguments.work / "sample"
    if not own.exists():
        build_index(own, sample.folders(), embedder)
    sets = {
        "sample": (own, sample_questions()),
        "news": (arguments.news, news_questions(arguments.data)),
        "filings": (arguments.filings, filing_questions(arguments.data)),
    }
    kept = arguments.work / f"reports.{writer.name}.jsonl"
    for name, (index, questions) in sets.items():
        if index is not None:
            # an index of others may be read-only: the runs are recorded here
            runs = arguments.work / f"runs.{name}"
            archive = evidence.open(index, arguments.models, embedder=embedder, generator=writer, runs=runs)
            run(name, archive, questions, kept, arguments.limit)


if __name__ == "__main__":
    main()
