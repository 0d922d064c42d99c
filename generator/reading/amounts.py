"""The amounts of a text, each with its unit, scale and bound, and when one bears another out. Pure.

`$1.54 billion`, `US$1,540 million` and `1.54bn dollars` are one amount; 12 % is not 12 points, and `more than 12`
is not 12. An amount may be said with fewer digits than it was quoted with, where it is rounded rightly.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from evidence.generator.reading.number_words import find_number_words
from evidence.generator.reading.wordings import alike
from evidence.indexer.words import FUNCTION_WORDS, index_word, raw_words

# Rounding keeps this many digits: $1.5 billion may stand for $1,540 million, $2 billion may not.
MIN_DIGITS = 2
# How far `about`, `nearly` and `more than` reach.
_ABOUT = Decimal("0.05")
_BOUND = Decimal("0.10")
# A counted thing stands within so many words behind its number: 16 thermocompression bonders.
_COUNTED_WORDS = 4

_CURRENCIES = {
    "USD": "US$ U$S $ usd dollar dollars",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp sterling",
    "JPY": "¥ jpy yen",
    "CNY": "cny rmb yuan renminbi",
    "KRW": "₩ krw won",
    "INR": "₹ inr rupee rupees",
    "CHF": "chf franc francs",
    "CAD": "C$ CA$ cad",
    "AUD": "A$ AU$ aud",
    "HKD": "HK$ hkd",
    "TWD": "NT$ twd",
    "SGD": "S$ sgd",
}
_CURRENCY = {form.casefold(): code for code, forms in _CURRENCIES.items() for form in forms.split()}
_SIGNS = "|".join(re.escape(form) for form in sorted(_CURRENCY, key=len, reverse=True) if not form.isalpha())
_CODES = "|".join(code for code in _CURRENCIES) + "|RMB"
_MONEY_WORDS = "|".join(sorted((form for form in _CURRENCY if form.isalpha()), key=len, reverse=True))

_SCALES = {
    "thousand": 3,
    "k": 3,
    "million": 6,
    "mln": 6,
    "mn": 6,
    "mm": 6,
    "m": 6,
    "billion": 9,
    "bln": 9,
    "bn": 9,
    "b": 9,
    "trillion": 12,
    "trn": 12,
    "tn": 12,
    "t": 12,
}
_LONG_SCALE = r"thousand|million|billion|trillion|mln|bln|bn|trn"
# of five metres nobody means five million: short scales need a currency, or no blank and a B or K
_SHORT_SCALE = r"mn|mm|m|tn|b|k|t"

_UNITS = {
    "%": "% percent pct prozent",
    "second": "second seconds sec secs",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "quarter": "quarter quarters",
    "year": "year years yr yrs",
    "decade": "decade decades",
    "mile": "mile miles",
    "km": "km kilometer kilometers kilometre kilometres",
    "metre": "meter meters metre metres",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "mm": "millimeter millimeters millimetre millimetres",
    "nm": "nm nanometer nanometers nanometre nanometres",
    "kg": "kg kilogram kilograms",
    "ton": "ton tons tonne tonnes",
    "ounce": "ounce ounces oz",
    "barrel": "barrel barrels bbl",
    "gallon": "gallon gallons",
    "litre": "liter liters litre litres",
    "mw": "mw megawatt megawatts",
    "gw": "gw gigawatt gigawatts",
    "kwh": "kwh",
    "degree": "degree degrees °",
    "mph": "mph",
    "cent": "cent cents",
    "pound": "pound pounds lb lbs",
}
_UNIT = {form: unit for unit, forms in _UNITS.items() for form in forms.split()}
_UNIT_WORDS = "|".join(sorted((re.escape(f) for f in _UNIT if f not in "%°"), key=len, reverse=True))

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?|\.\d+"
# A number that letters or a hyphen behind letters lead is a part of a name: Covid-19, GPT-4, A380.
_FREE = r"(?<![A-Za-z_])(?<![A-Za-z][-–])(?<!\d)(?<!\d[.,])(?<![A-Za-z]\.)"
_AMOUNT = re.compile(
    rf"(?P<negative>(?<![\w.)])[-−](?=[$€£¥\d])|\((?=[$€£¥]?\s?[\d.,]+\s?%?\)))?"
    rf"(?P<before>(?:{_SIGNS}|\b(?:{_CODES}))\s?)?{_FREE}(?P<number>{_NUMBER})(?![\d])"
    rf"(?P<percent>\s?%|[\s-]?per\s?cent\b(?!age)|[\s-](?:percent|pct|prozent)\b)?"
    rf"(?P<points>[\s-](?:percentage|basis)[\s-]points?\b|\s?(?:bps?|ppts?|pp)\b|[\s-]points?\b)?"
    rf"(?:[\s-]?(?P<long>{_LONG_SCALE})\b|(?P<short>\s?(?:{_SHORT_SCALE}))\b)?"
    rf"(?:[\s-]?(?:U\.?S\.?\s)?(?P<money>{_MONEY_WORDS})\b)?",
    re.IGNORECASE,
)
_UNIT_BEHIND = re.compile(
    rf"[\s-]{{0,2}}(?P<power>(?:square|cubic|nautical|light)[\s-])?(?P<unit>(?:{_UNIT_WORDS})\b|°)", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:-|–|—|\bto\b|\band\b|\bor\b)\s*", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[(]|[.;:!?)](?:\s|$)|,\s|\s[–—-]\s|\n")

_BOUNDS = (
    (
        "above",
        r"more than|over|above|at least|exceed(?:s|ed|ing)?|greater than|upwards? of|in excess of|not less than|"
        r"no (?:less|fewer) than|topp(?:ed|ing)|surpass(?:ed|es|ing)?",
    ),
    (
        "below",
        r"less than|fewer than|under|below|at most|up to|as (?:much|many) as|no more than|not more than|nearly|"
        r"almost|just shy of|close to|as little as",
    ),
    ("about", r"about|around|roughly|approximately|some|an estimated|estimated|circa|ca\.|c\.|~|near|just"),
)
_BOUND_BEFORE = re.compile(
    r"(?:"
    + "|".join(
        rf"(?P<{name}>\b(?:{forms})|~)" if name == "about" else rf"(?P<{name}>\b(?:{forms}))"
        for name, forms in _BOUNDS
    )
    + r")\s*(?:a |an |the )?$",
    re.IGNORECASE,
)
_BOUND_BEHIND = re.compile(
    r"\s*(?:(?P<above>or (?:more|higher|above|greater)|\+|plus\b)|(?P<below>or (?:less|fewer|lower|below)))",
    re.IGNORECASE,
)
# Section 3 and Exhibit 4.1 count nothing.
_LABEL = re.compile(r"\b[A-Z][\w.]*\s$")
_TABLE_SCALE = re.compile(
    r"\bin (thousands|millions|billions)\b|\((?:dollars? in |\$ in )?(thousands|millions|billions)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount where it stands.

    `unit` is a currency, `%`, `points`, `times`, `ordinal`, a measure, or empty for what is only counted; `counted`
    are the stems behind such a number. `step` is what one more in its last written digit is worth. A `bare` one has
    neither unit nor scale, as the cells of a table have.
    """

    start: int
    end: int
    value: Decimal
    step: Decimal
    digits: int
    unit: str = ""
    bound: str = ""
    counted: tuple[str, ...] = ()
    negative: bool = False
    bare: bool = False
    scale: Decimal = Decimal(1)


