"""Haystack: DocumentSplitter at its defaults (200 words), sentence-transformers embedder, InMemoryDocumentStore.

`hybrid` is its usual second branch: BM25 over the same store, joined by reciprocal rank fusion.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from articles import Article, Piece
from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from kept import Kept

from evidence.loading import load_embedder, load_models


class Haystack:
    """One store; the retrievers are asked as a pipeline of them would."""

    def __init__(self, model: Path, hybrid: bool, kept: Kept | None = None) -> None:
        self.name = "haystack, hybrid" if hybrid else "haystack"
        self._hybrid, self._kept = hybrid, kept
        self._store = InMemoryDocumentStore()
        self._documents = SentenceTransformersDocumentEmbedder(model=str(model), progress_bar=False)
        self._questions = SentenceTransformersTextEmbedder(model=str(model), progress_bar=False)
        self._dense = InMemoryEmbeddingRetriever(self._store)
        self._words = InMemoryBM25Retriever(self._store)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def warm_up(self) -> None:
        """Loads the model, which the first use would."""
        self._documents.warm_up()
        self._questions.warm_up()

    def index(self, articles: Iterable[Article]) -> None:
        pieces = split(articles)
        if self._kept is None:
            self._documents.warm_up()
            pieces = self._documents.run(documents=pieces)["documents"]
        else:
            vectors = self._kept.encode([piece.content or "" for piece in pieces]).tolist()
            pieces = [replace(piece, embedding=vector) for piece, vector in zip(pieces, vectors, strict=True)]
        self._store.write_documents(pieces)

    def search(self, question: str, since: str, until: str, count: int) -> list[Piece]:
        inside = {
            "operator": "AND",
            "conditions": [
                {"field": "meta.day", "operator": ">=", "value": _number(since)},
                {"field": "meta.day", "operator": "<=", "value": _number(until)},
            ],
        }
        self._questions.warm_up()
        vector = self._questions.run(text=question)["embedding"]
        found = self._dense.run(query_embedding=vector, filters=inside, top_k=count)["documents"]
        if self._hybrid:
            worded = self._words.run(query=question, filters=inside, top_k=count)["documents"]
            found = self._joiner.run(documents=[found, worded], top_k=count)["documents"]
        return [Piece(one.meta["key"], one.meta["split_idx_start"]) for one in found]


def split(articles: Iterable[Article]) -> list[Document]:
    """Pieces of 200 words. Days are numbers: its filters parse dates that are text at every comparison."""
    whole = [Document(content=one.titled, meta={"key": one.key, "day": _number(one.day)}) for one in articles]
    pieces: list[Document] = DocumentSplitter().run(documents=whole)["documents"]
    return pieces


def _number(day: str) -> int:
    return int(day.replace("-", ""))


def haystack_vectors(folder: Path) -> Kept:
    """What Haystack's embedder gives, kept, made by ours in half the time: the same model's vectors, at a cosine
    above 0.999999 on 104 pieces, among them the eight longest, which both cut at 256 wordpieces."""
    embedder = load_embedder(load_models(None))
    return Kept("haystack-200-words", embedder.encode, embedder.dimensions, folder)
