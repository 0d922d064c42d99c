"""Real sentences to plant errors in, of news, filings and pages, each with what stands over it."""

import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from evidence.corpus.entities import NO_ENTITIES
from evidence.corpus.values import Document
from evidence.generator.gate.grounds import Ground
from evidence.generator.reading.names import Names, names_of
from evidence.indexer.sentences import split_sentences

PUBLISHERS = {
    "www.usatoday.com": "USA Today",
    "edition.cnn.com": "CNN",
    "www.cnn.com": "CNN",
    "theweek.com": "The Week",
}
ENGLISH = ("us", "uk", "au", "ca", "za")
# Paragraphs of one source that are looked at: enough, and no source counts for many.
_MOST = 60
_WORDS = (8, 45)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence, the ground that quotes it alone, a ground of another sentence of the same text, and its text."""

    sentence: str
    ground: Ground
    other: Ground
    text: str
    names: Names


def half(identifier: str) -> str:
    """Which half a source belongs to, for ever: dev or test."""
    return "dev" if sha256(identifier.encode()).digest()[0] % 2 else "test"


def quoted(data: Path, wanted: str, step: int) -> Iterator[Quoted]:
    """Sentences of one half, from every `step`th article and all filings and pages, in a fixed order."""
    for identifier, text, over in (*_news(data, step), *_filings(data), *_pages(data)):
        if half(identifier) == wanted:
            yield from _sentences(text, over)


def _sentences(text: str, over: dict[str, Any]) -> Iterator[Quoted]:
    spans = split_sentences(text)[:_MOST]
    sentences = [" ".join(text[start:end].split()) for start, end in spans]
    good = [s for s in sentences if _is_one(s)]
    document = Document("id", "a", "news", text, "0" * 64, company=(over.get("filer") or (None,))[0])
    names = names_of([document], NO_ENTITIES)
    for at, sentence in enumerate(good):
        other = good[(at + 1) % len(good)]
        yield Quoted(sentence, Ground((sentence,), **over), Ground((other,), **over), text, names)


def _is_one(text: str) -> bool:
    """A whole sentence, one only, without an address; splitters leave two together here and there."""
    several = re.search(
        r"(?<![A-Z])(?<!\.[a-z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?][”\"]?\s[“\"]?[A-Z]|https?:|www\.|@|\|",
        text,
    )
    return (
        _WORDS[0] <= len(text.split()) <= _WORDS[1]
        and text[-1:] in '.”"'
        and text[:1].isupper()
        and several is None
    )


def _news(data: Path, step: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for year in ("2023", "2024"):
        with gzip.open(data / "realtimeqa" / f"articles_{year}.jsonl.gz", "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                if number % step == 0:
                    row = json.loads(line)
                    publisher = PUBLISHERS.get(urlparse(row["url"]).netloc, "USA Today")
                    over = {"title": row["title"], "publisher": publisher, "published": _day(row["publish_date"])}
                    yield row["id"], row["text"], over


def _filings(data: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    with zipfile.ZipFile(data / "edgar_crawler_8k" / "EXTRACTED_FILINGS" / "8-K.zip") as archive:
        for name in sorted(n for n in archive.namelist() if n.endswith(".json")):
            row = json.loads(archive.read(name))
            company = re.sub(r"\s*[/\\].*", "", row["company"]).title()
            items = [value for key, value in row.items() if key.startswith("item_") and not key.endswith("9.01")]
            over = {
                "title": f"{company} 8-K",
                "filer": (company,),
                "publisher": company,
                "published": _day(row["filing_date"]),
            }
            yield name, "\n\n".join(filter(None, items)), over


def _pages(data: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    lines = (data / "fundus_news" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["country"] in ENGLISH:
            gold = json.loads((data / "fundus_news" / row["gold"]).read_text(encoding="utf-8"))[row["version"]]
            paragraphs = [p for section in gold["body"]["sections"] for p in section["paragraphs"]]
            over = {
                "title": row["title"],
                "publisher": row["publisher"],
                "published": _day(str(row["publishing_date"])[:10]),
            }
            yield row["html"], "\n\n".join(paragraphs), over


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
