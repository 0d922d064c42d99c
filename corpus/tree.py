"""The one module that knows lxml: bytes to a tree of what a reader of the page would have seen.

Pages are hostile. Text that is there for machines only never leaves this module; that there was some does, and why
it could not be seen.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree, html

from evidence.corpus.colours import attribute_colour
from evidence.corpus.csstext import data_sheet, imports
from evidence.corpus.errors import DocumentError
from evidence.corpus.scanning import count_characters, flatten, shown_characters
from evidence.corpus.selectors import GONE, WAS
from evidence.corpus.sheets import Sheet, TooDear, read_sheet
from evidence.corpus.styles import DISPLAY, PLAIN, Inherited, Look
from evidence.corpus.values import Status

TEMPLATE, DETAILS, ATTRIBUTE, XBRL_HEADER = "template", "closed-details", "hidden-attribute", "xbrl-header"

# Of what stays in the tree when a page is counted these are not text, or are for readers without scripts.
_COMMENTS = (etree.Comment, etree.ProcessingInstruction)
_NEVER_COUNTED = (*_COMMENTS, "script", "style")
_NEVER_TEXT = (
    "template noscript svg math iframe object embed canvas select textarea datalist audio video noembed noframes "
    "progress meter"
).split()
# Every element is of one class: lxml.html asks a Python function for the class of each, a tenth of all the time.
_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement, comment=html.HtmlComment, pi=html.HtmlProcessingInstruction, entity=html.HtmlEntity
)
_XBRL_HEADERS = ("ix:header", "ix:hidden")
# What may stand before and on a cover page.
_OPENING = 20_000
# Where old HTML says the colour of letters, and of what they stand on.
_PAINTED = frozenset("body table thead tbody tfoot tr td th div".split())
_COLOURED = {"font": "color", "body": "text"}
_MAY_HIDE = re.compile(r"hidden|popover|style|bgcolor|color|text", re.IGNORECASE)
_MAY_BE_STYLED = re.compile(r"class|id|hidden|popover|style|bgcolor|color|text", re.IGNORECASE)
_ANY = re.compile(r"[^\s/>]")
_MAX_KNOWN = 10_000
# An article behind a gate: at least so many paragraphs, and so much of all paragraphs' text.
_GATED_PARAGRAPHS, _GATED_SHARE = 5, 0.8
_HIDING_TAGS = frozenset(("details", "dialog", "summary", *_NEVER_TEXT, *_XBRL_HEADERS))


@dataclass(frozen=True, slots=True)
class Page:
    """A page's tree as it was crawled; `flattened` if it was too deep for that, `cut` if it still was then."""

    root: html.HtmlElement
    flattened: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning found: element count and depth of the rest, whether it is inline XBRL, what was hidden.

    `hidden` are kinds of hiding, sorted. `characters` is how many the tree held before anything hidden was taken
    out, without white space, scripts and style blocks; `opening` is how they begin. `gated` says that the article
    itself is hidden by a style rule, and was kept.
    """

    elements: int
    depth: int
    inline_xbrl: bool
    hidden: tuple[str, ...]
    characters: int
    opening: str
    gated: bool = False


def parse(page: str, path: str) -> html.HtmlElement:
    """The page's tree, or as much of it as can be had. Raises DocumentError as `parse_page`."""
    return parse_page(page, path).root


def parse_page(page: str, path: str) -> Page:
    """The page's tree. Raises DocumentError `no-text` when there is no page in these bytes."""
    root, whole = _tree(page, path)
    if whole:
        return Page(root)
    if not shown_characters(page):
        # half a second for nothing else; a page that a parser reads to its end is never judged by this
        raise DocumentError(path, Status.NO_TEXT, "the page is nested too deep, and shows no words")
    sheet = read_sheet(_style_blocks(root))
    tags = _HIDING_TAGS | sheet.tags
    may_hide = _ANY if sheet.asks_attributes else _MAY_BE_STYLED if sheet.keyed else _MAY_HIDE
    flat = flatten(page, lambda tag, attributes: tag in tags or bool(may_hide.search(attributes)))
    root, whole = _tree(flat, path)
    return Page(root, flattened=True, cut=not whole)


