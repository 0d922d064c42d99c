"""Code chooses the quotes: which sentences of the passages found answer a query, and how well.

A sentence is scored by the meaning it shares with the query (cosine of the embedder's vectors) and by the
query's words that stand in it, each word counting by how rare it is among the sentences at hand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import log

import numpy as np

from evidence.corpus.invisible import strip_invisible
from evidence.corpus.values import Document
from evidence.generator.encoding import Encoder
from evidence.generator.reading.names import NO_NAMES, Names
from evidence.generator.scope import scope_of
from evidence.generator.values import Finding, Quote
from evidence.indexer.sentences import Span
from evidence.indexer.words import FUNCTION_WORDS, index_words, query_words, surface_words
from evidence.retriever.hits import Hit

MAX_FINDINGS = 8
MAX_PER_DOCUMENT = 4
# Findings of one publisher before others have had their say; what they leave is its own again.
FIRST_OF_PUBLISHER = 4
# Sentences of one passage that a finding may quote; two beside each other are one quote.
MAX_SENTENCES = 3
# A sentence below this answers nothing: the first for a query of a few words, the second for one of many, most of
# which no sentence holds; between the two it falls evenly. Chosen on bench/abstention.py.
MIN_RELEVANCE = 0.40
MIN_RELEVANCE_LONG = 0.28
FEW_WORDS, MANY_WORDS = 10, 20
# A passage's further sentences are quoted when they answer nearly as well as its best.
NEARLY = 0.8
# Blank characters between two sentences of one text.
MAX_GAP = 4
# Headings and fragments quote badly: this many characters make a statement, or more words than a heading's, each
# with a capital and no figure and no full stop among them.
MIN_CHARACTERS = 25
_HEADING_WORDS = 8
# Two quotes that share this part of the shorter one's words say the same: a story and its syndicated copy.
SAME_WORDS = 0.8
_NEGATIONS = frozenset(index_words("not no never denied denies"))
# Half meaning, half words: neither alone finds both paraphrases and figures.
_WORD_SHARE = 0.5

# Whoever asks how much is answered by an amount; worth about what one more word of the question is.
FIGURE_BONUS = 0.1
_ASKS_AMOUNT = re.compile(r"\bhow (?:much|many|long|large|big|high|low)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:%|percent|million|billion|thousand|weeks?|months?|days?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its best sentences for one query."""

    query: str
    document: Document
    spans: tuple[Span, ...]
    relevance: float


class Passed(StrEnum):
    """Why a passage that answers a query is not quoted."""

    DOCUMENT = "its document is quoted often enough"
    QUOTED = "its sentences are quoted already"
    COPY = "another document that is quoted says it word for word"
    SAME = "another finding says the same"
    ROOM = "there was no room left"
    REFUSED = "read alone, it answers none of the queries, says a model that has earned to be asked"


@dataclass(frozen=True, slots=True)
class Choice:
    """The findings, the queries that no sentence in the window answers, and what answers one and is not quoted."""

    findings: tuple[Finding, ...]
    unanswered: tuple[str, ...]
    passed_over: tuple[tuple[Candidate, Passed], ...] = ()


def choose_findings(
    parts: Sequence[tuple[str, Sequence[Hit]]],
    encoder: Encoder,
    on_edge: Callable[[Document], bool],
    names: Names = NO_NAMES,
    years: frozenset[int] = frozenset(),
) -> Choice:
    """The findings for the parts of a question, numbered from 1; each part in turn gives its next best.

    `years` are the question's fiscal years, of which its parts are, too.
    What was quoted already is not quoted again, a document at most MAX_PER_DOCUMENT times; a publisher waits for
    the others from FIRST_OF_PUBLISHER on.
    """
    columns = [rank_passages(query, hits, encoder, names, years=years) for query, hits in parts]
    offered = _in_turn(columns)
    chosen: list[Candidate] = []
    for most in (FIRST_OF_PUBLISHER, MAX_FINDINGS):
        for candidate in offered:
            if len(chosen) < MAX_FINDINGS and _voice(candidate, chosen) < most and not _repeated(candidate, chosen):
                chosen.append(candidate)
    # by identity: two queries may offer the same passage
    left = [candidate for candidate in offered if not any(candidate is one for one in chosen)]
    findings = tuple(
        Finding(
            number=number,
            document=candidate.document,
            quotes=tuple(Quote.cut(candidate.document, start, end) for start, end in candidate.spans),
            query=candidate.query,
            relevance=candidate.relevance,
            on_edge=on_edge(candidate.document),
        )
        for number, candidate in enumerate(_over_borders(chosen), start=1)
    )
    unanswered = tuple(query for (query, _), column in zip(parts, columns, strict=True) if not column)
    return Choice(findings, unanswered, tuple((one, _repeated(one, chosen) or Passed.ROOM) for one in left))


