"""What the programs beside this file do to an index, and what must be true of it afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from evidence.corpus.errors import NoIndex
from evidence.corpus.hashing import digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.document_rows import Source
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import Writer

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = datetime(2025, 8, 1, 9, tzinfo=UTC)


def text_of(number: int) -> str:
    return f"Company {number} reported order {number * 7} and nothing else on day {number}."


def id_of(text: str) -> str:
    return digest(text.encode())[:16]


def cut(text: str) -> CutDocument:
    dating = Dating(DAY, DAY, Precision.SECOND, Basis.META, Grade.B, zoned=True)
    document = Document(id_of(text), text, "news", text, digest(text.encode()), published=dating)
    return CutDocument(document, (Passage(0, len(text), ((0, len(text)),)),), Source(text))


def add(writer: Writer, texts: Sequence[str]) -> None:
    """Adds texts in one commit."""
    for text in texts:
        writer.originals.put(text.encode())
    writer.commit([cut(text) for text in texts], HashingEmbedder().encode(texts), ())


def live_texts(root: Path) -> set[str]:
    """Texts of the live documents, each with its original read; none where there is no index yet."""
    try:
        index = Index.open(root)
    except NoIndex:
        return set()
    found = [document for document, _ in index.documents()]
    assert all(index.originals.get(one.original) == one.text.encode() for one in found)
    return {one.text for one in found}


def holds(root: Path, text: str) -> bool:
    """Whether a file of the index has these bytes, or is the original of them."""
    needle = text.encode()
    files = [path for path in root.rglob("*") if path.is_file()]
    return any(path.stem == digest(needle) or needle in path.read_bytes() for path in files)