def _tree(page: str, path: str) -> tuple[html.HtmlElement, bool]:
    """The tree, and whether it was read to its end."""
    # libxml2 stops reading at 256 levels; with huge_tree at 2,048
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(path, Status.NO_TEXT, f"there is no page in these bytes: {error}") from error
    if root is None:
        raise DocumentError(path, Status.NO_TEXT, "there is no page in these bytes")
    return root, not any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


def clean(root: html.HtmlElement, path: str = "") -> Cleaned:
    """Removes, in place, what no reader of the page sees, and unwraps inline XBRL around what they do see.

    Raises DocumentError `too-large` for style rules that cannot be applied in bounded time.
    """
    sheet = read_sheet(_style_blocks(root))
    unknown = sheet.painted or any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link"))
    if sheet.counts:
        for unread in root.iter("script", "style"):
            unread.text = None
    etree.strip_elements(root, *(_COMMENTS if sheet.counts else _NEVER_COUNTED), with_tail=False)
    shown = etree.tostring(root, method="text", encoding="unicode")
    kinds = {
        kind
        for kind, tags in ((TEMPLATE, ("template",)), (XBRL_HEADER, _XBRL_HEADERS))
        if any(_has_text(element) for element in root.iter(*tags))
    }
    headed = next(root.iter(*_XBRL_HEADERS), None) is not None
    if sheet.counts:
        # nobody sees them, and they have their places among their siblings
        for unseen in list(root.iter("script", "style", *_NEVER_TEXT, *_XBRL_HEADERS, "head")):
            _mark_gone(unseen)
    else:
        etree.strip_elements(root, *_NEVER_TEXT, *_XBRL_HEADERS, "head", with_tail=False)
    walk = _Walk(sheet, root, unknown)
    try:
        walk.run()
    except TooDear as error:
        raise DocumentError(path, Status.TOO_LARGE, "its style rules cannot be applied in bounded time") from error
    etree.strip_elements(root, GONE, with_tail=False)
    etree.strip_tags(root, *walk.xbrl)
    hidden = tuple(sorted(kinds | walk.kinds))
    return Cleaned(
        walk.elements,
        walk.deepest,
        headed or bool(walk.xbrl),
        hidden,
        count_characters(shown),
        shown[:_OPENING],
        walk.gated,
    )


def forget_styles(root: html.HtmlElement) -> None:
    """Takes inline styles off a cleaned tree: what they hide is out, and other readers judge them by the word."""
    etree.strip_attributes(root, "style")


def _style_blocks(root: html.HtmlElement) -> list[tuple[str, str]]:
    """Media and text of the sheets that a browser with scripts applies: blocks, and what `data:` addresses hold."""
    found = []
    for element in root.iter("style", "link"):
        if next(element.iterancestors("noscript", "template"), None) is not None:
            continue
        media = element.get("media") or ""
        if element.tag == "style":
            text = element.text or ""
            found += [(media, imported) for imported in imports(text)] if "@import" in text.lower() else []
            found.append((media, text))
        elif "stylesheet" in (element.get("rel") or "").lower() and (text := data_sheet(element.get("href") or "")):
            found.append((media, text))
    return found


