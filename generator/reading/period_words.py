"""The periods and days that a text names, found in it. Pure; English; no clock.

`third quarter of fiscal 2025`, `3Q25`, `three months ended July 27, 2025`, `H1`, `FY24`, `August 2025`, `Aug. 4`,
`last quarter`. What is told from now (`last year`) or without its year (`the third quarter`) is read from the
anchor, the day on which it was written, where one is given.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from evidence.generator.reading.periods import MONTHS_IN, Period

MONTHS = "january february march april may june july august september october november december".split()
_MONTH_NUMBERS = {
    **{name: at for at, name in enumerate(MONTHS, start=1)},
    **{name[:3]: at for at, name in enumerate(MONTHS, start=1)},
    "sept": 9,
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
# Weeks and months of a statement's period to what it is called; a year of 53 weeks is a year.
_LENGTHS = {
    **dict.fromkeys(("three months", "3 months", "thirteen weeks", "13 weeks", "14 weeks"), "quarter"),
    **dict.fromkeys(("six months", "6 months", "twenty-six weeks", "26 weeks", "27 weeks"), "half"),
    **dict.fromkeys(("nine months", "9 months", "thirty-nine weeks", "39 weeks", "40 weeks"), "nine months"),
    **dict.fromkeys(("twelve months", "12 months", "fifty-two weeks", "52 weeks", "53 weeks"), "year"),
}

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_YEAR = r"(?:19[5-9]\d|20[0-9]\d)"
# 25, '25 and FY25 behind a quarter or FY
_SHORT_YEAR = rf"(?:{_YEAR}|['’]?\d\d(?!\d))"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, ?{_YEAR})?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?:,? {_YEAR})?)"
_WHEN = rf"(?:{_DAY}|(?:the end of |end-)?{_MONTH}(?:,? {_YEAR})?|\d{{4}}-\d\d-\d\d)"
_LENGTH = "|".join(length.replace(" ", "[ -]") for length in _LENGTHS)
_ORDINAL = "|".join(_ORDINALS)
_FISCAL = r"(?:fiscal|financial)"
_OF_YEAR = (
    rf"(?:,? (?:of |in |for )?(?:the |its |our )?(?P<fiscal>{_FISCAL}(?: year)?|FY ?|calendar(?: year)?|year)? ?"
    rf"(?P<year>{_YEAR}|(?<=FY)['’]?\d\d(?!\d)|(?<=FY )\d\d(?!\d)))?"
)


def find_periods(text: str, anchor: date | None = None) -> list[Period]:
    """The periods of a text in order; of those that overlap the one of the earlier pattern."""
    found: list[Period] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            period = read(match, anchor)
            if period is not None:
                found.append(period)
    return sorted(found, key=lambda period: period.start)


def _ended(match: re.Match[str], anchor: date | None) -> Period | None:
    length = " ".join(re.split(r"[ -]", (match["length"] or "").lower()))
    length = length.replace("thirty nine", "thirty-nine").replace("twenty six", "twenty-six")
    unit = _LENGTHS.get(length.replace("fifty two", "fifty-two")) or _unit(match["unit"] or "quarter")
    last = _read_day(match["when"], anchor, end_of_month=True)
    return Period(match.start(), match.end(), unit, last=last) if last else None


def _counted(match: re.Match[str], anchor: date | None) -> Period | None:
    groups = match.groupdict()
    number = _ORDINALS.get((groups["number"] or "").lower()) or int(groups["number"])
    return _of_year(match, _unit(groups["unit"]), number, anchor)


def _of_year(match: re.Match[str], unit: str, number: int, anchor: date | None) -> Period:
    groups = match.groupdict()
    fiscal = bool(re.search(r"\bfiscal|\bfinancial|FY", match[0]))
    year = groups.get("year") or groups.get("before")
    if year is None and anchor is None:
        return Period(match.start(), match.end(), unit, None, number, fiscal, stated=False)
    known = _full_year(year) if year else _nearest_year(unit, number, anchor or date.min)
    last = None if fiscal else _last_day(unit, known, number)
    return Period(match.start(), match.end(), unit, known, number, fiscal, last, stated=year is not None)


def _whole_year(match: re.Match[str], _: date | None) -> Period:
    fiscal = bool(re.search(r"fiscal|financial|FY", match[0]))
    year = _full_year(match["year"])
    last = None if fiscal else date(year, 12, 31)
    return Period(match.start(), match.end(), "year", year, None, fiscal, last)


def _month_quarter(match: re.Match[str], anchor: date | None) -> Period | None:
    month = _month(match["month"])
    if month is None or (match["year"] is None and anchor is None):
        return None
    year = int(match["year"]) if match["year"] else _nearest_year("month", month, anchor or date.min)
    return Period(match.start(), match.end(), "quarter", last=_last_day("month", year, month))


def _day(match: re.Match[str], anchor: date | None) -> Period | None:
    day = _read_day(match[0], anchor)
    return (
        None
        if day is None
        else Period(match.start(), match.end(), "day", last=day, stated=bool(re.search(r"\d{4}", match[0])))
    )


def _one_month(match: re.Match[str], anchor: date | None) -> Period | None:
    month = _month(match["month"])
    return _of_year(match, "month", month, anchor) if month else None


def _relative(match: re.Match[str], anchor: date | None) -> Period:
    unit = _unit(match["unit"])
    plain = Period(match.start(), match.end(), unit, stated=False)
    steps = _STEPS_FROM_NOW.get(match["which"].lower())
    if steps is None or anchor is None:
        return plain
    length = MONTHS_IN[unit]
    at = (anchor.year * 12 + anchor.month - 1) // length + steps
    year, number = at * length // 12, at * length % 12 // length + 1
    known = replace(plain, year=year, number=None if unit == "year" else number)
    return replace(known, last=_last_day(unit, year, number))


_STEPS_FROM_NOW = {
    **dict.fromkeys(("last", "previous", "prior"), -1),
    **dict.fromkeys(("this", "current"), 0),
    **dict.fromkeys(("next", "coming", "following"), 1),
}


def _unit(word: str) -> str:
    """A unit as it is written: Q, half, half-year, fiscal quarter."""
    word = word.lower().removeprefix("fiscal ").split("-")[0].split()[0]
    return next(
        (unit for unit in ("month", "quarter", "half", "year") if word[0] == unit[0] and word in unit), "quarter"
    )


def _full_year(text: str) -> int:
    digits = int(re.sub(r"\D", "", text))
    return digits if digits > 99 else 2000 + digits


def _month(text: str) -> int | None:
    return _MONTH_NUMBERS.get(text.rstrip(".").lower())


def _last_day(unit: str, year: int, number: int) -> date:
    month = min(12, number * MONTHS_IN[unit]) if unit != "year" else 12
    return date(year, month, monthrange(year, month)[1])


def _nearest_year(unit: str, number: int, anchor: date) -> int:
    """The year in which this quarter or month ends nearest to the day of writing."""
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    return min(years, key=lambda year: abs((_last_day(unit, year, number) - anchor).days))


_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def _read_day(text: str, anchor: date | None, *, end_of_month: bool = False) -> date | None:
    """A day as written; a month alone is its last day where the end of one is meant."""
    if iso := _ISO_DAY.fullmatch(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    word = re.search(_MONTH, text)
    month = _month(word[0]) if word else None
    if month is None:
        return None
    stated = re.search(rf"\b{_YEAR}\b", text)
    if stated is None and anchor is None:
        return None
    year = int(stated[0]) if stated else _nearest_year("month", month, anchor or date.min)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)
    if day is None:
        return _last_day("month", year, month) if end_of_month else None
    return _date(year, month, int(day[0]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_Read = Callable[[re.Match[str], date | None], Period | None]


def _patterns() -> Iterator[tuple[re.Pattern[str], _Read]]:
    """Longer forms first: what one has read is read by no other."""
    words = re.IGNORECASE
    yield (
        re.compile(
            rf"\b(?:(?P<length>{_LENGTH})|(?P<unit>(?:fiscal )?(?:quarter|half(?:[ -]year)?|year)))"
            rf",? (?:that )?(?:ended|ending|ends|to|through)(?: on| in)? (?P<when>(?-i:{_WHEN}))",
            words,
        ),
        _ended,
    )
    yield (
        re.compile(
            rf"\b(?:(?:fiscal |FY ?)?(?P<before>{_YEAR})(?:['’]s)? )?"
            rf"(?P<number>{_ORDINAL})[- ](?:{_FISCAL}[- ])?(?P<unit>quarter|half)(?:['’]s)?(?![- ]year\b)"
            rf"{_OF_YEAR}",
            words,
        ),
        _counted,
    )
    yield (
        re.compile(
            rf"(?<![\w-])(?:(?P<before>(?:FY ?['’]?\d\d|{_YEAR}))[ -]?)?(?P<unit>[QH])(?P<number>[1-4])(?![\d])"
            rf"(?:,?(?: of)? ?(?:FY|fiscal(?: year)?|CY)? ?(?P<year>{_SHORT_YEAR}))?(?![\w%])"
        ),
        _counted,
    )
    yield (
        re.compile(
            rf"(?<![\w.$-])(?P<number>[1-4])(?P<unit>[QH])(?: ?(?:FY|CY)? ?(?P<year>{_SHORT_YEAR}))?(?![\w%])"
        ),
        _counted,
    )
    yield (
        re.compile(rf"\b(?P<month>(?-i:{_MONTH}))[- ]quarter(?: of)?(?: (?P<year>{_YEAR}))?\b", words),
        _month_quarter,
    )
    yield re.compile(rf"(?<![\w.]){_DAY}(?![\w])|(?<![\d-])\d{{4}}-\d\d-\d\d(?![\d-])"), _day
    yield (
        re.compile(
            rf"\b(?:(?:{_FISCAL}|full|calendar)[- ](?:year )?|FY ?|year )"
            rf"(?P<year>{_YEAR}|(?<=FY)\d\d|(?<=FY )\d\d)\b",
            words,
        ),
        _whole_year,
    )
    yield re.compile(rf"\b(?P<month>{_MONTH}),? (?P<year>{_YEAR})\b"), _one_month
    # May and March are words, too
    yield (
        re.compile(
            rf"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Ff]or|[Oo]f|[Dd]uring|[Ll]ast|[Tt]his|[Ee]arly|[Ll]ate|"
            rf"[Mm]id|[Ee]nd of)[ -](?P<month>{_MONTH})(?![ .]?\d)(?=\W|$)"
        ),
        _bare_month,
    )
    yield (
        re.compile(
            r"\b(?P<which>last|previous|prior|current|this|next|coming|following|same|year-ago|year-earlier|the) "
            r"(?:fiscal |calendar )?(?P<unit>quarter|year|month|half)\b(?![- ](?:old|end))",
            words,
        ),
        _relative,
    )
    yield re.compile(rf"(?<![\w.,$€£¥/-])(?P<year>{_YEAR})(?![\w%/]|,\d|\.\d|-\d)"), _whole_year


def _bare_month(match: re.Match[str], anchor: date | None) -> Period | None:
    month = _month(match["month"])
    if month is None or anchor is None:
        return None
    year = _nearest_year("month", month, anchor)
    return Period(
        match.start("month"),
        match.end("month"),
        "month",
        year,
        month,
        last=_last_day("month", year, month),
        stated=False,
    )


_PATTERNS = tuple(_patterns())
