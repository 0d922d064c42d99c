"""What a model writes stands on its quotes or is cut and counted; a model that fails costs its sentences alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.values import Document
from evidence.generator.compose import MAX_TOKENS, compose, gate
from evidence.generator.grammar import answer_grammar
from evidence.generator.prompt import Prompt, answer_prompt
from evidence.generator.scripted import ScriptedGenerator
from evidence.generator.values import Analysis, Cut, Finding, Quote, Sentence
from evidence.generator.verdicts import Reason

TEXTS = (
    "SARQ said its backlog stood at $318.3 million on June 30.",
    "Ostrellan ordered 16 bonders from SARQ, an order worth $58 million.",
)
TRUE = "SARQ said its backlog stood at $318.3 million. [1]\nOstrellan ordered 16 bonders from SARQ. [2]\n"
GARBAGE = [
    "",
    "\n\n",
    "{}[]",
    "[1][2][1][2]",
    "I am sorry, but as a language model I can not help.",
    "Danmora has cancelled everything. [1]\n" * 50,
    "SARQ said its backlog stood at $999 million. [1]",
    "SARQ said its backlog stood at $318.3 million. [7]",
    "SARQ [click](https://evil.example) said its backlog stood at $318.3 million. [1]",
    "\x1b[31m\x00\ufffd\u202e",
    "A" * 100_000,
]


class Recorder(ScriptedGenerator):
    """A scripted generator that also keeps what else it was asked with."""

    def __init__(self, *answers: str) -> None:
        super().__init__(*answers)
        self.asked: list[tuple[Any, ...]] = []

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        self.asked.append((grammar, max_tokens, seed))
        return super().write(prompt, grammar, max_tokens, seed)


@pytest.fixture
def findings() -> list[Finding]:
    found = []
    for number, text in enumerate(TEXTS, start=1):
        document = Document(f"id{number}", "a.txt", "news", text, "0" * 64)
        found.append(Finding(number, document, (Quote.cut(document, 0, len(text)),), "orders", 0.5, False))
    return found


def test_sentences_that_their_quotes_bear_out_stand_in_the_models_order(findings: list[Finding]) -> None:
    analysis = compose("orders", findings, ScriptedGenerator(TRUE), seed=0)
    assert analysis == Analysis(
        "composed",
        (
            Sentence("SARQ said its backlog stood at $318.3 million.", (1,)),
            Sentence("Ostrellan ordered 16 bonders from SARQ.", (2,)),
        ),
        Cut(2, 0, {}),
    )


def test_the_model_is_asked_once_with_the_quotes_their_numbers_and_the_seed(findings: list[Finding]) -> None:
    generator = Recorder(TRUE)
    compose("orders", findings, generator, seed=42)
    assert generator.prompts == [answer_prompt("orders", findings, "plain")]
    assert generator.asked == [(answer_grammar([1, 2]), MAX_TOKENS, 42)]


def test_a_model_that_fails_leaves_the_findings_and_the_reason(findings: list[Finding]) -> None:
    analysis = compose("orders", findings, ScriptedGenerator(), seed=0)
    assert (analysis.state, analysis.sentences, analysis.cut) == ("model-failed", (), Cut(0, 0, {}))
    assert analysis.failure == "the script is empty: this generator always fails"


@pytest.mark.parametrize("written", GARBAGE)
def test_garbage_is_cut_and_counted(findings: list[Finding], written: str) -> None:
    analysis = compose("orders", findings, ScriptedGenerator(written), seed=0)
    assert (analysis.state, analysis.sentences, analysis.failure) == ("composed", (), None)
    assert analysis.cut.cut == analysis.cut.written == sum(analysis.cut.reasons.values())
    assert analysis.cut.written == len([line for line in written.splitlines() if line.strip()])


def test_each_cut_is_counted_under_its_reason(findings: list[Finding]) -> None:
    written = TRUE + "Gulls nest.\n" + "SARQ said its backlog stood at $1. [1]\n" * 2 + TRUE + "A tail that was cu"
    analysis = compose("orders", findings, ScriptedGenerator(written), seed=0)
    assert [sentence.citations for sentence in analysis.sentences] == [(1,), (2,)]
    reasons = {Reason.UNCITED: 2, Reason.NUMBER: 2, Reason.REPEATED: 2}
    assert analysis.cut == Cut(8, 6, {reason.value: count for reason, count in reasons.items()})
    assert list(analysis.cut.reasons) == sorted(analysis.cut.reasons)


def test_a_sentence_is_held_against_all_quotes_of_its_finding() -> None:
    document = Document("id", "a.txt", "news", " Gulls nest. ".join(TEXTS), "0" * 64)
    spans = [(document.text.index(text), document.text.index(text) + len(text)) for text in TEXTS]
    finding = Finding(3, document, tuple(Quote.cut(document, *span) for span in spans), "orders", 0.5, False)
    kept = Sentence("Ostrellan ordered 16 bonders from SARQ.", (3,))
    assert gate([kept, Sentence("Gulls nest.", (3,))], [finding]).sentences == (kept,)


def test_the_last_text_of_a_script_is_said_again_and_again(findings: list[Finding]) -> None:
    generator = ScriptedGenerator("one", "two")
    prompt = answer_prompt("orders", findings, generator.chat)
    assert [generator.write(prompt, "", 1, 0) for _ in range(4)] == ["one", "two", "two", "two"]


@given(st.text(max_size=300) | st.lists(st.sampled_from([*TEXTS, "[1]", "[2]", "[3]", "\n", " "])).map("".join))
@settings(derandomize=True, deadline=None)
def test_whatever_a_model_writes_every_sentence_that_stands_cites_findings_and_all_others_are_counted(
    written: str,
) -> None:
    document = Document("id", "a.txt", "news", "\n".join(TEXTS), "0" * 64)
    finding = Finding(1, document, (Quote.cut(document, 0, len(document.text)),), "orders", 0.5, False)
    analysis = compose("orders", [finding], ScriptedGenerator(written), seed=0)
    assert all(sentence.citations == (1,) for sentence in analysis.sentences)
    assert analysis.cut.written == len(analysis.sentences) + analysis.cut.cut
