"""An embedder that cuts as the real one does and embeds nothing: for runs of words alone, which need no vectors."""

from collections.abc import Sequence

import numpy as np

from evidence.indexer.embedder import Embedder, Vectors


class Unembedded:
    """Every text has the same vector of one dimension."""

    name = digest = "unembedded"
    dimensions = 1

    def __init__(self, embedder: Embedder) -> None:
        self.languages = embedder.languages
        self.count_pieces, self.piece_spans = embedder.count_pieces, embedder.piece_spans

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)
