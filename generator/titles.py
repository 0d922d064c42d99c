"""A short title for a finding that says no more than the archive does: a headline or words of the quote. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from evidence.generator.quote_sentences import split_quote
from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words

_EDGES = ".;:, \n"
# A title is read at a glance.
MAX_CHARACTERS = 90
# Fewer words say nothing.
_MIN_WORDS = 3
# The share of a headline's words that the quote must hold to be what the headline is about, and how many at least:
# of a headline about something else in the same story a name or two stand in the quote, and little besides.
_ABOUT = 0.5
_ABOUT_WORDS = 2
# Behind the last of these a page's title names its site: `Orders rise | The Ledger`.
_SITE = re.compile(r"\s[|–—-]\s(?!.*\s[|–—-]\s)")
_SITE_WORDS = 4
# What a document is, and not what it says.
_LABEL = re.compile(
    r"\b(?:10-[KQ]|8-K|20-F|6-K|form|(?:annual|quarterly|current|half-year|interim) report|transcript|"
    r"earnings call|minutes|prospectus)\b",
    re.IGNORECASE,
)
# Where a clause begins: behind a mark, a word that joins, or who said it.
_CLAUSE = re.compile(
    r"[;:]\s+|,\s+(?:and\s+|but\s+)?|\s[–—]\s|\n|\b(?:said|says|added|told \w+)(?: on \w+day)? that\s+|"
    r"\s+(?=(?:and|but|because|although|while|according to|after)\b)"
)
# A clause that says something has a verb, and one that only says who speaks has not said it yet.
_VERB = re.compile(
    r"\b(?:is|was|are|were|has|have|had|will|would|can|could|may|might|must|remains?|\w{3,}ed|rose|fell|grew|took|made|"
    r"hit|lost|won|set|put|gave|held|sold|bought|kept|left|met|ran|saw|shut|stood|\w{2,}s)\b"
)
# Fewer words of content are no statement.
_LEAST_CONTENT = 4
_WORD = re.compile(r"\S+")

TitleFrom = Literal["headline", "model", "quote"]


@dataclass(frozen=True, slots=True)
class Title:
    """A title and where its words are from: the document's headline, the model, or the quote."""

    text: str
    origin: TitleFrom


def choose_title(
    quote: str, headline: str | None, written: str | None = None, stands: Callable[[str], bool] | None = None
) -> Title:
    """The title of a finding whose first quote is this.

    The headline where it is about the quote; what a model wrote where it `stands`; else a clause of the quote.
    """
    shown = verbatim_headline(headline) if headline else None
    if shown and is_about(shown, quote):
        return Title(shown, "headline")
    if written and len(written) <= MAX_CHARACTERS and stands is not None and stands(written):
        return Title(written, "model")
    return Title(clause(quote), "quote")


def verbatim_headline(title: str) -> str | None:
    """The title as it stands, without the name of its site behind a bar or dash; None of what is no headline."""
    title = title.strip()
    match = _SITE.search(title)
    if (
        match
        and len(title[match.end() :].split()) <= _SITE_WORDS
        and len(title[: match.start()].split()) >= _MIN_WORDS
    ):
        title = title[: match.start()]
    too_short = len(title.split()) < _MIN_WORDS
    return None if too_short or len(title) > MAX_CHARACTERS or _LABEL.search(title) else title


def is_about(headline: str, quote: str) -> bool:
    """Whether the quote holds most of what the headline names."""
    asked = {word for word in surface_words(headline) if word not in FUNCTION_WORDS}
    stems = {index_words(word)[0] for word in asked if index_words(word)}
    held = stems & set(index_words(quote))
    return len(held) >= max(_ABOUT_WORDS, _ABOUT * len(stems))


def clause(quote: str) -> str:
    """A slice of the quote: the first clauses of its first sentence that say something and are short enough."""
    sentence = next((text for text in split_quote(quote) if len(text.split()) >= _MIN_WORDS), quote.strip())
    starts = [0, *(match.end() for match in _CLAUSE.finditer(sentence))]
    ends = [*(match.start() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    for start in starts:
        spans = [sentence[start:end] for end in ends if start < end <= start + MAX_CHARACTERS]
        if said := [text for text in spans if _is_statement(text)]:
            return said[-1].strip(_EDGES)
    return _first_words(sentence).strip(_EDGES)


def _is_statement(text: str) -> bool:
    content = [word for word in surface_words(text) if word not in FUNCTION_WORDS]
    return len(content) >= _LEAST_CONTENT and bool(_VERB.search(text)) and _is_balanced(text)


def _is_balanced(text: str) -> bool:
    """Whether every bracket and quotation mark that opens is closed, and the reverse."""
    pairs = [("(", ")"), ("“", "”"), ("[", "]")]
    return all(text.count(one) == text.count(other) for one, other in pairs) and text.count('"') % 2 == 0


def _first_words(text: str) -> str:
    """As many whole words as are short enough, without function words at the end."""
    ends = [match.end() for match in _WORD.finditer(text) if match.end() <= MAX_CHARACTERS]
    while len(ends) > _MIN_WORDS and text[: ends[-1]].rsplit(maxsplit=1)[-1].casefold() in FUNCTION_WORDS:
        ends.pop()
    return text[: ends[-1]] if ends else text[:MAX_CHARACTERS]
