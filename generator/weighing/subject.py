"""Whom a report is about: as the user gives it, or as the question names it. Pure.

A question gives a subject when it names one company and no other: of several nobody said whose results they
bear on, and a report that is wrong about that is wrong about all of its impacts.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from evidence.corpus.entities import Entities, Entity
from evidence.corpus.errors import UsageError
from evidence.corpus.naming import name_key
from evidence.generator.reading.companies import companies_in

_TICKER = re.compile(r"[A-Z]{1,5}(?:[.-][A-Z]{1,3})?")


@dataclass(frozen=True, slots=True)
class Subject:
    """A company, and whether the user gave it or the question names it. It is known where anything names it."""

    company: Entity
    origin: Literal["given", "question"]
    known: bool = True

    @property
    def name(self) -> str:
        return self.company.name

    @property
    def ticker(self) -> str | None:
        """The first that is listed."""
        return next(iter(self.company.tickers), None)

    def as_json(self) -> dict[str, Any]:
        """The contract's `subject`."""
        return {"name": self.name, "ticker": self.ticker, "from": self.origin}


def require_name(given: str) -> str:
    """A subject as the user writes it, tidied. Raises UsageError where there is no word in it."""
    text = " ".join(given.split())
    if not name_key(text):
        raise UsageError(f"--subject {given!r} names nobody", "give a ticker or a name: --subject NVDA")
    return text


def find_subject(given: str | None, question: str, known: Entities) -> Subject | None:
    """The subject among companies that are known, or as it is given.

    None where none is given and the question names no company, or several. Raises UsageError for a given one
    without a word in it.
    """
    if given is not None:
        return _given(require_name(given), known)
    named = {company.name: company for company in (found.company for found in companies_in(question, known))}
    return Subject(next(iter(named.values())), "question") if len(named) == 1 else None


def _given(text: str, known: Entities) -> Subject:
    company = known.by_ticker(text) or known.find(text)
    if company is not None:
        return Subject(company, "given")
    longer = [entity for entity in known.entries if name_key(entity.name).startswith(f"{name_key(text)} ")]
    if len(longer) == 1:
        # the user's short form is one, whoever else uses it
        return Subject(replace(longer[0], short=(*longer[0].short, text)), "given")
    tickers = (text,) if _TICKER.fullmatch(text) else ()
    return Subject(Entity(text, tickers, cased=True), "given", known=False)
