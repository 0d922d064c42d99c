"""BERT in numpy: other models of its kind, what it leaves to the library, files that are no weights, and GELU."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidence.corpus.errors import ConfigError
from evidence.indexer.bert_embedder import BertEmbedder, open_bert
from evidence.indexer.gelu import BLOCK, gelu
from evidence.indexer.weights import map_weights
from evidence.indexer.wordpieces import Wordpieces

WIDTH, CONTEXT = 32, 64
TEXTS = ["a b c", "", "b " * 200, "a", "c a b a c", "unknown words"]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"]
PARITY = 0.99999


def _save(folder: Path, pooling: str = "mean", scale: float = 1.0) -> Path:
    """A small BERT with weights drawn at random, as sentence-transformers saves one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(5)
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
    model = BertModel(
        BertConfig(vocab_size=len(WORDS), hidden_size=WIDTH, max_position_embeddings=CONTEXT, **sizes)
    )
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.normal_(std=0.3)
            if "query" in name:
                value.mul_(scale)
    model.save_pretrained(folder / "bare")
    BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(folder / "bare")
    modules = [Transformer(str(folder / "bare")), Pooling(WIDTH, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _save(tmp_path_factory.mktemp("bert"))


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return shutil.copytree(saved, tmp_path / "model")


def _change(path: Path, changes: dict[str, Any]) -> None:
    row = json.loads(path.read_text())
    row.update(changes)
    path.write_text(json.dumps(row))


def _agree(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    bert = open_bert(folder)
    assert bert is not None
    ours = BertEmbedder("tiny", "0" * 64, bert, Wordpieces(folder / "tokenizer.json")).encode(TEXTS)
    theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = theirs.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.sum(ours * expected, axis=1).min() >= PARITY


@pytest.mark.parametrize(("pooling", "scale"), [("mean", 1.0), ("cls", 1.0), ("mean", 300.0)])
def test_a_bert_of_other_sizes_speaks_as_in_the_library(tmp_path: Path, pooling: str, scale: float) -> None:
    """Queries 300 times as long make scores that exp() alone cannot hold."""
    _agree(_save(tmp_path, pooling, scale))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("sentence_bert_config.json", {"max_seq_length": 7}),
        ("tokenizer_config.json", {"model_max_length": 9}),
    ],
)
def test_a_text_is_cut_where_the_library_cuts_it(folder: Path, name: str, changes: dict[str, Any]) -> None:
    _change(folder / name, changes)
    _agree(folder)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("config.json", {"model_type": "mpnet"}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("config.json", {"num_hidden_layers": 3}),
        ("config.json", {"num_attention_heads": 5}),
        ("config.json", {"hidden_size": 64}),
        ("config.json", {"layer_norm_eps": "small"}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"max_seq_length": 0}),
        ("sentence_bert_config.json", {"something_new": 1}),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}),
        ("1_Pooling/config.json", {"pooling_mode": "max"}),
        ("1_Pooling/config.json", {"pooling_mode": ["mean", "cls"]}),
    ],
)
def test_what_it_cannot_serve_is_left_to_the_library(folder: Path, name: str, changes: dict[str, Any]) -> None:
    assert open_bert(folder) is not None
    _change(folder / name, changes)
    assert open_bert(folder) is None


def test_a_further_module_is_left_to_the_library(folder: Path) -> None:
    path = folder / "modules.json"
    modules = json.loads(path.read_text())
    path.write_text(json.dumps([*modules, {"idx": 2, "name": "2", "path": "2_Dense", "type": "x.Dense"}]))
    assert open_bert(folder) is None


def test_weights_of_another_precision_are_left_to_the_library(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = path.read_bytes()
    assert b'"F32"' in data
    path.write_bytes(data.replace(b'"F32"', b'"I32"'))
    assert open_bert(folder) is None


def _safetensors(header: bytes, data: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + data


def _tensor(shape: str, offsets: str) -> bytes:
    return f'{{"a": {{"dtype": "F32", "shape": {shape}, "data_offsets": {offsets}}}}}'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 64,
        _safetensors(b"{" * 100_000),
        _safetensors(b"[]"),
        _safetensors(b'{"a": 1}'),
        _safetensors(b'{"a": {"dtype": "F32"}}'),
        _safetensors(_tensor("[2]", "[0, 4]"), b"\x00" * 8),
        _safetensors(_tensor("[2]", "[0, 8]"), b"\x00" * 7),
        _safetensors(_tensor("[2]", "[-8, 0]"), b"\x00" * 8),
        _safetensors(_tensor("[-1, -2]", "[0, 8]"), b"\x00" * 8),
        _safetensors(_tensor('["2"]', "[0, 8]"), b"\x00" * 8),
        _safetensors(_tensor("[0.5]", "[0, 2]"), b"\x00" * 8),
    ],
)
def test_a_file_that_holds_no_such_bytes_is_no_weights(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not a safetensors file"):
        map_weights(path)


def test_weights_are_mapped_as_they_were_saved(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path = tmp_path / "model.safetensors"
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.zeros((0, 4), np.float32)}
    save_file({**arrays, "other": np.arange(3, dtype=np.int64)}, path, {"format": "np"})
    mapped = map_weights(path)
    assert mapped.keys() == arrays.keys()
    assert all(np.array_equal(mapped[name], arrays[name]) for name in arrays)
    assert not any(array.flags.writeable for array in mapped.values())


def test_gelu_is_the_exact_one_to_single_precision() -> None:
    values = np.linspace(-12, 12, BLOCK + 1001, dtype=np.float32)
    expected = [float(x) * math.erfc(-float(x) / math.sqrt(2)) / 2 for x in values]
    gelu(values)
    assert np.abs(values - expected).max() < 1e-6


def test_gelu_is_defined_to_the_ends_of_single_precision() -> None:
    values = np.array([[-3e38, -1e10, -50], [0, 50, 3e38]], np.float32)
    gelu(values)
    assert values.tolist() == np.array([[0, 0, 0], [0, 50, 3e38]], np.float32).tolist()
