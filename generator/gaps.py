"""What a report could not answer: queries without a finding, what came near them, and what the archive lacks.

A near miss is named by title, date and the reason that kept it out. No word of its text leaves this module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.corpus.values import Document
from evidence.generator.spans import MIN_RELEVANCE, rank_passages
from evidence.indexer.embedder import Embedder
from evidence.retriever.lacking import Lack
from evidence.retriever.planned import Planned

# Near misses of one query: enough to see what to ask next.
MAX_NEAR_MISSES = 5
# Inside the window, what reaches this much of the threshold is worth a look of one's own.
_NEARLY = 0.75
BELOW = "below the threshold"

# Why a document was not used; None for one that could have been.
Reason = Callable[[Document], str | None]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A document that might have answered. `relevance` is what its best sentence would have had."""

    document: Document
    reason: str
    relevance: float

    def as_json(self) -> dict[str, Any]:
        """Title, date and reason; nothing of its text."""
        known = self.document.as_json()
        return {
            "document": {key: known[key] for key in ("id", "title", "publisher", "path")},
            "published": known["published"],
            "dated": known["dated"],
            "reason": self.reason,
            "relevance": round(self.relevance, 3),
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A query that nothing in the window answers."""

    query: str
    near_misses: tuple[NearMiss, ...]
    lacks: tuple[Lack, ...]

    def as_json(self) -> dict[str, Any]:
        """`lacks` are sentences made by code."""
        return {
            "query": self.query,
            "near_misses": [miss.as_json() for miss in self.near_misses],
            "lacks": [describe_lack(lack) for lack in self.lacks],
        }


def find_gaps(unanswered: Sequence[Planned], embedder: Embedder, reason: Reason) -> tuple[Gap, ...]:
    """One for each query without a finding, in order."""
    return tuple(Gap(part.query, find_near_misses(part, embedder, reason), part.lacks) for part in unanswered)


def find_near_misses(part: Planned, embedder: Embedder, reason: Reason) -> tuple[NearMiss, ...]:
    """The documents nearest to an answer that were not used, best first, each once.

    Outside the window only what would have been quoted, were it inside; inside it what nearly was.
    """
    found: dict[str, NearMiss] = {}
    least = MIN_RELEVANCE * _NEARLY
    for candidate in rank_passages(part.query, [*part.outside, *part.hits], embedder, least):
        why = reason(candidate.document) or (BELOW if candidate.relevance < MIN_RELEVANCE else None)
        near = candidate.relevance >= MIN_RELEVANCE or why == BELOW
        if why is not None and near and candidate.document.id not in found:
            found[candidate.document.id] = NearMiss(candidate.document, why, candidate.relevance)
    return tuple(list(found.values())[:MAX_NEAR_MISSES])


def describe_lack(lack: Lack) -> str:
    """One sentence, made of the name, the kind and a count."""
    what = f"{lack.kind} document" if lack.kind else "document"
    held = (
        f"; the archive holds {lack.outside} outside it" if lack.outside else "; nor does any other in the archive"
    )
    return f"No {what} inside the window names {lack.subject}{held}."
