"""A question to the queries that are searched for it. Without a model; pure.

The whole question is always the first query. A question of several clauses, or about several names, asks
several things, and each is searched on its own, too, so that none drowns and an unanswered one can be named.
"""

import re

_CLAUSE_END = re.compile(r"\s*(?:;|\?(?=\s)|\n)+\s*")
# A clause of one word is a remark, not a question.
_MIN_WORDS = 2
_MIN_CLAUSES = 2


# Names joined by slashes: BESI/ASMPT/K&S. Common words joined so (and/or, CoWoS/die-attach) are not a list.
_NAMES = re.compile(r"(?<![^\s(])[A-Z][\w&.'’-]*(?:/[A-Z][\w&.'’-]*)+(?![^\s,;:?!)])")


def plan_queries(question: str) -> tuple[str, ...]:
    """The queries, distinct: the whole question, its clauses, and of a list of names each name's own."""
    whole = " ".join(question.split())
    clauses = [" ".join(clause.strip(" .,?").split()) for clause in _CLAUSE_END.split(question)]
    clauses = [clause for clause in clauses if len(clause.split()) >= _MIN_WORDS]
    if len(clauses) < _MIN_CLAUSES:
        clauses = []
    parts = [part for clause in clauses or [whole] for part in _by_name(clause)]
    return tuple(dict.fromkeys([whole, *parts]))


def _by_name(clause: str) -> list[str]:
    """One query a name of the first list in the clause; a clause without one is its own query."""
    match = _NAMES.search(clause)
    if match is None:
        return [clause]
    return [clause[: match.start()] + name + clause[match.end() :] for name in match[0].split("/")]
