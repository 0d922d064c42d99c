"""Two claims side by side: whether they are about one thing, whether one value can stand for both, what tells them
apart. Pure."""

from decimal import Decimal

from evidence.corpus.naming import name_key
from evidence.corpus.values import Document
from evidence.generator.comparison.claims import Claim, Kind, Value
from evidence.generator.comparison.statements import same_name
from evidence.generator.reading.periods import Relation, relate
from evidence.generator.reading.quantities import agree, comparable

# Of the words around two numbers of no known measure, what they must share to be of one.
SAME_MEASURE = 0.5
# Of the words of two plain statements, what they must share before one can deny the other.
SAME_STATEMENT = 0.6
# A backlog or a lead time told on two days is the same thing only if they are this near; later it has moved on.
SAME_DAYS = 14
# A period that only one of two names is taken for the other's where they were written this near to each other.
SAME_SEASON_DAYS = 45
# Values that differ by so much are not of the same measure: a total and a part of it, a price and a turnover.
MOST_TIMES = 8


def are_about_one_thing(one: Claim, other: Claim) -> bool:
    """Whether both say how much of one measure one subject has."""
    if _common_kind(one.value, other.value) is None or not one.subject or not other.subject:
        return False
    if one.measure == "market size" == other.measure:
        return len(one.subject & other.subject) >= SAME_MEASURE * len(one.subject | other.subject)
    # of a stake both who holds it and what it is of may be the subject
    if not same_name(one.subject, other.subject) and not (one.subject & other.names and other.subject & one.names):
        return False
    if one.measure or other.measure:
        return one.measure == other.measure
    least = SAME_STATEMENT if one.value.kind is Kind.STATEMENT else SAME_MEASURE
    return _shared(one, other) >= least


def _common_kind(one: Value, other: Value) -> Kind | None:
    """The kind that both are of; a growth has a direction, too."""
    kinds = {one.kind, other.kind}
    if kinds == {Kind.GROWTH, Kind.DIRECTION} and None not in {one.direction, other.direction}:
        return Kind.DIRECTION
    return one.kind if len(kinds) == 1 else None


def _shared(one: Claim, other: Claim) -> float:
    both = len(one.words | other.words)
    return len(one.words & other.words) / both if both else 0.0


def can_both_stand(one: Value, other: Value) -> bool:
    """Whether one value can stand for both."""
    kind = _common_kind(one, other)
    ways = {one.direction, other.direction}
    if kind in {Kind.DIRECTION, Kind.STATEMENT}:
        return len(ways) == 1 or 0 in ways
    if one.low is None or other.low is None or one.high is None or other.high is None:
        return True
    if ways == {1, -1} or one.per != other.per:
        return False
    return agree(one.low, other.low) or agree(one.high, other.high) or _overlap(one, other)


def _overlap(one: Value, other: Value) -> bool:
    """A value inside the other's range, or two ranges that meet."""
    first, second = _ends(one), _ends(other)
    if not first or not second or not count_the_same(one, other) or (one.is_point and other.is_point):
        return False
    return first[0] <= second[1] and second[0] <= first[1]


def _ends(value: Value) -> tuple[Decimal, Decimal] | None:
    ends = [quantity.days or quantity.amount for quantity in (value.low, value.high) if quantity]
    return (min(ends), max(ends)) if ends else None


def count_the_same(one: Value, other: Value) -> bool:
    """Whether their numbers, if they have any, count the same."""
    if one.low is None or other.low is None:
        return True
    return comparable(one.low, other.low) and one.per == other.per


def are_far_apart(one: Value, other: Value) -> bool:
    """Whether one is so many times the other that they must be of different things."""
    first, second = _ends(one), _ends(other)
    if one.kind is not Kind.LEVEL or not first or not second:
        return False
    small, large = sorted((abs(first[0]), abs(second[0])))
    return small == 0 or large / small > MOST_TIMES


def relate_periods(one: Claim, other: Claim) -> Relation:
    """Of their periods; where one names none, of the days on which they were written."""
    apart = _days_apart(one, other)
    if one.event:
        return Relation.SAME
    if one.period is not None and other.period is not None:
        if one.stock and one.period.last and other.period.last:
            near = abs((one.period.last - other.period.last).days) <= SAME_DAYS
            return Relation.SAME if near else Relation.DIFFERENT
        return relate(one.period, other.period)
    if one.stock:
        dated = next((claim for claim in (one, other) if claim.period), None)
        last = dated.period.last if dated and dated.period else None
        told = next((claim.told for claim in (one, other) if not claim.period), None)
        if last and told:
            # a backlog at the end of June is told for weeks
            return Relation.UNKNOWN if abs((told - last).days) <= 2 * SAME_SEASON_DAYS else Relation.DIFFERENT
        return Relation.UNKNOWN
    return Relation.UNKNOWN if apart is not None and apart <= SAME_SEASON_DAYS else Relation.DIFFERENT


def has_moved_on(one: Claim, other: Claim) -> bool:
    """Whether it is true of a day, none is named by both, and the second was told too long after the first."""
    if not one.stock or (one.period is not None and other.period is not None):
        return False
    apart = _days_apart(one, other)
    return apart is not None and apart > SAME_DAYS


def _days_apart(one: Claim, other: Claim) -> int | None:
    return abs((other.told - one.told).days) if one.told and other.told else None


def other_parts(one: Claim, other: Claim) -> str:
    """What only one of them is of, where the other's sentence does not speak of it, either."""
    first = one.scope - other.scope - other.around
    second = other.scope - one.scope - one.around
    if one.measure == "market share" and not (one.scope and other.scope):
        # a share is of some market, said or not
        return ""
    parts = [" ".join(sorted(part)) or "the whole" for part in (first, second)]
    return f"{parts[0]} and {parts[1]}" if first or second else ""


def are_of_one_source(one: Document, other: Document) -> bool:
    """One publisher, or one company's filings."""
    publishers = [name_key(document.publisher or "") for document in (one, other)]
    if publishers[0] and publishers[0] == publishers[1]:
        return True
    filers = [document.filing.cik if document.filing else None for document in (one, other)]
    return bool(filers[0] and filers[0] == filers[1])
