"""An embedder without torch: MiniLM and its like, read from the library's folder and computed in numpy.

It starts in a tenth of a second where sentence-transformers takes five, and embeds faster, too
(bench/embedding.py). What it cannot serve, `open_bert` leaves to `sentence_transformer.py`.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from evidence.corpus.errors import ConfigError
from evidence.indexer.bert import Bert
from evidence.indexer.bert_folder import read_shape
from evidence.indexer.bert_layers import take_layers
from evidence.indexer.embedder import Vectors
from evidence.indexer.weights import map_weights
from evidence.indexer.wordpieces import Wordpieces

# Pieces of a batch: large products are the fastest, and what two threads hold of them stays small.
BATCH_PIECES = 1024

Pieces = list[int]


class BertEmbedder:
    """An Embedder over a Bert: one thread a batch, `threads` of them side by side."""

    def __init__(
        self,
        name: str,
        digest: str,
        bert: Bert,
        wordpieces: Wordpieces,
        languages: tuple[str, ...] = (),
        threads: int = 1,
    ) -> None:
        self.name = name
        self.digest = digest
        self.dimensions = bert.shape.width
        self.languages = languages
        self._bert = bert
        self._wordpieces = wordpieces
        self._threads = threads
        # BLAS's own threads wait for each other in a loop: with one a core beside ours, cores do little else
        self._blas = ThreadpoolController().select(user_api="blas")
        self.count_pieces = wordpieces.count
        self.piece_spans = wordpieces.spans

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        pieces = self._wordpieces.ids(texts, self._bert.shape.context)
        batches = list(_batches(pieces, self._threads))
        with self._blas.limit(limits=1), ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(self._bert.encode, batches)))


def open_bert(folder: Path) -> Bert | None:
    """The model of a folder whose files are checked; None for one that only sentence-transformers serves."""
    shape = read_shape(folder)
    if shape is None:
        return None
    try:
        return Bert(shape, take_layers(map_weights(folder / "model.safetensors"), shape))
    except ConfigError:
        # other names or another precision
        return None


def _batches(texts: Sequence[Pieces], threads: int) -> Iterator[list[Pieces]]:
    """Runs of texts, all of about one size, as many as keep every thread busy to the end."""
    total = sum(map(len, texts))
    rounds = -(-total // (BATCH_PIECES * threads))
    wanted = total / (rounds * threads) if total > BATCH_PIECES else total
    batch: list[Pieces] = []
    held = 0
    for text in texts:
        batch.append(text)
        held += len(text)
        if held >= wanted:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