def rank_passages(
    query: str,
    hits: Sequence[Hit],
    encoder: Encoder,
    names: Names = NO_NAMES,
    least: float | None = None,
    years: frozenset[int] = frozenset(),
) -> list[Candidate]:
    """The hits that hold an answer of this relevance, best first, ties by document and place.

    `least` is `least_relevance` unless it is given. What is not of whom the query is about holds none, nor does a
    filing of other fiscal years than the query's own, or `years`.
    """
    scope = scope_of(query, names, hits, years)
    hits = [hit for hit in hits if scope.covers(hit)]
    if least is None:
        least = least_relevance(query)
    spans = [(number, span) for number, hit in enumerate(hits) for span in hit.sentences]
    sentences = [strip_invisible(hits[number].document.text[start:end]) for number, (start, end) in spans]
    subjects = [_subject(hit.document) for hit in hits]
    scores = _score(query, sentences, [subjects[number] for number, _ in spans], encoder)
    ranked = []
    for number, hit in enumerate(hits):
        own = [(score, span) for score, (at, span) in zip(scores, spans, strict=True) if at == number]
        own = [(score, span) for score, span in own if _states(hit.document.text[span[0] : span[1]])]
        best = max((score for score, _ in own), default=0.0)
        if own and best >= least:
            good = sorted((-score, span) for score, span in own if score >= best * NEARLY)
            kept = sorted(span for _, span in good[:MAX_SENTENCES])
            ranked.append(Candidate(query, hit.document, _join(kept, hit.sentences), best))
    return sorted(ranked, key=lambda c: (-c.relevance, c.document.id, c.spans))


def _states(sentence: str) -> bool:
    words = [word for word in surface_words(sentence) if word not in FUNCTION_WORDS]
    capitals = sum(word[0].isupper() for word in sentence.split())
    heading = len(words) <= _HEADING_WORDS and capitals >= len(words) and sentence[-1].isalpha()
    return len(sentence) >= MIN_CHARACTERS and not (heading and not any(map(str.isdigit, sentence)))


def least_relevance(query: str) -> float:
    """What the best sentence of a passage must reach."""
    beyond = min(max(len(_asked(query)) - FEW_WORDS, 0) / (MANY_WORDS - FEW_WORDS), 1.0)
    return MIN_RELEVANCE - beyond * (MIN_RELEVANCE - MIN_RELEVANCE_LONG)


def _subject(document: Document) -> set[str]:
    """Words that a document is about as a whole, so that its sentences need not repeat them."""
    said = (document.title, document.company, document.ticker)
    return {word for text in said if text for word in index_words(text)}


def _score(query: str, sentences: list[str], subjects: list[set[str]], encoder: Encoder) -> list[float]:
    if not sentences:
        return []
    vectors = encoder.encode([query, *sentences])
    meaning = np.clip(vectors[1:] @ vectors[0], 0.0, 1.0)
    bonus = FIGURE_BONUS if _ASKS_AMOUNT.search(query) else 0.0
    return [
        float(_WORD_SHARE * words + (1 - _WORD_SHARE) * near) + (bonus if _AMOUNT.search(sentence) else 0.0)
        for sentence, words, near in zip(sentences, _overlap(query, sentences, subjects), meaning, strict=True)
    ]


def _overlap(query: str, sentences: list[str], subjects: list[set[str]]) -> list[float]:
    """The share of what the query names that each sentence names, too, rare things counting more.

    A word of the query is one thing, and so are alternatives joined by slashes: one of them is enough.
    """
    things = [[query_words(part) for part in word.split("/")] for word in _asked(query)]
    present = [set(index_words(sentence)) | about for sentence, about in zip(sentences, subjects, strict=True)]
    shares = [[max(_share(part, words) for part in thing) for thing in things] for words in present]
    seen = [sum(row[column] for row in shares) for column in range(len(things))]
    weights = [log(1 + len(sentences) / (1 + count)) for count in seen]
    total = sum(weights)
    return [
        sum(share * weight for share, weight in zip(row, weights, strict=True)) / total if total else 0.0
        for row in shares
    ]


