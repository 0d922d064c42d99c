"""What durability costs: committing 100 documents beyond their embedding, and checking files before they are read.

    python bench/durability.py --index DIR [--since D --until D]

Commits are of articles of 3,000 characters in words of their own, into a new index, the vectors given; the time of
the processor is told apart, for the rest of a commit is the disk's. What a search spends on SHA-256 is measured on
the files that it opens, with a warm page cache: the first search pays it, later ones open and check nothing again.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.document_rows import Source
from evidence.indexer.passages import Passage
from evidence.indexer.segment import CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.writer import open_writer
from evidence.retriever.search import search_embedded
from evidence.retriever.window import EARLIEST, parse_window

DIMENSIONS = 384
COMMITS, DOCUMENTS, PER_DOCUMENT = 12, 100, 5
SEARCHES = 20
LETTERS = "etaoinshrdlu"
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def article(number: int) -> CutDocument:
    """Some 3,000 characters in five passages."""
    at = FIRST + timedelta(hours=number)
    chance = random.Random(number)
    text = " ".join("".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(460))
    size = len(text) // PER_DOCUMENT
    spans = [(start, start + size) for start in range(0, size * PER_DOCUMENT, size)]
    dating = Dating(at, at, Precision.SECOND, Basis.META, Grade.B, zoned=True)
    name = digest(text.encode())
    document = Document(name[:16], f"{number}.html", "news", text, name, published=dating)
    return CutDocument(document, tuple(Passage(*span, (span,)) for span in spans), Source(f"/{number}"))


def commit_times(root: Path) -> list[tuple[float, float]]:
    """Seconds, and the processor's, of each commit with its originals; but of the first, which makes the index."""
    taken = []
    chance = np.random.default_rng(1)
    with open_writer(root, HashingEmbedder(DIMENSIONS)) as writer:
        for number in range(COMMITS):
            cut = [article(number * DOCUMENTS + one) for one in range(DOCUMENTS)]
            vectors = chance.normal(size=(DOCUMENTS * PER_DOCUMENT, DIMENSIONS)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            started, spent = time.perf_counter(), time.process_time()
            for one in cut:
                writer.originals.put(one.document.text.encode())
            writer.commit(cut, vectors, ())
            taken.append((time.perf_counter() - started, time.process_time() - spent))
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
    parser.add_argument("--index", type=Path, help="an index to search; else the one that is made here")
    parser.add_argument("--since", default=EARLIEST)
    parser.add_argument("--until")
    parser.add_argument("--folder", type=Path, help="where the new index is made: on the disk that is meant")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=arguments.folder))
    try:
        commits = commit_times(folder / "index")
        root = arguments.index or folder / "index"
        seconds, size = check_cost(root)
        first, *warm = search_times(root, arguments.since, arguments.until)
    finally:
        shutil.rmtree(folder)
    wall, spent = (1000 * statistics.median(times) for times in zip(*commits, strict=True))
    print(
        f"commit of {DOCUMENTS} documents: median {wall:.0f} ms, {spent:.0f} ms of it the processor's; "
        f"SHA-256 of {size / 1e6:.1f} MB: {1000 * seconds:.0f} ms, {seconds / size * 1e9:.2f} s a GB; "
        f"first search {1000 * first:.1f} ms, warm {1000 * statistics.median(warm):.2f} ms"
    )


if __name__ == "__main__":
    main()
