"""A reranker that the user brings reads the best places again; its files are checked before anything opens them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.models import SHIPPED, Models, read_models
from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.loading import load_reranker
from evidence.retriever.hits import Hit
from evidence.retriever.rerank import RERANKED, Reranker
from evidence.retriever.search import search
from evidence.retriever.window import parse_window

WORDS = "chip maker orders machines for bonding in spring autumn".split()


class Shortest:
    """Prefers short passages."""

    name = "shortest"
    digest = "shortest-1"

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        return [1 / len(text) for text in texts]


@pytest.fixture
def index(tmp_path: Path, build: Callable[..., Index]) -> Index:
    path = tmp_path / "articles.jsonl"
    lines = [
        {
            "title": f"Orders {n}",
            "text": f"Day {n}. " + f"Bonding machine {n}. " * n,
            "published": "2025-08-01",
        }
        for n in range(1, RERANKED + 6)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return build(path)


def find(index: Index, reranker: Reranker | None) -> list[Hit]:
    window = parse_window("2025-08", "2025-08", today=date(2026, 1, 15))
    return search(index, HashingEmbedder(), "bonding machine orders", window, 50, reranker=reranker)


def test_the_best_places_come_in_the_rerankers_order_and_the_others_stay_behind(index: Index) -> None:
    plain, read = find(index, None), find(index, Shortest())
    first = sorted(plain[:RERANKED], key=lambda hit: len(hit.text))
    assert [hit.id for hit in read[:RERANKED]] == [hit.id for hit in first]
    assert [hit.id for hit in read[RERANKED:]] == [hit.id for hit in plain[RERANKED:]]
    assert [hit.rank for hit in read] == list(range(1, len(read) + 1))
    scores = [hit.score for hit in read]
    assert scores == sorted(scores, reverse=True)


def test_none_is_shipped() -> None:
    assert load_reranker(read_models(SHIPPED)) is None


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with a small cross-encoder of random weights."""
    return write_tiny(tmp_path / "tiny", labels=1)


def write_tiny(folder: Path, labels: int) -> Path:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    folder.mkdir(parents=True)
    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    marks = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **marks}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    return folder


def describe(folder: Path, **changed: str) -> Models:
    """A models.toml that names the reranker in this folder."""
    sha = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} | changed
    shipped = SHIPPED.read_text().replace('generator = "', 'reranker = "tiny"\ngenerator = "', 1)
    path = folder.parent / "models.toml"
    path.write_text(
        f"""{shipped}
[models.tiny]
role = "reranker"
path = "{folder}/model.safetensors"
sha256 = "{sha["model.safetensors"]}"
context = 16
licence = "none"
[models.tiny.companions]
"config.json" = "{sha["config.json"]}"
"tokenizer.json" = "{sha["tokenizer.json"]}"
"""
    )
    return read_models(path)


def test_a_cross_encoder_scores_each_passage_with_the_query(tiny: Path) -> None:
    reranker = load_reranker(describe(tiny))
    assert reranker is not None
    texts = ["chip maker orders", "machines for bonding in autumn", "spring " * 100]
    scores = reranker.score("orders for machines", texts)
    assert all(0 <= score <= 1 for score in scores)
    assert len(set(scores)) == len(texts)
    assert list(reranker.score("orders for machines", texts[::-1])) == pytest.approx(scores[::-1])
    assert list(reranker.score("orders for machines", [])) == []


def test_a_model_of_several_labels_is_no_reranker(tmp_path: Path) -> None:
    reranker = load_reranker(describe(write_tiny(tmp_path / "tiny", labels=3)))
    assert reranker is not None
    with pytest.raises(ConfigError, match="3 labels"):
        reranker.score("orders", ["machines"])


def test_weights_that_are_not_the_ones_named_are_never_opened(tiny: Path) -> None:
    with pytest.raises(ModelMissing, match="not the file"):
        load_reranker(describe(tiny, **{"model.safetensors": "0" * 64}))


def test_a_file_that_decides_what_is_loaded_must_be_named(tiny: Path) -> None:
    (tiny / "modules.json").write_text("[]")
    with pytest.raises(ConfigError, match=r"modules\.json"):
        load_reranker(describe(tiny))
