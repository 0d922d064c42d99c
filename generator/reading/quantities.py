"""Numbers with what they count: amount, unit, scale and currency, as a text writes them. Pure; English.

`$1.54 billion`, `1,540 million dollars`, `EUR 12bn`, `12 %`, `40 basis points`, `nine weeks`, `(1,234)`, and
figures of a table whose line ends with its scale, `(In millions)`. Days and periods are none, nor are numbers
inside names (`H100`, `10-Q`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from evidence.generator.reading.period_words import find_periods
from evidence.generator.reading.units import (
    DAYS,
    NAMED,
    ONE,
    PERCENT,
    POINTS,
    QUANTITY,
    SCALES,
    SIGNS,
    SPELT,
    SPELT_QUANTITY,
    TIMES,
)

# A number glued to letters names a thing: H100, 5nm, 3D; so does one behind a hyphen or before one and a letter.
_NAME_GOES_ON = re.compile(r"[^\W\d_]|-[A-Z]|['’]s\b|/\d")
_ABOUT = re.compile(
    r"(?:\babout|\baround|\broughly|\bapproximately|\bapprox\.?|\bnearly|\balmost|\bsome|\bcirca|\bca\.?|"
    r"\bclose to|~|\bjust (?:over|under|above|below|shy of)|\bin the region of|\ban estimated)\s*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\bmore than|\bover|\bat least|\babove|\bin excess of|\bupwards? of|\bexceed(?:s|ed|ing)?|\btopp(?:ed|ing))"
    r"\s*$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:\bless than|\bfewer than|\bup to|\bat most|\bunder|\bbelow|\bas (?:much|many) as|\bno more than)\s*$",
    re.IGNORECASE,
)
_OR_SO = re.compile(r"\s*(?:or so|\+)(?!\w)", re.IGNORECASE)
_REACH = 24
_NUMBERED = re.compile(
    r"\b(?:Item|Note|Part|Exhibit|Section|Chapter|Page|No\.?|Figure|Phase|Level|Building)s?\s"
    r"(?:\d{1,3}(?:, and |, | and | or |-))*$"
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|and|or)\s*", re.IGNORECASE)
_TABLE_SCALE = re.compile(
    r"\((?P<currency>[^()]*?)\bin (?P<scale>thousand|million|billion)s?\b(?P<rest>[^()]*)\)", re.IGNORECASE
)
_PER_SHARE = re.compile(r"\bper\b[^|]{0,30}\b(?:share|unit)\b", re.IGNORECASE)
_TABLE_GAP = " | "

# What "about" may be away from what it stands for, as a share of it. "About 1.5 billion" is written of 1.46 and of
# 1.54, "nearly 950" of 940; one number in forty is the least that people round away.
_ABOUT_SHARE = Decimal("0.025")

Groups = dict[str, str | None]
# What nobody rounds away without saying so: 260 is not three hundred, nor is 1.54 billion 2 billion.
_ROUNDED_SHARE = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where a text writes it, characters `start` to `end`; `amount` has its scale multiplied in.

    `unit` is %, points (of a per cent: a hundred basis points are one), times, hour, day, week, month, quarter,
    year, or empty for money and for counts. `step` is what one more in the last digit written is worth: the number
    stands for all that round to it. `bound` is > or < where the text says more than or less than.
    """

    start: int
    end: int
    amount: Decimal
    unit: str = ""
    currency: str | None = None
    scale: Decimal = ONE
    step: Decimal = ONE
    approx: bool = False
    bound: str = ""

    @property
    def tolerance(self) -> Decimal:
        """How far what it stands for may be from its amount."""
        half = min(self.step / 2, abs(self.amount) * _ROUNDED_SHARE)
        return max(half, abs(self.amount) * _ABOUT_SHARE) if self.approx else half

    @property
    def days(self) -> Decimal | None:
        """A duration in days; None where it is none."""
        return self.amount * DAYS[self.unit] if self.unit in DAYS else None


def find_quantities(text: str, anchor: date | None = None) -> list[Quantity]:
    """The quantities of a text in order. `anchor`, the day of writing, helps to tell a day from a number."""
    periods = [(period.start, period.end) for period in find_periods(text, anchor or date(2000, 6, 30))]
    found: list[Quantity] = []
    for pattern, spelt in ((QUANTITY, False), (SPELT_QUANTITY, True)):
        for match in pattern.finditer(text):
            span = match.span("digits")
            if not _overlaps(span, periods) and not _overlaps(span, [(q.start, q.end) for q in found]):
                quantity = _read(match, text, spelt)
                if quantity is not None:
                    found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return _with_table_scale(_ranges_share_units(found, text), text)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether they count the same: per cents, one currency, days. A sum without a currency may be in any."""
    if (one.days is None) != (other.days is None):
        return False
    if one.days is None and one.unit != other.unit:
        return False
    return one.currency == other.currency or None in {one.currency, other.currency}


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether both can stand for one value: $1.54 billion, 1,540 million and about 1.5 billion do."""
    if not comparable(one, other):
        return False
    factor = (DAYS[one.unit], DAYS[other.unit]) if one.days is not None else (ONE, ONE)
    if one.unit == other.unit:
        factor = (ONE, ONE)
    gap = one.amount * factor[0] - other.amount * factor[1]
    slack = max(one.tolerance * factor[0], other.tolerance * factor[1])
    if abs(gap) <= slack:
        return True
    # more than 1.5 billion is borne out by 1.6, and so is less than 1.6 by 1.5
    wide = Decimal("0.1") * max(abs(one.amount * factor[0]), abs(other.amount * factor[1]))
    higher = one.bound == "<" or other.bound == ">"
    lower = one.bound == ">" or other.bound == "<"
    return abs(gap) <= wide and ((higher and gap > 0) or (lower and gap < 0))


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