def _asked(query: str) -> list[str]:
    words = [word for word in query.split() if index_words(word)]
    return [word for word in words if set(surface_words(word)) - FUNCTION_WORDS] or words


def _share(part: list[str], words: set[str]) -> float:
    return sum(word in words for word in part) / len(part) if part else 0.0


def _join(kept: Sequence[Span], sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring sentences become one slice; between others nothing is spliced."""
    joined: list[Span] = []
    following = dict(pairwise(sentences))
    previous: Span | None = None
    for span in kept:
        if previous is not None and following.get(previous) == span:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
        previous = span
    return tuple(joined)


def _over_borders(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Quotes that meet where one passage ends and the next begins are one: readers know nothing of passages."""
    whole: list[Candidate] = []
    for candidate in chosen:
        pairs = [sorted((other, candidate), key=lambda c: c.spans) for other in whole]
        place = next((number for number, (before, after) in enumerate(pairs) if _meet(before, after)), None)
        if place is None:
            whole.append(candidate)
        else:
            whole[place] = _joint(*pairs[place])
    return whole


def _meet(before: Candidate, after: Candidate) -> bool:
    """Whether nothing stands between them, and no page, section or speaker begins there."""
    document, (end, start) = before.document, (before.spans[-1][1], after.spans[0][0])
    if (document.id, before.query) != (after.document.id, after.query) or not 0 <= start - end <= MAX_GAP:
        return False
    few = len(before.spans) + len(after.spans) - 1 <= MAX_SENTENCES
    return few and not document.text[end:start].strip() and not any(end <= m.start <= start for m in document.marks)


def _joint(before: Candidate, after: Candidate) -> Candidate:
    spans = (*before.spans[:-1], (before.spans[-1][0], after.spans[0][1]), *after.spans[1:])
    return replace(before, spans=spans, relevance=max(before.relevance, after.relevance))


def _in_turn(columns: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    depth = max((len(column) for column in columns), default=0)
    return [column[place] for place in range(depth) for column in columns if place < len(column)]


def _voice(candidate: Candidate, chosen: Sequence[Candidate]) -> int:
    """How often its publisher speaks already; of what has none nobody knows that it is one."""
    publisher = candidate.document.publisher
    return sum(other.document.publisher == publisher for other in chosen) if publisher else 0


def _repeated(candidate: Candidate, chosen: Sequence[Candidate]) -> Passed | None:
    """Why it adds nothing to what is chosen; None when it does."""
    same = [other for other in chosen if other.document.id == candidate.document.id]
    if any(_share_text(other.spans, candidate.spans) for other in same):
        return Passed.QUOTED
    if len(same) >= MAX_PER_DOCUMENT:
        return Passed.DOCUMENT
    others = [other.document for other in chosen if other.document.id != candidate.document.id]
    if any(_repeats(candidate, other) for other in others):
        return Passed.COPY
    return Passed.SAME if any(_says_the_same(candidate, other) for other in chosen) else None


def _says_the_same(candidate: Candidate, other: Candidate) -> bool:
    """Nearly the same words; in another document those with another number, or a `not`, say otherwise."""
    words, others = _words(candidate), _words(other)
    if candidate.document.id != other.document.id and not _claims(words) <= _claims(others):
        return False
    return len(words & others) >= SAME_WORDS * min(len(words), len(others))


def _claims(words: set[str]) -> set[str]:
    return {word for word in words if word[0].isdigit() or word in _NEGATIONS}


def _repeats(candidate: Candidate, other: Document) -> bool:
    """Whether the other document holds a quoted sentence word for word: a copy of a story, or its source."""
    text = " ".join(other.text.split())
    return any(" ".join(candidate.document.text[start:end].split()) in text for start, end in candidate.spans)


def _share_text(some: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(first < stop and start < last for first, last in some for start, stop in others)


def _words(candidate: Candidate) -> set[str]:
    return {word for start, end in candidate.spans for word in index_words(candidate.document.text[start:end])}
