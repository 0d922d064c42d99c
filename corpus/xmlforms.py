"""EDGAR's XML forms (ownership 3/4/5, 13F tables, D and others) to text: one record a line, `label: value`. Pure.

Tags and texts in the order in which they stand, in linear time, without a tree: no entities are expanded, no
document type is read, and nesting costs nothing.
"""

import re
from dataclasses import dataclass, field
from html import unescape

_CELL_GAP = " | "
_TOKEN = re.compile(
    r"<!--(?>.*?-->|.*)|<!\[CDATA\[(?P<cdata>(?>.*?(?=\]\]>)|.*))(?:\]\]>)?|<[?!][^>]*+>?"
    r"|<(?P<end>/?)(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*+)[^<>]*?(?P<empty>/?)>|(?P<text>[^<]++|<)",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")
_SPACES = re.compile(r"\s+")
# <value> that comes first in an element is that element's own.
_VALUE = "value"


@dataclass(slots=True)
class _Element:
    name: str
    parts: list[str] = field(default_factory=list)
    has_values: bool = False


def form_text(xml: str) -> str:
    """The text of a form's elements; a record is the outermost element below the root with values of its own."""
    writer = _Writer()
    for match in _TOKEN.finditer(xml):
        if match["name"] is not None:
            if match["end"]:
                writer.close(match["name"])
            else:
                writer.open(match["name"])
                if match["empty"]:
                    writer.close(match["name"])
        elif text := match["cdata"] or unescape(match["text"] or ""):
            writer.write(text)
    return writer.text()


class _Writer:
    """Follows the open elements; `_record` is how many of them stood open where the present record began."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._lines: list[str] = []
        self._cells: list[str] = []
        self._record = 0

    def open(self, name: str) -> None:
        if self._open:
            self._flush_value(self._open[-1])
        self._open.append(_Element(name))

    def close(self, name: str) -> None:
        """Ends the innermost element; an end that does not fit it is a slip of the writer's, and ends it, too."""
        if not self._open:
            return
        self._flush_value(self._open[-1])
        self._open.pop()
        if len(self._open) < self._record:
            self._end_record()

    def write(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)
        elif text.strip():
            self._lines.append(_SPACES.sub(" ", text).strip())

    def text(self) -> str:
        while self._open:
            self.close("")
        self._end_record()
        return "\n\n".join(self._lines)

    def _flush_value(self, element: _Element) -> None:
        value = _SPACES.sub(" ", "".join(element.parts)).strip()
        element.parts.clear()
        if not value:
            return
        at = len(self._open) - 1
        if element.name == _VALUE and at and not self._open[at - 1].has_values:
            at -= 1
        if at:
            self._open[at - 1].has_values = True
        cell = f"{_label(self._open[at].name)}: {value}"
        if at <= 1:
            self._lines.append(cell)
            return
        if not self._record:
            self._record = at
            self._cells.append(_label(self._open[at - 1].name))
        self._cells.append(cell)

    def _end_record(self) -> None:
        if self._cells:
            self._lines.append(_CELL_GAP.join(self._cells))
        self._cells.clear()
        self._record = 0


def _label(name: str) -> str:
    """`transactionPricePerShare` as words."""
    words = _WORD.findall(name)
    return " ".join(word if word.isupper() else word.lower() for word in words) or name
