"""A model's folder to what a forward pass must know of it, or to None where it asks for more than the pass does.

Whatever a folder says that is not known here is taken for a difference: sentence-transformers reads it then.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Pooling = Literal["mean", "cls"]

_POOLINGS: dict[str, Pooling] = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
# What config.json may say besides sizes, and only so.
_SAME = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "add_cross_attention": False,
}
_REQUIRED = {"model_type", "hidden_act"}
_MODULES = [["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]]
# What sentence_bert_config.json may say besides a length, and only so.
_SAME_READING = {
    "do_lower_case": False,
    "transformer_task": "feature-extraction",
    "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
    "module_output_name": "token_embeddings",
}
_LENGTH = "max_seq_length"


@dataclass(frozen=True, slots=True)
class BertShape:
    """A BERT's sizes; `context` counts its marks, `pooling` makes one vector of a text's."""

    width: int
    inner: int
    layers: int
    heads: int
    context: int
    epsilon: float
    pooling: Pooling

    def __post_init__(self) -> None:
        if min(self.width, self.inner, self.layers, self.heads, self.context) < 1 or self.width % self.heads:
            raise ValueError(f"no BERT has these sizes: {self}")


def read_shape(folder: Path) -> BertShape | None:
    """The shape of a BERT that mean or first-token pooling turns into a sentence embedder; None for any other."""
    try:
        config, reading = _json(folder / "config.json"), _json(folder / "sentence_bert_config.json")
        modules = _json(folder / "modules.json")
        pooling = _pooling(_json(folder / modules[1]["path"] / "config.json"))
        if pooling is None or not _is_plain(config, reading, modules) or _has_prompt(folder):
            return None
        return BertShape(
            width=int(config["hidden_size"]),
            inner=int(config["intermediate_size"]),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            context=min(_length(reading, folder), int(config["max_position_embeddings"])),
            epsilon=float(config["layer_norm_eps"]),
            pooling=pooling,
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        # not a folder of this kind: the library will say what is wrong with it, if anything is
        return None


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _is_plain(config: dict[str, Any], reading: dict[str, Any], modules: list[dict[str, Any]]) -> bool:
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    return (
        kinds in _MODULES
        and modules[0]["path"] == ""
        and config.keys() >= _REQUIRED
        and all(config.get(name, value) == value for name, value in _SAME.items())
        and all(name == _LENGTH or _SAME_READING.get(name) == value for name, value in reading.items())
    )


def _has_prompt(folder: Path) -> bool:
    """Whether words are put before every text."""
    path = folder / "config_sentence_transformers.json"
    return path.exists() and _json(path).get("default_prompt_name") is not None


def _length(reading: dict[str, Any], folder: Path) -> int:
    """The library's rule: the tokenizer's length where none is stated beside the model."""
    if _LENGTH in reading:
        return int(reading[_LENGTH])
    return int(_json(folder / "tokenizer_config.json")["model_max_length"])


def _pooling(config: dict[str, Any]) -> Pooling | None:
    """One of the two, alone; both ways of writing it down that sentence-transformers has had."""
    if (named := config.get("pooling_mode")) is not None:
        return next((pooling for pooling in _POOLINGS.values() if named == pooling), None)
    modes = [name for name, value in config.items() if name.startswith("pooling_mode_") and value]
    return _POOLINGS.get(modes[0]) if len(modes) == 1 else None
