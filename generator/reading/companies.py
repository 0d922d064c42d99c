"""Which companies a text names, by any of their forms. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from evidence.corpus.entities import NO_ENTITIES, Entities, Entity
from evidence.corpus.values import Document
from evidence.generator.reading.names import names_of
from evidence.retriever.mentions import MAX_NAME_WORDS, find_lists

_WORD = re.compile(r"[^\s/,;:()\[\]\"“”?!—–]+")
_POSSESSIVE = re.compile(r"['’]s?$")
# Documents say at their beginning what they call their company; reading a whole annual report for it takes 0.2 s.
_OPENING_CHARACTERS = 20_000
# What may stand between the words of one name.
_INSIDE = re.compile(r"[ \u00a0]")


@dataclass(frozen=True, slots=True)
class Named:
    """A company that a text names, and as what."""

    company: Entity
    written: str


def companies_in(text: str, known: Entities) -> list[Named]:
    """The known companies that a text names, in order and each time; of names that overlap the longest."""
    words = [match.span() for match in _WORD.finditer(text)]
    found, at = [], 0
    while at < len(words):
        length, named = _longest(text, words[at : at + MAX_NAME_WORDS], known)
        if named is not None:
            found.append(named)
        at += length
    return found


def _longest(text: str, words: list[tuple[int, int]], known: Entities) -> tuple[int, Named | None]:
    """How many words the longest known name here takes; one word where there is none."""
    start = words[0][0]
    for length in range(len(words), 0, -1):
        written = text[start : words[length - 1][1]]
        if any(not _INSIDE.fullmatch(text[a[1] : b[0]]) for a, b in pairwise(words[:length])):
            continue
        # a sentence's full stop and a legal form's make no difference to a name
        form = _POSSESSIVE.sub("", written.rstrip("."))
        company = known.find(form)
        if company is not None:
            return length, Named(company, form)
    return 1, None


def stated_companies(documents: Sequence[Document], others: Sequence[Document] = ()) -> list[Entity]:
    """The companies that documents are stated to be of, with all forms that these give of them; by name."""
    read = {document.id for document in documents}
    unread = [replace(document, text="") for document in others if document.id not in read]
    openings = [replace(document, text=document.text[:_OPENING_CHARACTERS]) for document in documents]
    names = names_of([*openings, *unread], NO_ENTITIES)
    tickers: dict[str, set[str]] = {}
    for document in (*documents, *unread):
        if document.company:
            tickers.setdefault(document.company, set()).update({document.ticker} if document.ticker else ())
    return [
        Entity(name, tuple(sorted(own)), tuple(form for form in names.forms(name) if form not in own), cased=True)
        for name, own in sorted(tickers.items())
    ]


def asked_companies(question: str, known: Entities) -> list[Entity]:
    """Whom a question names, known or told by the capitals; in order."""
    names = [name.text for names in find_lists(question, known) for name in names.names]
    return [known.find(name) or Entity(name, cased=True) for name in dict.fromkeys(names)]
