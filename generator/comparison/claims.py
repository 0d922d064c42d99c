"""What quotes claim: who or what, which measure of it, what value, of which period, and who stands behind it. Pure.

A claim is read by code from one sentence of a quote: a number and what it counts, a direction, or a plain statement
that something is or is not so. Nothing is inferred from other sentences but whom `it` means.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evidence.corpus.values import Document
from evidence.generator.comparison.scopes import label_scope, scope_of
from evidence.generator.comparison.statements import Clause, Stance, Statement, read_statements
from evidence.generator.reading.claim_words import BEFORE, DIRECTION, NEGATION, PLAIN, RATE, REVISED
from evidence.generator.reading.measures import EVENTS, IN_PERCENT, STOCKS, Head, find_heads, head_of
from evidence.generator.reading.names import Names
from evidence.generator.reading.period_words import find_periods
from evidence.generator.reading.periods import Period
from evidence.generator.reading.quantities import Quantity, find_quantities
from evidence.generator.values import Finding
from evidence.indexer.words import FUNCTION_WORDS, index_words

GAP = " | "
# A statement that is or is not so is compared with one of at least this many words.
LEAST_WORDS = 4


class Kind(StrEnum):
    """What its value is. Only claims of one kind are compared."""

    LEVEL = "level"
    GROWTH = "growth"
    CHANGE = "change"
    SHARE = "share"
    TIME = "time"
    DIRECTION = "direction"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Value:
    """What is claimed: `low` to `high` of a number or a range; `direction` is 1, 0 or -1.

    `per` is the unit of time of a rate, `basis` what a change is counted from.
    """

    text: str
    kind: Kind
    low: Quantity | None = None
    high: Quantity | None = None
    direction: int | None = None
    per: str = ""
    basis: str = ""

    @property
    def is_point(self) -> bool:
        """Whether it is one number and no range."""
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of quote number `quote` of a finding.

    `subject` holds the keys of every form of its name, `name` how it was written; both are empty where nobody is
    named. `names` are the keys of all names in its sentence. `measure` is a measure's name, or empty where `words`,
    the stems of its clause, must tell; `around` are those of the sentence and of its title. `told` is the
    day of writing; `taken_back` are numbers that its sentence says were so before, or are not so.
    """

    finding: int
    quote: int
    document: Document
    value: Value
    measure: str
    name: str
    subject: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]
    around: frozenset[str]
    scope: frozenset[str]
    stance: Stance
    told: date | None
    period: Period | None
    revised: bool
    taken_back: tuple[Quantity, ...] = ()

    @property
    def stock(self) -> bool:
        """Whether it is true of a day, so that another day may have another value."""
        return self.measure in STOCKS

    @property
    def event(self) -> bool:
        """Whether it is of something that happened, whenever it is told."""
        return self.measure in EVENTS


_AGO = re.compile(r"\s*(?:ago|earlier|later|before|after|old|into|away|from now)\b|-(?:old|long)\b", re.IGNORECASE)
_SPAN_OF_TIME = re.compile(
    r"\b(?:past|last|next|first|coming|previous|every|within|another|prior)\s$", re.IGNORECASE
)
# `two people close to it said`: who tells is not what is told.
_TELLERS = re.compile(
    r"\s+(?:[\w-]+ ){1,6}?(?:said|say|says|told|reported|report|confirmed|with knowledge|familiar)\b", re.IGNORECASE
)
_OF_WHOLE = re.compile(
    r"\s*of (?:the|its|their|all|total|our|his|her|revenue|sales|group|global|world)\b", re.IGNORECASE
)
_YEAR_ON_YEAR = re.compile(
    r"year[- ](?:on|over)[- ]year|from (?:a|one) year (?:earlier|ago|before)|a year (?:earlier|ago)|"
    r"\by/y\b|\byoy\b|"
    r"(?:from|than|over|against|on) (?:the )?(?:same|prior[- ]year|year-ago|year-earlier|last year|previous year)",
    re.IGNORECASE,
)
_QUARTER_ON_QUARTER = re.compile(
    r"quarter[- ](?:on|over)[- ]quarter|sequential(?:ly)?|\bq/q\b|\bqoq\b|"
    r"(?:from|than|over|against|on) (?:the )?(?:previous|prior|preceding|last|first|second|third|fourth) quarter",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby (?:about |around |roughly |some |nearly |as much as |more than |up to )?$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:-|–|—|to|and)\s*", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:\w+\s)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s$", re.IGNORECASE)


