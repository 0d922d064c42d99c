"""A passage read alone: a model has as much of a say in what is quoted as it has earned, and about questions."""

from collections.abc import Sequence

import pytest

from evidence.corpus.errors import GeneratorError
from evidence.corpus.values import Document
from evidence.generator.reading.names import NO_NAMES
from evidence.generator.spans import Choice, Passed
from evidence.generator.values import Finding, Quote
from evidence.generator.writing.compose import UNWRITTEN
from evidence.generator.writing.draft import draft
from evidence.generator.writing.extraction import read_alone
from evidence.generator.writing.prompt import NULL_QUESTION, Prompt
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.generator.writing.skills import NO_SKILLS, Skills
from evidence.generator.writing.steps import Step, silent
from evidence.retriever.hits import Hit

SENTENCES = ("Orders rose in June.", "The backlog is $5 million.", "Gulls nest on roofs.")
BACKLOG, NESTS, TOPIC = "How large is the backlog?", "Where do gulls nest", "order backlog of Orlens"
BOTH = Skills(selects=True, refuses_below=1.0)


def passage(name: str) -> Hit:
    text = " ".join(SENTENCES)
    spans = tuple((text.index(said), text.index(said) + len(said)) for said in SENTENCES)
    return Hit(1, 1.0, Document(name, f"{name}.txt", "news", text, "0" * 64), 0, len(text), spans, 1, 1)


def finding(hit: Hit, number: int, query: str, sentence: int = 0) -> Finding:
    return Finding(number, hit.document, (Quote.cut(hit.document, *hit.sentences[sentence]),), query, 0.5, False)


def answering(answers: dict[str, int], margin: float = 3.0) -> ScriptedGenerator:
    """Prefers, for each question, the sentence of that number, and none for all other questions."""

    def weigh(prompt: Prompt, offered: Sequence[str]) -> list[float]:
        asked = "".join(piece.text for piece in prompt)
        number = next((number for query, number in answers.items() if f"Question: {query}\n" in asked), 0)
        weights = [-margin] * len(offered)
        weights[number] = 0.0
        return weights

    return ScriptedGenerator(skills=BOTH, weigh=weigh)


def test_a_finding_that_answers_no_query_is_dropped_and_its_query_is_unanswered() -> None:
    first, second = passage("a"), passage("b")
    parts = [(BACKLOG, [first]), (NESTS, [second])]
    chosen = Choice((finding(first, 1, BACKLOG, 1), finding(second, 2, NESTS, 2)), ())
    read = read_alone(chosen, parts, answering({NESTS: 3}))
    # of the first passage the other query is answered, and takes its finding over
    assert [(kept.number, kept.query) for kept in read.findings] == [(1, NESTS), (2, NESTS)]
    assert read.unanswered == (BACKLOG,)
    nothing = read_alone(chosen, parts, answering({}))
    assert (nothing.findings, nothing.unanswered) == ((), (BACKLOG, NESTS))
    assert [(one.document.id, why) for one, why in nothing.passed_over] == [
        ("a", Passed.REFUSED),
        ("b", Passed.REFUSED),
    ]


def test_a_model_that_selects_puts_another_sentence_in_the_place_of_the_quoted_one() -> None:
    hit = passage("a")
    chosen = Choice((finding(hit, 1, BACKLOG, 0),), ())
    (read,) = read_alone(chosen, [(BACKLOG, [hit])], answering({BACKLOG: 2})).findings
    assert [quote.text for quote in read.quotes] == [SENTENCES[1]]
    quoted = Choice((finding(hit, 1, BACKLOG, 1),), ())
    assert read_alone(quoted, [(BACKLOG, [hit])], answering({BACKLOG: 2})).findings == quoted.findings


def test_a_topic_is_no_question_and_its_findings_are_left_as_code_chose_them() -> None:
    hit = passage("a")
    chosen = Choice((finding(hit, 1, TOPIC, 0),), ())
    assert read_alone(chosen, [(TOPIC, [hit])], answering({})) == chosen


@pytest.mark.parametrize("skills", [NO_SKILLS, Skills(writes="free", judges_below=0.0)])
def test_a_model_that_has_earned_neither_is_not_asked(skills: Skills) -> None:
    def never(prompt: Prompt, offered: Sequence[str]) -> list[float]:
        raise AssertionError("it was asked")

    hit = passage("a")
    chosen = Choice((finding(hit, 1, BACKLOG, 0),), ())
    assert read_alone(chosen, [(BACKLOG, [hit])], ScriptedGenerator(skills=skills, weigh=never)) == chosen


def test_a_passage_is_told_before_it_is_read_and_asked_once_a_question_and_once_about_nothing() -> None:
    hits = [passage("a"), passage("b")]
    asked: list[str] = []
    told: list[Step] = []

    def weigh(prompt: Prompt, offered: Sequence[str]) -> list[float]:
        asked.append("".join(piece.text for piece in prompt).split("Question: ")[1].split("\n")[0])
        return [-3.0, 0.0, -3.0, -3.0] if asked[-1] != NULL_QUESTION else [0.0, -3.0, -3.0, -3.0]

    chosen = Choice(tuple(finding(hit, number, BACKLOG) for number, hit in enumerate(hits, start=1)), ())
    read_alone(chosen, [(BACKLOG, hits)], ScriptedGenerator(skills=BOTH, weigh=weigh), told.append)
    assert asked == [NULL_QUESTION, BACKLOG] * 2
    assert [(step.stage, step.done, step.total) for step in told] == [
        ("reading passage", 0, 2),
        ("reading passage", 1, 2),
    ]


@pytest.mark.parametrize(
    ("error", "state"), [(GeneratorError("it broke"), "model-failed"), (KeyboardInterrupt(), "interrupted")]
)
def test_what_goes_wrong_while_it_reads_leaves_what_code_chose(error: BaseException, state: str) -> None:
    def fails(prompt: Prompt, offered: Sequence[str]) -> list[float]:
        raise error

    hit = passage("a")
    chosen = Choice((finding(hit, 1, BACKLOG, 0),), ())
    generator = ScriptedGenerator("Never written.", skills=BOTH, weigh=fails)
    read, written = draft("Q?", [(BACKLOG, [hit])], chosen, generator, 0, NO_NAMES, None, silent)
    assert (read, written.analysis.state, written.claims, generator.prompts) == (chosen, state, {}, [])


def test_nothing_is_written_about_nothing() -> None:
    hit = passage("a")
    chosen = Choice((finding(hit, 1, BACKLOG, 0),), ())
    read, written = draft("Q?", [(BACKLOG, [hit])], chosen, answering({}), 0, NO_NAMES, None, silent)
    assert (read.findings, written) == ((), UNWRITTEN)
