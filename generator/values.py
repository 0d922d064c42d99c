"""The values of a report: quotes, findings, sentences, and what was cut. Frozen; JSON by one method each."""

from dataclasses import asdict, dataclass
from typing import Any

from evidence.corpus.hashing import digest
from evidence.corpus.values import Document
from evidence.generator.verdicts import About, Value

SCHEMA = "evidence.report/1"
# Characters shown on each side of a quote: the sentence or two that a reader needs to see whether it was torn out.
CONTEXT_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of a document's stored text, by code points; `sha256` is of the slice's UTF-8."""

    document_id: str
    start: int
    end: int
    text: str
    sha256: str

    @classmethod
    def cut(cls, document: Document, start: int, end: int) -> "Quote":
        """The only way a quote is made: copied by offset, never written."""
        text = document.text[start:end]
        return cls(document.id, start, end, text, digest(text.encode()))


@dataclass(frozen=True, slots=True)
class Finding:
    """Quotes of one passage that answer one of the queries. Its number is what citations name."""

    number: int
    document: Document
    quotes: tuple[Quote, ...]
    query: str
    relevance: float
    on_edge: bool

    @property
    def text(self) -> str:
        """All its quoted words, for checks of what is written about them."""
        return "\n".join(quote.text for quote in self.quotes)

    def as_json(self) -> dict[str, Any]:
        """The contract's finding; `query` is the search query that it answers."""
        document = self.document.as_json()
        return {
            "id": str(self.number),
            "quotes": [{**asdict(q), "context": context_of(self.document, q.start, q.end)} for q in self.quotes],
            "published": document["published"],
            "dated": document["dated"],
            "on_window_edge": self.on_edge,
            "source": describe_source(self.document, self.quotes[0].start),
            "query": self.query,
            "relevance": round(self.relevance, 3),
        }


def context_of(document: Document, start: int, end: int) -> dict[str, Any]:
    """A quote's `context`: the stored text around it, in whole words, for readers and never for a model."""
    text = document.text
    first, last = max(0, start - CONTEXT_CHARACTERS), min(len(text), end + CONTEXT_CHARACTERS)
    while 0 < first < start and not text[first - 1].isspace():
        first += 1
    while end < last < len(text) and not text[last].isspace():
        last -= 1
    return {"start": first, "end": last, "text": text[first:last]}


_SOURCE_KEYS = ("id", "title", "publisher", "url", "kind", "form")


def describe_source(document: Document, start: int) -> dict[str, Any]:
    """A finding's `source`: where in which document the quote that starts here stands."""
    known = document.as_json()
    return {**{key: known[key] for key in _SOURCE_KEYS}, **asdict(document.locate(start))}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the analysis, the findings it rests on, and what the gate said of it."""

    text: str
    citations: tuple[int, ...]
    verdict: Value = Value.SUPPORTED
    about: About | None = None

    def as_json(self) -> dict[str, Any]:
        """Citations are finding ids."""
        return {
            "text": self.text,
            "citations": [str(number) for number in self.citations],
            "verdict": self.verdict.value,
            "about": self.about and self.about.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of what the model wrote was cut, and why: reason to count."""

    written: int
    cut: int
    reasons: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The model's sentences that passed, or none. `state` is extractive, composed, model-failed or
    interrupted."""

    state: str
    sentences: tuple[Sentence, ...]
    cut: Cut
    failure: str | None = None

    def as_json(self) -> dict[str, Any]:
        """`failure` says how the model failed, if it did."""
        return {
            "state": self.state,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "failure": self.failure,
        }


EXTRACTIVE = Analysis("extractive", (), Cut(0, 0, {}))
