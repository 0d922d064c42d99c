"""The dense scan under a date window, against FAISS flat over the same rows: time, recall, building, size, memory.

    python bench/windows.py --folder DIR [--rows 300000] [--queries 40] [--shuffled]
    python bench/windows.py --folder DIR --grow

Clustered unit vectors, one article every few minutes, are committed as `evidence index` commits them, and merged;
they arrive in order of time or `--shuffled`. Each query is asked of both in turn, in one process. FAISS holds its
vectors in memory and searches a range of rows on one thread. Ours is the scan (`nearest`); with what finds the
window's rows before it and makes candidates after it, it is "whole". `--grow`: one window's rows, alone and in ten
times the archive.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from evidence.corpus.disk import DISK
from evidence.corpus.hashing import digest, file_digest
from evidence.corpus.values import Basis, Dating, Document, Grade, Precision
from evidence.indexer.build import COMMIT_PASSAGES
from evidence.indexer.document_rows import Source
from evidence.indexer.embedder import Vectors
from evidence.indexer.merging import MAX_PASSAGES
from evidence.indexer.passages import Passage
from evidence.indexer.runs import AT_REST, WHILE_ADDING
from evidence.indexer.segment import VECTORS, CutDocument
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.vectors import write_vectors
from evidence.indexer.writer import open_writer
from evidence.retriever.dense import nearest, rank_dense
from evidence.retriever.ranges import find_ranges
from evidence.retriever.window import Window, parse_window

COUNT = 50
SHARES = (100.0, 25.0, 5.0, 1.0, 0.1)
PER_DOCUMENT = 8
FIRST, APART = datetime(2000, 1, 1, tzinfo=UTC), timedelta(minutes=20)
CLUSTERS, SPREAD = 2000, 0.7
GROWTH = 10
# While documents are added so many segments become one.
FAN_IN = 8

Query = tuple[Window, int, int, Vectors]


def make_vectors(path: Path, rows: int, dimensions: int, seed: int = 7) -> Vectors:
    """Clustered, as texts are. In a file, so that they do not count as private memory."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(CLUSTERS, dimensions)).astype(np.float32)
    vectors = np.memmap(path, np.float32, "w+", shape=(rows, dimensions))
    for start in range(0, rows, 8192):
        step = vectors[start : start + 8192]
        step[:] = centres[random.integers(0, CLUSTERS, len(step))]
        step += SPREAD * random.standard_normal(step.shape, np.float32)
        step /= np.linalg.norm(step, axis=1, keepdims=True)
    return vectors


def article(number: int) -> CutDocument:
    at = FIRST + number * APART
    dating = Dating(at, at, Precision.SECOND, Basis.META, Grade.B, zoned=True)
    text = "".join(f"{number:08d}-{part} " for part in range(PER_DOCUMENT))
    size = len(text) // PER_DOCUMENT
    spans = [(start, start + size - 1) for start in range(0, len(text), size)]
    name = f"{number:08d}"
    document = Document(name, name, "news", text, digest(text.encode()), published=dating)
    return CutDocument(document, tuple(Passage(*span, (span,)) for span in spans), Source(name))


def build_alone(folder: Path, vectors: Vectors) -> float:
    """Seconds that the vectors themselves take, written, hashed and synced as often as when they are merged."""
    folder.mkdir()
    rows, dimensions = vectors.shape
    started = time.perf_counter()
    for size in (COMMIT_PASSAGES, FAN_IN * COMMIT_PASSAGES, MAX_PASSAGES):
        starts = range(0, rows, size)
        for number, start in enumerate(starts):
            path = folder / f"{size}-{number}.npy"
            with DISK.create(path) as file:
                write_vectors([vectors[start : start + size]], min(size, rows - start), dimensions, file)
            file_digest(path)
        DISK.sync_folder(folder)
    return time.perf_counter() - started


