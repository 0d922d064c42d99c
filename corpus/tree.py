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
