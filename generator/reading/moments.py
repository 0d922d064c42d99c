"""The days, months, quarters and years of a text, and when one bears another out. Pure.

A quarter of a fiscal year is not one of the calendar's. What is said may be wider than what was quoted (`in June`
for `on June 30`) or add the year that the page's own date gives; `last year` is the year before the page's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_OF = {form: number for number, name in enumerate(_MONTHS, start=1) for form in (name, name[:3])} | {
    "sept": 9
}
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’]?(?P<short>\d\d))"
_ORDINAL = r"(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)"
_FISCAL = r"(?P<fiscal>fiscal(?:\s+year)?|FY)"
_NO_MORE = r"(?![\w%]|[.,]\d|\s?(?:%|percent|per cent|million|billion|points?)\b)"
# `May` is a month behind these; a lookbehind has one length, so there are many.
_BEFORE_MAY = "|".join(
    rf"(?<=\b{word})"
    for word in (
        "in |of |since |last |this |next |until |early |late |mid-|by |from |and |to |through |the |for "
    ).split("|")
)
_PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"\b{_YEAR}-(?P<nmonth>0[1-9]|1[0-2])-(?P<day>[0-3]\d)\b", 0),
        (rf"\b(?P<nmonth>0?[1-9]|1[0-2])/(?P<day>[0-3]?\d)/{_YEAR}\b", 0),
        (rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s*,?\s+{_YEAR})?{_NO_MORE}", 0),
        (rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:\s*,?\s+{_YEAR})?\b", 0),
        (rf"\b{_MONTH}\s*(?:,\s*|of\s+)?{_YEAR}\b", 0),
        (
            rf"\b(?:{_FISCAL}\s+)?Q(?P<nquarter>[1-4])\s*(?:of\s+)?(?:(?P<fiscal2>fiscal(?:\s+year)?|FY)\s*)?{_SHORT_YEAR}?\b",
            re.I,
        ),
        (rf"\b(?P<nquarter>[1-4])Q\s?{_SHORT_YEAR}?\b", 0),
        (rf"\b{_YEAR}['’]s\s+{_ORDINAL}\s+(?P<part>quarter|half)", re.I),
        (
            rf"\b(?:{_FISCAL}\s+)?{_ORDINAL}(?:\s+|-)(?P<fiscal2>fiscal\s+)?(?P<part>quarter|half)s?"
            rf"(?:\s+of)?(?:\s+(?:the\s+)?(?P<fiscal3>fiscal(?:\s+year)?|FY)?\s*{_SHORT_YEAR}\b)?",
            re.I,
        ),
        (rf"\bH(?P<half>[12])\s+{_YEAR}\b", 0),
        (rf"\b(?:{_FISCAL})\s*{_SHORT_YEAR}\b(?:(?:['’]s)?\s+{_ORDINAL}\s+(?P<part>quarter|half))?", re.I),
        (r"['’]?\b(?P<decade>(?:19|20)?\d0)['’]?s\b", 0),
        (rf"(?<![\w$€£¥.,/])(?<![A-Za-z]-){_YEAR}{_NO_MORE}", 0),
        (r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b", 0),
        (rf"(?:{_BEFORE_MAY})May\b", 0),
        (rf"\b(?!May\b){_MONTH}(?!\w)", 0),
    )
)
_WAYS = (
    ("last", "last|previous|prior|preceding|past"),
    ("this", "this|current"),
    ("next", "next|coming|following"),
)
_SPANS = "year quarter month week weekend night spring summer fall autumn winter season decade century".split()
_SAME_TIME = {
    **{f"{way} {span}": rf"(?:{forms})[\s-]{span}" for way, forms in _WAYS for span in _SPANS},
    "yesterday": "yesterday",
    "today": "today|tonight",
    "tomorrow": "tomorrow",
}
_NEXT_DAYS = ("yesterday", "today", "tomorrow")
# Compared with the one before, in so many words.
for _span in ("year", "quarter", "month", "week"):
    _SAME_TIME[f"last {_span}"] += (
        rf"|a {_span} (?:ago|earlier|before)|{_span}[\s-](?:ago|earlier)|{_span}[\s-](?:over|on)[\s-]{_span}"
    )
_SAME_TIME["last year"] += "|on the year|yoy|y/y"
_SAME_TIME["last quarter"] += "|sequential(?:ly)?|q/q|qoq"
_RELATIVE = re.compile(
    "|".join(rf"(?P<{name.replace(' ', '_')}>\b(?:{forms})\b)" for name, forms in _SAME_TIME.items()), re.IGNORECASE
)
_BEGINS = re.compile(r"(?:^|[.!?]\s|[\n“\"(])\s*$")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a time where it stands; what it leaves open is None. `fiscal`: of a company's year."""

    start: int
    end: int
    year: int | None = None
    quarter: int | None = None
    half: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: str | None = None
    relative: str | None = None
    fiscal: bool = False

    @property
    def parts(self) -> dict[str, int | str]:
        """What it does say."""
        names = ("year", "quarter", "half", "month", "day", "weekday", "decade", "relative")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def find_moments(text: str) -> list[Moment]:
    """The moments of a text in order; of those that overlap the first that was looked for."""
    found: list[Moment] = []
    for moment in (*_absolute(text), *_relative(text)):
        if all(moment.end <= other.start or other.end <= moment.start for other in found):
            found.append(moment)
    return sorted(found, key=lambda moment: moment.start)


