"""A cleaned page's tree to text: everything visible, one block a paragraph, one table row a line. Linear time."""

from lxml import etree
from lxml.html import HtmlElement

from evidence.corpus.figures import find_scale
from evidence.corpus.grid import BLOCKS, CELLS, raised_gap, read_grid, squeeze
from evidence.corpus.tables import is_layout, plain_row, table_lines

# Headers, groups and scales are repeated beside each figure. This many characters of a document may be such
# repetitions (ten times what a long annual report needs); from there on rows stand as they were.
_MAX_REPEATED = 4_000_000
# Blocks above a table in which its scale may stand.
_ABOVE = 4
# What bullets and numbers of paragraphs are at most; they stay with the text in the next cell.
_MAX_BULLET = 6


def visible_text(root: HtmlElement) -> str:
    """Everything visible, one block a paragraph, one table row a line with its cells apart; linear time.

    For pages on which an article extractor loses what matters (filings) or takes minutes (huge ones).
    """
    body = root.find(".//body")
    if body is None:
        return ""
    writer = _BlockWriter()
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag == "table" and writer.add_table(element):
                walk.skip_subtree()
                continue
            writer.open(element)
        else:
            writer.close(element.tag)
            writer.write(element.tail)
    return writer.text()


class _BlockWriter:
    """Collects blocks. A table that is only a page's layout is taken for the paragraphs in it."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._parts: list[str] = []
        self._room = _MAX_REPEATED
        # blocks before this one belong to a table, and say nothing about the next one
        self._fence = 0

    def open(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._flush()
        elif element.tag == "sup":
            self._parts.append(raised_gap(self._parts, element.text))
        self.write(element.text)

    def close(self, tag: str) -> None:
        if tag in CELLS:
            self._end_cell()
        elif tag in BLOCKS and tag != "br":
            self._flush()

    def write(self, text: str | None) -> None:
        if text:
            self._parts.append(text)

    def add_table(self, table: HtmlElement) -> bool:
        """Writes a table as lines; False when it is layout, whose cells are to be walked."""
        rows = read_grid(table)
        if rows is None or is_layout(rows):
            return False
        self._flush()
        for caption in table.iterchildren("caption"):
            self._add(squeeze(caption.text_content()))
        if len(rows) == 1:
            # a heading or a line of a list, and no table to the next one's scale
            self._add(plain_row(rows[0]))
            return True
        above = self._blocks[max(self._fence, len(self._blocks) - _ABOVE) :]
        lines = table_lines(rows, find_scale(above), self._room)
        shown = sum(len(cell.text) for row in rows for cell in row.cells)
        self._room -= max(sum(map(len, lines)) - shown, 0)
        for line in lines:
            self._add(line)
        self._fence = len(self._blocks)
        return True

    def text(self) -> str:
        self._flush()
        return "\n\n".join(self._blocks)

    def _end_cell(self) -> None:
        if sum(map(len, self._parts)) <= _MAX_BULLET:
            self._parts.append(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        if self._parts:
            self._add(squeeze("".join(self._parts)))
            self._parts.clear()

    def _add(self, block: str) -> None:
        if block:
            self._blocks.append(block)
