"""An index with what is needed to ask it: models, names of companies, relations; each loaded when first needed."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from evidence.corpus.entities import Entities
from evidence.generator.gate.entailment import Verifier
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.steps import Notify, silent
from evidence.indexer.amendments import Amendments, link_amendments
from evidence.indexer.embedder import Embedder
from evidence.indexer.store import Index
from evidence.indexer.versions import Captured, link_versions
from evidence.loading import (
    load_embedder,
    load_entities,
    load_generator,
    load_models,
    load_reranker,
    load_verifier,
)
from evidence.recording import Recorder
from evidence.retriever.rerank import Reranker
from evidence.runlog.log import RunLog


class Loaded:
    """One snapshot of an index, the models to use it with, and the clock."""

    def __init__(
        self,
        index: Index,
        clock: Callable[[], datetime],
        models: Path | None,
        entities: Path | None,
        runs: Path | None = None,
    ) -> None:
        self.index = index
        self.recorder = Recorder(RunLog(runs or index.layout.runs), clock)
        self._models_file = models
        self.clock = clock
        self._entities_file = entities
        self.generator_name: str | None = None
        self.notify: Notify = silent

    @cached_property
    def embedder(self) -> Embedder:
        """Raises ModelMismatch when the index holds another embedder's vectors."""
        embedder = load_embedder(load_models(self._models_file))
        self.index.require(embedder)
        return embedder

    @cached_property
    def reranker(self) -> Reranker | None:
        """The one that models.toml names, if it names one. Raises ConfigError or ModelMissing."""
        return load_reranker(load_models(self._models_file))

    @cached_property
    def verifier(self) -> Verifier | None:
        """The one that models.toml names, if it names one. Raises ConfigError or ModelMissing."""
        return load_verifier(load_models(self._models_file))

    @cached_property
    def generator(self) -> Generator:
        return load_generator(load_models(self._models_file), self.generator_name)

    @cached_property
    def entities(self) -> Entities:
        """What companies are called. Raises ConfigError."""
        return load_entities(self._entities_file)

    @cached_property
    def amendments(self) -> Amendments:
        """Which filing amends which, among those the archive holds."""
        return link_amendments(
            segment.documents.read(row)
            for segment in self.index.segments
            for row in segment.documents.filings()
            if segment.live[row]
        )

    @cached_property
    def versions(self) -> dict[str, tuple[str, ...]]:
        """Documents of pages that were captured more than once, to all versions of each."""
        return link_versions(
            Captured(name, url, captured)
            for segment in self.index.segments
            for name, url, captured, live in zip(
                segment.ids,
                segment.documents.column("url"),
                segment.documents.times("captured"),
                segment.live,
                strict=True,
            )
            if live
        )
