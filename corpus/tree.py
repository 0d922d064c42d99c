"""The one module that knows lxml: bytes to a tree of what a reader of the page would have seen.

Pages are hostile. Text that is there for machines only never leaves this module; that there was some does.
"""

import re
from dataclasses import dataclass

from lxml import etree, html

from evidence.corpus.errors import DocumentError
from evidence.corpus.values import Status

_NEVER_TEXT = frozenset(
    "script style template noscript svg math iframe object embed canvas select textarea datalist audio video "
    "noembed noframes".split()
)
_HIDDEN_STYLE = re.compile(
    # a longer name is another property: margin-top:-100px moves what everybody sees
    r"(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)|font-size:0(?:\.0*)?(?:px|pt|em|rem|%)?(?:;|$|!)"
    r"|opacity:0(?:\.0*)?(?:;|$|!)|(?:left|top|text-indent|margin-left):-\d{3,}|clip:rect\(0)"
)
_STYLE_NOISE = re.compile(r"[\s\u00a0]+|/\*.*?\*/", re.DOTALL)

_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[\s\u00a0]+")
_CELL_GAP = " | "
# EDGAR tables keep the currency sign and the closing bracket of a figure in cells of their own.
_SPLIT_FIGURE = re.compile(r"(?<=[$€£¥(]) \| (?=[\d(—–-])| \| (?=[)%])")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning found: element count and depth of the rest, whether it is inline XBRL, what was hidden."""

    elements: int
    depth: int
    inline_xbrl: bool
    hidden: int


def parse(page: str, path: str) -> html.HtmlElement:
    """The page's tree as it was crawled.

    Raises DocumentError: `no-text` when there is no page in it, `malformed` when it could only be read in part.
    """
    # libxml2 stops reading at 256 levels; with huge_tree at 2,048
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(path, Status.NO_TEXT, f"there is no page in these bytes: {error}") from error
    if root is None:
        raise DocumentError(path, Status.NO_TEXT, "there is no page in these bytes")
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise DocumentError(path, Status.MALFORMED, "nested too deep to be read to its end")
    return root


def clean(root: html.HtmlElement) -> Cleaned:
    """Removes, in place, what no reader of the page sees, and unwraps inline XBRL around what they do see."""
    inline_xbrl = False
    hidden = 0
    for element in list(root.iter()):
        tag = element.tag
        if not isinstance(tag, str):
            # comments and processing instructions
            _drop(element)
        elif tag in _NEVER_TEXT or tag in {"ix:header", "ix:hidden"}:
            inline_xbrl |= tag.startswith("ix:")
            _drop(element)
        elif tag.startswith("ix:"):
            inline_xbrl = True
            element.drop_tag()
        elif _is_hidden(element):
            hidden += bool((element.text_content() or "").strip())
            _drop(element)
    elements, depth = _measure(root)
    return Cleaned(elements, depth, inline_xbrl, hidden)


def _is_hidden(element: html.HtmlElement) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(_STYLE_NOISE.sub("", style).lower()) is not None


def _drop(element: html.HtmlElement) -> None:
    """Takes an element out and leaves the text behind it."""
    if element.getparent() is not None:
        html.HtmlElement.drop_tree(element)


def _measure(root: html.HtmlElement) -> tuple[int, int]:
    elements = depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        deepest = max(deepest, depth)
    return elements, deepest


def visible_text(root: html.HtmlElement) -> str:
    """Everything visible, one block a paragraph, one table row a line with its cells apart; linear time.

    For pages on which an article extractor loses what matters (filings) or takes minutes (huge ones).
    """
    body = root.find(".//body")
    if body is None:
        return ""
    writer = _BlockWriter()
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            writer.open(element.tag)
            writer.write(element.text)
        else:
            writer.close(element.tag)
            writer.write(element.tail)
    return writer.text()


class _BlockWriter:
    """Collects text; a block boundary inside a table row is only a space, so that a row stays one line."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._parts: list[str] = []
        self._rows = 0

    def open(self, tag: str) -> None:
        if tag == "tr":
            self._flush()
            self._rows += 1
        elif tag in _CELLS and self._rows:
            self._parts.append(_CELL_GAP)
        elif tag in _BLOCKS:
            self._boundary()

    def close(self, tag: str) -> None:
        if tag == "tr":
            self._flush()
            self._rows -= 1
        elif tag in _BLOCKS:
            self._boundary()

    def write(self, text: str | None) -> None:
        if text:
            self._parts.append(text)

    def text(self) -> str:
        self._flush()
        return "\n\n".join(self._blocks)

    def _boundary(self) -> None:
        if self._rows:
            self._parts.append(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        line = _SPACES.sub(" ", "".join(self._parts))
        cells = [cell.strip() for cell in line.split(_CELL_GAP.strip())] if self._rows else [line.strip()]
        block = _SPLIT_FIGURE.sub("", _CELL_GAP.join(cell for cell in cells if cell))
        if block:
            self._blocks.append(block)
        self._parts.clear()