class _Walk:
    """One pass over the tree, top down, with what each element hands on to the text in it.

    `unknown` if colours may come from style sheets that are not looked at.
    """

    def __init__(self, sheet: Sheet, root: html.HtmlElement, unknown: bool) -> None:
        self._sheet = sheet
        self._root = root
        self._unknown_sheets = unknown
        # of the open elements: what they hand on, and why their text is not seen
        self._states: list[tuple[Inherited, str | None]] = [
            (Inherited(colour=None if self._unknown_sheets else (0, 0, 0)), None)
        ]
        # a filing has tens of thousands of elements, and few ways in which they look
        self._known: dict[tuple[Any, ...], tuple[Inherited, str | None]] = {}
        self.kinds: set[str] = set()
        self.xbrl: set[str] = set()
        self.elements = 0
        self.deepest = 0
        self.gated = False

    def run(self) -> None:
        walk = etree.iterwalk(self._root, events=("start", "end"))
        sheet, states, styled = self._sheet, self._states, bool(self._sheet.keyed)
        for event, element in walk:
            if event == "start":
                if not self._enter(element):
                    walk.skip_subtree()
                if styled:
                    sheet.enter()
            else:
                states.pop()
                if styled:
                    sheet.leave()
                if (kind := states[-1][1]) and element is not self._root and (element.tail or "").strip():
                    element.tail = None
                    self.kinds.add(kind)

    def _enter(self, element: html.HtmlElement) -> bool:
        """False when nothing in it is to be looked at."""
        states = self._states
        state, depth = states[-1], len(states)
        tag = element.tag
        if tag == GONE:
            states.append(state)
            return False
        self.elements += 1
        self.deepest = max(self.deepest, depth)
        look = self._sheet.look(element)
        kind = look.gone or _hidden_by_markup(element, tag)
        if look is PLAIN and kind is None and state[1] is None and _hands_on(element, tag):
            # nearly all of a page's elements end here
            states.append(state)
            return True
        if tag.startswith("ix:"):
            self.xbrl.add(tag)
        if kind == DISPLAY and self._is_gated(element):
            self.gated = True
        elif kind:
            self._states.append(state)
            self._take_out(element, kind)
            return False
        if tag == "details" and element.get("open") is None:
            self._close(element)
        self._states.append(self._handed_on(element, look))
        if (kind := self._states[-1][1]) and (element.text or "").strip():
            element.text = None
            self.kinds.add(kind)
        return True

    def _is_gated(self, element: html.HtmlElement) -> bool:
        """Whether a style rule hides the article itself, as pages do until a script has asked for a login.

        Hiding deceives where it is a little among much that is seen; a page of nearly nothing else deceives none.
        """
        if element.get("style") or element.tag == "dialog":
            return False
        inside = [len("".join(paragraph.itertext())) for paragraph in element.iter("p")]
        if len(inside) < _GATED_PARAGRAPHS:
            return False
        every = sum(len("".join(paragraph.itertext())) for paragraph in self._root.iter("p"))
        return sum(inside) >= _GATED_SHARE * every

    def _handed_on(self, element: html.HtmlElement, look: Look) -> tuple[Inherited, str | None]:
        before = self._states[-1]
        background = attribute_colour(element.get("bgcolor")) if element.tag in _PAINTED else None
        colour = attribute_colour(element.get(_COLOURED[element.tag])) if element.tag in _COLOURED else None
        if not look.inherits and background is None and colour is None:
            return before
        # a sheet that is not here may have painted the page, but who writes colours into the text speaks for all
        own = colour is not None or "color" in (element.get("style") or "").lower()
        key = (before[0], look, background, colour, own)
        known = self._known.get(key)
        if known is None:
            look = replace(look, background=look.background or background, colour=look.colour or colour)
            inherited = before[0].within(look, bare_is_white=own or not self._unknown_sheets)
            known = inherited, inherited.hidden()
            if len(self._known) < _MAX_KNOWN:
                self._known[key] = known
        return known

    def _close(self, details: html.HtmlElement) -> None:
        """A reader must open it first: only its summary is seen."""
        if (details.text or "").strip():
            self.kinds.add(DETAILS)
        details.text = None
        summary = details.find("summary")
        for child in details:
            if (child.tail or "").strip():
                self.kinds.add(DETAILS)
            child.tail = None
            if child is not summary:
                self._take_out(child, DETAILS)

    def _take_out(self, element: html.HtmlElement, kind: str) -> None:
        if _has_text(element):
            self.kinds.add(kind)
        for gone in element if element is self._root else [element]:
            _mark_gone(gone)


def _mark_gone(element: html.HtmlElement) -> None:
    element.set(WAS, element.tag)
    element.tag = GONE


def _hidden_by_markup(element: html.HtmlElement, tag: str) -> str | None:
    if element.get("hidden") is not None or element.get("popover") is not None:
        return ATTRIBUTE
    return DISPLAY if tag == "dialog" and element.get("open") is None else None


def _hands_on(element: html.HtmlElement, tag: str) -> bool:
    """Whether what is around an element of no look of its own is handed on as it is, whatever old HTML says."""
    if tag in _PAINTED:
        return tag != "body" and element.get("bgcolor") is None
    return tag not in _COLOURED and tag != "details" and ":" not in tag


def _has_text(element: html.HtmlElement) -> bool:
    return any(text.strip() for text in element.itertext())
