"""Whom and which fiscal year a query is about, and whether a passage is of them. Pure.

A passage that shares most words with a query may be of another company, or of another year's filing: then it is no
answer, however near it reads. What a query names without asking about it (the newspaper that reported it) binds
nothing, and time words bind nothing either, but for the years of filings: `FY2018` is part of what is asked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.corpus.naming import LEGAL_FORMS
from evidence.corpus.values import Document
from evidence.generator.reading.names import Names
from evidence.generator.reading.period_words import MONTHS, find_periods
from evidence.indexer.words import index_words
from evidence.retriever.hits import Hit
from evidence.retriever.measures import find_measures
from evidence.retriever.mentions import Name, NameList, find_lists

# `an article by The Verge`, `as reported by CNBC`, `The Age's coverage`: who said it, not of whom it is.
_SAID_BY = re.compile(
    r"(?:according to|(?:reported|published|discussed|covered|mentioned|noted|highlighted|featured) (?:by|in)|"
    r"(?:article|report|piece|coverage|story|analysis|review|information|interview)s?\b[^.?!]{0,12} (?:by|from|in))"
    r"\s+(?:both\s+|the\s+|an?\s+)*['\"‘“]?$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"['\"’”]*(?:['’]s)?\s+(?:sport\s+)?(?:article|report|piece|coverage|story|analysis|review|interview)s?\b",
    re.IGNORECASE,
)
# A yearly report of 2022 states 2021 and 2020 beside it; five-year tables say which years they hold.
_YEARS_BACK = 2
# Written with capitals, and nobody's name.
_NO_SUBJECTS = frozenset(MONTHS) | frozenset("usd eur ceo cfo coo agm ipo ai us uk eu gaap sec".split())
_PERSON_WORDS = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """`subjects` are the index words of each form of each name, `surnames` last words of what may be persons:
    one of all these must be told of. `years` are fiscal.
    """

    subjects: tuple[frozenset[str], ...] = ()
    surnames: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()

    def covers(self, hit: Hit) -> bool:
        """Whether the passage, its document's title or its filer name a subject, and a filing is of the years."""
        return self._of_subject(hit) and self._of_years(hit)

    def _of_subject(self, hit: Hit) -> bool:
        if not self.subjects:
            return True
        texts = [hit.text, *_about(hit.document), hit.document.locate(hit.start).section]
        told = _words(texts)
        return any(subject <= told for subject in self.subjects) or any(
            _stands(name, text) for name in self.surnames for text in texts if text
        )

    def _of_years(self, hit: Hit) -> bool:
        document = hit.document
        if not self.years or document.kind != "filing":
            return True
        stated = document.filing.period if document.filing else None
        if stated is None:
            return any(str(year) in f"{document.title} {hit.text}" for year in self.years)
        # a year that began in 2024 may be called 2025, and its quarters end before it does
        last = int(stated[:4]) + (document.form or "").startswith("10-Q")
        return any(last - _YEARS_BACK <= year <= last or str(year) in hit.text for year in self.years)


def fiscal_years(text: str) -> frozenset[int]:
    """Those that a question names."""
    return frozenset(period.year for period in find_periods(text) if period.fiscal and period.year)


def scope_of(query: str, names: Names, found: Sequence[Hit], years: frozenset[int] = frozenset()) -> Scope:
    """What a query binds. The publishers of the passages found bind nothing, where they are named as sources.

    `years` are the fiscal years of the question that the query is a part of, and the query's where it names none.
    """
    said_by = {frozenset(index_words(hit.document.publisher)) for hit in found if hit.document.publisher}
    lists = [listed.names for listed in find_lists(query, names.entities) if not _is_said_by(listed, query)]
    asked = [name for listed in lists for name in listed if _binds(name, query, said_by)]
    sure = [name for name in asked if not _is_a_word(name, found)] or asked
    subjects = dict.fromkeys(words for name in sure for words in _forms(name, names) if words)
    surnames = dict.fromkeys(filter(None, map(_surname, sure)))
    return Scope(tuple(subjects), tuple(surnames), fiscal_years(query) or years)


def _is_said_by(listed: NameList, query: str) -> bool:
    return bool(_SAID_BY.search(query[: listed.start]))


def _binds(name: Name, query: str, said_by: set[frozenset[str]]) -> bool:
    # `The Roar | Sports Writers Blog` is one publisher, and in a question two names
    if any(said_by_one.issuperset(index_words(name.text)) for said_by_one in said_by):
        return False
    if _SAYS.match(query, name.end):
        return False
    words = {word.casefold() for word in name.text.split()}
    return not (words <= _NO_SUBJECTS or find_periods(name.text) or any(find_measures(name.text)))


def _is_a_word(name: Name, found: Iterable[Hit]) -> bool:
    """Whether one capital is all that makes it a name, and the passages found write it without: `Free cashflow`."""
    one = not (name.known or name.owns) and name.text.istitle() and name.text.isalpha()
    return one and any(_stands(name.text.lower(), hit.text) for hit in found)


def _forms(name: Name, names: Names) -> Iterator[frozenset[str]]:
    """The index words of each form."""
    for form in (name.text, *names.forms(name.text)):
        yield _plain(form)


def _surname(name: Name) -> str | None:
    """The last word of what may be a person's name: it stands for all of it, with its capital."""
    words = name.text.split()
    return words[-1] if not name.known and 1 < len(words) <= _PERSON_WORDS and words[-1].isalpha() else None


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _plain(form: str) -> frozenset[str]:
    words = [word for word in form.split() if word.strip(".,").casefold() not in LEGAL_FORMS]
    return frozenset(index_words(" ".join(words or form.split())))


def _about(document: Document) -> Sequence[str | None]:
    return (document.title, document.company, document.ticker)


def _words(texts: Iterable[str | None]) -> set[str]:
    return {word for text in texts if text for word in index_words(text)}
