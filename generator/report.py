"""Hits to a report: quotes chosen by code, an analysis that stands on them, gaps, all in one object.

The outline of the whole verb. The model comes last, sees only chosen quotes and can only lose: every
sentence of its own that the quotes do not bear out is cut.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from evidence.corpus.entities import NO_ENTITIES, Entities
from evidence.corpus.hashing import canonical, digest
from evidence.corpus.naming import name_key
from evidence.corpus.values import Document
from evidence.generator.comparison.background import Background
from evidence.generator.comparison.consensus import Consensus, judge_consensus
from evidence.generator.comparison.contradictions import Contradictions, compare_claims
from evidence.generator.comparison.contrary import find_contrary
from evidence.generator.encoding import Encoder, Remembering
from evidence.generator.gaps import name_left_out
from evidence.generator.gate.entailment import Verifier
from evidence.generator.key_findings import key_findings
from evidence.generator.reading.instructions import document_flags
from evidence.generator.reading.names import Names, names_of
from evidence.generator.scope import fiscal_years
from evidence.generator.spans import Choice, choose_findings
from evidence.generator.values import SCHEMA, Finding
from evidence.generator.weighing.weigh import Aim, Weighed, weigh
from evidence.generator.writing.draft import draft
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.steps import Notify, silent
from evidence.indexer.embedder import Embedder
from evidence.retriever.planned import Planned
from evidence.retriever.rerank import Reranker
from evidence.retriever.window import Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its window, and what each of its queries found, in the order of the queries.

    Of planned queries the first is the whole question; those that were `given` are its parts, each of them.
    `reranker` and `entities` are what they were searched with; a `verifier` judges what is written of them.
    """

    question: str
    window: Window
    found: tuple[Planned, ...]
    snapshot: int
    seed: int
    aim: Aim
    given: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    reranker: Reranker | None = None
    verifier: Verifier | None = None
    entities: Entities = NO_ENTITIES
    unplanned: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Planned, ...]:
        """What is to be answered: each part of the question, or the whole where it has none.

        The whole of several parts mixes what they ask for, so that sentences full of names would win.
        """
        return self.found if self.given else self.found[1:] or self.found

    @property
    def names(self) -> Names:
        """The other forms of the names in its queries."""
        forms = {name_key(written): other for part in self.found for written, other in part.forms.items()}
        return Names(self.entities, forms)

    @property
    def years(self) -> frozenset[int]:
        """The fiscal years that the question names; a plan's parts leave them out."""
        return fiscal_years(self.question)

    def on_edge(self, document: Document) -> bool:
        """Whether another zone might put it outside the window."""
        return document.dated is not None and self.window.on_edge(document.dated)

    def why_not(self, document: Document) -> str | None:
        """Why it is outside the window; None when it is inside."""
        return self.window.excludes(document.dated, document.known)


def write_report(
    asked: Asked,
    coverage: dict[str, Any],
    background: Background,
    embedder: Embedder,
    generator: Generator | None,
    now: datetime,
    on_choice: Callable[[Choice], None] = lambda choice: None,
    notify: Notify = silent,
) -> dict[str, Any]:
    """The report as its JSON object, from which every other form is rendered. `now` is only printed.

    `on_choice` is told what was chosen to be quoted, and what was not, for the record of the run.
    """
    encoder = Remembering(embedder)
    chosen, names = _choose(asked, background, encoder)
    parts = [(part.query, part.hits) for part in asked.parts]
    chosen, written = draft(asked.question, parts, chosen, generator, asked.seed, names, asked.verifier, notify)
    on_choice(chosen)
    judged = _judge(chosen.findings, asked, names, background, encoder)
    left_out = name_left_out(asked.parts, chosen, encoder, asked.why_not, asked.names, asked.years)
    models = {"embedder": embedder, "reranker": asked.reranker, "verifier": asked.verifier, "generator": generator}
    return seal(
        {
            "schema": SCHEMA,
            "query": asked.question,
            **judged.weighed.as_json(),
            "window": asked.window.as_json(),
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
            "sources": _sources(chosen.findings, judged.flags),
            "analysis": written.analysis.as_json(),
            "key_findings": key_findings(judged.ranked(chosen.findings), written.claims),
            "contradictions": judged.contradictions.as_json(),
            **left_out.as_json(),
            "findings": [judged.as_json(finding) for finding in chosen.findings],
            "coverage": coverage,
            "cut": written.analysis.cut.as_json(),
        }
    )


def _choose(asked: Asked, background: Background, encoder: Encoder) -> tuple[Choice, Names]:
    """What is quoted, and what of the same passages says otherwise; the names in all of it."""
    parts = [(part.query, part.hits) for part in asked.parts]
    chosen = choose_findings(parts, encoder, asked.on_edge, asked.names, asked.years)
    names = names_of([finding.document for finding in chosen.findings], asked.entities)
    contrary = find_contrary(chosen.findings, parts, names, background, encoder, asked.on_edge)
    return replace(chosen, findings=chosen.findings + contrary), names


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is made of the findings, by their numbers; flags by their documents' ids."""

    weighed: Weighed
    consensus: Mapping[int, Consensus]
    contradictions: Contradictions
    flags: Mapping[str, list[str]]

    def ranked(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """What matters most first."""
        return self.weighed.ranked(findings, {n: judged.label.value for n, judged in self.consensus.items()})

    def as_json(self, finding: Finding) -> dict[str, Any]:
        """The contract's finding."""
        told = self.consensus.get(finding.number)
        row = {
            **finding.as_json(),
            "consensus": None if told is None else told.as_json(),
            "flags": self.flags[finding.document.id],
        }
        return self.weighed.weights[finding.number].add_to(row)


def _judge(
    findings: Sequence[Finding], asked: Asked, names: Names, background: Background, encoder: Encoder
) -> _Judged:
    found = [hit.document for part in asked.parts for hit in part.hits]
    return _Judged(
        weigh(findings, asked.question, asked.aim, asked.entities, found),
        judge_consensus(findings, names, background, encoder),
        compare_claims(findings, names, background),
        {finding.document.id: document_flags(finding.document) for finding in findings},
    )


def seal(report: dict[str, Any]) -> dict[str, Any]:
    """The report with a SHA-256 over all the rest of it: one changed character anywhere shows."""
    body = {key: value for key, value in report.items() if key != "sha256"}
    return {**body, "sha256": digest(canonical(body))}


def _model(model: Embedder | Reranker | Verifier | Generator) -> dict[str, str]:
    return {"name": model.name, "sha256": model.digest}


def _sources(findings: Sequence[Finding], flags: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Each document once, in the order of first citation, with the findings that quote it."""
    cited: dict[str, list[Finding]] = {}
    for finding in findings:
        cited.setdefault(finding.document.id, []).append(finding)
    return [
        {
            **own[0].document.as_json(),
            "original": own[0].document.original,
            "flags": flags[document_id],
            "findings": [str(f.number) for f in own],
        }
        for document_id, own in cited.items()
    ]