def find_amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """The amounts of a text in order, apart from what is `taken` by its dates."""
    found = [_amount(text, match) for match in _AMOUNT.finditer(text)]
    spans = [*taken, *((amount.start, amount.end) for amount in found)]
    for word in find_number_words(text):
        if not _overlaps((word.start, word.end), spans):
            found.append(_from_words(text, word.start, word.end, word.value, word.kind))
    free = [amount for amount in found if not _overlaps((amount.start, amount.end), taken)]
    return _share(text, sorted(free, key=lambda amount: amount.start))


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _amount(text: str, match: re.Match[str]) -> Amount:
    number = match["number"]
    value, step = _decimal(number)
    start, end = match.start("before") if match["before"] else match.start("number"), match.end()
    before = (match["before"] or "").strip().casefold()
    unit = "CNY" if before == "rmb" else _CURRENCY.get(before, "")
    scale = match["long"] or ""
    if match["short"]:
        short = match["short"]
        attached = not short[0].isspace()
        if unit or (attached and short in {"B", "K", "bn", "mn", "k"}) or match["money"]:
            scale = short.strip()
        else:
            end = match.end("points") if match["points"] else match.end("percent")
            end = end if end > 0 else match.end("number")
    power = Decimal(10) ** _SCALES.get(scale.casefold(), 0)
    if match["points"]:
        unit = "points"
        if "bas" in match["points"].casefold() or match["points"].strip().casefold() in {"bp", "bps"}:
            power = Decimal("0.01")
    elif match["percent"]:
        unit = "%"
    elif match["money"] and end == match.end():
        unit = unit or _CURRENCY[match["money"].casefold()]
    plain = Amount(start, end, value * power, step * power, _digits(number), unit)
    amount = _with_unit(text, plain)
    return replace(
        amount,
        bound=_bound(text, start, amount.end),
        negative=match["negative"] is not None,
        counted=()
        if amount.unit or _LABEL.search(text[max(0, start - 16) : start])
        else _counted(text, amount.end),
        bare=not amount.unit and not scale,
        scale=power if scale else Decimal(1),
    )


