"""Rows of cells to lines that can each be quoted alone: label, column header, figure, scale. Pure.

    Net income per share: Basic | Three Months Ended Jul 27, 2025: $1.08 | (In millions, except per share data)

Every word is the table's own or stands right above it, in the table's order; only what a row borrows is repeated.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.corpus.figures import find_scale, is_amount, is_dash, is_written_amount, join_figures, scale_alone
from evidence.corpus.grid import Cell, Row

GAP = " | "

# A line of about 220 wordpieces, the most that a passage holds; figures and years are three characters a piece.
_MAX_LINE = 560
# A longer one is a sentence in a cell, and no name of a column, a group or a scale.
_MAX_HEADER = 150
_MAX_GROUP = 160
# One figure among the labels for this many in a column of figures is no column of figures.
_STRAY = 4
# A table of figures has figures in most of its cells; a list of exhibits or plants has a few.
_LEAST_SHARE = 0.3
# Rows of headers above one another, and groups within one another.
_MAX_HEADS = 6
# A row of more cells is no row that anybody reads.
_MAX_CELLS = 60

_PERIOD = re.compile(r"\b(?:19|20)\d\d\b|\b(?:ended|ending)\b|\b(?:quarter|months|year|weeks)\b", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper\s(?:\w{1,12}\s){0,2}(?:share|unit)\b", re.IGNORECASE)
_SUM = re.compile(r"(?:sub)?totals?\b|net cash\b", re.IGNORECASE)
_INDEX = re.compile(r"(?:item\s*\d{1,2}[ABC]?|part\s+[IVX]{1,3})\b", re.IGNORECASE)
_BULLET = re.compile(r"[•·●○▪■◦‣*☐☒☑ýþo–—-]|\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]", re.IGNORECASE)


@dataclass(slots=True)
class _Group:
    """A row of a label alone, which the rows below it belong to."""

    text: str
    indent: float
    inner: float | None = None


def is_layout(rows: Sequence[Row]) -> bool:
    """Whether it is a page's furniture: nothing stands beside anything."""
    return all(len(row.cells) < 2 for row in rows)


def plain_row(row: Row) -> str:
    """The row's cells side by side; a bullet is part of what it stands before."""
    cells = [cell.text for cell in join_figures(row.cells)]
    if len(cells) == 2 and _BULLET.fullmatch(cells[0]) and not is_amount(cells[1]):
        return " ".join(cells)
    return GAP.join(cells)


def table_lines(rows: Sequence[Row], scale: str | None, room: int) -> list[str]:
    """The table's rows as lines, in order; `room` is how many characters may be repeated in all of them."""
    joined = [Row(join_figures(row.cells), row.indent, row.ruled) for row in rows]
    stub = _stub_end(joined)
    if stub is None:
        return [plain_row(row) for row in rows if row.cells]
    writer = _TableWriter(stub, _bands(joined, stub), scale, room)
    for row in joined:
        writer.add(row)
    return writer.lines


class _TableWriter:
    """Goes down a table of figures and keeps the headers, the group and the scale that hold for the next row."""

    def __init__(self, stub: int, bands: list[tuple[int, int]], scale: str | None, room: int) -> None:
        self.lines: list[str] = []
        self._stub = stub
        self._bands = bands
        self._scale = scale
        self._room = room
        self._heads: list[tuple[Cell, ...]] = []
        self._open = True
        self._headers: dict[tuple[int, int], str] = {}
        self._groups: list[_Group] = []

    def add(self, row: Row) -> None:
        label, values = _split(row.cells, self._stub)
        if not row.cells:
            self._groups = [group for group in self._groups if _indented(group)]
        elif len(row.cells) > _MAX_CELLS:
            self.lines.append(plain_row(row))
        elif not values:
            self._add_label(row, label)
        elif values[-1].start < self._stub:
            self.lines.append(plain_row(row))
        elif self._is_head(label, values):
            self._add_head(row)
        else:
            self._add_figures(row, label, values)

    def _add_label(self, row: Row, label: str) -> None:
        self.lines.append(label)
        scale = scale_alone(label)
        if scale:
            self._scale = scale
        elif len(label) <= _MAX_GROUP:
            self._groups = [group for group in self._groups if group.indent < row.indent and _indented(group)]
            self._groups = [*self._groups, _Group(label, row.indent)][-_MAX_HEADS:]

    def _is_head(self, label: str, values: list[Cell]) -> bool:
        if any(is_amount(cell.text) for cell in values):
            return False
        if not self._open:
            # below figures only what names periods or several columns starts anew
            return not label and (len(values) > 1 or _PERIOD.search(values[0].text) is not None)
        if not label or scale_alone(label) or not self._heads:
            return True
        # the names of columns under what spans them are more than these
        over = [cell for cell in self._heads[-1] if cell.start >= self._stub]
        return len(values) > len(over)

    def _add_head(self, row: Row) -> None:
        if not self._open:
            self._heads, self._open = [], True
        self._groups.clear()
        self._headers.clear()
        self.lines.append(GAP.join(cell.text for cell in row.cells))
        kept = []
        for cell in row.cells:
            scale = scale_alone(cell.text) if self._spans(cell) else find_scale([cell.text])
            if scale and (cell.start < self._stub or self._spans(cell)):
                self._scale = scale
            else:
                kept.append(cell)
        if kept and len(kept) <= _MAX_CELLS:
            self._heads = [*self._heads, tuple(kept)][-_MAX_HEADS:]

    def _spans(self, cell: Cell) -> bool:
        """Whether it stands over all the columns of figures."""
        return bool(self._bands) and cell.start <= self._bands[0][0] and cell.end > self._bands[-1][0]

    def _add_figures(self, row: Row, label: str, values: list[Cell]) -> None:
        self._open = False
        self._enter(row, label)
        bare = sum(len(cell.text) for cell in row.cells)
        path = _path([] if _SUM.match(label) else self._groups, label)
        named = [self._named(cell) for cell in values]
        for line in _fit(path, named, self._scale if _is_scaled(path, values, self._scale) else None):
            self._room -= max(len(line) - bare, 0)
            self.lines.append(line if self._room > 0 else plain_row(row))
            if self._room <= 0:
                break
        self._leave(row, label)

    def _enter(self, row: Row, label: str) -> None:
        """Closes the groups that this row's indent shows to be over."""
        if not label:
            return
        for group in self._groups:
            if group.inner is None:
                group.inner = row.indent
        self._groups = [group for group in self._groups if not _indented(group) or row.indent > group.indent]

    def _leave(self, row: Row, label: str) -> None:
        """A sum ends the group that it sums up, and all that no indent would end."""
        if _SUM.match(label):
            self._groups = self._groups[:-1]
        if _SUM.match(label) or row.ruled:
            self._groups = [group for group in self._groups if _indented(group)]

    def _named(self, cell: Cell) -> str:
        header = self._header(cell)
        return f"{header}: {cell.text}" if header and header != cell.text else cell.text

    def _header(self, cell: Cell) -> str:
        place = next(((a, b) for a, b in self._bands if a < cell.end and cell.start < b), (cell.start, cell.end))
        if place not in self._headers:
            self._headers[place] = _combine(self._heads, *place)
        return self._headers[place]


