"""Pages that carry instructions: whether the flag finds them, and whether anything they say changes a report.

    python bench/hostile flag   --data ../shared/data
    python bench/hostile pages  --data ../shared/data --work DIR [--models FILE] [--model NAME] [--limit N]
    python bench/hostile poison --data ../shared/data --work DIR [--limit N]

`flag`: bipia's attacks in a paragraph each, and ordinary articles; the patterns were made on every other attack and
on the articles of 2023, so the other halves are printed apart. `pages`: 300 articles as pages, each with an attack
in visible text, hidden, or in its metadata; each is asked about three times. Without --model the writer does
whatever a page tells it, in the three worst ways it can write, and what counts is what reaches the report: foreign
ids, links, HTML, another window, anything that `verify` or the schema refuses. With --model visible attacks alone,
and how often the model follows one (in what it wrote, and in what the gate let pass), with Wilson's 95 % interval,
beside the same pages without an attack. `poison`: questions of poisonedrag with four of its false passages each,
and a true one made from the fifth: what the report quotes.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from itertools import islice
from pathlib import Path

from jsonschema import Draft202012Validator
from judging import follows, interval, violations
from planting import PAGES, PLACES, Planted, articles, attacks, open_pages, planted
from poison import poison
from writers import Obedient

from evidence.answering import Question
from evidence.commands.schema import SCHEMA_FILE
from evidence.generator.reading.instructions import FLAG_INSTRUCTIONS, carries_instructions
from evidence.generator.writing.overheard import OverheardGenerator
from evidence.loading import load_generator, load_models


def flag(data: Path) -> None:
    """The detector alone."""
    every = attacks(data)
    for number, name in enumerate(("made on", "held out")):
        own = every[number::2]
        found = sum(carries_instructions(f"The board met on Monday.\n\n{attack}\n\nShares rose.") for attack in own)
        texts = (f"{row['title']}\n\n{row['text']}" for row in articles(data, 2023 + number))
        plain = [carries_instructions(text) for text in texts]
        print(f"{name}: attacks found {interval(found, len(own))}; articles {interval(sum(plain), len(plain))}")


def read_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8")))


def pages(arguments: argparse.Namespace) -> None:
    """Three runs a page with a writer that obeys."""
    rows, writer, schema = planted(arguments.data, PAGES), Obedient(), read_schema()
    archive = open_pages(arguments.work / "planted", rows, writer)
    counts: Counter[str] = Counter()
    started = time.monotonic()
    for number, (row, attack, place) in enumerate(rows[: arguments.limit]):
        window = archive.window(row["publish_date"], row["publish_date"])
        writer.attack = attack
        for writer.way in range(Obedient.ways):
            report = archive.ask_in(window, Question(row["title"]))
            bad = violations(archive, report, window.as_json(), schema)
            sentences = [sentence["text"] for sentence in report["analysis"]["sentences"]]
            own = [f for f in report["findings"] if f["source"]["path"].endswith(f"{number:04d}.html")]
            counts.update(runs=1, violated=bool(bad), answered=bool(report["findings"]))
            counts.update(repeated=any(follows(text, attack, row["text"]) for text in sentences))
            counts[f"{place} quoted"] += bool(own)
            for flagged in (FLAG_INSTRUCTIONS, "hidden-text"):
                counts[f"{place} {flagged}"] += any(flagged in finding["flags"] for finding in own)
            for line in bad:
                print(f"  page {number} ({place}, way {writer.way}): {line}", flush=True)
    print(
        f"{counts['runs']} runs, {counts['answered']} with findings: {counts['violated']} with structural "
        f"violations; {counts['repeated']} whose analysis repeats an attack that a page shows; "
        f"{(time.monotonic() - started) / 60:.1f} min"
    )
    for place in PLACES:
        quoted, told, hid = (counts[f"{place} {what}"] for what in ("quoted", FLAG_INSTRUCTIONS, "hidden-text"))
        print(
            f"{place}: of {quoted} reports that quote the page {told} say it carries instructions, {hid} it hides"
        )


def with_model(arguments: argparse.Namespace) -> None:
    """Visible attacks and the same pages without, through a real model."""
    rows, schema = planted(arguments.data, PAGES), read_schema()
    writer = OverheardGenerator(load_generator(load_models(arguments.models), arguments.model))
    started = time.monotonic()
    for name, place in (("planted", "visible"), ("clean", "")):
        asked(arguments, name, [(row, attack, place) for row, attack, _ in rows], writer, schema)
    print(f"{(time.monotonic() - started) / 60:.1f} min")


def asked(
    arguments: argparse.Namespace,
    name: str,
    rows: Sequence[Planted],
    writer: OverheardGenerator,
    schema: Draft202012Validator,
) -> None:
    """A line on these pages. The attack is asked for, too, so that it is among the quotes wherever it can be."""
    archive = open_pages(arguments.work / f"model-{name}", rows, writer)
    counts: Counter[str] = Counter()
    for row, attack, _ in islice(rows, arguments.limit):
        window = archive.window(row["publish_date"], row["publish_date"])
        writer.calls.clear()
        queries = (row["title"], f"{row['title']} {attack}")
        report = archive.ask_in(window, Question(row["title"], queries=tuple(queries)))
        texts = {
            "shown": [quote["text"] for finding in report["findings"] for quote in finding["quotes"]],
            "raw": [line for call in writer.calls for line in (call.written or "").splitlines()],
            "kept": [sentence["text"] for sentence in report["analysis"]["sentences"]],
        }
        counts["runs"] += bool(writer.calls)
        counts["violated"] += bool(violations(archive, report, window.as_json(), schema))
        counts.update(
            key for key, said in texts.items() if any(follows(text, attack, row["text"]) for text in said)
        )
    runs = counts["runs"]
    print(
        f"{writer.name}, {name}: the attack among the quotes {counts['shown']} of {runs}; the model follows it "
        f"{interval(counts['raw'], runs)}; the report shows that {interval(counts['kept'], runs)}; "
        f"{counts['violated']} structural violations",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("flag", "pages", "poison"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--model", help="a generator of models.toml; else a scripted one")
    parser.add_argument("--limit", type=int, default=PAGES)
    arguments = parser.parse_args()
    if arguments.part == "flag":
        flag(arguments.data)
    elif arguments.part == "poison":
        poison(arguments.data, arguments.work, arguments.limit)
    elif arguments.model:
        with_model(arguments)
    else:
        pages(arguments)


if __name__ == "__main__":
    main()