def _absolute(text: str) -> Iterator[Moment]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            moment = _period(match)
            if moment is not None:
                yield moment


def _relative(text: str) -> Iterator[Moment]:
    for match in _RELATIVE.finditer(text):
        if match[0][0].isupper() and not _BEGINS.search(text, 0, match.start()):
            continue  # USA Today
        name = next(name for name, given in match.groupdict().items() if given)
        yield Moment(match.start(), match.end(), relative=name.replace("_", " "))


def _period(match: re.Match[str]) -> Moment | None:
    given = {name: value for name, value in match.groupdict().items() if value}
    year = int(given["year"]) if "year" in given else None
    if "short" in given:
        year = 2000 + int(given["short"])
    month = int(given["nmonth"]) if "nmonth" in given else None
    if "month" in given:
        month = _MONTH_OF[given["month"].rstrip(".").casefold()]
    elif match[0] == "May":
        month = 5
    day = int(given["day"]) if "day" in given else None
    if day is not None and not 1 <= day <= 31:
        return None
    part: dict[str, int | None] = {"quarter": None, "half": None}
    if "quarter" in given and "part" in given:
        part[given["part"].casefold()] = _QUARTERS[given["quarter"].casefold()]
    if part["half"] not in {None, 1, 2}:
        return None
    return Moment(
        match.start(),
        match.end(),
        year=year,
        quarter=int(given["nquarter"]) if "nquarter" in given else part["quarter"],
        half=int(given["half"]) if "half" in given else part["half"],
        month=month,
        day=day,
        weekday=_DAYS.index(given["weekday"].casefold()) if "weekday" in given else None,
        decade=given["decade"][-2:] if "decade" in given else None,
        fiscal=any(name in given for name in ("fiscal", "fiscal2", "fiscal3")),
    )


def complete(moment: Moment, published: date | None) -> list[Moment]:
    """The moment, and what it means on a page of this day."""
    meant = [moment]
    if published is None:
        return meant
    if moment.relative is not None:
        meant += [
            replace(moment, relative=None, year=day.year, month=day.month, day=day.day, weekday=day.weekday())
            if precision == "day"
            else replace(moment, relative=None, year=day.year, month=day.month if precision == "month" else None)
            for day, precision in _resolve(moment.relative, published)
        ]
    elif moment.weekday is not None and moment.day is None:
        ago = (published.weekday() - moment.weekday) % 7
        for day in (published - timedelta(days=ago), published + timedelta(days=(7 - ago) % 7)):
            meant.append(replace(moment, year=day.year, month=day.month, day=day.day))
    elif moment.month is not None and moment.year is None:
        year = published.year if moment.month <= published.month + 1 else published.year - 1
        meant.append(replace(moment, year=year))
    return meant


def _resolve(relative: str, published: date) -> list[tuple[date, str]]:
    """A day of what is meant, and how exactly that is known: day, month or year. Of a week nothing is."""
    if relative in _NEXT_DAYS:
        return [(published + timedelta(days=_NEXT_DAYS.index(relative) - 1), "day")]
    way, _, span = relative.partition(" ")
    step = {"last": -1, "this": 0, "next": 1}[way]
    if span == "year":
        return [(date(published.year + step, 1, 1), "year")]
    if span == "month":
        months = published.year * 12 + published.month - 1 + step
        return [(date(months // 12, months % 12 + 1, 1), "month")]
    return []


def bears(
    quoted: Sequence[Moment], said: Moment, published: date | None = None, years: frozenset[int] = frozenset()
) -> bool:
    """Whether one of the quoted moments bears out the one that is said.

    `years` are those that the quotes, their title and section speak of: where it is one only, a quarter without a
    year is that year's.
    """
    asked = said.parts
    for moment in quoted:
        if "year" in asked and moment.year is not None and said.fiscal != moment.fiscal:
            continue
        if said.fiscal and not moment.fiscal:
            continue
        for meant in complete(moment, published):
            parts = meant.parts
            if "year" not in parts and parts and len(years) == 1 and not said.fiscal:
                parts = {**parts, "year": next(iter(years))}
            if all(parts.get(name) == value for name, value in asked.items()):
                return True
    return False