def build(folder: Path, vectors: Vectors, commit: int, shuffled: bool) -> float:
    """Seconds; making the articles does not count."""
    numbers = np.arange(len(vectors) // PER_DOCUMENT)
    if shuffled:
        np.random.default_rng(3).shuffle(numbers)
    step, taken = commit // PER_DOCUMENT, 0.0
    with open_writer(folder, HashingEmbedder(vectors.shape[1])) as writer:
        for start in range(0, len(numbers), step):
            some = numbers[start : start + step]
            cut = [article(number) for number in some.tolist()]
            held = vectors.reshape(len(numbers), PER_DOCUMENT, -1)[some].reshape(-1, vectors.shape[1])
            started = time.perf_counter()
            writer.commit(cut, held, ())
            writer.merge(WHILE_ADDING)
            taken += time.perf_counter() - started
        started = time.perf_counter()
        writer.merge(AT_REST)
    return taken + time.perf_counter() - started


def make_queries(vectors: Vectors, share: float, count: int, seed: int) -> Iterator[Query]:
    """A window of that share at any place, and a vector near one of its rows."""
    random = np.random.default_rng(seed)
    documents = len(vectors) // PER_DOCUMENT
    inside = max(1, round(documents * share / 100))
    for _ in range(count):
        first = int(random.integers(0, documents - inside + 1))
        yield ask(vectors, first, inside, random)


def ask(vectors: Vectors, first: int, inside: int, random: np.random.Generator) -> Query:
    since, until = (FIRST + number * APART for number in (first, first + inside - 1))
    window = parse_window(since.isoformat(), until.isoformat(), today=date(2100, 1, 1))
    low, high = first * PER_DOCUMENT, (first + inside) * PER_DOCUMENT
    query = vectors[random.integers(low, high)] + random.normal(size=vectors.shape[1]) / vectors.shape[1] ** 0.5
    return window, low, high, (query / np.linalg.norm(query)).astype(np.float32)


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = call()
    return (time.perf_counter() - started) * 1000, found


def bare(flat: Any, query: Query) -> tuple[float, set[int]]:
    _, low, high, vector = query

    def search() -> Any:
        parameters = faiss.SearchParameters(sel=faiss.IDSelectorRange(low, high))
        return flat.search(vector[np.newaxis], COUNT, params=parameters)

    taken, (_, rows) = timed(search)
    return taken, set(rows[0].tolist()) - {-1}


def ours(index: Index, query: Query) -> tuple[float, float, set[int]]:
    """The scan alone, the whole ranking, and its rows by number."""
    window, _, _, vector = query
    ranges = find_ranges(index, window)
    scan, _ = timed(lambda: nearest(ranges, vector, COUNT))
    whole, found = timed(lambda: rank_dense(find_ranges(index, window), vector, COUNT))
    size = len("00000000-0 ")
    return scan, whole, {int(one.document_id) * PER_DOCUMENT + one.start // size for one in found}


def private_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) / 1000


def compare(index: Index, vectors: Vectors, count: int) -> None:
    for share in SHARES:
        for query in make_queries(vectors, share, 3, seed=1):
            ours(index, query)
    memory = private_megabytes()
    print(f"{memory:.0f} MB private with all of it searched; {len(index.segments)} segments")
    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    for share in SHARES:
        rows = []
        for query in make_queries(vectors, share, count, seed=2):
            base, truth = bare(flat, query)
            scan, whole, found = ours(index, query)
            rows.append((scan, whole, base, len(truth & found) / len(truth)))
        scan, whole, base, recall = np.array(rows).T
        ratio = scan / base
        print(
            f"{share:5} %: scan {np.median(scan):8.3f} ms (p95 {np.percentile(scan, 95):8.3f}), whole "
            f"{np.median(whole):8.3f} ms, FAISS {np.median(base):8.3f} ms (p95 {np.percentile(base, 95):8.3f}); "
            f"ratio of medians {np.median(scan) / np.median(base):.2f}, median of ratios {np.median(ratio):.2f}, "
            f"least over least {scan.min() / base.min():.2f}; recall {recall.mean():.3f}",
            flush=True,
        )


def grow(folder: Path, vectors: Vectors, arguments: argparse.Namespace) -> None:
    """The same articles under one window, alone and among ten times as many; asked of both in turn."""
    part = arguments.rows // GROWTH // PER_DOCUMENT * PER_DOCUMENT
    build(folder / "large", vectors, arguments.commit, arguments.shuffled)
    build(folder / "small", vectors[:part], arguments.commit, arguments.shuffled)
    small, large = Index.open(folder / "small"), Index.open(folder / "large")
    for share in (100.0, 10.0, 1.0):
        rows = []
        for number, query in enumerate(make_queries(vectors[:part], share, arguments.queries + 3, seed=4)):
            taken = [ours(index, query)[1] for index in (small, large)]
            if number >= 3:
                rows.append(taken)
        alone, among = np.array(rows).T
        print(
            f"{part * share / 100:.0f} rows: among {part} {np.median(alone):.3f} ms, among {len(vectors)} "
            f"{np.median(among):.3f} ms; ratio of medians {np.median(among) / np.median(alone):.2f}, "
            f"median of ratios {np.median(among / alone):.2f}, least over least {among.min() / alone.min():.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--queries", type=int, default=40, help="a window")
    parser.add_argument("--commit", type=int, default=COMMIT_PASSAGES, help="passages a commit")
    parser.add_argument("--shuffled", action="store_true", help="articles do not come in order of time")
    parser.add_argument("--grow", action="store_true")
    parser.add_argument("--keep", action="store_true", help="use what DIR holds")
    arguments = parser.parse_args()
    if not arguments.keep:
        shutil.rmtree(arguments.folder, ignore_errors=True)
        arguments.folder.mkdir(parents=True)
    vectors = make_vectors(arguments.folder / "given", arguments.rows, arguments.dimensions)
    if arguments.grow:
        grow(arguments.folder, vectors, arguments)
        return
    if not arguments.keep:
        alone = build_alone(arguments.folder / "alone", vectors)
        used = time.process_time()
        seconds = build(arguments.folder / "index", vectors, arguments.commit, arguments.shuffled)
        used = time.process_time() - used
        print(
            f"{len(vectors)} rows built in {seconds:.1f} s ({used:.1f} s of processor time) with their documents, "
            f"words and stories; vectors alone {alone:.1f} s",
            flush=True,
        )
    index = Index.open(arguments.folder / "index")
    held = sum(segment.entry.files[VECTORS].size for segment in index.segments)
    print(f"vector files {held / vectors.nbytes:.3f} of the raw vectors")
    compare(index, vectors, arguments.queries)


if __name__ == "__main__":
    main()