def find_claims(finding: Finding, names: Names) -> list[Claim]:
    """The claims of a finding's quotes, in their order."""
    claims = []
    for number, quote in enumerate(finding.quotes):
        revised = bool(REVISED.search(quote.text)) or (finding.document.form or "").endswith("/A")
        for statement in read_statements(finding.document, quote, names):
            read = _table_values if GAP in statement.text else _prose_values
            for clause, head, value in read(statement):
                claim = _claim(finding.number, number, statement, clause, head, value, revised)
                if value.kind is not Kind.STATEMENT or (claim.subject and len(claim.words) >= LEAST_WORDS):
                    claims.append(claim)
    return claims


_Read = Iterator[tuple[Clause, Head | None, Value]]


def _prose_values(statement: Statement) -> _Read:
    """Every number, every direction of a clause without one, and a sentence that has neither as it is."""
    text = statement.text
    quantities = find_quantities(text, statement.told)
    numbered: set[Clause] = set()
    for low, high in _ranges(quantities, text):
        clause = statement.clause(low.start)
        if not _is_past(text, clause, low, high):
            numbered.add(clause)
            head = head_of(text, clause, low.start, high.end)
            yield clause, head, _number(text, clause, head, low, high)
    for match in DIRECTION.finditer(text):
        clause = statement.clause(match.start())
        heads = [head for head in find_heads(text, *clause) if head.measure not in EVENTS]
        if clause not in numbered and heads and not NEGATION.search(text, *clause):
            numbered.add(clause)
            head = min(heads, key=lambda h: (h.end > match.start(), abs(h.end - match.start())))
            yield clause, head, Value(match[0], Kind.DIRECTION, direction=_way(match), basis=_basis(text))
    if not numbered:
        denied = NEGATION.search(text)
        yield (0, len(text)), None, Value(text, Kind.STATEMENT, direction=-1 if denied else 1)


def _ranges(quantities: Sequence[Quantity], text: str) -> list[tuple[Quantity, Quantity]]:
    """Each number by itself, or the two ends of a range."""
    found: list[tuple[Quantity, Quantity]] = []
    for quantity in quantities:
        low, high = found[-1] if found else (quantity, quantity)
        if found and low is high and _is_range(low, quantity, text):
            found[-1] = (low, quantity)
        else:
            found.append((quantity, quantity))
    return found


def _is_range(low: Quantity, high: Quantity, text: str) -> bool:
    """`rose from 12 to 14` is none, and `12 and 14` only where something is between them."""
    joint, before = text[low.end : high.start], text[: low.start]
    if not _JOINED.fullmatch(joint) or low.amount >= high.amount or _FROM.search(before):
        return False
    between = "and" not in joint or bool(_BETWEEN.search(before))
    return between and (low.unit, low.currency) == (high.unit, high.currency)


def _is_past(text: str, clause: Clause, low: Quantity, high: Quantity) -> bool:
    """Whether it is what was before, who tells, or a stretch of time that nothing is measured by."""
    if BEFORE.search(text[: low.start]):
        return True
    before, after = text[clause[0] : low.start], text[high.end :]
    if _TELLERS.match(after):
        return True
    return low.days is not None and bool(_AGO.match(after) or _SPAN_OF_TIME.search(before))


def _number(text: str, clause: Clause, head: Head | None, low: Quantity, high: Quantity) -> Value:
    before, after = text[clause[0] : low.start], text[high.end : clause[1]]
    kind = _kind(head.measure if head else "", low, before, text[high.end :])
    near = min(DIRECTION.finditer(text, *clause), key=lambda m: abs(m.start() - low.start), default=None)
    rate = RATE.match(after)
    return Value(
        text=text[low.start : high.end],
        kind=kind,
        low=low,
        high=high,
        direction=_way(near) if near and kind is Kind.GROWTH else None,
        per=_per(rate) if rate and kind is Kind.LEVEL else "",
        basis=_basis(text) if kind in {Kind.GROWTH, Kind.CHANGE} else "",
    )


def _kind(measure: str, value: Quantity, before: str, after: str) -> Kind:
    if value.unit == "points":
        return Kind.CHANGE
    if value.unit == "%":
        if measure in IN_PERCENT:
            return Kind.LEVEL
        return Kind.SHARE if _OF_WHOLE.match(after) else Kind.GROWTH
    if value.unit == "times":
        return Kind.GROWTH
    if value.days is not None and measure != "lead time":
        return Kind.TIME
    return Kind.CHANGE if _BY.search(before) and DIRECTION.search(before) else Kind.LEVEL


