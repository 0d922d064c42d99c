"""An HTML table to rows of cells in their columns. It knows lxml's elements and not what the words mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
CELLS = frozenset({"td", "th"})
_BODIES = frozenset({"thead", "tbody", "tfoot"})

# What HTML allows a cell to span; a larger number is taken for this one.
_MAX_SPAN = 1_000
# Rows times the cells that reach down into them. A table of figures has a few hundred.
_MAX_REACH = 200_000
# A cell of several paragraphs and this many characters is a page's layout.
_PROSE_CELL = 400

_SPAN = re.compile(r"\s*(\d{1,4})")
_INSET = re.compile(r"(?:padding-left|margin-left|text-indent)\s*:\s*(-?\d{1,4}(?:\.\d{1,4})?)(pt|px|em|%|in)?")
_PADDING = re.compile(r"padding\s*:(?:\s*[\w.%-]{1,12}){3}\s+(\d{1,4}(?:\.\d{1,4})?)(pt|px|em|%|in)?")
_RULED = re.compile(r"border-top\s*:\s*[^;]{0,40}(?:solid|double)")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 10.0, "in": 72.0, "%": 5.0}
# Old pages indent by hard spaces, each about half the width of a letter m.
_SPACE_POINTS = 3.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that shows something: columns [start, end), its words on one line."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row that show something; `indent` in points is the first one's, `ruled` a line above."""

    cells: tuple[Cell, ...]
    indent: float
    ruled: bool


def squeeze(text: str) -> str:
    """White space runs to one space each, none at the ends."""
    return " ".join(text.split())


def read_grid(table: HtmlElement) -> list[Row] | None:
    """Its rows; None for what only looks like a table: tables in cells, cells of prose, spans without end."""
    rows: list[Row] = []
    held: list[tuple[int, int, int]] = []
    reach = 0
    for row in _rows(table):
        if isinstance(row, str):
            rows.append(Row((Cell(0, 1, row),), 0.0, False))
            continue
        reach += len(held)
        placed = _place(row, held)
        if placed.prose or reach > _MAX_REACH:
            return None
        held = placed.held
        if placed.cells or len(row):
            rows.append(Row(tuple(placed.cells), placed.indent, placed.ruled))
    return rows


def _rows(table: HtmlElement) -> Iterator[HtmlElement | str]:
    """Its rows in order, and as a string what stands between them in no cell."""
    yield from _stray(table.text)
    for part in table.iterchildren():
        if part.tag in _BODIES:
            yield from _stray(part.text)
            for row in part.iterchildren():
                if row.tag == "tr":
                    yield from _stray(row.text)
                yield row
                yield from _stray(row.tail)
        elif part.tag != "caption":
            # a caption is a paragraph of its own, which the caller writes
            if part.tag == "tr":
                yield from _stray(part.text)
            yield part
        yield from _stray(part.tail)


def _stray(text: str | None) -> Iterator[str]:
    words = squeeze(text or "")
    if words:
        yield words


@dataclass(slots=True)
class _Placed:
    cells: list[Cell]
    held: list[tuple[int, int, int]]
    indent: float = 0.0
    ruled: bool = False
    prose: bool = False


def _place(row: HtmlElement, held: list[tuple[int, int, int]]) -> _Placed:
    """The row's cells in the columns that cells from above leave free."""
    placed = _Placed([], [(start, end, left - 1) for start, end, left in held if left > 1])
    above = sorted(held, reverse=True)
    at = 0
    for cell in row.iterchildren() if row.tag == "tr" else (row,):
        while above and above[-1][0] <= at:
            at = max(at, above.pop()[1])
        end = at + _span(cell.get("colspan"))
        down = _span(cell.get("rowspan"))
        if down > 1:
            placed.held.append((at, end, down - 1))
        words, prose = _words(cell)
        placed.prose |= prose
        if words:
            if not placed.cells:
                placed.indent = _indent(cell)
            elif not placed.ruled:
                placed.ruled = _RULED.search(cell.get("style") or "") is not None
            placed.cells.append(Cell(at, end, words))
        at = end
        if cell.tail and row.tag == "tr":
            for stray in _stray(cell.tail):
                placed.cells.append(Cell(at, at + 1, stray))
                at += 1
    return placed


# a page writes the same few numbers on every cell
@lru_cache(maxsize=256)
def _span(written: str | None) -> int:
    match = _SPAN.match(written[:8]) if written else None
    return min(max(int(match[1]), 1), _MAX_SPAN) if match else 1


def _wrapped(cell: HtmlElement) -> HtmlElement:
    """What is left of a cell when elements that hold nothing but one other are taken off."""
    while len(cell) == 1 and not cell.text:
        child = cell[0]
        if child.tail or child.tag == "table":
            break
        cell = child
    return cell


def _words(cell: HtmlElement) -> tuple[str, bool]:
    """The cell's text on one line, and whether it is prose or holds a table."""
    # nearly all cells are empty, or wrapped once or twice around their text
    inner = _wrapped(cell) if len(cell) else cell
    if not len(inner):
        return squeeze(inner.text) if inner.text else "", False
    parts: list[str] = []
    blocks = 0
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            if element.tag == "table":
                return "", True
            if element.tag in BLOCKS:
                parts.append(" ")
                blocks += element.tag != "br"
            elif element.tag == "sup":
                parts.append(raised_gap(parts, element.text))
            if element.text:
                parts.append(element.text)
        elif element is not cell:
            if element.tag in BLOCKS:
                parts.append(" ")
            if element.tail:
                parts.append(element.tail)
    words = squeeze("".join(parts))
    return words, blocks > 1 and len(words) > _PROSE_CELL


def raised_gap(parts: list[str], raised: str | None) -> str:
    """A space where a raised note would otherwise become part of the figure or word before it."""
    before = parts[-1][-1:] if parts else ""
    first = (raised or "")[:1]
    return " " if before.isalnum() and (first.isdigit() or first == "(") else ""


def _indent(cell: HtmlElement) -> float:
    total = 0.0
    element: HtmlElement | None = cell
    for _ in range(3):
        if element is None:
            break
        style = element.get("style")
        if style:
            sides = [*_INSET.findall(style), *_PADDING.findall(style)]
            total += sum(float(number) * _POINTS[unit or "px"] for number, unit in sides)
        spaces = element.text or ""
        total += _SPACE_POINTS * (len(spaces) - len(spaces.lstrip("\u00a0")))
        element = next(element.iterchildren(), None)
    return total
