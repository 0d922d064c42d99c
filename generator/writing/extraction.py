"""A passage alone: which of its sentences answers a query, and whether any does, as the model weighs it.

The passage is read once, and then each query in turn. A page that gives orders spoils its own line at most: the
model answers with a number, and only where it has earned the role.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence.generator.spans import Candidate, Choice, Passed
from evidence.generator.values import Finding, Quote
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.prompt import NULL_QUESTION, picking_prompt
from evidence.generator.writing.steps import Notify, Step, silent
from evidence.retriever.hits import Hit

# Numbers of one digit are one token of every model's, so that weighing them costs no further pass.
MAX_SENTENCES = 9

# How a question begins, whether or not a plan left it its question mark.
_QUESTION = re.compile(
    r"\W*(?:what|whats|who|whom|whose|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|will|would|"
    r"can|could|should)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pick:
    """The place of the sentence that answers best, from 0, and by how much the model prefers it to none at all.

    `margin` is a difference of log-probabilities, less the same difference for a question that no text answers.
    """

    place: int
    margin: float


def pick_sentences(sentences: Sequence[str], queries: Sequence[str], generator: Generator) -> list[Pick]:
    """One pick a query, in their order, from the first MAX_SENTENCES sentences. Raises GeneratorError."""
    shown = sentences[:MAX_SENTENCES]
    answers = ["none", *(str(number) for number in range(1, len(shown) + 1))]

    def weighed(query: str) -> tuple[int, float]:
        none, *some = generator.weigh(picking_prompt(shown, query, generator.chat), answers)
        best = max(some)
        return some.index(best), best - none

    leaning = weighed(NULL_QUESTION)[1]
    return [Pick(place, margin - leaning) for place, margin in map(weighed, queries)]


def read_alone(
    chosen: Choice, parts: Sequence[tuple[str, Sequence[Hit]]], generator: Generator, notify: Notify = silent
) -> Choice:
    """What code chose, as far as the model has earned a say: about questions, on which it was measured.

    To a topic (`order backlogs of SARQ`) no sentence is an answer, and a model would drop what is about it. A model
    that refuses drops a finding whose passage answers none of the queries; the next of them that it
    answers takes the place of the finding's own. A model that selects may put another sentence of the passage in
    the place of those that code quoted. Raises GeneratorError.
    """
    skills = generator.skills
    if not (skills.selects or skills.refuses_below is not None):
        return chosen
    kept: list[Finding] = []
    refused: list[tuple[Candidate, Passed]] = []
    for done, finding in enumerate(chosen.findings):
        notify(Step("reading passage", done, len(chosen.findings), generator.tokens))
        if read := _read(finding, parts, generator):
            kept.append(replace(read, number=len(kept) + 1))
        else:
            refused.append((_candidate(finding), Passed.REFUSED))
    answered = {finding.query for finding in kept}
    lost = {finding.query for finding in chosen.findings} - answered
    unanswered = [query for query, _ in parts if query in lost or query in chosen.unanswered]
    return Choice(tuple(kept), tuple(unanswered), (*chosen.passed_over, *refused))


def _candidate(finding: Finding) -> Candidate:
    spans = tuple((quote.start, quote.end) for quote in finding.quotes)
    return Candidate(finding.query, finding.document, spans, finding.relevance)


def _read(finding: Finding, parts: Sequence[tuple[str, Sequence[Hit]]], generator: Generator) -> Finding | None:
    hit = _passage(finding, parts)
    shown = _window(hit, finding) if hit else ()
    if not hit or not shown or not _asks(finding.query):
        return finding
    queries = [finding.query, *(query for query, _ in parts if query != finding.query and _asks(query))]
    sentences = [hit.document.text[start:end] for start, end in shown]
    least = generator.skills.refuses_below
    for query, pick in zip(queries, pick_sentences(sentences, queries, generator), strict=True):
        if least is None or pick.margin >= least:
            return replace(_selected(finding, shown[pick.place], generator), query=query)
    return None


def _asks(query: str) -> bool:
    return query.rstrip().endswith("?") or _QUESTION.match(query) is not None


def _passage(finding: Finding, parts: Sequence[tuple[str, Sequence[Hit]]]) -> Hit | None:
    """The passage that the finding's first quote was cut from."""
    start = finding.quotes[0].start
    own = [hit for query, hits in parts if query == finding.query for hit in hits]
    same = [hit for hit in own if hit.document.id == finding.document.id and hit.start <= start < hit.end]
    return same[0] if same else None


def _window(hit: Hit, finding: Finding) -> Sequence[tuple[int, int]]:
    """The passage's sentences, as many as can be numbered, around the one that is quoted first."""
    start = finding.quotes[0].start
    at = next((place for place, span in enumerate(hit.sentences) if span[0] <= start < span[1]), 0)
    first = max(0, min(at - MAX_SENTENCES // 2, len(hit.sentences) - MAX_SENTENCES))
    return hit.sentences[first : first + MAX_SENTENCES]


def _selected(finding: Finding, span: tuple[int, int], generator: Generator) -> Finding:
    quoted = any(quote.start <= span[0] and span[1] <= quote.end for quote in finding.quotes)
    if quoted or not generator.skills.selects:
        return finding
    return replace(finding, quotes=(Quote.cut(finding.document, *span),))
