"""Where a page shows its date: marks for machines in its body, and lines that readers see beside the headline.

A page shows many dates that are not its own: of teasers, comments, events, of today. So what is not named as the
publication counts only near the headline, and nothing counts inside what stands beside the article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from evidence.corpus.corrections import may_be_note, read_note
from evidence.corpus.datelines import MAX_LINE, Clock, is_changed, read_change, read_line, readable
from evidence.corpus.values import Basis, Claim

# Longer pages are not articles. What is looked at is bounded, because pages are hostile.
MAX_ELEMENTS, MAX_HEADINGS, MAX_MARKS, MAX_PIECES, MAX_CLIMB = 20_000, 200, 400, 20, 200
# How many elements before and after the headline its date may stand, and after how many characters of prose.
BEFORE, AFTER, MAX_PROSE = 40, 100, 1500
# Below that much prose an aside or a footer is no more of the article's head.
LEDE = 1000
_FAR = 10_000

_PUBLISHED_NAMES = frozenset(
    "datepublished schema:datepublished dc:issued dcterms:issued dc:date dcterms:created dc:created "
    "schema:datecreated datecreated uploaddate".split()
)
_MODIFIED_NAMES = frozenset("datemodified schema:datemodified dcterms:modified dc:modified".split())
_PUBLISHED_CLASSES = frozenset("published entry-date dt-published post-date pubdate".split())
_MODIFIED_CLASSES = frozenset("updated dt-updated modified".split())
_MAY_NAME = re.compile("|".join(sorted(_PUBLISHED_CLASSES | _MODIFIED_CLASSES)), re.IGNORECASE)
_NO_CLASSES: frozenset[str] = frozenset()
_BESIDE = re.compile(
    r"comment|respond|related|recommend|(?:^|[\s_-])(?:nav|menu|navbar|breadcrumbs?|copyright|calendar|today"
    r"|clock|weather|wetter)(?:$|[\s_-])|current[_-]?date"
    r"|(?:image|img|photo|foto|bild|pic|media)\w{0,9}[_-]?(?:caption|box|text)|wp-caption",
    re.IGNORECASE,
)
_TEASERS = re.compile(
    r"teaser|sidebar|widget|latest|recent|popular|most-|ticker|feed-|carousel|slider|promo|archive|list|card|grid",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"script", "style", "meta", "link", "title", "noscript", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_INLINE = frozenset({"a", "strong", "em", "b", "i", "u", "small", "font", "sup", "mark"})
_WORDS = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A date and how far from the headline it stands; a named one says what it is, a note stands in the prose."""

    clock: Clock
    basis: Basis
    text: str
    distance: int
    named: bool
    note: bool = False


def read_page_dates(root: HtmlElement, locale: str | None, title: str | None) -> list[Claim]:
    """The publication and the modification that the page's body names, of each basis the surest and nearest.

    What notes in its prose say of changes is a modification, too.
    """
    elements = list(islice(root.iter("*"), MAX_ELEMENTS + 1))
    if len(elements) > MAX_ELEMENTS:
        return []
    best: dict[tuple[Basis, Clock, str], _Mark] = {}
    for mark in islice(_marks(elements, _headline(elements, title), locale), MAX_MARKS):
        key = (mark.basis, mark.clock, mark.text if mark.note else "")
        if key not in best or (not mark.named, mark.distance) < (not best[key].named, best[key].distance):
            best[key] = mark
    return [Claim(clock, basis, mark.text) for (basis, clock, _), mark in best.items()]


def _headline(elements: list[HtmlElement], title: str | None) -> int | None:
    """Where the article begins: the heading with most of the title's words, else the first `h1`."""
    wanted = frozenset(_WORDS.findall((title or "").lower()))
    headings = ((index, element) for index, element in enumerate(elements) if element.tag in _HEADINGS)
    top = found = None
    best = (0.5, 0)
    for index, element in islice(headings, MAX_HEADINGS):
        words = frozenset(_WORDS.findall(_text(element).lower()))
        if element.tag == "h1" and words and top is None:
            top = index
        common = len(words & wanted)
        score = (common / max(len(words), 3), common)
        if common >= min(2, len(wanted)) and score > best:
            best, found = score, index
    return top if found is None else found


def _marks(elements: list[HtmlElement], headline: int | None, locale: str | None) -> Iterator[_Mark]:
    around = frozenset(elements[headline].iterancestors()) if headline is not None else frozenset()
    prose = 0
    window = range(0) if headline is None else range(headline - BEFORE, headline + AFTER + 1)
    for index, element in enumerate(elements):
        distance = _distance(index - headline) if headline is not None and index in window else _FAR
        near = distance < _FAR and prose <= MAX_PROSE
        plain = _is_plain(element)
        if (mark := None if plain else _machine(element, locale, distance)) is not None:
            if (mark.named or near) and not _is_beside(element, around, teasers=not near or prose > LEDE):
                yield mark
        elif element.tag in _UNSEEN:
            continue
        elif (note := _note(element, locale)) is not None:
            if not _is_beside(element, around, teasers=False):
                yield _Mark("modified", Basis.DATELINE, note, distance, named=False, note=True)
        elif near:
            lines = list(_lines(element))
            if headline is not None and index > headline:
                prose += sum(len(line) for line in lines if len(line) > MAX_LINE / 2)
            yield from _visible(element, lines, locale, distance, around, teasers=prose > LEDE)
        elif not plain and _PUBLISHED_CLASSES.intersection(_classes(element)):
            yield from _visible(element, list(_lines(element)), locale, _FAR, around, teasers=True)


