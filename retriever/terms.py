"""What a lexical query asks for: clauses, each of them one thing that may be written in several ways. Pure."""

from dataclasses import dataclass

from evidence.indexer.words import query_words


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for. Of its spellings a passage is credited with the one that scores best there; a spelling
    of several index words stands where all of them do."""

    spellings: tuple[tuple[str, ...], ...]


def plain_clauses(query: str) -> tuple[Clause, ...]:
    """Each distinct index word that the query is about, by itself."""
    return tuple(Clause(((word,),)) for word in query_words(query))
