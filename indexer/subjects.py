"""Whom a text is about: the names, tickers and figures of its title and its first words. Pure.

Releases made from one form share their words and not their subjects. A copy may have another headline, a new lead
or other words; but what its lead is about stands somewhere in the story that it was made of, and the reverse.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from unicodedata import normalize

from evidence.corpus.invisible import strip_invisible
from evidence.indexer.words import FUNCTION_WORDS

# A dateline, the company with its ticker, and what it announces.
_LEAD_CHARACTERS = 500
# A text comes back to whom it is about; a word that stands once may be an editor's.
_TIMES = 2
# Updates of one story differ in a figure, notices of one form in all of them.
_FIGURES = 2
_MAX_CHARACTERS = 20_000
_NAME = re.compile(r"[^\W\d_]\w{2,}")
_TICKER = re.compile(
    r"\b(?:NYSE|NASDAQ|Nasdaq|AMEX|TSX|LSE|SIX|ASX|OTC\w*|Euronext)[^:()\n]{0,20}:\s?([A-Z][A-Z.]{0,6})\b"
)
# a figure that is part of a word is no word of its own
_FIGURE = re.compile(r"(?<!\w)\d+(?!\w)")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Folded words. `names` stand in the lead with a capital, again in the text, and nowhere without one."""

    names: frozenset[str]
    tickers: frozenset[str]
    figures: frozenset[str]


def read_subjects(title: str | None, text: str) -> Subjects:
    """What the beginning of a document names."""
    body = normalize("NFKC", strip_invisible(text[:_MAX_CHARACTERS]))
    first = body[:_LEAD_CHARACTERS]
    if len(body) > len(first):
        # half a word names nobody
        first = first.rpartition(" ")[0]
    lead = f"{title or ''}\n{first}"
    names = {name for name in _NAME.findall(lead) if name[0].isupper() and name.casefold() not in FUNCTION_WORDS}
    return Subjects(
        names=frozenset(
            name.casefold() for name in names if body.count(name) >= _TIMES and name.lower() not in body
        ),
        tickers=frozenset(_TICKER.findall(lead)),
        figures=frozenset(_FIGURE.findall(first)),
    )


def are_apart(one: Subjects, one_words: Set[str], other: Subjects, other_words: Set[str]) -> bool:
    """Whether each is about somebody, or something, that the other never names. Words are of the whole texts."""
    if one.tickers and other.tickers:
        return one.tickers.isdisjoint(other.tickers)
    if one.names - other_words and other.names - one_words:
        return True
    new, others = one.figures - other_words, other.figures - one_words
    return len(new) == len(one.figures) >= _FIGURES and len(others) == len(other.figures) >= _FIGURES
