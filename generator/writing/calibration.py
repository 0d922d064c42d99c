"""What a model may do beyond writing, measured on the shipped cases. Pure but for the model.

Each role is measured with the very prompts that a report uses, and a threshold is set where it parts best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.corpus.model_entries import Calibrated
from evidence.generator.gate.grounds import Ground
from evidence.generator.gate.support import judge
from evidence.generator.writing.calibration_cases import CASES, VERSION, Case
from evidence.generator.writing.compose import CLAIM_TOKENS
from evidence.generator.writing.extraction import pick_sentences
from evidence.generator.writing.generator import Generator
from evidence.generator.writing.grammar import claim_grammar
from evidence.generator.writing.judging import weigh_support
from evidence.generator.writing.prompt import claim_prompt
from evidence.generator.writing.skills import MIN_AREA
from evidence.generator.writing.steps import Notify, Step, silent

# A model writes in its own words if it can tell whether a quote says them, and this share of them stands: below it,
# most of its time is lost. With one and a half billion parameters 0.50 stood, the gate passed seven of eight
# sentences of answers, all true, and the model itself doubted what it had first written wrongly. With half a
# billion, which cannot judge, 0.63 stood, and of ten that were read three were wrong.
MIN_FREE = 0.4
# An answer that is lost is worse than one too many, whose quote the reader sees: of answers that code found a model
# may drop one in twenty, wherever the line of the fewest errors would be.
KEPT = 0.95


@dataclass(frozen=True, slots=True)
class Marked:
    """A margin, and whether it is that of something to be kept."""

    margin: float
    good: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What a model did on some cases: whether it found each answer, the margins of all questions and of all
    statements, and whether each sentence of its own stood."""

    selected: tuple[bool, ...]
    asked: tuple[Marked, ...]
    said: tuple[Marked, ...]
    free: tuple[bool, ...]


def calibrate(generator: Generator, sha256: str, limit: int = len(CASES), notify: Notify = silent) -> Calibrated:
    """The figures of the model with these weights on the first `limit` cases. Raises GeneratorError."""
    tally = Tally((), (), (), ())
    for done, case in enumerate(CASES[:limit]):
        notify(Step("calibrating", done, min(limit, len(CASES)), generator.tokens))
        tally = _add(tally, _measure(case, generator))
    free, judges = _share(tally.free), area(tally.said)
    return Calibrated(
        version=VERSION,
        weights=sha256,
        selects=_share(tally.selected),
        refuses=area(tally.asked),
        refuses_below=keeping(tally.asked),
        judges=judges,
        judges_below=threshold(tally.said),
        free=free,
        writes="free" if free >= MIN_FREE and judges >= MIN_AREA else "copied",
    )


def _measure(case: Case, generator: Generator) -> Tally:
    picks = pick_sentences(case.sentences, [question for question, _ in case.asked], generator)
    asked = list(zip(picks, (number for _, number in case.asked), strict=True))
    return Tally(
        selected=tuple(pick.place + 1 == number for pick, number in asked if number),
        asked=tuple(Marked(pick.margin, number > 0) for pick, number in asked),
        said=tuple(
            Marked(weigh_support(statement, case.sentences[number - 1], generator), true)
            for statement, number, true in case.said
        ),
        free=tuple(
            _stands(case.sentences[number - 1], question, generator) for question, number in case.asked if number
        ),
    )


def _stands(sentence: str, question: str, generator: Generator) -> bool:
    """Whether what the model says of the sentence in its own words gets through the gate."""
    written = generator.write(claim_prompt(sentence, question, generator.chat), claim_grammar(), CLAIM_TOKENS, 0)
    return judge(written.strip(), (1,), {1: Ground((sentence,))}).stands


def area(marked: Sequence[Marked]) -> float:
    """The chance that a good one's margin is above a bad one's, equals counting half; 0 where either is missing."""
    good = [one.margin for one in marked if one.good]
    bad = [one.margin for one in marked if not one.good]
    above = sum((high > low) + (high == low) / 2 for high in good for low in bad)
    return round(above / (len(good) * len(bad)), 3) if good and bad else 0.0


def threshold(marked: Sequence[Marked]) -> float:
    """Halfway between the two margins between which a line parts good from bad with the fewest errors; of equal
    lines the lowest, which drops least."""
    margins = sorted({one.margin for one in marked})
    lines = [(low + high) / 2 for low, high in pairwise(margins)] or [0.0]
    errors = [sum((one.margin >= line) != one.good for one in marked) for line in lines]
    return round(lines[errors.index(min(errors))], 3)


def keeping(marked: Sequence[Marked]) -> float:
    """The highest line that KEPT of the good ones reach; 0 without any."""
    good = sorted(one.margin for one in marked if one.good)
    return round(good[int(len(good) * (1 - KEPT))], 3) if good else 0.0


def _add(some: Tally, more: Tally) -> Tally:
    return Tally(
        some.selected + more.selected, some.asked + more.asked, some.said + more.said, some.free + more.free
    )


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0
