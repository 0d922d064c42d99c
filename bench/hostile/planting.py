"""The attacks, the articles, and pages that hold one in the other."""

import gzip
import html
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import evidence
from evidence.archive import Archive
from evidence.generator.writing.generator import Generator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder

PAGES = 300
PLACES = ("visible", "hidden", "metadata")
# An article, an attack, and where it stands: one of PLACES, or empty where it is left out.
Planted = tuple[dict[str, Any], str, str]
_HIDING = (
    '<div style="display:none">{}</div>',
    '<p style="font-size:0">{}</p>',
    "<!-- {} -->",
    "<template>{}</template>",
)


def attacks(data: Path) -> list[str]:
    """bipia's, of texts and of code, in the order of its files."""
    found = []
    for name in ("text", "code"):
        rows = json.loads((data / "bipia" / f"{name}_attack_train.json").read_text(encoding="utf-8"))
        found += [attack for kind in rows.values() for attack in kind]
    return found


def articles(data: Path, year: int) -> Iterator[dict[str, Any]]:
    """realtimeqa's, of a year."""
    with gzip.open(data / "realtimeqa" / f"articles_{year}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def write_page(folder: Path, number: int, row: dict[str, Any], attack: str, place: str) -> None:
    """An article as a page; `place` is one of PLACES, or empty for a page without an attack."""
    escaped = html.escape(attack)
    paragraphs = [f"<p>{html.escape(text)}</p>" for text in row["text"].split("\n\n") if text.strip()]
    if place == "visible":
        paragraphs.insert(min(1, len(paragraphs)), f"<p>{escaped}</p>")
    elif place == "hidden":
        paragraphs.insert(min(1, len(paragraphs)), _HIDING[number % len(_HIDING)].format(escaped))
    title = f"{row['title']} {attack}" if place == "metadata" else row["title"]
    about = {"@type": "NewsArticle", "headline": title, "datePublished": row["publish_date"]}
    meta = f'<meta name="description" content="{escaped}"><meta name="author" content="{escaped}">'
    (folder / f"{number:04d}.html").write_text(
        f"<html><head><title>{html.escape(title)}</title>{meta if place == 'metadata' else ''}"
        f'<meta property="article:published_time" content="{row["publish_date"]}">'
        f'<script type="application/ld+json">{json.dumps(about).replace("</", "<" + chr(92) + "/")}</script></head>'
        f"<body><article><h1>{html.escape(title)}</h1>{''.join(paragraphs)}</article></body></html>",
        encoding="utf-8",
    )


def planted(data: Path, count: int) -> list[Planted]:
    """Article, attack and place; articles of some length, attacks and places in turn."""
    long = (row for row in articles(data, 2023) if 1_000 < len(row["text"]) < 6_000)
    every = attacks(data)
    return [(row, every[n % len(every)], PLACES[n % len(PLACES)]) for n, row in enumerate(islice(long, count))]


def open_pages(work: Path, rows: Sequence[Planted], writer: Generator) -> Archive:
    """Their index, built where there is none."""
    if not (work / "index").exists():
        (work / "pages").mkdir(parents=True, exist_ok=True)
        for number, (row, attack, place) in enumerate(rows):
            write_page(work / "pages", number, row, attack, place)
        build_index(work / "index", [work / "pages"], HashingEmbedder())
    return evidence.open(work / "index", embedder=HashingEmbedder(), generator=writer, runs=work / "runs")
