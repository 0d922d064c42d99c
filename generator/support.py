"""The gate: a sentence stays only when its own quotes bear it out. Pure, and no model is asked.

First check of several to come: every number, date and capitalised name of the sentence must stand in the
quotes it cites, and most of its other words, too. What fails is cut, never repaired.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words

# The share of a sentence's content words that must stand in its quotes. A sentence of ten words may add two
# or three of its own (said, expected, according); one that adds more speaks of something else.
MIN_COVERAGE = 0.6

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[^\W\d_][\w&.'’-]*")
_TRAILING = ".,'’-"
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|]")


class Reason(StrEnum):
    """Why a sentence was cut."""

    UNCITED = "cites nothing"
    FOREIGN = "cites a quote that does not exist"
    MARKUP = "holds links or markup"
    NUMBER = "a number is not in its quotes"
    NAME = "a name is not in its quotes"
    WORDS = "most of its words are not in its quotes"
    REPEATED = "says again what was said"


def unsupported(sentence: str, citations: tuple[int, ...], quotes: Mapping[int, str]) -> Reason | None:
    """Why the sentence cannot stand on the quotes it cites (number to text); None when it can."""
    if not citations:
        return Reason.UNCITED
    if any(number not in quotes for number in citations):
        return Reason.FOREIGN
    if _MARKUP.search(sentence):
        return Reason.MARKUP
    cited = "\n".join(quotes[number] for number in citations)
    if not numbers(sentence) <= numbers(cited):
        return Reason.NUMBER
    known = set(index_words(cited))
    if any(not _stands(name, known) for name in names(sentence)):
        return Reason.NAME
    content = [word for word in surface_words(sentence) if word not in FUNCTION_WORDS]
    covered = sum(_stands(word, known) for word in content)
    return None if content and covered >= MIN_COVERAGE * len(content) else Reason.WORDS


def numbers(text: str) -> set[str]:
    """Its numbers in one spelling: 1,540 is 1540 and 12.50 is 12.5."""
    return {_plain(match[0]) for match in _NUMBER.finditer(text)}


def _plain(number: str) -> str:
    number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if number.count(".") == 1 else number


def names(sentence: str) -> list[str]:
    """Its capitalised words, months and weekdays among them. The first word counts too, unless it is a
    function word: a capital there says nothing, so it is held to the same test."""
    found = []
    for match in _NAME.finditer(sentence):
        word = match[0].rstrip(_TRAILING)
        if word and any(c.isupper() for c in word) and word.lower() not in FUNCTION_WORDS:
            found.append(word)
    return found


def _stands(name: str, known: set[str]) -> bool:
    """Whether every part of it stands in the quotes: Advanced-Packaging is two words there."""
    return all(word in known for word in index_words(name))
