"""EDGAR submissions: header fields against the data set's own index, and how many of the visible words are kept.

A header's fields are equal when ours are the index's, days compared as days. The index names as company whoever
the header names first; ours is whom the filing is about. So where an insider files, the first name must be the
index's, and --verbose shows both. Words are counted by a reader of its own: everything between tags that is not a
script, a style, in the head, hidden by its style or in an inline XBRL header.

    python bench/edgar.py ../shared/data --verbose
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from evidence.corpus.decoding import decode
from evidence.corpus.edgar import find_parts, skipped_parts, split_submission
from evidence.corpus.errors import DocumentError
from evidence.corpus.headers import read_header
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.submissions import read_submission

FIELDS = ("form", "company", "filed", "period", "accession", "documents")
# Of a document's visible words as many must be in its text.
MIN_WORDS = 0.98

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]+>")
_PAGE = re.compile(r"<(?:html|body|div|p|font)[\s>]", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "head", "ix:header", "ix:hidden"})
# Others part words.
_INSIDE_WORDS = frozenset("a b em font i s small span strong sub sup u".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NO_SHOW = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Score:
    """One submission: fields that differ, companies named for others, each document's share of words, the rest."""

    name: str
    wrong: list[str]
    about: list[str]
    shares: list[tuple[str, float]]
    failures: list[str]
    skipped: int


class _Visible(HTMLParser):
    """Collects what a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hiding: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._part(tag)
        if tag in _VOID:
            return
        if self._hiding:
            self._hiding += [tag] * (tag == self._hiding[0])
        elif tag in _UNSEEN or _NO_SHOW.search(dict(attrs).get("style") or ""):
            self._hiding = [tag]

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        if self._hiding and tag == self._hiding[0]:
            self._hiding.pop()

    def _part(self, tag: str) -> None:
        if tag not in _INSIDE_WORDS and not tag.startswith("ix:"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hiding:
            self.parts.append(data)


def visible_words(body: str) -> Counter[str]:
    if _PAGE.search(body[:20_000]):
        reader = _Visible()
        reader.feed(body)
        reader.close()
        return Counter(_WORD.findall("".join(reader.parts)))
    return Counter(_WORD.findall(unescape(_TAG.sub(" ", body))))


def share(words: Counter[str], text: str) -> float:
    found = Counter(_WORD.findall(text))
    return sum((words & found).values()) / max(sum(words.values()), 1)


def score(row: dict[str, object], data: bytes) -> Score:
    pieces = list(split_submission(data))
    parts = find_parts(data)
    header = read_header(data[: parts[0].start if parts else len(data)])
    form = header.form or (parts[0].type if parts else "")
    company = header.about.name if header.about else None
    names = [party.name for party in header.parties]
    about: list[str] = []
    if row["company"] != company and names[:1] == [row["company"]]:
        about = [f"company: first named {names[0]!r}, about {company!r}"]
        company = names[0]
    ours = (form, company, header.filed, header.period, header.accession, len(parts))
    theirs = tuple(row["docs"] if name == "documents" else row[name] for name in FIELDS)
    wrong = [
        f"{name}: ours {mine!r}, index {other!r}"
        for name, mine, other in zip(FIELDS, ours, theirs, strict=True)
        if _plain(mine) != _plain(other)
    ]
    shares, failures = [], []
    for number, piece in enumerate(pieces):
        part = next(iter(find_parts(piece)), None)
        try:
            text = read_submission(Record(f"{row['file']}#{number}", Media.SUBMISSION, piece)).text
        except DocumentError as error:
            failures.append(str(error))
            continue
        if part is not None:
            shares.append((part.type, share(visible_words(decode(piece[part.body : part.stop])), text)))
    return Score(str(row["file"]), wrong, about, shares, failures, sum(skipped_parts(data).values()))


def _plain(value: object) -> str:
    return str(value or "").replace("-", "").strip()


def submissions(folder: Path) -> Iterator[tuple[dict[str, object], bytes]]:
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = folder / row["file"]
        if "submission" in row["kind"] and path.is_file():
            yield row, gzip.decompress(path.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument(
        "--verbose", action="store_true", help="each field that differs, each document below the floor"
    )
    arguments = parser.parse_args()
    scores = [score(row, data) for row, data in submissions(arguments.data / "sec_edgartools")]
    if arguments.verbose:
        for it in scores:
            low = [f"{kind} keeps {kept:.3f} of its words" for kind, kept in it.shares if kept < MIN_WORDS]
            for line in (*it.wrong, *it.about, *low, *it.failures):
                print(f"{it.name}: {line}")
    fields = len(scores) * len(FIELDS)
    equal = fields - sum(len(it.wrong) for it in scores)
    shares = [kept for it in scores for _, kept in it.shares]
    good = sum(kept >= MIN_WORDS for kept in shares)
    print(
        f"{len(scores)} submissions: {equal} of {fields} header fields equal; "
        f"{good} of {len(shares)} documents keep {MIN_WORDS:.0%} of their words (least {min(shares):.3f}); "
        f"{sum(it.skipped for it in scores)} parts left out, {sum(len(it.failures) for it in scores)} failures"
    )


if __name__ == "__main__":
    main()
