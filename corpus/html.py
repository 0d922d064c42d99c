"""The one module that knows trafilatura: HTML pages to readings."""

import trafilatura
from lxml.html import HtmlElement

from evidence.corpus.blocks import visible_text
from evidence.corpus.decoding import decode
from evidence.corpus.errors import DocumentError
from evidence.corpus.guessing import guess_date
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.statements import Statements, read_statements
from evidence.corpus.tree import Cleaned, clean, parse
from evidence.corpus.values import Status

# trafilatura's time grows faster than the page: 30,000 paragraphs take 3 s, 60,000 take 18 s, and its
# recursion is no friend of deep nesting. Pages beyond these take the linear road of tree.visible_text.
MAX_ARTICLE_ELEMENTS = 15_000
MAX_ARTICLE_DEPTH = 400

FLAG_HIDDEN = "hidden-text"
FLAG_WHOLE_PAGE = "whole-page"


def read_html(record: Record) -> Reading:
    """The article of a news page, or everything visible of a filing or of a page without an article.

    Raises DocumentError `no-text` for a page that shows no words.
    """
    page = decode(record.data)
    root = parse(page, record.path)
    said = read_statements(root)
    cleaned = clean(root)
    dated = record.metadata.published or any(claim.clock == "published" for claim in said.claims)
    guess = () if dated or _is_huge(cleaned) else guess_date(page)
    text, whole = _extract(root, cleaned)
    if not text:
        raise DocumentError(record.path, Status.NO_TEXT, "the page shows no words")
    flags = ((FLAG_HIDDEN,) if cleaned.hidden else ()) + ((FLAG_WHOLE_PAGE,) if whole else ())
    return Reading(
        text=text,
        kind=_kind(said, cleaned),
        title=said.title,
        publisher=said.publisher,
        url=said.url,
        language=said.language,
        claims=(*said.claims, *guess),
        flags=flags,
    )


def _extract(root: HtmlElement, cleaned: Cleaned) -> tuple[str, bool]:
    if not cleaned.inline_xbrl and not _is_huge(cleaned):
        article = trafilatura.extract(root, include_comments=False, include_tables=True)
        if article:
            # one line a paragraph there; a blank line is what ends a paragraph everywhere here
            return "\n\n".join(line for line in article.splitlines() if line.strip()), False
    return visible_text(root), True


def _is_huge(cleaned: Cleaned) -> bool:
    return cleaned.elements > MAX_ARTICLE_ELEMENTS or cleaned.depth > MAX_ARTICLE_DEPTH


def _kind(said: Statements, cleaned: Cleaned) -> str:
    if cleaned.inline_xbrl:
        return "filing"
    return "news" if said.article else "page"
