"""Hits to a report: quotes chosen by code, an analysis that stands on them, gaps, all in one object.

The outline of the whole verb. The model comes last, sees only chosen quotes and can only lose: every
sentence of its own that the quotes do not bear out is cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from evidence.corpus.entities import NO_ENTITIES, Entities
from evidence.corpus.hashing import canonical, digest
from evidence.corpus.values import Document
from evidence.generator.background import Background
from evidence.generator.compose import Generator, compose
from evidence.generator.contradictions import compare_claims
from evidence.generator.contrary import find_contrary
from evidence.generator.gaps import BELOW, MAX_NEAR_MISSES, Gap, NearMiss, find_gaps, find_near_misses
from evidence.generator.names import names_of
from evidence.generator.spans import Choice, choose_findings
from evidence.generator.values import EXTRACTIVE, SCHEMA, Finding
from evidence.indexer.embedder import Embedder
from evidence.retriever.planned import Planned
from evidence.retriever.rerank import Reranker
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its window, and what each of its queries found, in the order of the queries.

    Of planned queries the first is the whole question; those that were `given` are its parts, each of them.
    `reranker` and `entities` are what they were searched with.
    """

    question: str
    window: Window
    found: tuple[Planned, ...]
    snapshot: int
    seed: int
    given: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    reranker: Reranker | None = None
    entities: Entities = NO_ENTITIES
    unplanned: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Planned, ...]:
        """What is to be answered: each part of the question, or the whole where it has none.

        The whole of several parts mixes what they ask for, so that sentences full of names would win.
        """
        return self.found if self.given else self.found[1:] or self.found


def write_report(
    asked: Asked,
    coverage: dict[str, Any],
    background: Background,
    embedder: Embedder,
    generator: Generator | None,
    now: datetime,
) -> dict[str, Any]:
    """The report as its JSON object, from which every other form is rendered. `now` is only printed."""
    window = asked.window

    def on_edge(document: Document) -> bool:
        return document.dated is not None and window.on_edge(document.dated)

    parts = [(part.query, part.hits) for part in asked.parts]
    chosen = choose_findings(parts, embedder, on_edge)
    names = names_of([finding.document for finding in chosen.findings], asked.entities)
    findings = chosen.findings + find_contrary(chosen.findings, parts, names, background, embedder, on_edge)
    contradictions = compare_claims(findings, names, background)
    gaps, passed_over = _left_out(asked, chosen, embedder)
    analysis = EXTRACTIVE
    if generator is not None and findings:
        analysis = compose(asked.question, findings, generator, asked.seed, names)
    models = {"embedder": embedder, "reranker": asked.reranker, "generator": generator}
    return seal(
        {
            "schema": SCHEMA,
            "query": asked.question,
            "window": window.as_json(),
            "filters": dict(asked.filters),
            "generated_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            # filled in by whoever keeps a run log: the record of this answer
            "run": None,
            "snapshot": asked.snapshot,
            "models": {role: model and _model(model) for role, model in models.items()},
            "entities": {"sha256": asked.entities.sha256},
            "seed": asked.seed,
            "search_queries": [part.query for part in asked.found],
            "plan": [part.as_json() for part in asked.found],
            "unplanned": list(asked.unplanned),
            "sources": _sources(findings),
            "analysis": analysis.as_json(),
            "contradictions": contradictions.as_json(),
            "gaps": [gap.as_json() for gap in gaps],
            "near_misses": [miss.as_json() for miss in passed_over],
            "findings": [finding.as_json() for finding in findings],
            "coverage": coverage,
            "cut": analysis.cut.as_json(),
        }
    )


def _left_out(asked: Asked, chosen: Choice, embedder: Embedder) -> tuple[tuple[Gap, ...], list[NearMiss]]:
    """The gaps, and what came near the queries that are answered, each document once."""

    def reason(document: Document) -> str | None:
        return asked.window.excludes(document.dated, document.known)

    missed = [part for part in asked.parts if part.query in chosen.unanswered]
    gaps = find_gaps(missed, embedder, reason)
    named = {finding.document.id for finding in chosen.findings}
    named |= {miss.document.id for gap in gaps for miss in gap.near_misses}
    passed_over: dict[str, NearMiss] = {}
    for part in asked.parts:
        if part not in missed:
            for miss in find_near_misses(part, embedder, reason):
                if miss.reason != BELOW and miss.document.id not in named:
                    passed_over.setdefault(miss.document.id, miss)
    ordered = sorted(passed_over.values(), key=lambda miss: (-miss.relevance, miss.document.id))
    return gaps, ordered[:MAX_NEAR_MISSES]


def seal(report: dict[str, Any]) -> dict[str, Any]:
    """The report with a SHA-256 over all the rest of it: one changed character anywhere shows."""
    body = {key: value for key, value in report.items() if key != "sha256"}
    return {**body, "sha256": digest(canonical(body))}


def _model(model: Embedder | Reranker | Generator) -> dict[str, str]:
    return {"name": model.name, "sha256": model.digest}


def _sources(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Each document once, in the order of first citation, with the findings that quote it."""
    cited: dict[str, list[Finding]] = {}
    for finding in findings:
        cited.setdefault(finding.document.id, []).append(finding)
    return [
        {
            **own[0].document.as_json(),
            "original": own[0].document.original,
            "findings": [str(f.number) for f in own],
        }
        for own in cited.values()
    ]