def _with_unit(text: str, amount: Amount) -> Amount:
    behind = _UNIT_BEHIND.match(text, amount.end) if not amount.unit else None
    if behind is None:
        return amount
    unit = (behind["power"] or "").casefold().replace("-", " ") + _UNIT[behind["unit"].casefold()]
    if unit == "cent":
        return replace(amount, end=behind.end(), unit="USD", value=amount.value / 100, step=amount.step / 100)
    return replace(amount, end=behind.end(), unit="GBP" if unit == "pound" and amount.step > 999 else unit)


def _from_words(text: str, start: int, end: int, value: Decimal, kind: str) -> Amount:
    step = Decimal(1) if value == value.to_integral() else Decimal("0.01")
    amount = Amount(start, end, value, step, 9, kind)
    percent = re.compile(r"[\s-]*(?:per\s?cent(age)?|percent(age)?)([\s-]points?)?\b", re.IGNORECASE).match(
        text, end
    )
    if percent and not kind:
        points = percent[1] or percent[2]
        return replace(amount, end=percent.end(), unit="points" if points else "%", bound=_bound(text, start, end))
    money = re.compile(rf"[\s-](?:U\.?S\.?\s)?({_MONEY_WORDS})\b", re.IGNORECASE).match(text, end)
    if money and not kind:
        return replace(amount, end=money.end(), unit=_CURRENCY[money[1].casefold()], bound=_bound(text, start, end))
    if not kind:
        amount = _with_unit(text, amount)
    counted = _counted(text, amount.end) if not amount.unit else ()
    return replace(amount, bound=_bound(text, start, amount.end), counted=counted)