def _way(match: re.Match[str]) -> int:
    return 1 if match["up"] else -1 if match["down"] else 0


_ADVERBS = {"daily": "day", "annually": "year"}


def _per(rate: re.Match[str]) -> str:
    adverb = (rate["adverb"] or "").lower()
    return (rate["per"] or "").lower() or _ADVERBS.get(adverb) or adverb.removesuffix("ly")


def _basis(text: str) -> str:
    if _YEAR_ON_YEAR.search(text):
        return "year on year"
    return "quarter on quarter" if _QUARTER_ON_QUARTER.search(text) else ""


def _table_values(statement: Statement) -> _Read:
    """Figures of a table's line: the label is the measure, the column's header the period."""
    text = statement.text
    label = text.partition(GAP)[0]
    head = next(iter(reversed(find_heads(label))), None)
    for quantity in find_quantities(text, statement.told):
        if quantity.start > len(label):
            shared = quantity.unit == "%" and (head is None or head.measure not in IN_PERCENT)
            cell = (text.rfind(GAP, 0, quantity.start) + len(GAP), quantity.start)
            figure = text[quantity.start : quantity.end]
            yield cell, head, Value(figure, Kind.SHARE if shared else Kind.LEVEL, quantity, quantity)


def _claim(
    finding: int, quote: int, statement: Statement, clause: Clause, head: Head | None, value: Value, revised: bool
) -> Claim:
    text, document = statement.text, statement.document
    measure = head.measure if head else ""
    table = GAP in text
    name = document.company or statement.subject(clause, head) if table else statement.subject(clause, head)
    label = text.partition(GAP)[0]
    scope = (
        label_scope(statement, label, head)
        if table
        else scope_of(statement, clause, head, name, value.high.end if value.high else clause[1])
    )
    subject = statement.keys(name)
    if measure == "market size":
        # a market has no name but what is sold in it
        name, subject, scope = " ".join(sorted(scope)), scope, frozenset()
    announced = measure in EVENTS or value.kind is Kind.STATEMENT
    return Claim(
        finding=finding,
        quote=quote,
        document=document,
        value=value,
        measure=measure,
        name=name,
        subject=subject,
        names=frozenset(key for known in statement.names for key in statement.keys(known.text)),
        words=frozenset(index_words(label)) if table else _content(statement, clause, name),
        around=frozenset(index_words(f"{document.title or ''} {text}")),
        scope=scope,
        stance=Stance.FACT if table else statement.stance(clause, name, announced=announced),
        told=statement.told,
        period=_period(statement, clause, value.low.start if value.low else head.start if head else 0, measure),
        revised=revised,
        taken_back=tuple(q for q in find_quantities(text, statement.told) if BEFORE.search(text[: q.start])),
    )


def _content(statement: Statement, clause: Clause, name: str) -> frozenset[str]:
    """Stems of what a clause is about, without its subject, numbers, periods and function words."""
    text = statement.text[slice(*clause)]
    for period in statement.periods:
        text = text.replace(statement.text[period.start : period.end], " ")
    words = [word.lower() for word in re.findall(r"[^\W\d_][\w&'’-]*", text)]
    kept = {stem for word in words if word not in FUNCTION_WORDS | PLAIN for stem in index_words(word)}
    return frozenset(stem for stem in kept - set(index_words(name)) if not stem.isdigit())


def _period(statement: Statement, clause: Clause, at: int, measure: str) -> Period | None:
    """The nearest of the clause, else of the sentence, else the title's; a flow is of no day, an event of none."""
    if measure in EVENTS:
        return None
    known = [p for p in statement.periods if p.last is not None or p.year is not None]
    fitting = [p for p in known if p.unit != "day" or measure in STOCKS]
    inside = [p for p in fitting if clause[0] <= p.start < clause[1]]
    nearest = sorted(inside or fitting, key=lambda p: (min(abs(p.start - at), abs(p.end - at)), p.start))
    if nearest or GAP in statement.text or measure in STOCKS:
        return nearest[0] if nearest else None
    titled = find_periods(statement.document.title or "", statement.told)
    return next((p for p in titled if p.unit != "day" and p.last is not None), None)
