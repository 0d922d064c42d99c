"""An embedder that keeps what it has embedded: a bench that builds an index again embeds only what is new.

Vectors lie under their text's SHA-256 in a folder named after the embedder's digest. They are the embedder's own,
so whatever is measured on them is measured on the real model; what an index costs to build is not.

    python bench/remembered.py SOURCE... --index DIR --vectors DIR
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evidence.indexer.build import build_index
from evidence.indexer.embedder import Embedder, Vectors
from evidence.loading import load_embedder, load_models

_KEY_BYTES = 32


class RememberingEmbedder:
    """Stands where an Embedder stands; `folder` grows with each text that was not there. One process at a time."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self.name, self.digest = embedder.name, embedder.digest
        self.dimensions, self.languages = embedder.dimensions, embedder.languages
        self.count_pieces, self.piece_spans = embedder.count_pieces, embedder.piece_spans
        place = folder / embedder.digest[:16]
        place.mkdir(parents=True, exist_ok=True)
        self._keys, self._rows = place / "keys", place / "vectors"
        keys = self._keys.read_bytes() if self._keys.exists() else b""
        self._row = {keys[at : at + _KEY_BYTES]: at // _KEY_BYTES for at in range(0, len(keys), _KEY_BYTES)}

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        self._add({key: text for key, text in zip(keys, texts, strict=True) if key not in self._row})
        if not texts:
            return self._embedder.encode(texts)
        held = np.memmap(self._rows, np.float32, "r").reshape(-1, self.dimensions)
        return np.array(held[[self._row[key] for key in keys]])

    def _add(self, new: dict[bytes, str]) -> None:
        if not new:
            return
        vectors = self._embedder.encode(list(new.values()))
        # vectors first: a key without its vector would be a lie, a vector without a key is overwritten
        with self._rows.open("r+b" if self._rows.exists() else "w+b") as file:
            file.seek(len(self._row) * vectors.itemsize * self.dimensions)
            file.write(vectors.tobytes())
            file.truncate()
        with self._keys.open("ab") as file:
            file.write(b"".join(new))
        self._row |= {key: len(self._row) + number for number, key in enumerate(new)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    arguments = parser.parse_args()
    embedder = RememberingEmbedder(load_embedder(load_models(None)), arguments.vectors)
    outcome = build_index(arguments.index, arguments.sources, embedder)
    print(f"{outcome.added} documents, {outcome.passages} passages, {len(outcome.failures)} failures")


if __name__ == "__main__":
    main()
