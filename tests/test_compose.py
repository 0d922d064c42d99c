"""What a model writes stands on its quotes or is cut and counted; a model that fails costs its sentences alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.values import Document
from evidence.generator.key_findings import key_findings
from evidence.generator.values import Cut, Finding, Quote, Sentence
from evidence.generator.verdicts import Reason
from evidence.generator.writing.compose import ANSWER_TOKENS, CLAIM_TOKENS, compose
from evidence.generator.writing.copying import copying_grammar
from evidence.generator.writing.grammar import answer_grammar, claim_grammar
from evidence.generator.writing.prompt import Prompt, answer_prompt, claim_prompt
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.generator.writing.skills import NO_SKILLS, Skills
from evidence.generator.writing.steps import Step

TEXTS = (
    "SARQ said its backlog stood at $318.3 million on June 30.",
    "Ostrellan ordered 16 bonders from SARQ, an order worth $58 million.",
)
CLAIMS = ("SARQ said its backlog stood at $318.3 million.", "Ostrellan ordered 16 bonders from SARQ.")
TRUE = "".join(f"{claim} [{number}]\n" for number, claim in enumerate(CLAIMS, start=1))
FALSE = "SARQ said its backlog stood at $999 million."
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

    def __init__(self, *answers: str, skills: Skills = Skills(writes="free")) -> None:  # noqa: B008
        super().__init__(*answers, skills=skills)
        self.asked: list[tuple[Any, ...]] = []

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        self.asked.append((grammar, max_tokens, seed))
        return super().write(prompt, grammar, max_tokens, seed)


class Interrupted(ScriptedGenerator):
    """Is interrupted after as many answers as it has."""

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        if len(self.prompts) == len(self._answers):
            raise KeyboardInterrupt
        return super().write(prompt, grammar, max_tokens, seed)


@pytest.fixture
def findings() -> list[Finding]:
    found = []
    for number, text in enumerate(TEXTS, start=1):
        document = Document(f"id{number}", "a.txt", "news", text, "0" * 64)
        found.append(Finding(number, document, (Quote.cut(document, 0, len(text)),), "orders", 0.5, False))
    return found


def test_claims_are_cited_by_the_program_and_the_answers_sentences_stand_in_the_models_order(
    findings: list[Finding],
) -> None:
    written = compose("orders", findings, ScriptedGenerator(*CLAIMS, TRUE), seed=0)
    expected = [Sentence(claim, (number,)) for number, claim in enumerate(CLAIMS, start=1)]
    assert written.claims == dict(enumerate(expected, start=1))
    assert written.analysis.sentences == tuple(expected)
    assert (written.analysis.state, written.analysis.cut) == ("composed", Cut(4, 0, {}))


def test_a_claim_is_asked_for_with_its_own_finding_alone_and_the_answer_with_all(findings: list[Finding]) -> None:
    generator = Recorder(*CLAIMS, TRUE)
    compose("orders", findings, generator, seed=42)
    claims = [claim_prompt(text, "orders", "plain") for text in TEXTS]
    assert generator.prompts == [*claims, answer_prompt("orders", findings, "plain")]
    assert generator.asked == [
        *[(copying_grammar([text]), CLAIM_TOKENS, 42) for text in TEXTS],
        (answer_grammar([1, 2]), ANSWER_TOKENS, 42),
    ]


def test_a_model_that_was_not_measured_writes_in_the_words_of_the_quotes_and_no_answer_of_its_own(
    findings: list[Finding],
) -> None:
    generator = Recorder(*CLAIMS, skills=NO_SKILLS)
    written = compose("orders", findings, generator, seed=0)
    assert [grammar for grammar, _, _ in generator.asked] == [copying_grammar([text]) for text in TEXTS]
    assert set(written.claims) == {1, 2}
    # both findings answer the one query, and its first claim is the answer
    assert written.analysis.sentences == (Sentence(CLAIMS[0], (1,)),)


def test_a_model_that_cannot_select_is_given_the_sentence_nearest_to_the_query() -> None:
    document = Document("id", "a.txt", "news", f"{TEXTS[1]} {TEXTS[0]}", "0" * 64)
    finding = Finding(1, document, (Quote.cut(document, 0, len(document.text)),), "SARQ backlog", 0.5, False)
    for skills, offered in ((NO_SKILLS, [TEXTS[0]]), (Skills(selects=True), [TEXTS[1], TEXTS[0]])):
        generator = Recorder(CLAIMS[0], skills=skills)
        compose("orders", [finding], generator, seed=0)
        assert generator.asked[0][0] == copying_grammar(offered)


def test_what_cannot_be_said_in_the_quotes_words_is_said_in_the_models(findings: list[Finding]) -> None:
    generator = Recorder(FALSE, CLAIMS[0], "Gulls nest.")
    written = compose("orders", findings[:1], generator, seed=0)
    assert [grammar for grammar, _, _ in generator.asked[:2]] == [copying_grammar([TEXTS[0]]), claim_grammar()]
    assert written.claims == {1: Sentence(CLAIMS[0], (1,))}
    # nothing of the answer stands, and the first claim of the query takes its place
    assert written.analysis.sentences == (Sentence(CLAIMS[0], (1,)),)
    assert written.analysis.cut == Cut(3, 2, {Reason.UNCITED.value: 1, Reason.NUMBER.value: 1})


def test_a_model_that_judges_takes_back_what_it_doubts(findings: list[Finding]) -> None:
    skills = Skills(writes="free", judges_below=0.0)
    answer = f"{CLAIMS[0]} [1]"
    doubting = ScriptedGenerator(CLAIMS[0], answer, skills=skills, weigh=lambda *_: [-2.0, -1.0])
    written = compose("orders", findings[:1], doubting, seed=0)
    assert written.analysis.cut.reasons == {Reason.DOUBTED.value: 1}
    # what is said in the quote's own words is not asked about
    assert written.claims == {1: Sentence(CLAIMS[0], (1,))}
    sure = ScriptedGenerator(CLAIMS[0], answer, skills=skills, weigh=lambda *_: [-1.0, -2.0])
    assert compose("orders", findings[:1], sure, seed=0).analysis.cut.reasons == {}


def test_a_model_that_fails_leaves_the_findings_and_the_reason(findings: list[Finding]) -> None:
    written = compose("orders", findings, ScriptedGenerator(), seed=0)
    assert (written.analysis.state, written.analysis.sentences, written.claims) == ("model-failed", (), {})
    assert written.analysis.failure == "the script is empty: this generator always fails"
    assert written.analysis.cut == Cut(0, 0, {})


def test_an_interrupt_leaves_what_was_written_and_the_other_findings_to_their_quotes(
    findings: list[Finding],
) -> None:
    written = compose("orders", findings, Interrupted(CLAIMS[0]), seed=0)
    assert written.analysis.state == "interrupted"
    assert written.analysis.sentences == (Sentence(CLAIMS[0], (1,)),)
    keys = key_findings(findings, written.claims)
    assert [(key["text"], key["text_from"]) for key in keys] == [(CLAIMS[0], "model"), (TEXTS[1], "quote")]


def test_every_step_is_told_before_it_is_done(findings: list[Finding]) -> None:
    told: list[Step] = []
    compose("orders", findings, ScriptedGenerator(*CLAIMS, TRUE), seed=0, notify=told.append)
    assert [(step.stage, step.done, step.total) for step in told] == [("writing", n, 3) for n in range(4)]
    assert [step.tokens for step in told] == sorted({step.tokens for step in told})


@pytest.mark.parametrize("written", GARBAGE)
def test_garbage_is_cut_and_counted(findings: list[Finding], written: str) -> None:
    composed = compose("orders", findings, ScriptedGenerator(written), seed=0)
    analysis = composed.analysis
    assert (analysis.state, analysis.sentences, composed.claims, analysis.failure) == ("composed", (), {}, None)
    assert analysis.cut.cut == analysis.cut.written == sum(analysis.cut.reasons.values())
    # two claims in either way, and the lines of the answer
    assert analysis.cut.written == 4 + len([line for line in written.splitlines() if line.strip()])


def test_each_cut_is_counted_under_its_reason(findings: list[Finding]) -> None:
    answer = TRUE + "Gulls nest.\n" + "SARQ said its backlog stood at $1. [1]\n" * 2 + TRUE + "A tail that was cu"
    analysis = compose("orders", findings, ScriptedGenerator(*CLAIMS, answer), seed=0).analysis
    assert [sentence.citations for sentence in analysis.sentences] == [(1,), (2,)]
    reasons = {Reason.UNCITED: 2, Reason.NUMBER: 2, Reason.REPEATED: 2}
    assert analysis.cut == Cut(10, 6, {reason.value: count for reason, count in sorted(reasons.items())})
    assert list(analysis.cut.reasons) == sorted(analysis.cut.reasons)


def test_a_sentence_is_held_against_all_quotes_of_its_finding_and_nothing_between_them() -> None:
    document = Document("id", "a.txt", "news", " Gulls nest on roofs. ".join(TEXTS), "0" * 64)
    spans = [(document.text.index(text), document.text.index(text) + len(text)) for text in TEXTS]
    finding = Finding(3, document, tuple(Quote.cut(document, *span) for span in spans), "orders", 0.5, False)
    answer = "Ostrellan ordered 16 bonders from SARQ. [3]\nGulls nest on roofs. [3]"
    kept = compose("orders", [finding], ScriptedGenerator(CLAIMS[1], answer), seed=0).analysis
    assert [sentence.text for sentence in kept.sentences] == [CLAIMS[1]]


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
    composed = compose("orders", [finding], ScriptedGenerator(written), seed=0)
    stand = {*composed.analysis.sentences, *composed.claims.values()}
    assert all(sentence.citations == (1,) for sentence in stand)
    assert composed.analysis.cut.written >= len(composed.analysis.sentences) + composed.analysis.cut.cut - 1


def test_a_key_finding_without_a_headline_is_headed_by_a_clause_of_it() -> None:
    text = "Orders of bonders for the memory floor rose by 12 per cent in June from those of May, SARQ said."
    document = Document("id", "a.txt", "news", text, "0" * 64)
    finding = Finding(1, document, (Quote.cut(document, 0, len(text)),), "orders", 0.5, False)
    (key,) = key_findings([finding], {})
    assert (key["title"], key["title_from"]) == (
        "Orders of bonders for the memory floor rose by 12 per cent in June from those of May",
        "quote",
    )
    assert (key["text"], key["text_from"], key["citations"]) == (text, "quote", ["1"])
