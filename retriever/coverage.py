"""What a window holds and what it leaves out: counts for the coverage note of every report."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from evidence.corpus.values import Grade, Status
from evidence.indexer.datings import GRADES, NEVER, moment
from evidence.indexer.manifest import span_of
from evidence.indexer.store import Index
from evidence.retriever.filters import NO_FILTER, Filter
from evidence.retriever.ranges import find_ranges, window_rows
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Coverage:
    """Documents of the archive by their relation to a window; `first` and `last` span the archive's dates.

    `below_grade` lie inside by a date that is only a guess, or were known too late; `inside_passages` counts
    passages, not documents. `failures` counts what could not be read by status; `partial` the documents inside
    that are not held whole, by status; `unserved` those inside by a language that the embedder does not serve.
    """

    documents: int
    inside: int
    below_grade: int
    undated: int
    outside: int
    unreadable: int
    inside_passages: int
    first: str | None
    last: str | None
    failures: dict[str, int]
    partial: dict[str, int]
    unserved: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)


def cover(index: Index, window: Window, served: Collection[str] = ()) -> Coverage:
    """Counts; segments outside the window are not opened. Without `served` languages all are."""
    anything = replace(window, min_grade=Grade.C, known_instant=None)
    statuses: Counter[str | None] = Counter()
    languages: Counter[str | None] = Counter()
    inside = below = passages = 0
    for rows in window_rows(index, window):
        documents = rows.segment.passages.documents[rows.first : rows.first + len(rows.times.latest)]
        live = rows.segment.live[documents]
        strict, loose = window.mask(rows.times) & live, anything.mask(rows.times) & live
        found = np.unique(documents[strict])
        inside += len(found)
        statuses.update(rows.segment.documents.values("status", found))
        languages.update(rows.segment.documents.values("language", found))
        below += len(np.unique(documents[loose & ~strict]))
        passages += int(np.count_nonzero(strict))
    manifest = index.manifest
    undated = _undated(index)
    span = span_of(manifest.segments)
    return Coverage(
        documents=manifest.documents,
        inside=inside,
        below_grade=below,
        undated=undated,
        outside=manifest.documents - inside - below - undated,
        unreadable=manifest.failures.count if manifest.failures else 0,
        inside_passages=passages,
        first=moment(span[0]).date().isoformat() if span else None,
        last=moment(span[1]).date().isoformat() if span else None,
        failures=dict(Counter(failure.status for failure in index.failures())),
        partial={status: count for status, count in statuses.items() if status and status != Status.OK},
        unserved={name: count for name, count in languages.items() if served and name and name not in served},
    )


def _undated(index: Index) -> int:
    """Of live documents; no segment is opened where all are."""
    segments = index.manifest.segments
    if index.manifest.hidden or any(segment.superseded for segment in segments):
        return count_passing(index).undated
    return sum(segment.undated for segment in segments)


@dataclass(frozen=True, slots=True)
class Passing:
    """Documents that pass a filter, of any date and of none; `guessed` ones have a date that is only a guess."""

    documents: int
    undated: int
    guessed: int
    first: str | None
    last: str | None


def count_passing(index: Index, where: Filter = NO_FILTER) -> Passing:
    """Counts over all segments."""
    documents = undated = guessed = 0
    ends: list[int] = []
    for segment in index.segments:
        rows = np.flatnonzero(where.mask(segment, 0, len(segment.passages)))
        _, firsts = np.unique(segment.passages.documents[rows], return_index=True)
        times = segment.passages.times.take(rows[firsts])
        dated = times.latest != NEVER
        documents += len(firsts)
        undated += int(np.count_nonzero(~dated))
        guessed += int(np.count_nonzero(dated & (times.grade == GRADES[Grade.C])))
        if dated.any():
            ends += [int(times.earliest[dated].min()), int(times.latest[dated].max())]
    first, last = (moment(end(ends)).date().isoformat() if ends else None for end in (min, max))
    return Passing(documents, undated, guessed, first, last)


def count_inside(index: Index, window: Window, where: Filter = NO_FILTER) -> int:
    """Documents inside the window that pass the filter."""
    inside = 0
    for part in find_ranges(index, window, where):
        rows = part.segment.passages.documents[part.first : part.first + len(part.wanted)]
        inside += len(np.unique(rows[part.wanted]))
    return inside
