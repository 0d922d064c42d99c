"""BERT's forward pass in numpy, over weights that stay in their file: wordpieces to one vector a text.

Devlin et al. 2019, as Hugging Face's BertModel computes it without dropout. Texts lie one after the other with no
padding between them, so a piece costs the same whatever it is embedded beside; attention alone looks at one text.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from evidence.indexer.bert_folder import BertShape
from evidence.indexer.bert_layers import Array, BertLayers, Layer
from evidence.indexer.embedder import Vectors
from evidence.indexer.gelu import gelu

# Scores of attention held at once, half a megabyte: as many heads of a text as stay in a core's own cache.
SCORES = 1 << 17
# exp() of it is far from both ends of single precision, so that no row's maximum need be taken off first.
SAFE_SCORE = 60.0


class _Room:
    """Room for the pieces of one batch, used again by every layer."""

    def __init__(self, shape: BertShape, pieces: int) -> None:
        narrow = np.empty((5, pieces, shape.width), np.float32)
        self.query, self.key, self.value, self.context, self.attended = narrow
        self.inner = np.empty((pieces, shape.inner), np.float32)


class Bert:
    """The model. Beside its parameters a batch takes 9 widths and an inner width a piece: 15 kB in MiniLM."""

    def __init__(self, shape: BertShape, parameters: BertLayers) -> None:
        self.shape = shape
        self._parameters = parameters

    def encode(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """One row a text, each of length 1. A text is its pieces' ids: one at least, `shape.context` at most."""
        spans = list(_spans(texts))
        room = _Room(self.shape, spans[-1].stop)
        values = self._embed(texts)
        for layer in self._parameters.layers:
            self._attend(layer, values, spans, room)
            layer.inner.into(room.inner, room.attended)
            gelu(room.inner)
            layer.outer.into(values, room.inner)
            values += room.attended
            layer.outer_norm.apply(values)
        return self._pool(values, spans)

    def _embed(self, texts: Sequence[Sequence[int]]) -> Array:
        parameters = self._parameters
        values: Array = parameters.words[np.concatenate([np.asarray(text, np.int64) for text in texts])]
        values += np.concatenate([parameters.places[: len(text)] for text in texts])
        values += parameters.kind
        parameters.norm.apply(values)
        return values

    def _attend(self, layer: Layer, values: Array, spans: Sequence[slice], room: _Room) -> None:
        """`room.attended` becomes what each piece draws from all of its text, added to itself and normalised."""
        layer.query.into(room.query, values)
        layer.key.into(room.key, values)
        layer.value.into(room.value, values)
        room.query *= np.float32((self.shape.width // self.shape.heads) ** -0.5)
        for span in spans:
            heads = [self._heads(array[span]) for array in (room.context, room.query, room.key, room.value)]
            for group in _groups(self.shape.heads, span.stop - span.start):
                _mix(*(array[group] for array in heads))
        layer.attended.into(room.attended, room.context)
        room.attended += values
        layer.attended_norm.apply(room.attended)

    def _heads(self, values: Array) -> Array:
        """Pieces x width, seen as heads x pieces x width of a head."""
        return values.reshape(len(values), self.shape.heads, -1).transpose(1, 0, 2)

    def _pool(self, values: Array, spans: Sequence[slice]) -> Vectors:
        if self.shape.pooling == "cls":
            vectors: Vectors = values[[span.start for span in spans]]
        else:
            vectors = np.stack([values[span].mean(axis=0) for span in spans])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _spans(texts: Sequence[Sequence[int]]) -> Iterator[slice]:
    start = 0
    for text in texts:
        yield slice(start, start + len(text))
        start += len(text)


def _groups(heads: int, pieces: int) -> Iterator[slice]:
    step = max(1, SCORES // (pieces * pieces))
    return (slice(start, start + step) for start in range(0, heads, step))


def _mix(out: Array, query: Array, key: Array, value: Array) -> None:
    """softmax(query key') value into `out`: some heads of one text, each array heads x pieces x width of a head."""
    scores = np.matmul(query, key.transpose(0, 2, 1))
    if scores.max() > SAFE_SCORE or scores.min() < -SAFE_SCORE:
        scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    sums = scores @ np.ones(scores.shape[-1], np.float32)
    np.matmul(scores, value, out=out)
    # dividing what came out is less work than dividing the scores
    out /= sums[:, :, np.newaxis]
