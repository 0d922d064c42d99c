"""What the printed cover of a filing says: form, company, symbol, period. Pure.

A PDF tags nothing for machines, but the regulator prescribes the sentences of a cover, and where they stand. What a
cover does not say in these words is not guessed: no document is worse described than without this.
"""

import re

from evidence.corpus.inline_xbrl import Cover
from evidence.corpus.times import parse_written
from evidence.corpus.values import Precision

# A cover is the first page, or stands behind a picture and a letter to shareholders' title.
_PAGES = 3
# It names its form at its top; the longest cover, of a bank with dozens of listed notes, has some 9,000 characters.
_TOP = 1_500
_MOST = 12_000
_MAX_NAME = 120
# Lines of a company's name; more above it are something else.
_NAME_LINES = 2

_REGULATOR = re.compile(r"\bsecurities\s{1,9}and\s{1,9}exchange\s{1,9}commission\b", re.IGNORECASE)
_FORM = re.compile(
    r"^\W{0,9}form\s{1,9}(?P<form>10-?KT?|10-?QT?|8-?K|20-?F|40-?F|6-?K)(?P<amended>\s?/\s?A)?\b"
    r"\W{0,9}(?:amendment\s{1,9}no\.?\s{0,9}\d{1,2}\W{0,9})?$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(r"\(\s?exact\s{1,9}name\s{1,9}of\s{1,9}(?:the\s{1,9})?registrant\b", re.IGNORECASE)
_DATE = r"(?P<date>[A-Z][a-z]{2,8}\.?\s{1,9}\d{1,2}\s?,\s{0,9}\d{4})"
_PERIOD = re.compile(
    r"(?i:\bfor\s{1,9}the\s{1,9}(?:(?:fiscal|annual|quarterly)\s{1,9})?(?:year|period|quarter)\s{1,9}ended"
    rf"|\bearliest\s{{1,9}}event\s{{1,9}}reported\s?\)?)\s?:?\s{{0,9}}{_DATE}"
)
# A row of the table of securities: the shares themselves, not notes.
_SYMBOL = re.compile(
    r"^(?:Common|Ordinary|Class\s[A-Z]\s)[^\n]{0,200}?\s(?P<symbol>[A-Z]{1,5}(?:[.\-][A-Z])?)\s{1,9}"
    r"(?i:the\s{1,9})?(?i:New\s{1,9}York\s{1,9}Stock|NYSE|Nasdaq)",
    re.MULTILINE,
)
# What stands above a company's name on a cover: a file number, a day, a rule of dashes.
_ABOVE = re.compile(
    r"\bfile\s{1,9}(?:number|no\b)|\bdate\s{1,9}of\s|\breported\b|\btransition\s|\d{4}\W{0,9}$", re.IGNORECASE
)


def find_cover_page(pages: list[str]) -> Cover | None:
    """The cover among a document's first pages; None where none names both the regulator and a form."""
    return next((cover for page in pages[:_PAGES] if (cover := read_cover_page(page)) is not None), None)


def read_cover_page(page: str) -> Cover | None:
    """Reads one page; of companies that file together the first counts."""
    page = page[:_MOST]
    form = _FORM.search(page[:_TOP])
    if form is None or not _REGULATOR.search(page[:_TOP]):
        return None
    symbol = _SYMBOL.search(page)
    return Cover(
        form=_form(form),
        company=_company(page),
        tickers=(symbol["symbol"],) if symbol else (),
        period=_period(page),
    )


def cover_title(cover: Cover) -> str | None:
    """`Brightwater Inc. 10-K for 2024-12-31`, as a submission's documents are called; None without a company."""
    if cover.company is None:
        return None
    period = f"for {cover.period}" if cover.period else None
    return " ".join(part for part in (cover.company, cover.form, period) if part)


def _form(match: re.Match[str]) -> str:
    """With its dash, as EDGAR writes it."""
    number, letters = re.fullmatch(r"(\d+)-?([A-Z]+)", match["form"].upper()).groups()  # type: ignore[union-attr]
    return f"{number}-{letters}{'/A' if match['amended'] else ''}"


def _company(page: str) -> str | None:
    """The lines over `(Exact name of registrant ...)`, if it is clear where they begin."""
    named = _NAMED.search(page)
    if named is None:
        return None
    name: list[str] = []
    for line in reversed(page[: named.start()].rstrip().splitlines()):
        if _ABOVE.search(line) or not any(c.isalpha() for c in line):
            break
        name.insert(0, line)
    written = " ".join(" ".join(name).split())
    return written if 0 < len(name) <= _NAME_LINES and len(written) <= _MAX_NAME else None


def _period(page: str) -> str | None:
    match = _PERIOD.search(page)
    span = parse_written(" ".join(match["date"].split())) if match else None
    return span.first_day.isoformat() if span and span.precision is Precision.DAY else None
