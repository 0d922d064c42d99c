"""How much a statement is about: its figures and its words against what a lens calls large. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from evidence.generator.reading.quantities import Quantity, comparable, find_quantities
from evidence.generator.reading.units import PERCENT, POINTS
from evidence.generator.weighing.lens import Size

_MILLION = 1_000_000
# `from 26 to 32 weeks`, `to 2.61 % from 2.70 %`
_FROM = re.compile(r"\bfrom\s*(?:about|around|some)?\s*$", re.IGNORECASE)
_FROM_TO = re.compile(r"\s*(?:[\w-]+\s){0,3}to\s+(?:about |around |some )?", re.IGNORECASE)
_TO_FROM = re.compile(r"\s*,?\s*(?:down |up )?from\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Magnitude:
    """1 large, 0 of an ordinary or an unknown size, -1 small; and what says so, as written."""

    points: int
    written: str | None = None


UNKNOWN = Magnitude(0)


def measure(text: str, size: Size, turned: bool) -> Magnitude:
    """What a text says of how much: a large figure goes before a word, and a word before a small figure.

    Where nothing turned, a per cent is a share: 38 % of sales, this year as last.
    """
    found = [q for q in find_quantities(text) if turned or q.unit not in {PERCENT, POINTS}]
    changes = [(abs(q.amount), text[q.start : q.end]) for q in found if q.unit in {PERCENT, POINTS}]
    changes = _moves(text, found) or changes
    large = [written for percent, written in changes if percent >= size.percent]
    large += [text[q.start : q.end] for q in found if q.currency and q.amount >= size.millions * _MILLION]
    if large:
        return Magnitude(1, large[0].strip())
    if word := size.terms.find(text):
        return Magnitude(1, word)
    if changes and max(changes)[0] < size.small:
        return Magnitude(-1, max(changes)[1].strip())
    return UNKNOWN


def _moves(text: str, found: Sequence[Quantity]) -> list[tuple[Decimal, str]]:
    """Moves between two figures of one kind, in per cent of the one that was left."""
    moves = []
    for one, other in pairwise(found):
        if not comparable(one, other):
            continue
        if _FROM.search(text[: one.start]) and _FROM_TO.fullmatch(text, one.end, other.start):
            first, last = one, other
        elif _TO_FROM.fullmatch(text, one.end, other.start):
            first, last = other, one
        else:
            continue
        if first.amount:
            worth = abs(last.amount - first.amount) / abs(first.amount) * 100
            moves.append((worth, text[one.start : other.end]))
    return moves
