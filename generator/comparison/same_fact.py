"""Whether another document states the same fact as a quote. Pure; decided by code, sentence against sentence.

Whoever states the same fact speaks of the same subject, gives the numbers that it gives, denies what it denies and
turns the way it turns, and speaks of the same measure, or in like words and with like meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from evidence.corpus.values import Document
from evidence.generator.comparison.statements import Statement, read_statements, same_name
from evidence.generator.encoding import Encoder
from evidence.generator.reading.claim_words import DIRECTION, NEGATION
from evidence.generator.reading.measures import WEAK, find_heads
from evidence.generator.reading.names import Names
from evidence.generator.reading.period_words import find_periods
from evidence.generator.reading.periods import Period, Relation, relate
from evidence.generator.reading.quantities import Quantity, agree, find_quantities
from evidence.generator.values import Finding, Quote
from evidence.indexer.sentences import Span
from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words
from evidence.retriever.hits import Hit

# Half words, half meaning, as for quotes.
_WORD_SHARE = 0.5
# A sentence this like a fact, with its numbers, states it; one without numbers must be more like it. Of half `a` of
# bench/consensus.py sentences with the same numbers that state the same fact score 0.49 and more; of those without
# numbers what states it 0.69 and more, and what does not 0.53 at most.
LIKE_WITH_NUMBERS = 0.42
LIKE = 0.60
# A sentence that has fewer of its words is not compared by meaning, which costs time.
LEAST_WORDS = 0.2
# What has a number says more than what has none: a heading, or what leads up to it.
_FIGURE_BONUS = 0.1


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence is compared by; `way` is 1 where it goes up, -1 where it goes down."""

    text: str
    words: frozenset[str]
    measures: frozenset[str]
    quantities: tuple[Quantity, ...]
    periods: tuple[Period, ...]
    denied: bool
    way: int


@dataclass(frozen=True, slots=True)
class Fact:
    """The sentence of a finding that answers best; `subject` holds the keys of every form of its subject's name."""

    said: Said
    name: str
    subject: frozenset[str]

    @property
    def query(self) -> str:
        """What it is searched with: itself, and its subject where it names nobody."""
        named = set(index_words(self.name)) <= set(index_words(self.said.text))
        return self.said.text if named else f"{self.name}: {self.said.text}"


def find_fact(finding: Finding, names: Names, encoder: Encoder) -> Fact | None:
    """The sentence of its quotes that is nearest to the query that it answers; None where they only ask."""
    quotes = finding.quotes
    statements = [s for quote in quotes for s in read_statements(finding.document, quote, names)]
    statements = [statement for statement in statements if not statement.text.endswith("?")]
    if not statements:
        return None
    vectors = encoder.encode([finding.query, *(statement.text for statement in statements)])
    near = (vectors[1:] @ vectors[0]).tolist()
    said = [_said(statement.text, statement.told) for statement in statements]
    best = max(range(len(said)), key=lambda at: (near[at] + (_FIGURE_BONUS if said[at].quantities else 0.0), -at))
    return _fact(said[best], statements[best])


def _fact(said: Said, statement: Statement) -> Fact:
    name = statement.subject((0, len(statement.text)), None)
    return Fact(said, name, statement.keys(name))


# a passage is looked at for every fact that it is near to
@lru_cache(maxsize=8192)
def _said(text: str, told: date | None) -> Said:
    words = [word for word in surface_words(text) if word not in FUNCTION_WORDS and not word[0].isdigit()]
    ways = {1 if match["up"] else -1 for match in DIRECTION.finditer(text) if not match["flat"]}
    return Said(
        text=text,
        words=frozenset(stem for word in words for stem in index_words(word)),
        measures=frozenset(head.measure for head in find_heads(text)) - WEAK,
        quantities=tuple(find_quantities(text, told)),
        periods=tuple(p for p in find_periods(text, told) if p.unit != "day" and p.stated),
        denied=bool(NEGATION.search(text)),
        way=ways.pop() if len(ways) == 1 else 0,
    )


def is_about(hit: Hit, fact: Fact) -> bool:
    """Whether the passage, or what stands over it, names the fact's subject."""
    words = set(index_words(f"{hit.document.title or ''} {hit.document.company or ''} {hit.text}"))
    return any(words.issuperset(index_words(key)) for key in fact.subject)


@dataclass(frozen=True, slots=True)
class Speakers:
    """Whom each sentence of a passage is about, read once a report: many findings are near to one passage."""

    names: Names
    _read: dict[tuple[str, Span], tuple[Statement, ...]] = field(default_factory=dict, repr=False)

    def statements(self, document: Document, span: Span) -> tuple[Statement, ...]:
        """The statements of this slice of a document."""
        key = (document.id, span)
        if key not in self._read:
            self._read[key] = tuple(read_statements(document, Quote.cut(document, *span), self.names))
        return self._read[key]


def states(hit: Hit, fact: Fact, speakers: Speakers, encoder: Encoder) -> bool:
    """Whether a sentence of a passage about its subject states the fact."""
    own = frozenset(index_words(fact.name))
    told, text = day_of(hit.document), hit.document.text
    sentences = [(span, _said(text[slice(*span)], told)) for span in hit.sentences]
    likely = [(span, said) for span, said in sentences if _could_state(said, fact.said, own)]
    candidates = [said for span, said in likely if _is_of_subject(speakers.statements(hit.document, span), fact)]
    if not candidates:
        return False
    if fact.said.quantities and any(said.measures & fact.said.measures for said in candidates):
        # one measure of one subject with the same numbers, whatever it is called
        return True
    return _likeness(candidates, fact, own, encoder) >= (LIKE_WITH_NUMBERS if fact.said.quantities else LIKE)


def _likeness(candidates: Sequence[Said], fact: Fact, own: frozenset[str], encoder: Encoder) -> float:
    """Of the one that is most like the fact."""
    vectors = encoder.encode([fact.said.text, *(said.text for said in candidates)])
    near: list[float] = (vectors[1:] @ vectors[0]).tolist()
    return max(
        _WORD_SHARE * _shared(said, fact.said, own) + (1 - _WORD_SHARE) * max(0.0, cosine)
        for said, cosine in zip(candidates, near, strict=True)
    )


def _is_of_subject(statements: Sequence[Statement], fact: Fact) -> bool:
    """Whether the sentence names the fact's subject, or nobody that it would be about instead."""
    for statement in statements:
        about = [statement.subject((0, len(statement.text)), None), *(name.text for name in statement.names)]
        if any(same_name(fact.subject, statement.keys(name)) for name in about if name):
            return True
    return False


def _could_state(said: Said, fact: Said, own: frozenset[str]) -> bool:
    """Numbers, denial, direction and periods, which no likeness of words makes up for."""
    if not said.measures & fact.measures and _shared(said, fact, own) < LEAST_WORDS:
        return False
    if said.denied != fact.denied or {said.way, fact.way} == {1, -1}:
        return False
    pairs = [(one, two) for one in fact.periods for two in said.periods if one.unit == two.unit]
    if any(relate(one, two) is Relation.DIFFERENT for one, two in pairs):
        return False
    given = [any(agree(wanted, had) for had in said.quantities) for wanted in fact.quantities]
    return 2 * sum(given) >= len(given)


def _shared(said: Said, fact: Said, own: frozenset[str]) -> float:
    """Of the words of the one that has fewer, what the other has, too; the name of both says nothing."""
    one, other = said.words - own, fact.words - own
    return len(one & other) / max(1, min(len(one), len(other)))


def day_of(document: Document) -> date | None:
    """The day by whose end it was out."""
    return document.dated.latest.date() if document.dated else None
