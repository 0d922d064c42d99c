"""A hit: one passage of one document, dated, scored and placed. Frozen values and the contract's JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from evidence.corpus.errors import NotFound
from evidence.corpus.values import Document
from evidence.indexer.sentences import Span

# No text has more characters than that; Python refuses to read numbers of thousands of digits.
_OFFSET_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `dense` and `lexical` are its places in the two rankings, None where it was not in one.

    `score` is 1.0 at most, for a passage that is best by words and means what the query means. `sentences` are
    spans of the document's text.
    """

    rank: int
    score: float
    document: Document
    start: int
    end: int
    sentences: tuple[Span, ...]
    dense: int | None
    lexical: int | None

    @property
    def text(self) -> str:
        """The passage: a slice of the stored text."""
        return self.document.text[self.start : self.end]

    @property
    def id(self) -> str:
        """The passage's id, which says where it stands."""
        return passage_id(self.document.id, self.start, self.end)

    def as_json(self) -> dict[str, Any]:
        """One line of `search --json`."""
        place = asdict(self.document.locate(self.start))
        return {
            "rank": self.rank,
            "score": round(self.score, 4),
            "passage": {
                "id": self.id,
                "text": self.text,
                "start": self.start,
                "end": self.end,
                **{name: place[name] for name in ("section", "speaker", "role")},
            },
            "document": {**self.document.as_json(), "path": place["path"]},
            "why": {"dense": self.dense, "lexical": self.lexical},
        }


def passage_id(document_id: str, start: int, end: int) -> str:
    """A passage's id: its document's and its offsets."""
    return f"{document_id}:{start}-{end}"


def parse_id(text: str) -> tuple[str, int | None, int | None]:
    """A document's or a passage's id to document id, start and end. Raises NotFound for neither."""
    document_id, colon, span = text.strip().partition(":")
    start, dash, end = span.partition("-")
    if not colon:
        return document_id, None, None
    if not (dash and _is_offset(start) and _is_offset(end)):
        raise NotFound(
            f"{text!r} is no document or passage id",
            "ids look like 3f2a9c81d0e4b7a6 or 3f2a9c81d0e4b7a6:812-1490",
        )
    return document_id, int(start), int(end)


def _is_offset(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _OFFSET_DIGITS
