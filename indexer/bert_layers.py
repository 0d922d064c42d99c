"""BERT's parameters: views of a file's tensors, held to the shapes that the configuration gives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import ConfigError
from evidence.indexer.bert_folder import BertShape
from evidence.indexer.weights import Weights

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """`x W' + b`; W has a row for each output, as the file has it."""

    weight: Array
    bias: Array

    def into(self, out: Array, values: Array) -> None:
        np.matmul(values, self.weight.T, out=out)
        out += self.bias


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation."""

    gain: Array
    bias: Array
    epsilon: np.float32

    def apply(self, values: Array) -> None:
        """In place, row by row."""
        width = np.float32(values.shape[1])
        # a product with a vector sums rows faster than numpy's own sum
        values -= (values @ np.full(values.shape[1], 1 / width, np.float32))[:, np.newaxis]
        variance = np.einsum("ij,ij->i", values, values) / width
        values *= (1 / np.sqrt(variance + self.epsilon))[:, np.newaxis]
        values *= self.gain
        values += self.bias


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the encoder: attention, then the two products between which GELU stands."""

    query: Linear
    key: Linear
    value: Linear
    attended: Linear
    attended_norm: Norm
    inner: Linear
    outer: Linear
    outer_norm: Norm


@dataclass(frozen=True, slots=True)
class BertLayers:
    """All parameters. A piece's first values are the sum of its `words` row, its place's and `kind`, normalised."""

    words: Array
    places: Array
    kind: Array
    norm: Norm
    layers: tuple[Layer, ...]


def take_layers(weights: Weights, shape: BertShape) -> BertLayers:
    """Raises ConfigError when a tensor is missing, or is not what the configuration says."""
    take = _Taker(weights, shape)
    layers = tuple(take.layer(f"encoder.layer.{number}.") for number in range(shape.layers))
    kinds = take.table("embeddings.token_type_embeddings.weight", 1)
    places = take.table("embeddings.position_embeddings.weight", shape.context)
    words = take.table("embeddings.word_embeddings.weight", 1)
    return BertLayers(words, places, kinds[0], take.norm("embeddings.LayerNorm"), layers)


@dataclass(frozen=True, slots=True)
class _Taker:
    """Takes tensors out of the weights by their names."""

    weights: Weights
    shape: BertShape

    def table(self, name: str, rows: int) -> Array:
        """A row for each piece, place or kind; `rows` of them at least."""
        array = self.weights.get(name)
        if array is None or array.ndim != 2 or array.shape[0] < rows or array.shape[1] != self.shape.width:
            raise ConfigError(f"the weights hold no {name} for a width of {self.shape.width}")
        return array

    def exactly(self, name: str, *sizes: int) -> Array:
        array = self.weights.get(name)
        if array is None or array.shape != sizes:
            raise ConfigError(f"the weights hold no {name} of shape {sizes}")
        return array

    def norm(self, name: str) -> Norm:
        gain, bias = (self.exactly(f"{name}.{part}", self.shape.width) for part in ("weight", "bias"))
        return Norm(gain, bias, np.float32(self.shape.epsilon))

    def linear(self, name: str, outputs: int, inputs: int) -> Linear:
        return Linear(self.exactly(f"{name}.weight", outputs, inputs), self.exactly(f"{name}.bias", outputs))

    def layer(self, name: str) -> Layer:
        width, inner = self.shape.width, self.shape.inner
        return Layer(
            query=self.linear(f"{name}attention.self.query", width, width),
            key=self.linear(f"{name}attention.self.key", width, width),
            value=self.linear(f"{name}attention.self.value", width, width),
            attended=self.linear(f"{name}attention.output.dense", width, width),
            attended_norm=self.norm(f"{name}attention.output.LayerNorm"),
            inner=self.linear(f"{name}intermediate.dense", inner, width),
            outer=self.linear(f"{name}output.dense", width, inner),
            outer_norm=self.norm(f"{name}output.LayerNorm"),
        )