def _distance(offset: int) -> int:
    """What stands before a headline is less likely its date."""
    return offset if offset >= 0 else -2 * offset


def _is_plain(element: HtmlElement) -> bool:
    """Whether nothing at it names a date for machines; so nearly all elements of a page are."""
    if element.get("itemprop") is not None or element.get("property") is not None or element.tag == "time":
        return False
    stated = element.get("class")
    return stated is None or not _dating_classes(stated)


def _machine(element: HtmlElement, locale: str | None, distance: int) -> _Mark | None:
    """The date of a `time`, of microdata, RDFa or a microformat; None for any other element."""
    name = (element.get("itemprop") or element.get("property") or "").strip().lower()
    if element.tag == "meta" and (element.get("itemprop") is None or _is_in_head(element)):
        # a statement of the whole page, which others read
        return None
    classes = _classes(element)
    value = element.get("datetime") or element.get("content")
    if name in _PUBLISHED_NAMES or name in _MODIFIED_NAMES or element.tag == "time":
        value = value or _text(element)
    elif classes & (_PUBLISHED_CLASSES | _MODIFIED_CLASSES):
        value = element.get("title")
    else:
        return None
    text = readable(value, locale) if value else None
    if text is None:
        return None
    published = name in _PUBLISHED_NAMES or bool(classes & _PUBLISHED_CLASSES) or element.get("pubdate") is not None
    modified = name in _MODIFIED_NAMES or (not published and bool(classes & _MODIFIED_CLASSES))
    changed = modified or (not published and is_changed(f"{_before(element)[-60:]} {(element.text or '')[:60]}"))
    return _Mark("modified" if changed else "published", Basis.MARKUP, text, distance, published or modified)


def _visible(
    element: HtmlElement,
    lines: list[str],
    locale: str | None,
    distance: int,
    around: frozenset[HtmlElement],
    *,
    teasers: bool,
) -> Iterator[_Mark]:
    # most lines are the white space between tags
    shown = [line for line in lines if not line.isspace()]
    if not shown or not _is_alone(element):
        return
    for line in shown:
        found = read_line(line, locale)
        if not found and (told := read_change(line, locale, labelled=True)) and is_changed(_before(element)[-60:]):
            found = told
        for clock, day in found:
            if not _is_beside(element, around, teasers=teasers):
                labelled = clock == "published" and len(line) < MAX_LINE and is_changed(_before(element)[-60:])
                yield _Mark("modified" if labelled else clock, Basis.DATELINE, day, distance, False)


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _classes(element: HtmlElement) -> frozenset[str]:
    """An element's classes, if any of them may name a date; few elements have such, and all are asked."""
    stated = element.get("class")
    return _dating_classes(stated) if stated else _NO_CLASSES


@lru_cache(4096)
def _dating_classes(stated: str) -> frozenset[str]:
    """Kept, for a page repeats them; a page of other ones takes no more room than itself."""
    return frozenset(stated.lower().split()) if _MAY_NAME.search(stated) else _NO_CLASSES


def _before(element: HtmlElement) -> str:
    """What stands right before an element: the text there, or that of its neighbour."""
    neighbour = element.getprevious()
    if neighbour is None:
        parent = element.getparent()
        return (parent.text if parent is not None else None) or ""
    if (neighbour.tail or "").strip():
        return neighbour.tail or ""
    return _text(neighbour) if isinstance(neighbour.tag, str) else ""


def _text(element: HtmlElement) -> str:
    """The beginning of an element's text, however much there is of it, without soft hyphens."""
    pieces = islice(element.itertext(with_tail=False), MAX_PIECES)
    return "".join(piece[:MAX_LINE] for piece in pieces)[: 2 * MAX_LINE].replace("\u00ad", "")


def _note(element: HtmlElement, locale: str | None) -> str | None:
    text = element.text
    if not text or not may_be_note(text):
        return None
    pieces = islice(_block(element).itertext(), MAX_PIECES)
    return read_note("".join(piece[: 2 * MAX_LINE] for piece in pieces), locale)


def _block(element: HtmlElement) -> HtmlElement:
    """The paragraph that an element's words belong to."""
    node = element
    for _ in range(MAX_CLIMB):
        parent = node.getparent()
        if node.tag not in _INLINE or parent is None:
            break
        node = parent
    return node


def _lines(element: HtmlElement) -> Iterator[str]:
    """The texts that are an element's own, not its children's."""
    if element.text:
        yield element.text
    for child in element:
        if child.tail:
            yield child.tail


def _is_alone(element: HtmlElement) -> bool:
    """Whether the words of an inline element are no part of somebody's sentence."""
    node = element
    for _ in range(MAX_CLIMB):
        parent = node.getparent()
        if node.tag not in _INLINE or parent is None:
            return True
        if any(len(line) > MAX_LINE / 4 for line in islice(_lines(parent), MAX_PIECES)):
            return False
        node = parent
    return False


def _is_beside(element: HtmlElement, around: frozenset[HtmlElement], *, teasers: bool) -> bool:
    """Whether it belongs to what stands beside the article; what holds the headline too does not."""
    node: HtmlElement | None = element
    for _ in range(MAX_CLIMB):
        if node is None or node in around or node.tag == "body":
            return False
        names = f"{node.get('class') or ''} {node.get('id') or ''}"[:MAX_LINE]
        if node.tag in {"nav", "figure", "figcaption"} or _BESIDE.search(names):
            return True
        if teasers and (node.tag in {"aside", "footer"} or _TEASERS.search(names)):
            return True
        node = node.getparent()
    return True
