"""Bodies of feeds and exports to text: HTML in them is cleaned like a page's, and plain text stays as it is."""

import re
from html import unescape

from evidence.corpus.blocks import visible_text
from evidence.corpus.html import FLAG_HIDDEN
from evidence.corpus.tree import clean, parse

FLAG_SUMMARY = "feed-summary"
# A shorter description is a teaser of an article that stands elsewhere: of 6,480 whole news articles two in a
# hundred are shorter, and six in a hundred are shorter than 800.
MIN_ARTICLE_CHARACTERS = 400

# The ends of texts that go on elsewhere; the last is a news interface's.
_CUT = re.compile(r"(?:\[(?:…|\.\.\.)\]|\b(?:read more|continue reading)|\[\+\d+ chars\])\W*\Z", re.IGNORECASE)
# A tag that HTML has: prose may hold `a < b` or `<name>`.
_TAG = re.compile(
    r"</?(?:a|article|b|blockquote|body|br|center|div|em|figure|font|h[1-6]|html|i|img|li|main|ol|p|pre|section"
    r"|span|strong|table|td|tr|ul)(?=[\s/>])[^<>]{0,2000}>",
    re.IGNORECASE,
)


def is_markup(body: str) -> bool:
    """Whether there is an HTML tag in it."""
    return _TAG.search(body) is not None


def body_text(body: str, path: str, *, escaped: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text of a body, and the flags it earned; `escaped` if it is HTML even where it has no tag.

    Raises DocumentError `malformed` for markup that is nested too deep.
    """
    if not is_markup(body):
        text = unescape(body) if escaped else body
        return text.replace("\r\n", "\n").replace("\r", "\n").strip(), ()
    root = parse(body, path)
    cleaned = clean(root)
    return visible_text(root).strip(), (FLAG_HIDDEN,) if cleaned.hidden else ()


def is_teaser(text: str, whole: bool) -> bool:
    """Whether a body is only the start of an article; `whole` if its field is meant for all of it."""
    return bool(_CUT.search(text[-200:])) or (not whole and len(text) < MIN_ARTICLE_CHARACTERS)
