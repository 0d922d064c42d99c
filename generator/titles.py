"""A short title for a finding that says no more than the archive does: a headline or words of the quote. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from evidence.generator.reading.quote_sentences import split_quote
from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words

_EDGES = ".;:, \n"
# A title is read at a glance.
MAX_CHARACTERS = 90
# A whole sentence may be longer: it reads better than a part of it.
MAX_SENTENCE = 140
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
# Where clauses end. A word that joins is an end only where what follows it has a verb of its own.
_END = re.compile(
    r"[;:]\s|,\s|\n|\s(?=(?:because|although|while|according to|after)\b)"
    r"|\s(?=(?:and|but) (?:that|it|they|he|she|its|has|had|will|is|was|are|were)\b)"
)
_DASH = re.compile(r"\s[–—-]{1,2}\s")
# Where one begins that can stand alone: behind a mark, or behind who said it.
_START = re.compile(r"[;:]\s+|\n|\b(?:said|says|added|told \w+)(?: on \w+day)? that\s+")
# A sentence that opens so says nothing before its first comma; behind it its subject may follow.
_OPENER = re.compile(
    r"(?:When|While|If|Although|Though|As|At|In|On|With|After|Before|For|Under|By|From|During|Since|Despite|Because|"
    r"Unlike|Given|Following|According)\b"
)
_AFTER_OPENER = re.compile(r",\s+(?=(?:he|she|it|they|we)\b|[A-Z])")
_VERB = re.compile(
    r"\b(?:is|was|are|were|has|have|had|will|would|can|could|may|might|must|remains?|says?|\w{3,}ed|rose|fell|grew|"
    r"took|made|hit|hits|lost|won|set|put|gave|held|sold|bought|kept|left|met|ran|saw|shut|stood|cut|cuts)\b"
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


def lead(sentences: Sequence[str]) -> str:
    """Of a quote's sentences the first that states something: a page number or a heading may stand before it."""
    words = [[word for word in surface_words(text) if word not in FUNCTION_WORDS] for text in sentences]
    stated = (t for t, own in zip(sentences, words, strict=True) if len(own) >= _LEAST_CONTENT and _VERB.search(t))
    return next(stated, max(sentences, key=len))


def clause(quote: str) -> str:
    """A slice of the quote: the first clauses of its first sentence that say something and are short enough.

    Where none are, the sentence; where that is long, its first words.
    """
    sentence = lead(split_quote(quote) or [quote.strip()])
    ends = _ends(sentence)
    for start in _starts(sentence):
        spans = [sentence[start:end] for end in ends if start < end <= start + MAX_CHARACTERS]
        if said := [text for text in spans if _is_statement(text, sentence)]:
            return said[-1].strip(_EDGES)
    return (sentence if len(sentence) <= MAX_SENTENCE else _first_words(sentence)).strip(_EDGES)


def _starts(sentence: str) -> list[int]:
    behind = _AFTER_OPENER.search(sentence) if _OPENER.match(sentence) else None
    return sorted({0, *(match.end() for match in _START.finditer(sentence)), *([behind.end()] if behind else [])})


def _ends(sentence: str) -> list[int]:
    # between two dashes stands what the clause around them does without
    dashes = [match.start() for match in _DASH.finditer(sentence)]
    lone = dashes if len(dashes) == 1 else []
    return sorted({*(match.start() for match in _END.finditer(sentence)), *lone, len(sentence)})


def _is_statement(text: str, sentence: str) -> bool:
    if _OPENER.match(text) and "," in sentence and "," not in text:
        return False
    content = [word for word in surface_words(text) if word not in FUNCTION_WORDS]
    return len(content) >= _LEAST_CONTENT and bool(_VERB.search(text)) and _is_balanced(text)


def _is_balanced(text: str) -> bool:
    """Whether every bracket and quotation mark that opens is closed, and the reverse."""
    pairs = [("(", ")"), ("“", "”"), ("[", "]")]
    return all(text.count(one) == text.count(other) for one, other in pairs) and text.count('"') % 2 == 0


def _first_words(text: str) -> str:
    """As many whole words as are short enough, to where a function word would go on."""
    words = [match for match in _WORD.finditer(text) if match.end() <= MAX_CHARACTERS]
    for word, following in reversed(list(pairwise(words[_MIN_WORDS:]))):
        goes_on = word[0].casefold() in FUNCTION_WORDS or word[0].endswith("ing")
        if following[0].casefold() in FUNCTION_WORDS and not goes_on:
            return text[: word.end()]
    return text[: words[-1].end()] if words else text[:MAX_CHARACTERS]
