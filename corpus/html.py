"""The one module that knows trafilatura: HTML pages to readings."""

import re

import trafilatura
from lxml.html import HtmlElement

from evidence.corpus.blocks import visible_text
from evidence.corpus.decoding import decode
from evidence.corpus.errors import DocumentError
from evidence.corpus.guessing import guess_date
from evidence.corpus.inline_xbrl import Cover, read_cover
from evidence.corpus.invisible import invisible_flags
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.scanning import count_characters, shown_characters
from evidence.corpus.sections import find_sections
from evidence.corpus.sniffing import Media
from evidence.corpus.statements import Statements, read_statements, url_claims
from evidence.corpus.tree import Cleaned, Page, clean, forget_styles, parse_page
from evidence.corpus.values import Claim, Filing, Status

# trafilatura's time grows faster than the page: 30,000 paragraphs take 3 s, 60,000 take 18 s, and its
# recursion is no friend of deep nesting. Pages beyond these take the linear road of blocks.visible_text.
MAX_ARTICLE_ELEMENTS = 15_000
MAX_ARTICLE_DEPTH = 400
# A page that loses more of its characters than this on the way to its text is not whole.
MIN_COMPLETENESS = 0.8

FLAG_HIDDEN = "hidden-text"
FLAG_WHOLE_PAGE = "whole-page"
FLAG_GATED = "gated-article"
FLAG_FLATTENED = "nested-too-deep"

# What stands on the cover of every filing, with or without inline XBRL, and on no news page about one.
_SEC_COVER = re.compile(
    r"washington,?\s{0,9}d\.?\s?c\.?,?\s{0,9}20549|commission\s{1,9}file\s{1,9}(?:no\b|number)", re.I
)


def read_html(record: Record) -> Reading:
    """The article of a news page, or everything visible of a filing or of a page without an article.

    `completeness` is the share of the visible characters of the markup that reached the tree and, where all of
    the tree is wanted, the text. Raises DocumentError: `no-text` for a page that shows no words, `too-large` for
    one whose style rules are made to take for ever.
    """
    text_of_page = decode(record.data)
    page = parse_page(text_of_page, record.path)
    said, cover = read_statements(page.root), read_cover(page.root)
    cleaned = clean(page.root, record.path)
    filed = record.media is Media.SUBMISSION or cleaned.inline_xbrl
    filing = filed or _SEC_COVER.search(cleaned.opening) is not None
    text, whole = _extract(page.root, cleaned, filing)
    if not text:
        raise DocumentError(record.path, Status.NO_TEXT, "the page shows no words")
    completeness = _completeness(text_of_page, page, cleaned, text if whole else None)
    incomplete = page.cut or completeness < MIN_COMPLETENESS
    return Reading(
        text=text,
        kind="filing" if filing else "news" if said.article else "page",
        title=said.title,
        publisher=said.publisher,
        url=said.url,
        language=said.language,
        form=cover.form,
        company=cover.company,
        ticker=cover.ticker,
        filing=_filing(cover),
        status=Status.INCOMPLETE if incomplete else Status.OK,
        completeness=completeness,
        claims=(*said.claims, *_guess(record, said, cleaned, text_of_page, cover)),
        marks=find_sections(text, cover.form) if filing else (),
        flags=(*hidden_flags(cleaned), *_flags(page, cleaned, whole), *invisible_flags(cleaned.opening)),
    )


def hidden_flags(cleaned: Cleaned) -> tuple[str, ...]:
    """`hidden-text`, and behind it each way in which some was hidden."""
    return (FLAG_HIDDEN, *(f"{FLAG_HIDDEN}:{kind}" for kind in cleaned.hidden)) if cleaned.hidden else ()


def _flags(page: Page, cleaned: Cleaned, whole: bool) -> tuple[str, ...]:
    said = {FLAG_GATED: cleaned.gated, FLAG_FLATTENED: page.flattened, FLAG_WHOLE_PAGE: whole}
    return tuple(flag for flag, holds in said.items() if holds)


def _extract(root: HtmlElement, cleaned: Cleaned, filing: bool) -> tuple[str, bool]:
    """The text, and whether it is that of all the page."""
    if not filing and not _is_huge(cleaned):
        forget_styles(root)
        article = trafilatura.extract(root, include_comments=False, include_tables=True)
        if article:
            # one line a paragraph there; a blank line is what ends a paragraph everywhere here
            return "\n\n".join(line for line in article.splitlines() if line.strip()), False
    return visible_text(root), True


def _completeness(markup: str, page: Page, cleaned: Cleaned, whole: str | None) -> float:
    """The share of what the markup shows that was read; of `whole`, of what is left when the hidden is out."""
    share = _share(cleaned.characters, shown_characters(markup))
    if whole is None:
        return share
    # the marks between cells are ours
    return min(share, _share(count_characters(whole.replace("|", "")), count_characters(page.root.text_content())))


def _share(part: int, of: int) -> float:
    return min(1.0, part / of) if of else 1.0


def _guess(record: Record, said: Statements, cleaned: Cleaned, page: str, cover: Cover) -> tuple[Claim, ...]:
    """A guess, where nothing states the date, not even the address or a submission's header."""
    stated = record.metadata.published or said.claims or url_claims(said.url or record.url)
    if stated or record.media is Media.SUBMISSION or _is_huge(cleaned):
        return ()
    # no report is out before its period has ended, and it names that day more often than its own
    return tuple(guess for guess in guess_date(page) if cover.period is None or guess.text > cover.period)


def _filing(cover: Cover) -> Filing | None:
    return Filing(cik=cover.cik, period=cover.period) if cover.cik or cover.period else None


def _is_huge(cleaned: Cleaned) -> bool:
    return cleaned.elements > MAX_ARTICLE_ELEMENTS or cleaned.depth > MAX_ARTICLE_DEPTH