_SAID = ("currency", "short", "scale", "points", "percent", "times", "time", "cents", "code", "named")


def _read(match: re.Match[str], text: str, spelt: bool) -> Quantity | None:
    groups = {"short": None, "currency": None, "sign": None, "inner": None, **match.groupdict()}
    after = text[match.end() :]
    if not any(groups[name] for name in _SAID):
        names = match["digits"].lower() in {"one", "zero"} if spelt else bool(_NAME_GOES_ON.match(after))
        if names or _is_marker(match, text):
            return None
    digits = str(_spelt(match["digits"])) if spelt else match["digits"].replace(",", "")
    scale = SCALES.get((groups["short"] or groups["scale"] or "").lower(), ONE)
    unit, worth = _unit(groups)
    start = match.start("currency") if groups["currency"] else match.start("digits")
    before = text[max(0, start - _REACH) : start]
    approx = bool(_ABOUT.search(before) or _OR_SO.match(after))
    sign = -1 if _is_negative(groups, match, text) else 1
    return Quantity(
        start,
        match.end(),
        sign * Decimal(digits) * scale * worth,
        unit,
        _currency(groups),
        scale,
        _step(digits, approx) * scale * worth,
        approx,
        ">" if _AT_LEAST.search(before) else "<" if _AT_MOST.search(before) else "",
    )


def _step(digits: str, approx: bool) -> Decimal:
    """The worth of the last digit; of a whole number that is rounded, of the last that is no nought."""
    whole, _, decimals = digits.partition(".")
    noughts = len(whole) - len(whole.rstrip("0")) if approx and not decimals and int(whole) else 0
    return Decimal(10) ** (noughts - len(decimals))


def _is_marker(match: re.Match[str], text: str) -> bool:
    """The number of a note, a list or a chapter, which counts nothing: `(2)`, `Item 7`, `Notes 1, 10 and 13`."""
    before, after = text[: match.start("digits")], text[match.end("digits") :]
    return bool(_NUMBERED.search(before)) or (
        before.endswith("(") and after.startswith(")") and len(match["digits"]) < 3
    )


def _is_negative(groups: Groups, match: re.Match[str], text: str) -> bool:
    sign, inner = (groups["sign"] or ""), (groups["inner"] or "").strip()
    if "(" in sign + inner:
        # brackets mean less than nothing in a table's cell alone
        cell = text[: match.start()].rstrip().endswith((":", "|")) or not text[: match.start()].strip()
        return cell and text[match.end() :].lstrip(" %").startswith(")")
    before = text[match.start() - 1 : match.start()]
    # a dash behind a word or a number joins; behind a blank it is a sign
    return inner in {"-", "−"} or (sign in {"-", "−"} and not before.isalnum())


def _currency(groups: Groups) -> str | None:
    sign = (groups.get("currency") or "").rstrip(".").lower()
    if sign:
        return SIGNS.get(sign) or sign.upper()
    if groups.get("code"):
        return (groups["code"] or "").upper()
    return NAMED[(groups["named"] or "").lower()] if groups.get("named") else None


def _unit(groups: Groups) -> tuple[str, Decimal]:
    """The unit, and what one of it is worth in it."""
    if points := groups["points"]:
        basis = points.lower().startswith(("basis", "bps"))
        return POINTS, Decimal("0.01") if basis else ONE
    if groups["percent"]:
        return PERCENT, ONE
    if groups["times"]:
        return TIMES, ONE
    if groups["cents"]:
        return "", Decimal("0.01")
    return (groups["time"] or "").lower(), ONE


def _spelt(text: str) -> int:
    return sum(SPELT[word] for word in re.split(r"[- ]", text.lower()))


def _ranges_share_units(found: list[Quantity], text: str) -> list[Quantity]:
    """`30 to 35 weeks` and `$1.5-1.6 billion`: what stands once in a range is meant of both its ends."""
    for at in range(len(found) - 1, 0, -1):
        low, high = found[at - 1], found[at]
        if not _RANGE.fullmatch(text, low.end, high.start):
            continue
        if not low.unit and high.unit and (low.currency is None):
            low = replace(low, unit=high.unit)
        if low.scale == 1 and high.scale != 1 and abs(low.amount) < 1000 and low.unit == high.unit:
            low = replace(low, scale=high.scale, amount=low.amount * high.scale, step=low.step * high.scale)
        found[at - 1] = replace(low, currency=low.currency or (high.currency if low.unit == high.unit else None))
        if high.currency is None and found[at - 1].currency and high.unit == low.unit:
            found[at] = replace(high, currency=found[at - 1].currency)
    return found


def _with_table_scale(found: list[Quantity], text: str) -> list[Quantity]:
    """Figures of a table's line have the scale that the line ends with, but for per cents and what is per share."""
    return [_scaled(quantity, text) for quantity in found]


def _scaled(quantity: Quantity, text: str) -> Quantity:
    start, end = text.rfind("\n", 0, quantity.start) + 1, text.find("\n", quantity.end)
    line = text[start : len(text) if end < 0 else end]
    scale = _TABLE_SCALE.search(line) if _TABLE_GAP in line else None
    if not scale or quantity.unit or quantity.scale != 1 or _PER_SHARE.search(line[: scale.start()]):
        return quantity
    factor = SCALES[scale["scale"].lower()]
    dollars = "$" in scale["currency"] or "dollar" in scale["currency"].lower()
    return replace(
        quantity,
        amount=quantity.amount * factor,
        step=quantity.step * factor,
        scale=factor,
        currency=quantity.currency or ("USD" if dollars else None),
    )
