"""The passages in segments of our own, written as `evidence index` writes them and searched by our dense scan."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from passages import FIRST_DAY, Passages, Query, Rows, iso_day

from evidence.corpus.hashing import digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.build import COMMIT_PASSAGES
from evidence.indexer.document_rows import Source
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.sentences import Span
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer
from evidence.retriever.dense import rank_dense
from evidence.retriever.ranges import find_ranges
from evidence.retriever.window import parse_window

# An article is cut into about as many.
_PASSAGES_PER_DOCUMENT = 7
# A passage is its own row's number, so that what is found says which it was.
_DIGITS = 8


class Evidence:
    """Unlike the others it keeps the documents, their words and their stories, too."""

    name = "evidence"
    settings = "as `evidence index` writes it; exact; window of whole days"

    def build(self, folder: Path, passages: Passages) -> None:
        embedder = HashingEmbedder(passages.vectors.shape[1])
        with open_writer(folder, embedder) as writer:
            for first in range(0, len(passages.days), COMMIT_PASSAGES):
                last = first + COMMIT_PASSAGES
                writer.commit(_cut(passages.days[first:last], first), passages.vectors[first:last], ())

    def open(self, folder: Path) -> None:
        self._index = Index.open(folder)

    def ask(self, query: Query) -> Any:
        window = parse_window(iso_day(query.since), iso_day(query.until), today=date(2026, 1, 1))
        return window, query.vector

    def search(self, asked: Any, count: int) -> Any:
        window, vector = asked
        return rank_dense(find_ranges(self._index, window), vector, count)

    def rows(self, found: Any) -> list[int]:
        return [int(one.document_id) + one.start // _DIGITS for one in found]


def cut_document(number: int, day: date, text: str, spans: Sequence[Span]) -> CutDocument:
    """A document of that day whose passages are the spans; it is found by its number."""
    begins = datetime.combine(day, time(), UTC)
    ends = begins + timedelta(days=1) - timedelta(microseconds=1)
    dating = Dating(begins, ends, Precision.DAY, Basis.META, Grade.B, zoned=False)
    name = f"{number:0{_DIGITS}d}"
    document = Document(name, name, "news", text, digest(text.encode()), published=dating)
    return CutDocument(document, tuple(Passage(*span, (span,)) for span in spans), Source(name))


def _cut(days: Rows, first: int) -> list[CutDocument]:
    """Documents of up to _PASSAGES_PER_DOCUMENT neighbours of one day."""
    cut: list[CutDocument] = []
    start = 0
    for row in range(1, len(days) + 1):
        if row == len(days) or days[row] != days[start] or row - start == _PASSAGES_PER_DOCUMENT:
            cut.append(_document(range(first + start, first + row), int(days[start])))
            start = row
    return cut


def _document(rows: range, day: int) -> CutDocument:
    text = "".join(f"{row:0{_DIGITS}d}" for row in rows)
    spans = [(at, at + _DIGITS) for at in range(0, len(text), _DIGITS)]
    return cut_document(rows.start, FIRST_DAY + timedelta(days=day), text, spans)
