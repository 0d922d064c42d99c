"""What a report could not answer: queries without a finding, what came near them, and what the archive lacks.

A near miss is named by title, date and the reason that kept it out. No word of its text leaves this module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.corpus.values import Document
from evidence.generator.encoding import Encoder
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.spans import Choice, least_relevance, rank_passages
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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The gaps, and what came near the queries that are answered: best first, each document once in all."""

    gaps: tuple[Gap, ...]
    near_misses: tuple[NearMiss, ...]

    def as_json(self) -> dict[str, Any]:
        """Two keys of a report."""
        return {
            "gaps": [gap.as_json() for gap in self.gaps],
            "near_misses": [miss.as_json() for miss in self.near_misses],
        }


def name_left_out(
    parts: Sequence[Planned],
    chosen: Choice,
    encoder: Encoder,
    reason: Reason,
    names: Names = NO_NAMES,
    years: frozenset[int] = frozenset(),
) -> LeftOut:
    """What the chosen findings leave open; one gap for each query without a finding, in order."""
    near = {part.query: find_near_misses(part, encoder, reason, names, years) for part in parts}
    missed = [part for part in parts if part.query in chosen.unanswered]
    gaps = tuple(Gap(part.query, near[part.query], part.lacks) for part in missed)
    named = {finding.document.id for finding in chosen.findings}
    named |= {miss.document.id for gap in gaps for miss in gap.near_misses}
    others: dict[str, NearMiss] = {}
    for part in parts:
        for miss in near[part.query]:
            if miss.reason != BELOW and miss.document.id not in named:
                others.setdefault(miss.document.id, miss)
    ordered = sorted(others.values(), key=lambda miss: (-miss.relevance, miss.document.id))
    return LeftOut(gaps, tuple(ordered[:MAX_NEAR_MISSES]))


def find_near_misses(
    part: Planned,
    encoder: Encoder,
    reason: Reason,
    names: Names = NO_NAMES,
    years: frozenset[int] = frozenset(),
) -> tuple[NearMiss, ...]:
    """The documents nearest to an answer that were not used, best first, each once.

    Outside the window only what would have been quoted, were it inside; inside it what nearly was.
    """
    found: dict[str, NearMiss] = {}
    least = least_relevance(part.query)
    for candidate in rank_passages(
        part.query, [*part.outside[:MAX_NEAR_MISSES], *part.hits], encoder, names, least * _NEARLY, years
    ):
        why = reason(candidate.document) or (BELOW if candidate.relevance < least else None)
        near = candidate.relevance >= least or why == BELOW
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
