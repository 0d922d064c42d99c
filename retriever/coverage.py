"""What a window holds and what it leaves out: counts for the coverage note of every report."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from evidence.corpus.values import Grade, Status
from evidence.indexer.datings import moment
from evidence.indexer.manifest import span_of
from evidence.indexer.store import Index
from evidence.retriever.ranges import window_rows
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
    undated = sum(segment.undated for segment in manifest.segments)
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
