"""Who says otherwise: sentences among the passages found that contradict what was quoted. Pure.

Quotes are chosen by how well they answer; what answers as well in nearly the same words with another number, or
less well and yet of the same measure, would be left out. A sentence that cannot stand beside a quote is quoted,
too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from evidence.corpus.values import Document
from evidence.generator.comparison.background import Background
from evidence.generator.comparison.claims import Claim, find_claims
from evidence.generator.comparison.comparing import SAME_MEASURE
from evidence.generator.comparison.contradictions import Class, are_of_one_thing, compare
from evidence.generator.comparison.statements import split_sentences
from evidence.generator.encoding import Encoder
from evidence.generator.reading.measures import find_heads
from evidence.generator.reading.names import Names
from evidence.generator.spans import rank_passages
from evidence.generator.values import Finding, Quote
from evidence.indexer.words import index_words
from evidence.retriever.hits import Hit

# Findings that are quoted only because they contradict another: more would crowd out what answers.
MAX_CONTRARY = 3
_TELLING = (Class.DISAGREEMENT, Class.SUPERSEDED)


def find_contrary(
    findings: Sequence[Finding],
    found: Sequence[tuple[str, Sequence[Hit]]],
    names: Names,
    background: Background,
    encoder: Encoder,
    on_edge: Callable[[Document], bool],
) -> tuple[Finding, ...]:
    """Further findings, numbered on from the last: disagreements first, then what a later word took back."""
    quoted = [claim for finding in findings for claim in find_claims(finding, names)]
    contrary: list[tuple[int, Finding]] = []
    for draft in _drafts(findings, found, quoted, on_edge):
        classes = [_class(claim, quoted, background) for claim in find_claims(draft, names)]
        ranks = [_TELLING.index(kind) for kind in classes if kind in _TELLING]
        if ranks:
            contrary.append((min(ranks), draft))
    contrary.sort(key=lambda ranked: ranked[0])
    kept = [draft for _, draft in contrary[:MAX_CONTRARY]]
    hits = {hit.document.id: hit for _, hits in found for hit in hits}
    return tuple(
        replace(draft, number=number, relevance=_relevance(draft, hits[draft.document.id], encoder))
        for number, draft in enumerate(kept, start=len(findings) + 1)
    )


def _class(claim: Claim, quoted: Sequence[Claim], background: Background) -> Class | None:
    pairs = [compare(claim, other, background) for other in quoted if are_of_one_thing(claim, other, background)]
    kinds = {pair.kind for pair in pairs if pair is not None}
    return next((kind for kind in _TELLING if kind in kinds), None)


def _drafts(
    findings: Sequence[Finding],
    found: Sequence[tuple[str, Sequence[Hit]]],
    quoted: Sequence[Claim],
    on_edge: Callable[[Document], bool],
) -> Iterator[Finding]:
    """Each sentence that is not quoted yet and could contradict, of the passages that name whom a quote names."""
    about = {word for claim in quoted for key in claim.subject for word in index_words(key)}
    seen = {text for finding in findings for quote in finding.quotes for text in split_sentences(quote.text)}
    for query, hits in found:
        for hit in hits:
            if not about & set(index_words(f"{hit.document.title or ''} {hit.text}")):
                continue
            for start, end in hit.sentences:
                text = hit.document.text[start:end]
                if not seen.issuperset(split_sentences(text)) and _is_near(text, quoted):
                    seen.update(split_sentences(text))
                    quotes = (Quote.cut(hit.document, start, end),)
                    yield Finding(0, hit.document, quotes, query, relevance=0.0, on_edge=on_edge(hit.document))


def _is_near(text: str, quoted: Sequence[Claim]) -> bool:
    """Whether it speaks of a measure that is quoted, or in the words of what is quoted: cheaper than its claims."""
    measures = {head.measure for head in find_heads(text)}
    words = set(index_words(text))
    return any(
        claim.measure in measures if claim.measure else len(claim.words & words) >= SAME_MEASURE * len(claim.words)
        for claim in quoted
    )


def _relevance(draft: Finding, hit: Hit, encoder: Encoder) -> float:
    """How well the sentence answers, which may be below what a finding must have."""
    quote = draft.quotes[0]
    ranked = rank_passages(draft.query, [replace(hit, sentences=((quote.start, quote.end),))], encoder, least=0.0)
    return ranked[0].relevance if ranked else 0.0
