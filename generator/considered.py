"""What became of every passage that was found, for the record: which finding quotes it, or why none does. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from evidence.generator.spans import Choice
from evidence.retriever.hits import Hit
from evidence.retriever.planned import Planned

# The two reasons that are known before anything is chosen; the others are `spans.Passed`.
ANSWERED_BY_PARTS = "it was found for the whole question, which is answered by its parts"
NO_ANSWER = "no sentence of it answers the query well enough, or it is not of whom the query is about"


def considered(
    found: Sequence[Planned], parts: Sequence[Planned], choices: Sequence[Choice]
) -> list[dict[str, Any]]:
    """One row a passage and query, in the order found: its scores and places, and `finding` or `excluded`.

    `parts` are those of `found` that were to be answered; there is one choice, or none when nothing was chosen.
    """
    return [_row(part, hit, part in parts, choices) for part in found for hit in part.hits]


def _row(part: Planned, hit: Hit, asked: bool, choices: Sequence[Choice]) -> dict[str, Any]:
    finding = next(_findings(part.query, hit, choices), None)
    excluded = (
        None if finding else next(_reasons(part.query, hit, choices), NO_ANSWER if asked else ANSWERED_BY_PARTS)
    )
    return {
        "query": part.query,
        "rank": hit.rank,
        "passage": hit.id,
        "score": round(hit.score, 4),
        "dense": hit.dense,
        "lexical": hit.lexical,
        "finding": finding,
        "excluded": excluded,
    }


def _findings(query: str, hit: Hit, choices: Sequence[Choice]) -> Iterator[str]:
    for choice in choices:
        for finding in choice.findings:
            quoted = any(_inside(hit, quote.document_id, quote.start) for quote in finding.quotes)
            if finding.query == query and quoted:
                yield str(finding.number)


def _reasons(query: str, hit: Hit, choices: Sequence[Choice]) -> Iterator[str]:
    for choice in choices:
        for candidate, reason in choice.passed_over:
            start = candidate.spans[0][0]
            if candidate.query == query and _inside(hit, candidate.document.id, start):
                yield reason.value


def _inside(hit: Hit, document_id: str, start: int) -> bool:
    return hit.document.id == document_id and hit.start <= start < hit.end
