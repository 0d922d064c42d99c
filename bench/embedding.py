"""The embedder against sentence-transformers' own `encode` at its default batch, and against the processor.

    python bench/embedding.py --index DIR --limit 600 --rounds 3

The same passages of an index, in turn, in one process and on the same cores. Prints passages a second of each, the
median of their ratio and the least cosine between them; and the rate of the model's multiplications on the real
counts of pieces as a share of what large products reach, in numpy (as many threads side by side) and in torch.
OPENBLAS_CORETYPE=Haswell before the command keeps the kernels that OpenBLAS chooses by itself on some processors.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from threadpoolctl import threadpool_info, threadpool_limits

from evidence.blas import VARIABLE, name_kernels
from evidence.corpus.invisible import strip_invisible
from evidence.indexer.bert_folder import BertShape, read_shape
from evidence.indexer.embedder import Embedder
from evidence.indexer.store import Index
from evidence.loading import load_embedder, load_models

Made = TypeVar("Made")

# Rows, inputs and outputs of a product as large as a batch's largest.
LARGE = (2048, 384, 1536)


def sample_passages(index: Index, limit: int) -> list[str]:
    """Texts of passages as they are embedded, drawn at random, longest first as `index` gives them."""
    places = [(segment, row) for segment in index.segments for row in range(len(segment.passages))]
    texts = []
    for segment, row in random.Random(1).sample(places, min(limit, len(places))):
        at = segment.passages.read(row)
        text = segment.documents.read(at.document).text[at.passage.start : at.passage.end]
        texts.append(strip_invisible(text))
    return sorted(texts, key=lambda text: (-len(text), text))


def operations(shape: BertShape, counts: Sequence[int]) -> float:
    """Floating-point operations of the products alone, marks counted, nothing padded."""
    products = 2 * (4 * shape.width**2 + 2 * shape.width * shape.inner)
    return float(sum(shape.layers * (products * count + 4 * shape.width * count**2) for count in counts))


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Seconds, and what was made in them."""
    started = time.perf_counter()
    made = work()
    return time.perf_counter() - started, made


def product_rates(threads: int) -> tuple[float, float]:
    """Operations a second of large products in numpy and in torch, each on `threads` cores; the best of several."""
    rows, inputs, outputs = LARGE
    left, right = np.ones((rows, inputs), np.float32), np.ones((outputs, inputs), np.float32)
    each = 2.0 * rows * inputs * outputs
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
        many = [left] * (8 * threads)
        ours = min(timed(lambda: list(pool.map(lambda x: x @ right.T, many)))[0] for _ in range(5))
    tensors = torch.from_numpy(left), torch.from_numpy(right)
    theirs = min(timed(lambda: torch.nn.functional.linear(*tensors))[0] for _ in range(20))
    return each * len(many) / ours, each / theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    models = load_models(None)
    folder = models.get(models.embedder, "embedder").check().parent
    embedder, shape = load_embedder(models), read_shape(folder)
    assert shape is not None
    library = SentenceTransformer(str(folder), device="cpu")
    texts = sample_passages(Index.open(arguments.index), arguments.limit)
    print(measure(embedder, library, shape, texts, arguments.rounds))


def measure(
    embedder: Embedder, library: SentenceTransformer, shape: BertShape, texts: list[str], rounds: int
) -> str:
    """The lines of figures."""
    threads = len(os.sched_getaffinity(0))
    work = operations(shape, [count + 2 for count in embedder.count_pieces(texts)])
    ours, theirs, cosines, numpy_rates, torch_rates = [], [], [], [], []
    for _ in range(rounds):
        taken, own = timed(lambda: embedder.encode(texts))
        ours.append(taken)
        taken, other = timed(lambda: library.encode(texts, show_progress_bar=False, normalize_embeddings=True))
        theirs.append(taken)
        cosines.append(float(np.sum(own * other, axis=1).min()))
        numpy_rate, torch_rate = product_rates(threads)
        numpy_rates.append(numpy_rate)
        torch_rates.append(torch_rate)
    kernels = {row["architecture"] for row in threadpool_info() if row["internal_api"] == "openblas"}
    ratio = median(other / own for own, other in zip(ours, theirs, strict=True))
    rate = work / median(ours)
    return (
        f"{len(texts)} passages, {threads} threads, OpenBLAS kernels {'/'.join(sorted(kernels))}: "
        f"{len(texts) / median(ours):.1f} a second, encode {len(texts) / median(theirs):.1f}, "
        f"ratio {ratio:.2f} of {rounds} rounds, least cosine {min(cosines):.7f}\n"
        f"{rate / 1e9:.0f} Gflop/s is {rate / median(numpy_rates):.2f} of large products in numpy "
        f"({median(numpy_rates) / 1e9:.0f}) and {rate / median(torch_rates):.2f} of those in torch "
        f"({median(torch_rates) / 1e9:.0f})"
    )


if __name__ == "__main__":
    if VARIABLE not in os.environ:
        name_kernels(os.environ)
        if VARIABLE in os.environ:
            # numpy is loaded already: start again with what the program's own processes are told
            os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
