"""What a window holds and what it leaves out: counts for the coverage note of every report."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from evidence.corpus.values import Grade
from evidence.indexer.manifest import span_of
from evidence.indexer.rows import moment
from evidence.indexer.store import Index
from evidence.retriever.search import window_rows
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Coverage:
    """Documents of the archive by their relation to a window; `first` and `last` span the archive's dates.

    `below_grade` lie inside by a date that is only a guess; `inside_passages` counts passages, not documents.
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

    def as_json(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)


def cover(index: Index, window: Window) -> Coverage:
    """Counts; segments outside the window are not opened."""
    anything = replace(window, min_grade=Grade.C)
    inside = below = passages = 0
    for rows in window_rows(index, window):
        documents = rows.segment.passages.documents[rows.first : rows.first + len(rows.times.latest)]
        live = rows.segment.live[documents]
        strict, loose = window.mask(rows.times) & live, anything.mask(rows.times) & live
        inside += len(np.unique(documents[strict]))
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
    )
