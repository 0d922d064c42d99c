"""A verifier that the user brings is asked last, in the place of the count of words; verify takes it on trust."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.models import SHIPPED, Models, read_models
from evidence.generator.gate.entailment import TakenOnTrust
from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.support import judge
from evidence.generator.verdicts import Reason
from evidence.loading import load_verifier
from tests.test_rerank import write_tiny

GROUND = {1: Ground(("SARQ said its backlog rose 12 % in autumn.",))}


class Says:
    """A verifier that always says the same, and keeps what it was asked."""

    name = "says"
    digest = "says-1"

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def entails(self, quotes: Sequence[str], sentence: str) -> bool:
        self.asked.append((tuple(quotes), sentence))
        return self.answer


def describe(folder: Path, threshold: str = "threshold = 0.5", **changed: str) -> Models:
    sha = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} | changed
    shipped = SHIPPED.read_text().replace('generator = "', 'verifier = "tiny"\ngenerator = "', 1)
    path = folder.parent / "models.toml"
    path.write_text(
        f"""{shipped}
[models.tiny]
role = "verifier"
path = "{folder}/model.safetensors"
sha256 = "{sha["model.safetensors"]}"
context = 32
{threshold}
licence = "none"
[models.tiny.companions]
"config.json" = "{sha["config.json"]}"
"tokenizer.json" = "{sha["tokenizer.json"]}"
"""
    )
    return read_models(path)


def named(folder: Path, *labels: str) -> Path:
    """A tiny cross-encoder whose labels are called so."""
    write_tiny(folder, labels=len(labels))
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": dict(enumerate(labels)), "label2id": {label: at for at, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_sentence_in_other_words_stands_on_the_verifiers_word_and_falls_on_it() -> None:
    sentence = "SARQ enjoyed considerably brisker business this time, up 12%."
    assert judge(sentence, (1,), GROUND).reason is Reason.WORDS
    assert judge(sentence, (1,), GROUND, verifier=Says(True)).stands
    refused = judge("SARQ said its backlog rose 12 %.", (1,), GROUND, verifier=Says(False))
    assert refused.reason is Reason.ENTAILMENT


@pytest.mark.parametrize(
    "sentence",
    ["SARQ said its backlog rose 13 %.", "Danmora said its backlog rose 12 %.", "SARQ's backlog fell 12 %."],
)
def test_no_verifier_lets_a_wrong_fact_through_or_is_even_asked(sentence: str) -> None:
    verifier = Says(True)
    assert not judge(sentence, (1,), GROUND, verifier=verifier).stands
    assert verifier.asked == []


def test_what_was_verified_is_checked_again_without_the_model_but_for_its_words() -> None:
    sentence = "SARQ enjoyed considerably brisker business this time, up 12%."
    assert judge(sentence, (1,), GROUND, verifier=TakenOnTrust()).stands
    assert judge(sentence.replace("12", "13"), (1,), GROUND, verifier=TakenOnTrust()).reason is Reason.NUMBER


def test_none_is_shipped() -> None:
    assert load_verifier(read_models(SHIPPED)) is None


@pytest.mark.parametrize(
    "labels", [("contradiction", "entailment", "neutral"), ("entailment", "not_entailment"), ("score",)]
)
def test_a_cross_encoder_gives_the_probability_of_entailment(tmp_path: Path, labels: tuple[str, ...]) -> None:
    verifier = load_verifier(describe(named(tmp_path / "tiny", *labels)))
    assert verifier is not None
    quotes = ["chip maker orders machines", "for bonding in autumn"]
    first = verifier.probability(quotes, "chip maker orders")  # type: ignore[attr-defined]
    assert 0 < first < 1
    assert verifier.probability(quotes, "chip maker orders") == pytest.approx(first)  # type: ignore[attr-defined]
    assert verifier.probability(quotes, "spring") != pytest.approx(first)  # type: ignore[attr-defined]
    assert verifier.entails(quotes, "chip maker orders") == (first >= 0.5)


def test_the_column_of_entailment_is_found_by_its_name(tmp_path: Path) -> None:
    ways = (("entailment", "neutral", "contradiction"), ("neutral", "contradiction", "entailment"))
    given = []
    for number, labels in enumerate(ways):
        verifier = load_verifier(describe(named(tmp_path / str(number) / "tiny", *labels)))
        given.append(verifier.probability(["chip maker"], "orders"))  # type: ignore[union-attr]
    assert given[0] != pytest.approx(given[1])


def test_a_classifier_of_something_else_is_no_verifier(tmp_path: Path) -> None:
    verifier = load_verifier(describe(named(tmp_path / "tiny", "joy", "anger")))
    assert verifier is not None
    with pytest.raises(ConfigError, match="no label for entailment among joy, anger"):
        verifier.entails(["chip maker"], "orders")


def test_a_verifier_states_its_threshold(tmp_path: Path) -> None:
    folder = named(tmp_path / "tiny", "entailment", "neutral")
    for line, said in (("", "states its `threshold`"), ("threshold = 2.0", "between 0 and 1")):
        with pytest.raises(ConfigError, match=said):
            describe(folder, line)


def test_weights_that_are_not_the_ones_named_are_never_opened(tmp_path: Path) -> None:
    folder = named(tmp_path / "tiny", "entailment", "neutral")
    with pytest.raises(ModelMissing, match="not the file"):
        load_verifier(describe(folder, **{"model.safetensors": "0" * 64}))
