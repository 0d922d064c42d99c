"""A model is used for what it has earned on the built-in cases, and for nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from evidence.corpus.model_entries import Calibrated
from evidence.generator.writing.calibration import Marked, area, calibrate, keeping, threshold
from evidence.generator.writing.calibration_cases import CASES, VERSION
from evidence.generator.writing.extraction import MAX_SENTENCES, pick_sentences
from evidence.generator.writing.prompt import NULL_QUESTION, Prompt
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.generator.writing.skills import NO_SKILLS, Skills, skills_of

WEIGHTS = "a" * 64
MEASURED = Calibrated(
    version=VERSION,
    weights=WEIGHTS,
    selects=0.95,
    refuses=0.97,
    refuses_below=1.5,
    judges=0.92,
    judges_below=-0.5,
    free=0.8,
    writes="free",
)
ANSWERS = {question: number for case in CASES for question, number in case.asked}
TRUTHS = {statement: true for case in CASES for statement, _, true in case.said}


def know_all(prompt: Prompt, answers: Sequence[str]) -> list[float]:
    """Weighs as one who knows the cases: what is asked stands in the prompt."""
    asked = "".join(piece.text for piece in prompt)
    if answers[0] == "Yes":
        true = next(true for statement, true in TRUTHS.items() if f"Statement: {statement}\n" in asked)
        return [0.0, -2.0] if true else [-2.0, 0.0]
    number = next((number for question, number in ANSWERS.items() if f"Question: {question}\n" in asked), 0)
    return [0.0 if place == number else -3.0 for place in range(len(answers))]


def test_a_model_that_knows_every_case_earns_every_role() -> None:
    copied = ScriptedGenerator(
        *(case.sentences[n - 1] for case in CASES for _, n in case.asked if n), weigh=know_all
    )
    measured = calibrate(copied, WEIGHTS)
    assert (measured.selects, measured.refuses, measured.judges) == (1.0, 1.0, 1.0)
    assert (measured.version, measured.weights) == (VERSION, WEIGHTS)
    skills = skills_of(measured, WEIGHTS)
    assert skills.selects and skills.refuses_below is not None and skills.judges_below is not None
    assert measured.free >= 0.9 and skills.writes == "free"


def test_a_model_that_says_the_same_to_everything_earns_nothing_and_copies() -> None:
    measured = calibrate(ScriptedGenerator("I am a language model."), WEIGHTS)
    assert (measured.refuses, measured.judges, measured.free) == (0.5, 0.5, 0.0)
    assert skills_of(measured, WEIGHTS) == NO_SKILLS


@pytest.mark.parametrize(
    ("changed", "skills"),
    [
        ({}, Skills(True, 1.5, -0.5, "free")),
        ({"selects": 0.79}, Skills(False, 1.5, -0.5, "free")),
        ({"refuses": 0.89}, Skills(True, None, -0.5, "free")),
        ({"judges": 0.89}, Skills(True, 1.5, None, "free")),
        ({"writes": "copied"}, Skills(True, 1.5, -0.5, "copied")),
        ({"version": VERSION + 1}, NO_SKILLS),
        ({"weights": "b" * 64}, NO_SKILLS),
    ],
)
def test_roles_follow_from_figures_of_these_weights_and_these_cases(
    changed: dict[str, float | str], skills: Skills
) -> None:
    assert skills_of(replace(MEASURED, **changed), WEIGHTS) == skills  # type: ignore[arg-type]
    assert skills_of(None, WEIGHTS) == NO_SKILLS


@pytest.mark.parametrize(
    ("good", "bad", "expected", "between"),
    [
        ([3.0, 2.0], [1.0, 0.0], 1.0, (1.0, 2.0)),
        ([0.0, 1.0], [2.0, 3.0], 0.0, None),
        ([1.0, 3.0], [0.0, 2.0], 0.75, None),
        ([1.0], [1.0], 0.5, None),
        ([], [1.0], 0.0, None),
    ],
)
def test_the_area_is_the_chance_that_good_is_above_bad_and_the_threshold_parts_them(
    good: list[float], bad: list[float], expected: float, between: tuple[float, float] | None
) -> None:
    marked = [Marked(margin, True) for margin in good] + [Marked(margin, False) for margin in bad]
    assert area(marked) == expected
    if between:
        assert between[0] < threshold(marked) < between[1]


def test_the_line_below_which_a_model_refuses_keeps_nineteen_answers_of_twenty() -> None:
    marked = [Marked(float(margin), True) for margin in range(40)] + [Marked(20.0, False)] * 40
    line = keeping(marked)
    assert sum(one.margin >= line for one in marked if one.good) == 38
    assert keeping([Marked(1.0, False)]) == 0.0


def test_a_margin_is_counted_from_what_the_model_says_to_a_question_without_an_answer() -> None:
    def lean(prompt: Prompt, answers: Sequence[str]) -> list[float]:
        return [-1.0, 0.0, -4.0] if NULL_QUESTION in prompt[-3].text else [-1.0, -4.0, 2.0]

    (pick,) = pick_sentences(["Orders rose.", "Gulls nest."], ["Who nests?"], ScriptedGenerator(weigh=lean))
    assert (pick.place, pick.margin) == (1, 2.0)


def test_no_more_sentences_are_offered_than_one_digit_can_name() -> None:
    offered: list[int] = []

    def count(prompt: Prompt, answers: Sequence[str]) -> list[float]:
        offered.append(len(answers))
        return [0.0] * len(answers)

    pick_sentences([f"Gull {n} nests." for n in range(20)], ["Who nests?"], ScriptedGenerator(weigh=count))
    assert set(offered) == {MAX_SENTENCES + 1}


def test_the_cases_name_sentences_that_are_there_and_nothing_twice() -> None:
    for case in CASES:
        numbers = [number for _, number in case.asked] + [number for _, number, _ in case.said]
        assert all(0 <= number <= len(case.sentences) <= MAX_SENTENCES for number in numbers)
        assert all(number for _, number, _ in case.said)
    assert len(ANSWERS) == sum(len(case.asked) for case in CASES) == 48
    assert len(TRUTHS) == sum(len(case.said) for case in CASES) == 48
