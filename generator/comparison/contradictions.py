"""Claims against each other: which pairs of independent sources say different things of one thing, and why. Pure.

Every pair of claims about the same subject and measure from two documents is compared. Where the values cannot both
stand, the pair is classed by the first reason that explains it: another unit, somebody's opinion, another part,
another period, an earlier word taken back; what nothing explains is a disagreement. Nothing is reconciled by prose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from evidence.generator.comparison.background import Background
from evidence.generator.comparison.claims import Claim, Kind, find_claims
from evidence.generator.comparison.comparing import (
    are_about_one_thing,
    are_far_apart,
    are_of_one_source,
    can_both_stand,
    count_the_same,
    has_moved_on,
    other_parts,
    relate_periods,
)
from evidence.generator.comparison.statements import Stance
from evidence.generator.reading.names import Names
from evidence.generator.reading.periods import Relation
from evidence.generator.reading.quantities import agree
from evidence.generator.values import Finding

# Differences that time or scope explains, at most: an analyst reads the disagreements.
MOST_EXPLAINED = 8


class Class(StrEnum):
    """Why two values differ, the gravest first."""

    DISAGREEMENT = "disagreement"
    SUPERSEDED = "superseded"
    SCOPE = "scope"
    OPINION = "opinion"
    UNIT = "unit"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that cannot both stand as they are written, the one told first first."""

    kind: Class
    first: Claim
    second: Claim
    note: str

    def as_json(self) -> dict[str, Any]:
        """The contract's pair."""
        period = self.first.period or self.second.period
        return {
            "class": self.kind.value,
            "subject": self.first.name or self.second.name,
            "measure": _measure(self.first),
            "period": period.named() if period else None,
            "first": _side(self.first),
            "second": _side(self.second),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Contradictions:
    """What comparing the findings' claims found; `compared` counts pairs, most of which agree."""

    compared: int = 0
    pairs: tuple[Pair, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report's part."""
        return {"compared": self.compared, "pairs": [pair.as_json() for pair in self.pairs]}


def compare_claims(findings: Sequence[Finding], names: Names, background: Background) -> Contradictions:
    """The claims of the findings' quotes, each against those of other documents; a story's copies are one."""
    claims = [claim for finding in findings for claim in find_claims(finding, names)]
    compared = 0
    pairs: dict[tuple[str, str, str], Pair] = {}
    for one, other in combinations(sorted(claims, key=_told), 2):
        if not are_of_one_thing(one, other, background):
            continue
        compared += 1
        pair = compare(one, other, background)
        if pair is not None:
            key = (one.document.id, other.document.id, _measure(one))
            pairs[key] = min(pairs.get(key, pair), pair, key=_gravity)
    return Contradictions(compared, tuple(_worth_reading(pairs.values())))


def are_of_one_thing(one: Claim, other: Claim, background: Background) -> bool:
    """Whether they are about one measure of one subject, and of two stories."""
    if one.document.id == other.document.id or not are_about_one_thing(one, other):
        return False
    return background.original(one.document) != background.original(other.document)


def compare(one: Claim, other: Claim, background: Background) -> Pair | None:
    """The pair, where two claims about one thing cannot both stand; the one told first comes first."""
    if can_both_stand(one.value, other.value):
        return None
    one, other = sorted((one, other), key=_told)
    return _classed(one, other, other.document.id in background.amended_by(one.document))


def _told(claim: Claim) -> tuple[str, str, int, int]:
    return str(claim.told), claim.document.id, claim.finding, claim.quote


def _classed(one: Claim, other: Claim, amended: bool) -> Pair | None:
    """The pair with the first reason that explains it; None where they are not of one thing after all."""
    if not count_the_same(one.value, other.value):
        return Pair(Class.UNIT, one, other, f"{one.value.text} and {other.value.text} are of different units.")
    if are_far_apart(one.value, other.value) and not amended:
        return None
    if Stance.OPINION in {one.stance, other.stance} or one.stance is not other.stance:
        return Pair(Class.OPINION, one, other, _opinion_note(one, other))
    if one.value.basis and other.value.basis and one.value.basis != other.value.basis:
        note = f"One is {one.value.basis}, the other {other.value.basis}."
        return Pair(Class.PERIOD, one, other, note)
    relation, parts = relate_periods(one, other), other_parts(one, other)
    if amended and not parts and relation is not Relation.DIFFERENT:
        return Pair(Class.SUPERSEDED, one, other, _later(other, "amends the first document"))
    if parts:
        return Pair(Class.SCOPE, one, other, f"They may be of different parts: {parts}.")
    if relation is Relation.DIFFERENT and not (one.stock and has_moved_on(one, other)):
        return Pair(Class.PERIOD, one, other, _period_note(one, other))
    if are_of_one_source(one.document, other.document):
        if one.told == other.told:
            return None
        return Pair(Class.SUPERSEDED, one, other, _later(other, "is the same source's later word"))
    if any(agree(taken, one.value.low) for taken in other.taken_back if one.value.low):
        return Pair(Class.SUPERSEDED, one, other, _later(other, f"takes {one.value.text} back"))
    if other.revised and one.told != other.told:
        return Pair(Class.SUPERSEDED, one, other, _later(other, "says that the figure was revised"))
    if has_moved_on(one, other):
        return Pair(Class.SUPERSEDED, one, other, _later(other, "is of a later day"))
    return Pair(Class.DISAGREEMENT, one, other, f"{_source(one)} and {_source(other)} say so of the same thing.")


def _worth_reading(pairs: Iterable[Pair]) -> list[Pair]:
    """Disagreements all, then what explains itself, as much as is read."""
    ranked = sorted(pairs, key=_gravity)
    grave = [pair for pair in ranked if pair.kind is Class.DISAGREEMENT]
    return grave + [pair for pair in ranked if pair.kind is not Class.DISAGREEMENT][:MOST_EXPLAINED]


def _gravity(pair: Pair) -> tuple[int, int, int, str]:
    return list(Class).index(pair.kind), pair.first.finding, pair.second.finding, pair.note


def _measure(claim: Claim) -> str:
    if claim.measure:
        return claim.measure
    return "statement" if claim.value.kind is Kind.STATEMENT else " ".join(sorted(claim.words)[:6])


def _side(claim: Claim) -> dict[str, Any]:
    return {"finding": str(claim.finding), "value": claim.value.text, "quote": claim.quote}


def _source(claim: Claim) -> str:
    return f"{claim.document.publisher or claim.document.title or claim.document.path} ({claim.told})"


def _later(claim: Claim, how: str) -> str:
    return f"{_source(claim)} {how}."


def _opinion_note(one: Claim, other: Claim) -> str:
    said = {Stance.FACT: "a report", Stance.GUIDANCE: "the subject's own outlook", Stance.OPINION: "an expectation"}
    return f"{one.value.text} is {said[one.stance]}, {other.value.text} {said[other.stance]}."


def _period_note(one: Claim, other: Claim) -> str:
    named = [claim.period.named() if claim.period else f"told {claim.told}" for claim in (one, other)]
    return f"{one.value.text} is of {named[0]}, {other.value.text} of {named[1]}."
