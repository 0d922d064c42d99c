"""txtai: Embeddings(path=MiniLM, content=True), asked in SQL with the days in its where clause.

Whole articles are given to it, as its examples do: it cuts none, and embeds the first 512 wordpieces, which is what
the model's tokenizer says when txtai asks. `similar()` fetches ten times the limit before the days are looked at.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from articles import Article, Piece
from kept import Kept
from passages import Vectors
from txtai import Embeddings
from txtai.vectors import VectorsFactory

_SQL = "select id, score from txtai where similar(:question) and day >= :since and day <= :until"


class Txtai:
    """`hybrid` adds its BM25 at its default weights. With a `limit` it is asked for no more than that."""

    def __init__(self, model: Path, hybrid: bool, kept: Kept | None = None, limit: int | None = None) -> None:
        self.name = f"txtai{', hybrid' if hybrid else ''}{f', limit {limit}' if limit else ''}"
        self._limit = limit
        vectors = {"path": str(model)} if kept is None else {"method": "external", "transform": _function(kept)}
        self._embeddings = Embeddings({**vectors, "content": True, "hybrid": hybrid})

    def index(self, articles: Iterable[Article]) -> None:
        self._embeddings.index((one.key, {"text": one.titled, "day": one.day}, None) for one in articles)

    def search(self, question: str, since: str, until: str, count: int) -> list[Piece]:
        parameters = {"question": question, "since": since, "until": until}
        found = self._embeddings.search(_SQL, self._limit or count, parameters=parameters)
        return [Piece(row["id"], 0) for row in found]


def txtai_vectors(model: Path, folder: Path) -> Kept:
    """txtai's own vectors of this model, kept; its batch is made smaller for speed alone."""
    vectors = VectorsFactory.create({"path": str(model), "encodebatch": 8})

    def encode(texts: Sequence[str]) -> Vectors:
        encoded: Vectors = vectors.encode(list(texts))
        return encoded

    return Kept("txtai-512-wordpieces", encode, len(encode(["one"])[0]), folder)


def _function(kept: Kept) -> Any:
    """txtai takes plain functions alone."""

    def transform(texts: Sequence[str]) -> Vectors:
        return kept.encode(texts)

    return transform
