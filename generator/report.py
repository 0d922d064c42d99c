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
from evidence.generator.background import Background
from evidence.generator.consensus import Consensus, judge_consensus
from evidence.generator.contradictions import compare_claims
from evidence.generator.contrary import find_contrary
from evidence.generator.draft import draft
from evidence.generator.encoding import Remembering
from evidence.generator.entailment import Verifier
from evidence.generator.gaps import name_left_out
from evidence.generator.generator import Generator
from evidence.generator.instructions import document_flags
from evidence.generator.key_findings import key_findings
from evidence.generator.names import Names, names_of
from evidence.generator.spans import Choice, choose_findings
from evidence.generator.steps import Notify, silent
from evidence.generator.values import SCHEMA, Finding
from evidence.generator.weighing import Aim, weigh
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
    window, encoder = asked.window, Remembering(embedder)

    def on_edge(document: Document) -> bool:
        return document.dated is not None and window.on_edge(document.dated)

    parts = [(part.query, part.hits) for part in asked.parts]
    chosen = choose_findings(parts, encoder, on_edge, asked.names)
    names = names_of([finding.document for finding in chosen.findings], asked.entities)
    contrary = find_contrary(chosen.findings, parts, names, background, encoder, on_edge)
    chosen = replace(chosen, findings=chosen.findings + contrary)
    chosen, written = draft(asked.question, parts, chosen, generator, asked.seed, names, asked.verifier, notify)
    on_choice(chosen)
    findings = chosen.findings
    consensus = judge_consensus(findings, names, background, encoder)
    contradictions = compare_claims(findings, names, background)
    found = [hit.document for _, hits in parts for hit in hits]
    labels = {number: judged.label.value for number, judged in consensus.items()}
    weighed = weigh(findings, asked.question, asked.aim, asked.entities, found)
    left_out = name_left_out(
        asked.parts,
        chosen,
        encoder,
        lambda document: window.excludes(document.dated, document.known),
        asked.names,
    )
    flags = {finding.document.id: document_flags(finding.document) for finding in findings}
    models = {"embedder": embedder, "reranker": asked.reranker, "verifier": asked.verifier, "generator": generator}
    return seal(
        {
            "schema": SCHEMA,
            "query": asked.question,
            **weighed.as_json(),
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
            "sources": _sources(findings, flags),
            "analysis": written.analysis.as_json(),
            "key_findings": key_findings(weighed.ranked(findings, labels), written.claims),
            "contradictions": contradictions.as_json(),
            **left_out.as_json(),
            "findings": [
                weighed.weights[f.number].add_to(
                    {**f.as_json(), "consensus": _judged(consensus.get(f.number)), "flags": flags[f.document.id]}
                )
                for f in findings
            ],
            "coverage": coverage,
            "cut": written.analysis.cut.as_json(),
        }
    )


def _judged(consensus: Consensus | None) -> dict[str, Any] | None:
    return None if consensus is None else consensus.as_json()


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
