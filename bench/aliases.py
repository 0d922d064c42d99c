"""Names, tickers and short forms for each other: recall at 10 of documents that use only the form a query does not.

60 pairs, half of them of entities.toml, half of invented companies of which one document states both forms. Each
pair has one document, about one of the topics that COMPANIES invented companies are written about as well. The same
queries are run with their words alone. The line also says what looking for names costs a query.

    python bench/aliases.py [--stand-in]
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from evidence.corpus.entities import SHIPPED, Entities, read_entities
from evidence.indexer.build import build_index
from evidence.indexer.embedder import Embedder
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.loading import load_embedder, load_models
from evidence.retriever.aliases import NamedQuery, name_query
from evidence.retriever.ranges import Range, find_ranges
from evidence.retriever.search import rank_ranges, read_hits
from evidence.retriever.terms import plain_clauses
from evidence.retriever.window import parse_window

PAIRS, COMPANIES, AT = 60, 40, 10
TOPICS = (
    "order backlog",
    "lead times for bonders",
    "capital expenditure plans",
    "gross margin outlook",
    "export licences",
    "advanced packaging capacity",
    "hiring freeze",
    "dividend policy",
    "customer prepayments",
    "factory closure",
)
SYLLABLES = "mar vel tor quin sab dro fen lok ras tib wen yar zul hod pim cor".split()
KINDS = ("Instruments", "Devices", "Packaging", "Metrology", "Systems", "Substrates")


@dataclass(frozen=True)
class Pair:
    """What is asked for, and how the one document that answers writes it."""

    asked: str
    written: str
    topic: str


def invented(rng: random.Random, taken: set[str]) -> str:
    while (name := "".join(rng.choices(SYLLABLES, k=3)).capitalize()) in taken:
        pass
    taken.add(name)
    return name


def known_pairs(entities: Entities) -> Iterator[tuple[str, str]]:
    """Two forms of an entity each: name, ticker and short form take turns."""
    for number, entity in enumerate(entities.entries):
        tickers = [ticker for ticker in entity.tickers if not ticker.isdecimal()]
        forms = [entity.name, *tickers[:1], *entity.short[:1]]
        if len(forms) > 1:
            turn = number % len(forms)
            yield forms[turn], forms[(turn + 1) % len(forms)]


def stated_pairs(rng: random.Random, taken: set[str]) -> Iterator[tuple[str, str, str]]:
    """Two forms, and the sentence in which a document states them both."""
    number = 0
    while True:
        first, kind, second = invented(rng, taken), rng.choice(KINDS), invented(rng, taken)
        name = f"{first} {second} {kind}"
        ticker = "".join(rng.choices("BCDFGHJKLMNPQRSTVWXZ", k=4))
        short = f"{first[0]}{second[0]}{kind[0]}"
        form, said = (
            (ticker, f"{name} Inc. (NASDAQ: {ticker}) held its annual meeting."),
            (short, f'{name} Corporation, or "{short}", moved its head office.'),
            (first, f'{name} N.V. (the "Company" or "{first}") changed its auditor.'),
        )[number % 3]
        yield (name, form, said) if number % 2 else (form, name, said)
        number += 1


def text_of(company: str, topic: str, rng: random.Random) -> str:
    share = rng.randrange(5, 60)
    return (
        f"{company} gave an update on its {topic} on Monday. Analysts had expected less, and the {topic} moved by "
        f"{share} percent against the year before, a spokesman said."
    )


def write_documents(folder: Path) -> list[Pair]:
    rng = random.Random(7)
    taken: set[str] = set()
    known = [(*pair, "") for pair in known_pairs(read_entities(SHIPPED))][: PAIRS // 2]
    stated = [pair for pair, _ in zip(stated_pairs(rng, taken), range(PAIRS // 2), strict=False)]
    pairs, texts = [], []
    for number, (asked, written, said) in enumerate([*known, *stated]):
        pairs.append(Pair(asked, written, TOPICS[number % len(TOPICS)]))
        texts += [(f"pair-{number:02}", text_of(written, pairs[-1].topic, rng)), (f"said-{number:02}", said)]
    for topic in TOPICS:
        others = [f"{invented(rng, taken)} {rng.choice(KINDS)}" for _ in range(COMPANIES)]
        texts += [(f"other-{name}", text_of(name, topic, rng)) for name in others]
    rows = [{"path": name, "text": text, "date": "2025-08-04"} for name, text in texts if text]
    lines = "".join(json.dumps({"url": f"https://a.example/{r['path']}", **r}) + "\n" for r in rows)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    return pairs


def recall(
    index: Index,
    embedder: Embedder,
    pairs: list[Pair],
    reading: Callable[[str], NamedQuery],
    ranges: list[Range],
) -> float:
    found = 0
    for number, pair in enumerate(pairs):
        query = reading(f"{pair.asked} {pair.topic}")
        places = rank_ranges(ranges, embedder.encode([query.spelt_out])[0], query.clauses, AT)
        found += any(
            str(hit.document.url).endswith(f"/pair-{number:02}") for hit in read_hits(places, query.spelt_out, AT)
        )
    return found / len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stand-in", action="store_true", help="the embedder without weights")
    arguments = parser.parse_args()
    embedder: Embedder = HashingEmbedder() if arguments.stand_in else load_embedder(load_models(None))
    entities = read_entities(SHIPPED)
    with tempfile.TemporaryDirectory() as folder:
        pairs = write_documents(Path(folder))
        build_index(Path(folder) / "index", [Path(folder) / "articles.jsonl"], embedder)
        index = Index.open(Path(folder) / "index")
        ranges = find_ranges(index, parse_window("2025", "2025", today=date(2026, 1, 15)))
        taken = []

        def named(query: str) -> NamedQuery:
            started = time.perf_counter()
            read = name_query(query, ranges, entities)
            taken.append((time.perf_counter() - started) * 1000)
            return read

        def plain(query: str) -> NamedQuery:
            return NamedQuery(query, plain_clauses(query))

        with_names = recall(index, embedder, pairs, named, ranges)
        alone = recall(index, embedder, pairs, plain, ranges)
        print(
            f"{len(pairs)} pairs among {index.manifest.documents} documents, {embedder.name}: recall at {AT} "
            f"{with_names:.3f} with names, {alone:.3f} by words alone; names take {np.median(taken):.2f} ms a query"
        )


if __name__ == "__main__":
    main()
