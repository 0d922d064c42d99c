"""How well copies of one story are joined, and that distinct stories are not.

Sixty stories with five copies each, made with a seed: whole, cut after 40 %, sentences dropped, moved and
reworded, single words changed, leads rewritten, other headlines, a site's boilerplate around, and these together.
The pairs that share a cluster are compared with the pairs that were made of one story; the same for each kind of
edit against its story alone. Then a thousand articles of unlike headlines, and releases that an agency made from
one form for several companies, where any join is counted as false.

    python bench/syndication.py [DATA] [--verbose]
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.clusters import Clusters
from evidence.indexer.copies import Finder
from evidence.indexer.syndication import describe

STORIES, COPIES, DISTINCT = 60, 5, 1000
LEAST_WORDS, MOST_WORDS = 200, 2500
# A copy stands a few days after the story at the latest.
DELAY_DAYS = 3
COMPANIES = (
    ("Halden Voss", "HVN", "Zurich", "0.22", "14", "6.1"),
    ("Ostrellan", "OSTR", "Austin", "0.35", "21", "12.4"),
    ("Millrace Grid Works", "MGW", "Leeds", "1.05", "3", "88.0"),
    ("Sarq Optics", "SRQ", "Boston", "0.08", "9", "3.7"),
    ("Pellmarch", "PELM", "Oslo", "0.61", "28", "41.9"),
    ("Tannery Row Bancorp", "TRB", "Columbus", "0.44", "17", "2.2"),
)
# What an agency fills in for each of its customers: headline and text of invented releases.
FORMS = {
    "{0} declares quarterly dividend": """
{2}, Aug. 4, 2025 - The board of directors of {0} ({tick}) today declared a quarterly cash dividend of ${3} a share
on the company's common stock, payable on September {4}, 2025, to shareholders of record at the close of business on
August {4}, 2025. The declaration and payment of future dividends is subject to the discretion of the board and will
depend on earnings, capital requirements and other factors that the board considers relevant. {0} has paid dividends
without a break since it was listed.""",
    "{0} to announce second quarter results": """
{2}, Aug. 4, 2025 - {0} ({tick}) will release its results for the second quarter on Thursday, August {4}, after the
close of the markets. Management will host a conference call to discuss the results on the same day at 5:00 p.m.
Eastern time. The call will be webcast live on the investor relations page of the company, where a replay will be
available for a year. To take part by telephone, please dial in ten minutes before the call begins and ask for the
{0} call.""",
    "{0} repurchases shares": """
{2}, Aug. 4, 2025 - {0} ({tick}) bought back {5} million of its own shares in the week, at an average price of ${3},
under the programme that its board authorized. The shares will be cancelled. The purchases were made on the open
market through a broker who decides on their time without instructions. The programme may be suspended or ended at
any time and does not oblige {0} to acquire any number of shares.""",
}

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FILLER = (
    "reports residents officials yesterday meanwhile according sources nearby later spokesman several early "
    "people added earlier announced statement weekend local though quickly almost further another early"
).split()
_BOILERPLATE = (
    "Skip to main content. Sign in to your account. Subscribe now for unlimited reading on every device. Menu Home "
    "News Business Markets Sport Culture Weather Video. Share this article by mail or copy its address. ",
    " Read more from our newsroom: five things to know this morning, the quiz of the day and our best pictures. "
    "All rights reserved by the publisher. This material may not be published, broadcast or redistributed "
    "without permission. Sign up for our newsletter and never miss a story. Contact the editors. Terms of use.",
)

Edit = Callable[[list[str], random.Random], list[str]]


def whole(sentences: list[str], dice: random.Random) -> list[str]:
    return sentences


def cut(sentences: list[str], dice: random.Random) -> list[str]:
    """The first two fifths."""
    return sentences[: max(3, round(0.4 * len(sentences)))]


def edited(sentences: list[str], dice: random.Random) -> list[str]:
    """A fifth of the sentences left out, a tenth replaced by other words of the same length, two moved."""
    kept = [s if dice.random() > 0.1 else _other_words(s, dice) for s in sentences if dice.random() > 0.2]
    for _ in range(2):
        kept.insert(dice.randrange(len(kept)), kept.pop(dice.randrange(len(kept))))
    return kept


def reworded(sentences: list[str], dice: random.Random) -> list[str]:
    """One word in twelve is another."""
    return [" ".join(w if dice.random() > 1 / 12 else dice.choice(_FILLER) for w in s.split()) for s in sentences]


def new_lead(sentences: list[str], dice: random.Random) -> list[str]:
    """The first three sentences say it in other words."""
    return [*(_other_words(s, dice) for s in sentences[:3]), *sentences[3:]]


def wrapped(sentences: list[str], dice: random.Random) -> list[str]:
    """With a site's furniture around it."""
    return [_BOILERPLATE[0], *sentences, _BOILERPLATE[1]]


