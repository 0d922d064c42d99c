"""Sections of a report without item headings, by the pages that its cross-reference index names. Pure.

Some companies order their report freely and close it with a table of items and pages; pages end in their number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.corpus.items import Item

# A chain of page numbers shorter than this is no numbering of pages.
_LEAST_PAGES = 8
# A page may lack its number, or show it in a picture.
_LARGEST_SKIP = 3
_MAX_LINES = 200_000
# A title on the page is a short line.
_TITLE = 120

_FOOTER = re.compile(r"^(?:[^\n|]{0,80}\|[^\S\n]*)?(\d{1,3})(?:[^\S\n]*\|[^\n|]{0,80})?$", re.MULTILINE)
_RANGE = r"\d{1,3}(?:\s?[-–—]\s?\d{1,3})?"
_PAGES = re.compile(
    rf"(?:\||\bpages?:?|…|\.\.)\s*(?:pages?:?\s*)?({_RANGE}(?:,\s*{_RANGE}){{0,30}})\s*(?:\(\w\)\s*)*$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(\d{1,3})(?:\s?[-–—]\s?(\d{1,3}))?")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item's rows in the index: text [start, end)."""

    item: Item
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    label: str


def sections_by_page(text: str, entries: Sequence[Entry]) -> list[tuple[int, str]]:
    """Places and labels, in order, an empty label where no item is; empty if pages or their numbers are not found.

    An item without pages of its own (none, not applicable) begins at its row in the index.
    """
    pages = _pages(text)
    if not pages:
        return []
    spans = [list(_spans(text[entry.start : entry.end])) for entry in entries]
    if not any(spans):
        return []
    if all(first == last for own in spans for first, last in own):
        spans = _until_next(spans, max(pages))
    taken: set[tuple[int, int]] = set()
    stretches = []
    for entry, own in zip(entries, spans, strict=True):
        span = next((span for span in sorted(own, key=lambda span: span[0] - span[1]) if span not in taken), None)
        found = _stretch(text, entry, span, pages) if span else None
        if found and span:
            taken.add(span)
        stretches.append(found or _Stretch(entry.start, entry.end, entry.item.label))
    return _innermost(stretches)


def _pages(text: str) -> dict[int, tuple[int, int]]:
    """Page number to its place in the text, from the longest run of numbers that count up."""
    runs: dict[int, tuple[int, int, int | None]] = {}
    found: list[tuple[int, int, int, int | None]] = []
    for match in _FOOTER.finditer(text):
        number = int(match[1])
        before = [runs[n] for n in range(number - _LARGEST_SKIP, number) if n in runs]
        length, previous = max(((run[0], run[1]) for run in before), default=(0, None))
        if number not in runs or length + 1 > runs[number][0]:
            runs[number] = (length + 1, len(found), previous)
        found.append((number, match.start(), match.end(), previous))
        if len(found) > _MAX_LINES:
            return {}
    if not runs:
        return {}
    length, last, _ = max(runs.values())
    if length < _LEAST_PAGES:
        return {}
    chain = []
    at: int | None = last
    while at is not None:
        chain.append(found[at])
        at = found[at][3]
    chain.reverse()
    pages, start = {}, 0
    for number, end, after, _ in chain:
        pages[number] = (start, end)
        start = after
    return pages


def _spans(rows: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(rows):
        match = _PAGES.search(line[0][-200:])
        for span in _SPAN.finditer(match[1]) if match else ():
            first, last = int(span[1]), int(span[2] or span[1])
            if first <= last:
                yield first, last


def _until_next(spans: list[list[tuple[int, int]]], last: int) -> list[list[tuple[int, int]]]:
    """A table of contents names first pages only: each runs until the next."""
    starts = sorted({first for own in spans for first, _ in own} | {last + 1})
    follows = dict(pairwise(starts))
    return [[(first, max(first, follows.get(first, first) - 1)) for first, _ in own] for own in spans]


def _stretch(text: str, entry: Entry, span: tuple[int, int], pages: dict[int, tuple[int, int]]) -> _Stretch | None:
    shown = [number for number in range(span[0], span[1] + 1) if number in pages]
    if not shown:
        return None
    first, last = pages[shown[0]], pages[shown[-1]]
    title = _title(text, entry.item, *first)
    if title is None and span[0] == span[1]:
        # somewhere on a page that it shares
        return None
    start = first[0] if title is None else title
    start += len(text[start : last[1]]) - len(text[start : last[1]].lstrip())
    return _Stretch(start, last[1], entry.item.label)


def _title(text: str, item: Item, start: int, end: int) -> int | None:
    for line in _LINE.finditer(text, start, end):
        if (
            len(line[0]) <= _TITLE
            and "|" not in line[0]
            and line[0].strip()[-1:] not in ".;,"
            and item.words.match(line[0])
        ):
            return line.start()
    return None


def _innermost(stretches: list[_Stretch]) -> list[tuple[int, str]]:
    """At each place the label of the stretch that began last."""
    marks: list[tuple[int, str]] = []
    for place in sorted({edge for stretch in stretches for edge in (stretch.start, stretch.end)}):
        over = [stretch for stretch in stretches if stretch.start <= place < stretch.end]
        label = max(over, key=lambda stretch: (stretch.start, -stretch.end)).label if over else ""
        if label != (marks[-1][1] if marks else ""):
            marks.append((place, label))
    return marks
