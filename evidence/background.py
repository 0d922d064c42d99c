"""An archive seen from one window, for the consensus check and for contradictions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from evidence.corpus.entities import Entities
from evidence.corpus.values import Document
from evidence.generator.comparison.background import Told
from evidence.indexer.amendments import Amendments
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.store import Index
from evidence.retriever.aliases import name_query
from evidence.retriever.hits import Hit
from evidence.retriever.ranges import Range, find_ranges
from evidence.retriever.search import rank_ranges, read_hits
from evidence.retriever.window import Window

# Passages that could state the same fact, inside the window and before it: the widest story of the measured set is
# told by nine publishers, and a fact that stands nowhere among the thirty nearest passages stands nowhere.
PASSAGES = 30


@dataclass(frozen=True, slots=True)
class ArchiveBackground:
    """One snapshot and one window. No filter counts here: whoever else tells it is what is asked.

    `amendments` is called only for filings: to link them all filings are read.
    """

    index: Index
    window: Window
    embedder: Embedder
    entities: Entities
    amendments: Callable[[], Amendments]
    _originals: dict[str, str] = field(default_factory=dict, repr=False)

    def told(self, texts: Sequence[str]) -> list[Told]:
        """As `Background.told`."""
        inside, before = (find_ranges(self.index, window) for window in (self.window, self.window.before()))
        vectors = self.embedder.encode(list(texts))
        return [
            Told(self._nearest(inside, text, vector), self._nearest(before, text, vector))
            for text, vector in zip(texts, vectors, strict=True)
        ]

    def _nearest(self, ranges: Sequence[Range], text: str, vector: Vectors) -> tuple[Hit, ...]:
        named = name_query(text, ranges, self.entities)
        return tuple(read_hits(rank_ranges(ranges, vector, named.clauses, PASSAGES), text, PASSAGES))

    def copies(self, document: Document) -> list[Document]:
        """As `Background.copies`."""
        members = self.index.clusters.of(document.id).members
        documents = [document if name == document.id else self.index.document(name) for name in members]
        windows = (self.window, self.window.before())
        return [copy for copy in documents if any(window.holds(copy.dated, copy.known) for window in windows)]

    def is_before(self, document: Document) -> bool:
        """As `Background.is_before`."""
        return self.window.before().holds(document.dated, document.known)

    def original(self, document: Document) -> str:
        """As `Background.original`."""
        if document.id not in self._originals:
            self._originals[document.id] = self.index.clusters.of(document.id).original
        return self._originals[document.id]

    def amended_by(self, document: Document) -> tuple[str, ...]:
        """As `Background.amended_by`."""
        if document.filing is None:
            return ()
        return self.amendments().amended_by.get(document.id, ())