def _other_words(sentence: str, dice: random.Random) -> str:
    return " ".join(dice.choice(_FILLER) for _ in sentence.split()) + "."


KINDS: dict[str, Sequence[Edit]] = {
    "whole": (whole,),
    "cut": (cut,),
    "edited": (edited,),
    "reworded": (reworded,),
    "new lead": (new_lead,),
    "wrapped": (wrapped,),
    "edited and cut": (edited, cut),
    "cut and wrapped": (cut, wrapped),
    "edited and wrapped": (edited, wrapped),
    "edited, cut and wrapped": (edited, cut, wrapped),
}


def articles(data: Path) -> Iterator[dict[str, Any]]:
    for year in ("2023", "2024"):
        with gzip.open(data / "realtimeqa" / f"articles_{year}.jsonl.gz", "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def document(text: str, title: str, day: str, publisher: str) -> Document:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    end = start + timedelta(days=1) - timedelta(microseconds=1)
    name = hashlib.sha256(f"{publisher}\n{title}\n{text}".encode()).hexdigest()
    dating = Dating(start, end, Precision.DAY, Basis.URL, Grade.B, zoned=False)
    return Document(name[:16], "a", "news", text, name, title=title, publisher=publisher, published=dating)


def make_copies(data: Path, seed: int) -> tuple[list[Document], list[tuple[int, str]]]:
    """Documents, and for each the number of its story and the kind of copy; the stories themselves first."""
    dice = random.Random(seed)
    rows = [row for row in articles(data) if LEAST_WORDS <= len(row["text"].split()) <= MOST_WORDS]
    chosen = _unlike(dice.sample(rows, 3 * STORIES), STORIES)
    made = [document(row["text"], row["title"], row["publish_date"], "origin") for row in chosen]
    labels = [(number, "story") for number in range(len(chosen))]
    kinds = list(KINDS) * COPIES * STORIES
    for number, row in enumerate(chosen):
        for copy in range(COPIES):
            kind = kinds.pop()
            sentences = _SENTENCE.split(row["text"])
            for edit in KINDS[kind]:
                sentences = edit(sentences, dice)
            day = datetime.fromisoformat(row["publish_date"]) + timedelta(days=dice.randrange(DELAY_DAYS + 1))
            title = dice.choice([row["title"], dice.choice(rows)["title"]])
            made.append(document(" ".join(sentences), title, day.date().isoformat(), f"paper {copy}"))
            labels.append((number, kind))
    return made, labels


def _unlike(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first rows of which no two, within two weeks, have two words of their headlines in common.

    The set itself holds updates of one story, and a headline is what no comparison of texts looks at alone.
    """
    kept: dict[str, list[tuple[int, date]]] = defaultdict(list)
    chosen: list[dict[str, Any]] = []
    for row in rows:
        day = date.fromisoformat(row["publish_date"])
        words = {word[:5] for word in re.findall(r"\w{4,}", row["title"].casefold())}
        near = Counter(n for word in words for n, other in kept[word] if abs((day - other).days) <= 14)
        if max(near.values(), default=0) < 2 and len(chosen) < count:
            for word in words:
                kept[word].append((len(chosen), day))
            chosen.append(row)
    return chosen


def join(documents: Sequence[Document], batch: int = 200) -> tuple[Clusters, float]:
    """The clusters, and the seconds of processor time that describing, looking up and comparing took."""
    started = time.process_time()
    finder = Finder(documents.__getitem__)
    stories, kinships = [], []
    for start in range(0, len(documents), batch):
        described = [describe(document) for document in documents[start : start + batch]]
        kinships += finder.add(described).kinships
        stories += [one.story for one in described]
    seconds = time.process_time() - started
    held = {document.id: document for document in documents}
    live = {document.id: story for document, story in zip(documents, stories, strict=True)}
    return Clusters(live, kinships, held.__getitem__), seconds


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs that share a cluster against pairs of one story."""

    precision: float
    recall: float
    by_kind: dict[str, float]

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def score(documents: Sequence[Document], labels: Sequence[tuple[int, str]], clusters: Clusters) -> Score:
    """Precision and recall over all pairs; by kind of edit, the share of copies that are joined to their story."""
    cluster = {document.id: clusters.of(document.id).members[0] for document in documents}
    story_of = {document.id: number for document, (number, _) in zip(documents, labels, strict=True)}
    joined = _pairs(cluster)
    true = _pairs(story_of)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for copy, (number, kind) in zip(documents, labels, strict=True):
        if kind != "story":
            kinds[kind].append(cluster[copy.id] == cluster[documents[number].id])
    both = len(joined & true)
    by_kind = {kind: sum(hits) / len(hits) for kind, hits in kinds.items()}
    return Score(both / max(1, len(joined)), both / len(true), by_kind)


def _pairs(label_of: dict[str, Any]) -> set[tuple[str, str]]:
    groups: dict[Any, list[str]] = defaultdict(list)
    for name, label in sorted(label_of.items()):
        groups[label].append(name)
    return {pair for names in groups.values() for pair in combinations(names, 2)}


def distinct_articles(data: Path, seed: int) -> list[Document]:
    """A thousand articles at random, no two of them with like headlines."""
    rows = list(articles(data))
    random.Random(seed).shuffle(rows)
    return [_published(row) for row in _unlike(rows, DISTINCT)]


def _published(row: dict[str, Any]) -> Document:
    return document(row["text"], row["title"], row["publish_date"], urlsplit(row["url"]).netloc)


def releases(form: str, *, ticker: bool) -> list[Document]:
    """One form filled in for each company, all by one agency on one day."""
    title, text = form, " ".join(FORMS[form].split())
    made = []
    for company in COMPANIES:
        words = text.format(*company, tick=f"NYSE: {company[1]}" if ticker else "the company")
        made.append(document(words, title.format(*company), "2025-08-04", "An Agency"))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--verbose", action="store_true", help="also each kind of edit, and each pair joined")
    arguments = parser.parse_args()
    made, labels = make_copies(arguments.data, arguments.seed)
    scored = score(made, labels, join(made)[0])
    alone = distinct_articles(arguments.data, arguments.seed)
    clusters, seconds = join(alone)
    merged = list(clusters)
    forms = [releases(form, ticker=ticker) for form in FORMS for ticker in (False, True)]
    filled = [cluster for made in forms for cluster in join(made)[0]]
    print(
        f"{COPIES * STORIES} copies of {STORIES} stories: F1 {scored.f1:.3f} precision {scored.precision:.3f} "
        f"recall {scored.recall:.3f}; {len(alone)} articles: {len(merged)} false joins; "
        f"{sum(map(len, forms))} releases from {len(FORMS)} forms: {len(filled)} false joins; "
        f"{len(alone) / seconds:.0f} documents/s"
    )
    if arguments.verbose:
        for kind, share in sorted(scored.by_kind.items()):
            print(f"  {kind:24} {share:.3f} joined to its story")
        titles = {document.id: f"{document.published.latest:%Y-%m-%d} {document.title}" for document in alone}
        for cluster in merged:
            print("  joined:", " | ".join(titles[name] for name in cluster.members))


if __name__ == "__main__":
    main()
