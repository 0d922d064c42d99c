"""What a lexical query asks for: clauses, each of them one thing that may be written in several ways. Pure."""

import re
from dataclasses import dataclass

from evidence.indexer.words import query_words
from evidence.retriever.measures import find_measures

# FY2022 and FY22 stand in questions; filings say 2022.
_FISCAL_YEAR = re.compile(r"fy(?:20)?(\d\d)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for. Of its spellings a passage is credited with the one that scores best there; a spelling
    of several index words stands where all of them do."""

    spellings: tuple[tuple[str, ...], ...]


def plain_clauses(query: str) -> tuple[Clause, ...]:
    """Each distinct index word that the query is about by itself, then the lines of statements that it asks for."""
    words = tuple(Clause(_spellings(word)) for word in query_words(query))
    return (*words, *(Clause(lines) for lines in find_measures(query)))


def _spellings(word: str) -> tuple[tuple[str, ...], ...]:
    year = _FISCAL_YEAR.fullmatch(word)
    return ((word,), (f"20{year[1]}",)) if year else ((word,),)
