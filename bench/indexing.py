"""`build_index` against embedding the same passages in bare sentence-transformers, in turn, in one process.

    python bench/indexing.py ARTICLES.jsonl.gz --limit 300 --rounds 2

Prints seconds of each and their ratio (below 1: indexing whole documents is faster than the bare library).
"""

import argparse
import gzip
import itertools
import tempfile
import time
from pathlib import Path
from statistics import median

from sentence_transformers import SentenceTransformer

from evidence.indexer.build import build_index
from evidence.indexer.store import Index
from evidence.loading import load_embedder, load_models


def passages(index: Index) -> list[str]:
    """The texts of all passages, as they were embedded."""
    texts = []
    for segment in index.segments:
        for row in range(len(segment.passages)):
            at = segment.passages.read(row)
            texts.append(segment.documents.read(at.document).text[at.passage.start : at.passage.end])
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    models = load_models(None)
    embedder = load_embedder(models)
    bare = SentenceTransformer(str(models.get(models.embedder, "embedder").check().parent), device="cpu")
    bare.encode(["warm"])
    embedder.encode(["warm"])
    ratios = []
    with tempfile.TemporaryDirectory() as folder, gzip.open(arguments.articles, "rt", encoding="utf-8") as file:
        source = Path(folder) / "articles.jsonl"
        source.write_text("".join(itertools.islice(file, arguments.limit)), encoding="utf-8")
        for number in range(arguments.rounds):
            started = time.perf_counter()
            build_index(Path(folder) / f"index{number}", [source], embedder)
            ours = time.perf_counter() - started
            texts = passages(Index.open(Path(folder) / f"index{number}"))
            started = time.perf_counter()
            bare.encode(texts)
            theirs = time.perf_counter() - started
            ratios.append(ours / theirs)
            print(f"round {number + 1}: {len(texts)} passages; indexing {ours:.1f} s, bare encode {theirs:.1f} s")
    print(f"ratio of indexing to bare encode: median {median(ratios):.3f} of {len(ratios)} rounds")


if __name__ == "__main__":
    main()
