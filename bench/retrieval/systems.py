"""What is compared: the two rankings alone, what `search` makes of them, and plain BM25. Each lists units."""

from collections.abc import Callable, Iterator, Sequence

from judged import JudgedSet, Topic
from plain import PlainBm25

from evidence.archive import Archive
from evidence.retriever.aliases import name_query
from evidence.retriever.candidates import Candidate
from evidence.retriever.dense import rank_dense
from evidence.retriever.lexical import rank_lexical
from evidence.retriever.ranges import find_ranges

# A passage in a list: its unit, and its text for the sets that ask whether the answer stands in it.
Found = tuple[str, str]


class Systems:
    """The rankings of one set's topics."""

    def __init__(self, judged: JudgedSet, archive: Archive, names: Sequence[str]) -> None:
        self._unit, self._depth, self._archive = judged.unit, judged.passages, archive
        known: dict[str, Callable[[Topic], Iterator[Found]]] = {
            "plain": self._plain,
            "lexical": self._lexical,
            "dense": self._dense,
            "search": self._search,
        }
        self.rank = {name: known[name] for name in names}
        if "plain" in names:
            self._pieces = PlainBm25([document for document, _ in archive.index.documents()], judged.unit)

    def _plain(self, topic: Topic) -> Iterator[Found]:
        window = self._archive.window(topic.since, topic.until)
        ranges = find_ranges(self._archive.index, window, topic.where)
        rows = ((r.segment, row) for r in ranges for row in (r.wanted.nonzero()[0] + r.first).tolist())
        seen = {segment.ids[int(segment.passages.documents[row])] for segment, row in rows}
        yield from self._pieces.rank(topic.text, seen, self._depth)

    def _lexical(self, topic: Topic) -> Iterator[Found]:
        window = self._archive.window(topic.since, topic.until)
        ranges = find_ranges(self._archive.index, window, topic.where)
        named = name_query(topic.text, ranges, self._archive.entities)
        yield from self._read(rank_lexical(ranges, named.clauses, self._depth))

    def _dense(self, topic: Topic) -> Iterator[Found]:
        window = self._archive.window(topic.since, topic.until)
        ranges = find_ranges(self._archive.index, window, topic.where)
        named = name_query(topic.text, ranges, self._archive.entities)
        vector = self._archive.embedder.encode([named.spelt_out])[0]
        yield from self._read(rank_dense(ranges, vector, self._depth))

    def _search(self, topic: Topic) -> Iterator[Found]:
        window = self._archive.window(topic.since, topic.until)
        for hit in self._archive.search_in(window, topic.text, self._depth, topic.where):
            yield self._unit(hit.document, hit.start), hit.text

    def _read(self, candidates: Sequence[Candidate]) -> Iterator[Found]:
        for at in candidates:
            row = at.segment.passages.read(at.row)
            document = at.segment.documents.read(row.document)
            yield self._unit(document, at.start), document.text[row.passage.start : row.passage.end]
