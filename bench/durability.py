"""What durability costs: committing 100 documents beyond their embedding, and checking files before they are read.

    python bench/durability.py --data ../shared/data [--index DIR --since D --until D]

Commits are of news articles of realtimeqa, into a new index, the vectors given. Told apart: the processor's time,
for the rest is the disk's; and what reading the texts takes, for their words and for their likeness to other
stories, which whoever gives up durability would still pay. What a search spends on SHA-256 is measured on the files
that it opens, with a warm page cache: the first search pays it, later ones open and check nothing again.
"""

import argparse
import gzip
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.document_rows import Source
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.syndication import describe
from evidence.indexer.vocabulary import Vocabulary
from evidence.indexer.writer import open_writer
from evidence.retriever.search import search_embedded
from evidence.retriever.window import EARLIEST, parse_window

DIMENSIONS = 384
COMMITS, DOCUMENTS = 12, 100
PASSAGE_CHARACTERS = 700
SEARCHES = 20


def articles(data: Path) -> Iterator[CutDocument]:
    """Articles of 2023 as they come, each cut to passages of like size."""
    with gzip.open(data / "realtimeqa" / "articles_2023.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = map(json.loads, file)
        for row in (row for row in rows if row["text"]):
            at = datetime.fromisoformat(row["publish_date"]).replace(tzinfo=UTC)
            text = row["text"]
            spans = [
                (start, min(start + PASSAGE_CHARACTERS, len(text)))
                for start in range(0, len(text), PASSAGE_CHARACTERS)
            ]
            dating = Dating(at, at, Precision.SECOND, Basis.META, Grade.B, zoned=True)
            name = digest(text.encode())
            document = Document(name[:16], row["id"], row["title"], text, name, published=dating)
            yield CutDocument(document, tuple(Passage(*span, (span,)) for span in spans), Source(row["id"]))


def commit_times(root: Path, data: Path) -> list[tuple[float, float]]:
    """Seconds, and the processor's, of each commit with its originals; but of the first, which makes the index."""
    taken = []
    chance = np.random.default_rng(1)
    distinct = list({one.document.id: one for one in islice(articles(data), 2 * COMMITS * DOCUMENTS)}.values())
    with open_writer(root, HashingEmbedder(DIMENSIONS)) as writer:
        for number in range(COMMITS):
            cut = distinct[number * DOCUMENTS : (number + 1) * DOCUMENTS]
            vectors = chance.normal(size=(sum(len(one.passages) for one in cut), DIMENSIONS)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            started, spent = time.perf_counter(), time.process_time()
            for one in cut:
                writer.originals.put(one.document.text.encode())
            writer.commit(cut, vectors, ())
            taken.append((time.perf_counter() - started, time.process_time() - spent))
    return taken[1:]


def reading_times(data: Path) -> list[float]:
    """Seconds for the words and the shingles of each hundred articles."""
    every = list(islice(articles(data), COMMITS * DOCUMENTS))
    taken = []
    for start in range(0, len(every), DOCUMENTS):
        cut, vocabulary = every[start : start + DOCUMENTS], Vocabulary()
        started = time.perf_counter()
        for one in cut:
            describe(one.document)
            for text in one.texts():
                vocabulary.numbers(text)
        taken.append(time.perf_counter() - started)
    return taken[1:]


def check_cost(root: Path) -> tuple[float, int]:
    """Seconds of the processor that SHA-256 takes for the newest segments, read before, and their bytes."""
    index = Index.open(root)
    paths = [index.layout.segment(entry.id) / name for entry in index.manifest.segments for name in entry.files]
    for path in paths:
        path.read_bytes()
    started = time.process_time()
    for path in paths:
        file_digest(path)
    return time.process_time() - started, sum(path.stat().st_size for path in paths)


def search_times(root: Path, since: str, until: str | None) -> list[float]:
    """Seconds of each search by one opened index; the first opens and checks what it needs."""
    index = Index.open(root)
    window = parse_window(since, until, today=datetime.now(UTC).date())
    vector = np.full(index.manifest.embedder.dimensions, index.manifest.embedder.dimensions**-0.5, np.float32)
    taken = []
    for _ in range(SEARCHES):
        started = time.perf_counter()
        search_embedded(index, vector, "order backlog of the company", window, 10)
        taken.append(time.perf_counter() - started)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, help="an index to search; else the one that is made here")
    parser.add_argument("--since", default=EARLIEST)
    parser.add_argument("--until")
    parser.add_argument("--folder", type=Path, help="where the new index is made: on the disk that is meant")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=arguments.folder))
    try:
        commits = commit_times(folder / "index", arguments.data)
        root = arguments.index or folder / "index"
        seconds, size = check_cost(root)
        first, *warm = search_times(root, arguments.since, arguments.until)
    finally:
        shutil.rmtree(folder)
    reading = 1000 * statistics.median(reading_times(arguments.data))
    wall, spent = (1000 * statistics.median(times) for times in zip(*commits, strict=True))
    print(
        f"commit of {DOCUMENTS} documents: median {wall:.0f} ms, {spent:.0f} ms of it the processor's, "
        f"{reading:.0f} ms to read their texts; "
        f"SHA-256 of {size / 1e6:.1f} MB: {1000 * seconds:.0f} ms, {seconds / size * 1e9:.2f} s a GB; "
        f"first search {1000 * first:.1f} ms, warm {1000 * statistics.median(warm):.2f} ms"
    )


if __name__ == "__main__":
    main()
