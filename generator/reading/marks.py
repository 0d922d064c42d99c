"""What turns a statement: negation, possibility, intention, doubt, and what of a text each of them covers. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evidence.generator.reading.readings import Reading

# A negation or a `may` covers so many content words behind it.
_SCOPE = 5
# Of what a quote turns, so much said without the turn says the opposite.
_MOSTLY = 0.5


class Turn(StrEnum):
    """How a statement is not a plain fact, the farthest from one first."""

    NOT = "not"
    MAY = "may"
    CAN = "can"
    DOUBT = "doubt"
    EXPECT = "expect"
    WILL = "will"


_FORMS = {
    Turn.NOT: (
        "not no never nor neither none without cannot nobody nothing denied denies deny denying refused "
        "refuses refuse refusing rejected rejects reject rejecting failed fails fail failing unable lacks "
        "lacked lack lacking unlikely hardly barely false untrue rarely seldom incapable ceased ceases cease "
        "stopped stops avoids avoided avoid prevented prevents prevent cancelled canceled cancels halted "
        "halts"
    ),
    Turn.MAY: (
        "may might perhaps maybe possibly considering considers consider considered mulls mulling weighs "
        "weighing explore exploring explores probably apparently seems seem appears appear"
    ),
    Turn.CAN: ("could can possible potential potentially likely"),
    Turn.DOUBT: (
        "alleged alleges allege allegedly allegations accused accuses accuse reportedly rumored rumoured "
        "suspected suspects purported claimed claims disputed"
    ),
    Turn.EXPECT: (
        "expects expect expected expecting expectations plans plan planned planning intends intend intended "
        "aims aim aimed forecasts forecast anticipates anticipate anticipated projects projected projecting "
        "guidance predicts predict predicted hopes hope hoped seeks seek seeking scheduled proposed proposes "
        "propose targets believes believe believed estimates estimated should would set wants want wanted "
        "poised"
    ),
    Turn.WILL: ("will shall going"),
}
_TURN_OF = {form: turn for turn, forms in _FORMS.items() for form in forms.split()}
TURNING = frozenset(_TURN_OF)
# Who says `not only` says it all the more; `no more than` is a bound, and `the plan` plans nothing.
_NO_TURN = re.compile(
    r"\b(?:not (?:only|just|merely|least)|(?:whether )?or not|no (?:doubt|wonder)|"
    r"no (?:longer|later|more|less|fewer) than|not (?:more|less) than|"
    r"(?:a|the) set|(?:as (?:soon|much|well) as )?possible\.|the plan\b)",
    re.IGNORECASE,
)
# What may stand for what: said by the first, quoted by one of the others.
_BORNE_BY = {
    Turn.NOT: {Turn.NOT},
    Turn.MAY: {Turn.MAY, Turn.CAN},
    Turn.CAN: {Turn.MAY, Turn.CAN},
    Turn.DOUBT: {Turn.DOUBT, Turn.MAY},
    Turn.EXPECT: {Turn.EXPECT, Turn.WILL},
    Turn.WILL: {Turn.WILL},
}
# Quoted by the first, and kept where one of the others is said.
_KEPT_BY = {
    Turn.NOT: {Turn.NOT},
    Turn.MAY: {Turn.MAY, Turn.CAN, Turn.DOUBT},
    Turn.CAN: {Turn.MAY, Turn.CAN, Turn.DOUBT},
    Turn.DOUBT: {Turn.DOUBT, Turn.NOT, Turn.MAY},
    Turn.EXPECT: {Turn.EXPECT, Turn.MAY, Turn.CAN},
    Turn.WILL: {Turn.WILL, Turn.EXPECT},
}
# What is surer than `can`: said of it, `can` says less than the quote, and something else.
_SURER = frozenset({Turn.WILL, Turn.EXPECT})


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that turns a statement: its place, its clause, and the content stems that it covers, nearest first."""

    turn: Turn
    stem: str
    place: int
    clause: int
    covers: tuple[str, ...]


def find_marks(reading: Reading) -> list[Mark]:
    """In order."""
    idle = [match.span() for match in _NO_TURN.finditer(reading.text)]
    marks = []
    for place, word in enumerate(reading.words):
        turn = Turn.NOT if word.surface.endswith("n't") else _TURN_OF.get(word.surface)
        if turn is None or any(start <= word.start < end for start, end in idle):
            continue
        if word.surface == "going" and not reading.text[word.end :].startswith(" to "):
            continue
        if word.capital and place and turn is not Turn.NOT and not word.surface.startswith(("would", "will")):
            continue  # Target, Will Smith: a name
        clause = reading.clause_of(place)
        last = reading.clauses[clause][1] if reading.clauses else place
        behind = [w.stem for w in reading.words[place + 1 : last + 1] if w.content and w.surface not in _TURN_OF]
        marks.append(Mark(turn, word.stem, place, clause, tuple(behind[:_SCOPE])))
    return marks


def turned_round(said: Reading, quoted: Reading, aligned: Iterable[int]) -> bool:
    """Whether what is said turns what the aligned clauses of a quote do not, or leaves out a turn of theirs."""
    clauses = set(aligned)
    own, theirs = find_marks(said), find_marks(quoted)
    near = [mark for mark in theirs if mark.clause in clauses]
    if any(not _borne(mark, theirs) for mark in own) or _denials(own) > _denials(theirs):
        return True
    stems = set(said.stems())
    return any(_left_out(mark, own, stems) for mark in near)


def _denials(marks: Sequence[Mark]) -> int:
    """A denial denied is none."""
    return sum(mark.turn is Turn.NOT for mark in marks)


def _borne(mark: Mark, quoted: Sequence[Mark]) -> bool:
    if any(q.turn in _BORNE_BY[mark.turn] and _covers_same(mark, q) for q in quoted):
        return True
    return mark.turn is Turn.CAN and not any(q.turn in _SURER and _covers_same(mark, q) for q in quoted)


def _left_out(mark: Mark, said: Sequence[Mark], stems: set[str]) -> bool:
    covered = [stem for stem in mark.covers if stem in stems]
    if not covered or len(covered) < _MOSTLY * len(mark.covers):
        return False
    return not any(own.turn in _KEPT_BY[mark.turn] and _covers_same(own, mark) for own in said)


def _covers_same(first: Mark, second: Mark) -> bool:
    """Whether the nearest word that one of them covers is covered by the other; of the same word any will do."""
    if not first.covers or not second.covers:
        return True
    if first.stem == second.stem and set(first.covers) & set(second.covers):
        return first.covers[0] in second.covers or second.covers[0] in first.covers or first.turn is not Turn.NOT
    return first.covers[0] in second.covers or second.covers[0] in first.covers