def _split(cells: Sequence[Cell], stub: int) -> tuple[str, list[Cell]]:
    """The label, with the bullet or number before it, and what stands beside it."""
    words = sum(cell.start < stub for cell in cells[:2])
    if words == 2 and not _BULLET.fullmatch(cells[0].text):
        words = 1
    return " ".join(cell.text for cell in cells[:words]), list(cells[words:])


def _is_scaled(path: str, values: list[Cell], scale: str | None) -> bool:
    """Whether the table's scale is one of this row: not of percentages, nor of amounts per share."""
    if all(cell.text.endswith("%") for cell in values if is_amount(cell.text)):
        return False
    return _PER_SHARE.search(path) is None or "per" in (scale or "").lower()


def _indented(group: _Group) -> bool:
    return group.inner is not None and group.inner > group.indent


def _combine(heads: list[tuple[Cell, ...]], start: int, end: int) -> str:
    """The headers over these columns, the widest first, each once."""
    names: list[str] = []
    for row in heads:
        over = max(row, key=lambda cell: min(cell.end, end) - max(cell.start, start))
        if over.start < end and start < over.end and over.text not in names:
            names.append(over.text)
    while names and len(" ".join(names)) > _MAX_HEADER:
        names.pop(0)
    return " ".join(names)


def _path(groups: list[_Group], label: str) -> str:
    return ": ".join(
        text for text in (*(group.text.rstrip(":") for group in groups[-2:]), label.rstrip(":")) if text
    )


def _fit(path: str, named: list[str], scale: str | None) -> Iterator[str]:
    """One line, or several that each say the label and the scale again, where one would not fit a passage."""
    frame = len(path) + len(scale or "") + 2 * len(GAP)
    held: list[str] = []
    size = frame
    for text in named:
        if held and size + len(text) + len(GAP) > _MAX_LINE:
            yield _line(path, held, scale)
            held, size = [], frame
        held.append(text)
        size += len(text) + len(GAP)
    yield _line(path, held, scale)


def _line(path: str, held: list[str], scale: str | None) -> str:
    return GAP.join(text for text in (path, *held, scale) if text)


def _stub_end(rows: Sequence[Row]) -> int | None:
    """The column where figures begin; None where the table is not one of figures."""
    amounts: list[Cell] = []
    for row in rows:
        if row.cells and _INDEX.match(row.cells[0].text):
            return None
        # a figure in the first place is the number of something, 10.1 or 3., unless it looks like an amount
        skipped = 0 if row.cells and is_written_amount(row.cells[0].text) else 1
        amounts.extend(cell for cell in row.cells[skipped:] if is_amount(cell.text))
    beside = sum(len(row.cells) - 1 for row in rows if row.cells)
    if len(amounts) < _LEAST_SHARE * beside:
        return None
    bands = _merge(amounts)
    figures = (cell.start for cell in amounts if not is_dash(cell.text))
    counts = Counter(next((start for start, end in bands if start <= at < end), at) for at in figures)
    # a stray figure among the labels begins no column
    usual = [start for start, count in counts.items() if count * _STRAY > max(counts.values())]
    return min(usual, default=None)


def _merge(cells: Sequence[Cell]) -> list[tuple[int, int]]:
    """The columns that figures take, those that overlap as one."""
    bands: list[tuple[int, int]] = []
    for start, end in sorted({(cell.start, cell.end) for cell in cells}):
        if bands and start < bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], end))
        else:
            bands.append((start, end))
    return bands if len(bands) <= _MAX_CELLS else []


def _bands(rows: Sequence[Row], stub: int) -> list[tuple[int, int]]:
    """The columns of figures, each as wide as its widest figure; none where two of a row would share one."""
    bands = _merge([cell for row in rows for cell in row.cells if cell.start >= stub and is_amount(cell.text)])
    for row in rows:
        taken = [cell.start for cell in row.cells if cell.start >= stub and is_amount(cell.text)]
        used = {next((n for n, (a, b) in enumerate(bands) if a <= start < b), -1) for start in taken}
        if len(used) < len(taken):
            return []
    return bands
