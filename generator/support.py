"""The gate: a sentence stays only when its own quotes bear it out. Pure, and no model is asked.

First check of several to come: every number, date and capitalised name of the sentence must stand in the
quotes it cites, and most of its words must stand there in its own order, so that who did what to whom is
not turned round. What fails is cut, never repaired.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words

# The share of a sentence's content words that must stand in its quotes in the sentence's order. A sentence of
# ten words may add two or three of its own, or turn active into passive; one that does more says something else.
MIN_COVERAGE = 0.6

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[^\W\d_][\w&.'’-]*")
_TRAILING = ".,'’-"
_SENTENCE_END = re.compile(r"[.!?]\s+[\"'“‘(]*[A-Z]")
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|]")


class Reason(StrEnum):
    """Why a sentence was cut."""

    UNCITED = "cites nothing"
    FOREIGN = "cites a quote that does not exist"
    MARKUP = "holds links or markup"
    SEVERAL = "holds several sentences"
    NUMBER = "a number is not in its quotes"
    NAME = "a name is not in its quotes"
    WORDS = "its words do not stand like that in its quotes"
    REPEATED = "says again what was said"


def unsupported(sentence: str, citations: tuple[int, ...], quotes: Mapping[int, str]) -> Reason | None:
    """Why the sentence cannot stand on the quotes it cites (number to text); None when it can."""
    if not citations:
        return Reason.UNCITED
    if any(number not in quotes for number in citations):
        return Reason.FOREIGN
    if _MARKUP.search(sentence):
        return Reason.MARKUP
    if _SENTENCE_END.search(sentence):
        return Reason.SEVERAL
    cited = "\n".join(quotes[number] for number in citations)
    if not numbers(sentence) <= numbers(cited):
        return Reason.NUMBER
    known = set(index_words(cited))
    if any(not _stands(name, known) for name in names(sentence)):
        return Reason.NAME
    content = _content(sentence)
    covered: set[int] = set()
    for number in citations:
        covered |= _in_order(content, _content(quotes[number]))
    return None if content and len(covered) >= MIN_COVERAGE * len(content) else Reason.WORDS


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


def _content(text: str) -> list[str]:
    return [_stem(word) for word in surface_words(text) if word not in FUNCTION_WORDS]


def _stem(word: str) -> str:
    return "".join(index_words(word))


def _in_order(words: list[str], quoted: list[str]) -> set[int]:
    """Places in `words` of a longest common subsequence with `quoted`."""
    best = [[0] * (len(quoted) + 1) for _ in range(len(words) + 1)]
    for i in reversed(range(len(words))):
        for j in reversed(range(len(quoted))):
            same = words[i] == quoted[j]
            best[i][j] = best[i + 1][j + 1] + 1 if same else max(best[i + 1][j], best[i][j + 1])
    places, i, j = set(), 0, 0
    while i < len(words) and j < len(quoted):
        if words[i] == quoted[j]:
            places.add(i)
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return places


def _stands(name: str, known: set[str]) -> bool:
    """Whether every part of it stands in the quotes: Advanced-Packaging is two words there."""
    return all(word in known for word in index_words(name))
