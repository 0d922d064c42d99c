"""What of a news article's text survives: gold paragraphs found verbatim in ours and in plain trafilatura's.

A paragraph counts where its words stand, in order and without a gap but for white space, in the text. Both readers
get the same bytes, so the difference is paired: paragraphs that only one of them has.

    python bench/text.py ../shared/data
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from evidence.corpus.errors import DocumentError
from evidence.corpus.html import read_html
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media

_SPACES = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Page:
    """One page and its article's paragraphs, as a person marked them up."""

    name: str
    data: bytes
    paragraphs: list[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Paragraphs of one page: all, found by us, found by plain trafilatura, found by neither but another way."""

    page: str
    gold: int
    ours: set[str]
    plain: set[str]
    flags: tuple[str, ...]


def read_pages(folder: Path) -> Iterator[Page]:
    """The pages whose gold was made for them; paragraphs only, headlines and teasers are not."""
    for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = json.loads((folder / row["gold"]).read_text(encoding="utf-8"))[row["version"]]
        body = gold.get("body") or {}
        paragraphs = [normal(text) for section in body.get("sections", []) for text in section["paragraphs"]]
        page = gzip.decompress((folder / row["html"]).read_bytes())
        yield Page(row["html"], page, [text for text in paragraphs if text])


def normal(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def score(page: Page) -> Score:
    reading = _read(page.data)
    plain = trafilatura.extract(page.data, include_comments=False, include_tables=True)
    return Score(
        page.name,
        len(page.paragraphs),
        _found(page.paragraphs, reading.text),
        _found(page.paragraphs, plain or ""),
        reading.flags,
    )


def _read(data: bytes) -> Reading:
    try:
        return read_html(Record("page", Media.HTML, data))
    except DocumentError as error:
        return Reading(text="", kind="page", flags=(error.status,))


def _found(paragraphs: list[str], text: str) -> set[str]:
    text = normal(text)
    return {paragraph for paragraph in paragraphs if paragraph in text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--verbose", action="store_true", help="a line for each page that differs or loses half")
    arguments = parser.parse_args()
    scores = [score(page) for page in read_pages(arguments.data / "fundus_news")]
    if arguments.verbose:
        for it in scores:
            if it.ours != it.plain or 2 * len(it.ours) < it.gold:
                print(f"{it.page}: of {it.gold} ours {len(it.ours)}, plain {len(it.plain)} {' '.join(it.flags)}")
    rows = [(s.gold, len(s.ours), len(s.plain)) for s in scores]
    gold, ours, plain = (sum(values) for values in zip(*rows, strict=True))
    gained = sum(len(s.ours - s.plain) for s in scores)
    lost = sum(len(s.plain - s.ours) for s in scores)
    shares = [sum(len(getattr(s, name)) / s.gold for s in scores if s.gold) for name in ("ours", "plain")]
    pages = sum(bool(s.gold) for s in scores)
    print(
        f"{pages} pages, {gold} gold paragraphs: ours {ours / gold:.3f}, trafilatura {plain / gold:.3f} "
        f"(a page's mean {shares[0] / pages:.3f} and {shares[1] / pages:.3f}); only ours {gained}, "
        f"only trafilatura {lost}"
    )


if __name__ == "__main__":
    main()
