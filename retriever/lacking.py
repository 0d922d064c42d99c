"""What an archive lacks on the names of a query: kinds of documents of which none inside the window names them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from evidence.corpus.entities import Entities
from evidence.indexer.vectors import Rows
from evidence.retriever.aliases import name_clause
from evidence.retriever.mentions import find_names
from evidence.retriever.ranges import Range
from evidence.retriever.terms import Clause

# Names of one query that are looked for; a list of more is a list, not a subject.
_MAX_NAMES = 6


@dataclass(frozen=True, slots=True)
class Lack:
    """No document of this kind inside the window names the subject; `outside` of the archive's do.

    Without a kind no document of any kind does.
    """

    subject: str
    kind: str | None
    outside: int


def find_lacks(query: str, ranges: Sequence[Range], every: Sequence[Range], entities: Entities) -> tuple[Lack, ...]:
    """For each name in the query, in order. `every` are all rows of the archive, `ranges` those inside the window.

    Of kinds only those that the archive holds of the subject at all, or nothing at all of it: that a newspaper's
    archive holds no filings is no news.
    """
    lacks: list[Lack] = []
    names = dict.fromkeys(name.text for name in find_names(query, entities))
    for name in list(names)[:_MAX_NAMES]:
        clause = name_clause(name, ranges, entities)
        inside, all_dates = _kinds(ranges, clause), _kinds(every, clause)
        if not inside:
            lacks.append(Lack(name, None, all_dates.total()))
        else:
            lacks += [Lack(name, kind, count) for kind, count in sorted(all_dates.items()) if kind not in inside]
    return tuple(lacks)


def _kinds(ranges: Sequence[Range], clause: Clause) -> Counter[str]:
    """Documents that hold a spelling of the clause, by kind."""
    kinds: Counter[str] = Counter()
    for part in ranges:
        rows = _holding(part, clause)
        documents = np.unique(part.segment.passages.documents[rows[part.wanted[rows - part.first]]])
        kinds.update(str(kind) for kind in part.segment.documents.values("kind", documents))
    return kinds


def _holding(part: Range, clause: Clause) -> Rows:
    """Rows near the window that hold all words of one of the spellings, their heads included."""
    held: list[Rows] = [np.zeros(0, np.intp)]
    for spelling in clause.spellings:
        lists = part.segment.postings.find(spelling, part.first, part.first + len(part.wanted))
        if lists:
            held.append(reduce(np.intersect1d, (found.rows for found in lists)).astype(np.intp))
    return np.unique(np.concatenate(held))
