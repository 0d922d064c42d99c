"""A set's index. The files are a benchmark's own, so they are read in this process: a child each costs minutes."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from judged import JudgedSet

import evidence
from evidence.archive import Archive
from evidence.corpus.documents import read_document
from evidence.corpus.invisible import strip_invisible
from evidence.corpus.originals import Originals
from evidence.corpus.records import Record
from evidence.corpus.sources import read_records
from evidence.corpus.walking import find_files
from evidence.indexer.document_rows import Source
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.passages import pack
from evidence.indexer.segment import CutDocument
from evidence.indexer.sentences import split_sentences
from evidence.indexer.writer import open_writer

# Several segments a set, as an archive has that grew.
_SEGMENT_DOCUMENTS = 1000
_STEP_PASSAGES = 256


def open_set(judged: JudgedSet, index: Path, embedder: Embedder) -> Archive:
    """The set's index, built where there is none."""
    if not index.exists():
        with open_writer(index, embedder) as writer:
            documents = _cut(judged, embedder, writer.originals)
            while cut := list(islice(documents, _SEGMENT_DOCUMENTS)):
                writer.commit(cut, _embed(cut, embedder), ())
    return evidence.open(index, embedder=embedder)


def _cut(judged: JudgedSet, embedder: Embedder, originals: Originals) -> Iterator[CutDocument]:
    """Every document that can be read, kept and cut as `evidence index` does."""
    for file in find_files(judged.sources):
        for record in read_records(file, judged.stated):
            if not isinstance(record, Record):
                continue
            document = read_document(record)
            originals.put(record.data)
            breaks = [mark.start for mark in document.marks]
            sentences = split_sentences(document.text, breaks)
            counts = embedder.count_pieces, embedder.piece_spans
            yield CutDocument(document, tuple(pack(document.text, sentences, breaks, *counts)), Source())


def _embed(cut: list[CutDocument], embedder: Embedder) -> Vectors:
    """Longest first, so that batches are of like length."""
    texts = [strip_invisible(text) for item in cut for text in item.texts()]
    order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
    vectors = np.zeros((len(texts), embedder.dimensions), np.float32)
    for at in range(0, len(order), _STEP_PASSAGES):
        step = order[at : at + _STEP_PASSAGES]
        vectors[step] = embedder.encode([texts[number] for number in step])
    return vectors
