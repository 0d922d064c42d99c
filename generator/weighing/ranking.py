"""What comes first: what is material and not yet widely reported, from the company or a regulator itself. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.generator.weighing.impact import Level

# The label of what an archive is too thin to judge.
UNKNOWN = "unknown"
# Impact times novelty times source. The steps keep three orders, which tests name: what moves an estimate and is
# new comes before what moves it more and is in every paper (2 x 1 over 3 x 0.5); that still comes before what is
# new and moves nothing (0.5 x 1); a primary source decides between equals, and lifts over no step of the impact.
_IMPACT = {Level.HIGH: 3.0, Level.MEDIUM: 2.0, Level.LOW: 0.5}
_NOVELTY = {"new": 1.0, "corroborated": 0.8, UNKNOWN: 0.7, "widely reported": 0.5, "known": 0.4}
_PRIMARY = 1.2


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rank of a finding is made of. `consensus` is the label of its consensus check."""

    level: Level
    consensus: str
    primary: bool

    @property
    def score(self) -> float:
        """Higher comes first; a label that is not known counts as `unknown`."""
        novelty = _NOVELTY.get(self.consensus, _NOVELTY[UNKNOWN])
        return _IMPACT[self.level] * novelty * (_PRIMARY if self.primary else 1.0)


def rank(standings: Mapping[int, Standing], order: Sequence[int]) -> list[int]:
    """The numbers of findings, the first to read first; equals stay in the given order."""
    return sorted(order, key=lambda number: -standings[number].score)
