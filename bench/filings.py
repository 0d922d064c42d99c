"""Filings as filings: speed and completeness of their text, figures kept, items found.

Text: every 10-K and 10-Q in HTML of `sec_edgartools`. Its share is the characters that are no white space of the
cleaned tree that stand in the text, each counted as often as it is shown. Figures: the visible `ix:nonFraction`
facts of ten filings, each looked for as displayed in the passages, as often as it is shown.
Sections: the expected top-level sections of `sec_parser_test_data` that have any text, found as a mark's item.
8-K: the set of items of each filing of `edgar_crawler_8k`, equal to the reference program's or not.

    python bench/filings.py [--data ../shared/data] [--verbose]
"""

import argparse
import gzip
import io
import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml.html import HtmlElement

from evidence.corpus.blocks import visible_text
from evidence.corpus.decoding import decode
from evidence.corpus.sections import find_sections
from evidence.corpus.tree import clean, parse
from evidence.corpus.values import Mark
from evidence.indexer.passages import pack
from evidence.indexer.sentences import split_sentences
from evidence.indexer.standin import HashingEmbedder

FILINGS_FOR_FIGURES = 10
# Put around each figure, so that it is found again in the text of the page.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SHOWN = re.compile(rf"([$(]{{0,2}}){_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}(\)?%?)")
_APART = re.compile(r"(?<=[$(]) | (?=[)%])")
_NUMBERS = re.compile(r"(?:Part (?P<part>[IV]+), )?Items? (?P<numbers>[\d.A-C]+(?: and [\d.A-C]+)*)")


def read(path: Path) -> str:
    return decode(gzip.decompress(path.read_bytes()))


def characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def share_kept(root: HtmlElement, text: str) -> float:
    """Of the characters shown, those in the text; what the text repeats counts once."""
    shown = characters(root.find(".//body").text_content())
    return sum((shown & characters(text)).values()) / max(shown.total(), 1)


def displayed_figures(page: str) -> Counter[str]:
    """The figures that are shown, with the currency sign, brackets and percent sign around them, and how often."""
    root = parse(page, "page")
    for figure in root.iter("ix:nonfraction"):
        figure.text = _OPEN + (figure.text or "")
        figure.tail = _CLOSE + (figure.tail or "")
    clean(root)
    return Counter("".join(shown) for shown in _SHOWN.findall("".join(root.text_content().split())) if shown[1])


def missing_figures(page: str, text: str) -> tuple[int, list[str]]:
    """How many figures are shown, and those that stand in the passages less often than they are shown."""
    embedder = HashingEmbedder()
    passages = pack(text, split_sentences(text), (), embedder.count_pieces, embedder.piece_spans)
    joined = "\n".join(_APART.sub("", text[passage.start : passage.end]) for passage in passages)
    shown = displayed_figures(page)
    lacking = []
    for figure, count in shown.items():
        whole = rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)" if figure[0].isdigit() else re.escape(figure)
        lacking += [figure] * max(0, count - len(re.findall(whole, joined)))
    return shown.total(), lacking


def text_figures(folder: Path, verbose: bool) -> str:
    paths = sorted(path for path in folder.glob("*.gz") if re.search(r"-10-[kq]-", path.name))
    seconds, cleaning, shares, shown, lacking = 0.0, 0.0, [], 0, 0
    for number, path in enumerate(paths):
        page = read(path)
        started = time.process_time()
        root = parse(page, path.name)
        parsed = time.process_time()
        clean(root)
        cleaning += time.process_time() - parsed
        text = visible_text(root)
        seconds += time.process_time() - started
        shares.append(share_kept(root, text))
        if number < FILINGS_FOR_FIGURES:
            count, lost = missing_figures(page, text)
            shown, lacking = shown + count, lacking + len(lost)
            if verbose and lost:
                print(f"{path.name}: {len(lost)} of {count} figures missing: {lost[:10]}")
        if verbose:
            print(f"{path.name}: {shares[-1]:.4f} of the characters")
    return (
        f"{len(paths)} filings, text {len(paths) / seconds:.1f}/s ({cleaning / seconds:.0%} of it cleaning), "
        f"characters {min(shares):.4f} at least, figures {shown - lacking}/{shown}"
    )


def names(marks: tuple[Mark, ...]) -> set[str]:
    """The marks' items as `7A` (10-K, 8-K) or `part2item1a` (10-Q)."""
    found = set()
    for match in filter(None, (_NUMBERS.match(mark.label) for mark in marks)):
        for number in (number.rstrip(".") for number in match["numbers"].split(" and ")):
            found |= {number, f"part{len(match['part'] or '')}item{number.lower()}"}
    return found


def sections(folder: Path, verbose: bool) -> str:
    found = expected = 0
    seconds, filings = 0.0, 0
    for path in sorted(folder.glob("*/*/*/expected-top-level-sections.json")):
        root = parse(read(path.with_name("primary-document.html.gz")), path.parent.name)
        clean(root)
        text = visible_text(root)
        started = time.process_time()
        marks = find_sections(text, path.parts[-4])
        seconds += time.process_time() - started
        gold = {row["identifier"] for row in json.loads(path.read_text()) if row["character_count"]}
        found, expected, filings = found + len(gold & names(marks)), expected + len(gold), filings + 1
        if verbose and gold - names(marks):
            print(f"{path.parts[-3]} {path.parts[-4]}: not found {sorted(gold - names(marks))}")
    return f"sections {found}/{expected} ({found / expected:.3f}) at {filings / seconds:.0f}/s"


def current_reports(folder: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Name, raw main document and the reference's items of each 8-K."""
    raw = zipfile.ZipFile(io.BytesIO((folder / "RAW_FILINGS" / "8-K.zip").read_bytes()))
    reference = zipfile.ZipFile(io.BytesIO((folder / "EXTRACTED_FILINGS" / "8-K.zip").read_bytes()))
    for name in sorted(name for name in reference.namelist() if name.endswith(".json")):
        row = json.loads(reference.read(name))
        items = {key.removeprefix("item_") for key, value in row.items() if key.startswith("item_") and value}
        yield row["filename"], decode(raw.read(f"8-K/{row['filename']}")), items


def document_text(raw: str) -> str:
    """The text of a submission's first document."""
    first = re.search(r"<TEXT>(.*?)(?:</TEXT>|\Z)", raw, re.DOTALL)
    body = first[1] if first else raw
    if not re.search(r"<(?:html|body|div|font)\b", body[:20_000], re.IGNORECASE):
        return body
    root = parse(body, "8-K")
    clean(root)
    return visible_text(root)


def items(folder: Path, verbose: bool) -> str:
    agreed = reports = 0
    for name, raw, expected in current_reports(folder):
        found = {item for item in names(find_sections(document_text(raw), "8-K")) if not item.startswith("part")}
        agreed, reports = agreed + (found == expected), reports + 1
        if verbose and found != expected:
            print(f"{name}: found {sorted(found - expected)} more, {sorted(expected - found)} not")
    return f"8-K items {agreed}/{reports} ({agreed / reports:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    parts = (
        text_figures(arguments.data / "sec_edgartools" / "html_2024_2025", arguments.verbose),
        sections(arguments.data / "sec_parser_test_data", arguments.verbose),
        items(arguments.data / "edgar_crawler_8k", arguments.verbose),
    )
    print("; ".join(parts))


if __name__ == "__main__":
    main()