def _decimal(number: str) -> tuple[Decimal, Decimal]:
    """Its value and the place of its last digit; a comma parts thousands, or decimals where it cannot."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", number):
        number = number.replace(".", "")
    elif re.fullmatch(r"\d+,\d{1,2}", number):
        number = number.replace(",", ".")
    value = Decimal(number.replace(",", ""))
    exponent = value.as_tuple().exponent
    return value, Decimal(10) ** (exponent if isinstance(exponent, int) else 0)


def _digits(number: str) -> int:
    """Significant ones; zeros at the end of a whole number say nothing of how it was rounded."""
    digits = re.sub(r"\D", "", number).lstrip("0")
    return len(digits) if "." in number else len(digits.rstrip("0")) or 1


def _bound(text: str, start: int, end: int) -> str:
    for match in (_BOUND_BEFORE.search(text[max(0, start - 24) : start]), _BOUND_BEHIND.match(text, end)):
        if match is not None:
            return next(name for name, given in match.groupdict().items() if given)
    return ""


def _counted(text: str, end: int) -> tuple[str, ...]:
    stop = _CLAUSE_END.search(text, end)
    words = raw_words(text[end : stop.start() if stop else end + 80][:80])
    stems = [index_word(word) for word in words if word not in FUNCTION_WORDS and not word[0].isdigit()]
    return tuple(stems[:_COUNTED_WORDS])


def _share(text: str, found: list[Amount]) -> list[Amount]:
    """`30 to 32 weeks`, `$1.2-1.4 billion`, `between 5 and 7 %`: the first has the unit and scale of the last."""
    for number in reversed(range(len(found) - 1)):
        first, last = found[number], found[number + 1]
        if not _JOINED.fullmatch(text[first.end : last.start]):
            continue
        if first.bare and not first.unit and last.unit and last.unit not in {"ordinal", "times"}:
            scale = last.scale
            found[number] = replace(
                first, unit=last.unit, value=first.value * scale, step=first.step * scale, counted=(), bare=False
            )
        elif first.unit.isupper() and not last.unit and not last.bare:
            scale = last.scale
            found[number] = replace(first, value=first.value * scale, step=first.step * scale)
            found[number + 1] = replace(last, unit=first.unit, counted=())
        elif first.bare and not last.unit:
            found[number] = replace(first, counted=first.counted or last.counted)
        elif not last.unit and first.unit and last.bare and not last.counted:
            found[number + 1] = replace(last, unit=first.unit, counted=(), bare=False)
    return found


def table_scale(text: str) -> Decimal | None:
    """What a table's numbers count by its own word: `(in millions)`."""
    match = _TABLE_SCALE.search(text)
    word = match and (match[1] or match[2]).casefold()
    return Decimal(10) ** {"thousands": 3, "millions": 6, "billions": 9}[word] if word else None


def bears(quoted: Amount, said: Amount, scale: Decimal | None = None) -> bool:
    """Whether what was quoted bears out what is said; `scale` is that of a table that the quote is a part of."""
    if said.negative and not quoted.negative:
        return False
    if scale is not None and quoted.bare and said.unit.isupper() and _near(quoted, said, scale):
        return True
    return _same_unit(quoted, said) and _near(quoted, said, Decimal(1))


def _same_unit(quoted: Amount, said: Amount) -> bool:
    if quoted.unit != said.unit:
        return False
    if said.unit or not (said.counted and quoted.counted):
        return True
    # a modifier may be left out, and none is added: 16 bonders for 16 thermocompression bonders
    return not alike(said.counted[0]).isdisjoint(quoted.counted) or quoted.counted[0] in said.counted


def _near(quoted: Amount, said: Amount, scale: Decimal) -> bool:
    value, reach = quoted.value * scale, abs(said.value - quoted.value * scale)
    if said.bound == "above":
        return (quoted.bound == "above" and reach == 0) or (
            quoted.bound != "below" and 0 < value - said.value <= _BOUND * value
        )
    if said.bound == "below":
        return (quoted.bound in {"below", "about"} and reach == 0) or (
            quoted.bound != "above" and 0 < said.value - value <= _BOUND * value
        )
    if quoted.bound in {"above", "below"} and said.bound != "about":
        return False
    if said.bound == "about":
        return reach == 0 or (said.digits < quoted.digits and reach <= _ABOUT * value)
    return reach == 0 or (said.digits >= MIN_DIGITS and said.step > quoted.step * scale and 2 * reach <= said.step)
