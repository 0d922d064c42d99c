"""Errors planted in real sentences by rule: each returns the false sentence, or None where it has no place."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from texts import Quoted

from evidence.generator.gate.grounds import Ground

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-])(?!(?:th|st|nd|rd)\b)")
_YEAR = re.compile(r"(?<![\w$,.-])(?:19|20)\d\d(?![\w,.]\d)(?!\w)")
_NAME = re.compile(
    r"(?<![.!?] )(?<!^)(?<![“\"] )\b[A-Z][a-z]+(?: (?:[A-Z]\.|[A-Z][a-z]+|of|&)){0,3} [A-Z][a-z]+\b|"
    r"(?<=[a-z,] )[A-Z][a-zA-Z]{2,}\b"
)
_WHEN = frozenset([*MONTHS, *DAYS])
_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_UNITS = (
    (r"\bmillion\b", "billion"),
    (r"\bbillion\b", "million"),
    (r"\btrillion\b", "billion"),
    (r"\s?%| percent\b| per cent\b", " percentage points"),
    (r"(?<![A-Z])\$(?=\d)", "€"),
    (r"£(?=\d)", "$"),
    (r"\bweeks\b", "months"),
    (r"\bmonths\b", "weeks"),
    (r"\bhours\b", "days"),
    (r"\bdays\b", "weeks"),
    (r"\bmiles\b", "kilometers"),
    (r"\bminutes\b", "hours"),
    (r"\bpounds\b", "kilograms"),
    (r"\bfeet\b", "metres"),
    (r"(?<=\d )years\b", "months"),
    (r"(?<=\d )(?:people|shares|employees|students|points|cases)\b", "companies"),
    (r"\bthousand\b", "million"),
)
_TURNS = (
    (r"\brose\b", "fell"),
    (r"\bfell\b", "rose"),
    (r"\bincreased\b", "decreased"),
    (r"\bdecreased\b", "increased"),
    (r"\bincrease\b", "decrease"),
    (r"\bdecline\b", "increase"),
    (r"\bhigher\b", "lower"),
    (r"\blower\b", "higher"),
    (r"\bgrew\b", "shrank"),
    (r"\bdropped\b", "climbed"),
    (r"\bwill not\b", "will"),
    (r"\bdid not\b", "did"),
    (r"\bdoes not\b", "does"),
    (r"\bhas not\b", "has"),
    (r"\bwas not\b", "was"),
    (r"\bis not\b", "is"),
    (r"\bwasn[’']t\b", "was"),
    (r"\bdidn[’']t\b", "did"),
    (r"\bisn[’']t\b", "is"),
    (r"\bwon[’']t\b", "will"),
    (r"\bmore than\b", "less than"),
    (r"\bmay\b", "will"),
    (r"\bmight\b", "will"),
    (r"\bwill\b", "may"),
    (r"\bwill\b", "will not"),
    (r"\bexpects to\b", "has decided not to"),
    (r"\bplans to\b", "has refused to"),
    (r"\bcould\b", "will"),
    (r"\bhas\b", "has not"),
    (r"\bwas\b", "was not"),
    (r"\bis\b", "is not"),
    (r"\bwere\b", "were not"),
    (r"\bhave\b", "have not"),
    (r"\bare\b", "are not"),
    (r"\bdenied\b", "confirmed"),
    (r"\brejected\b", "accepted"),
    (r"\bapproved\b", "rejected"),
    (r"\balleged(?:ly)?\b", "proven"),
    (r"\bwon\b", "lost"),
    (r"\bexpected to\b", "certain not to"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence with the ground it cites; `kind` is what was done to `original`."""

    kind: str
    sentence: str
    cited: tuple[Ground, ...]
    original: str

    def is_left(self, kept: str) -> bool:
        """Whether what was planted is in the part that was kept."""
        return not self.original.startswith(kept.rstrip("."))


Planter = Callable[[Quoted, random.Random], str | None]


def number(quote: Quoted, draw: random.Random) -> str | None:
    """One figure is another."""
    text = quote.sentence
    found = [m for m in _NUMBER.finditer(text) if not _YEAR.fullmatch(m[0])]
    if not found:
        return _number_word(text, draw)
    match = draw.choice(found)
    digits = list(match[0])
    place = draw.choice([at for at, c in enumerate(digits) if c.isdigit()])
    digits[place] = draw.choice([d for d in "123456789" if d != digits[place]])
    return _replaced(text, match, "".join(digits))


def _number_word(text: str, draw: random.Random) -> str | None:
    match = re.search(rf"\b({'|'.join(_WORDS)})\b", text)
    return _replaced(text, match, draw.choice([w for w in _WORDS if w != match[0]])) if match else None


def unit(quote: Quoted, draw: random.Random) -> str | None:
    """The figure stays, what it counts does not."""
    places = [
        (m, new)
        for old, new in _UNITS
        for m in re.finditer(old, quote.sentence)
        if re.search(r"\d", quote.sentence[max(0, m.start() - 14) : m.end() + 4])
    ]
    if not places:
        return None
    match, new = draw.choice(places)
    return _replaced(quote.sentence, match, new)


def period(quote: Quoted, draw: random.Random) -> str | None:
    """Another year, month, weekday or quarter; the calendar's for the fiscal one."""
    text = quote.sentence
    places: list[tuple[re.Match[str], str]] = []
    for match in _YEAR.finditer(text):
        places.append((match, str(int(match[0]) + draw.choice([-2, -1, 1, 2]))))
    for group in (MONTHS, DAYS):
        for match in re.finditer(rf"(?<!^)\b(?:{'|'.join(group)})\b", text):
            if match[0] != "May" or re.match(r" \d", text[match.end() :]):
                places.append((match, draw.choice([other for other in group if other != match[0]])))
    for match in re.finditer(r"\b(first|second|third|fourth)(?=[ -](?:quarter|half))", text):
        places.append((match, draw.choice([q for q in ("first", "second") if q != match[0]])))
    for match in re.finditer(r"\bfiscal (?:year )?(?=(?:19|20)\d\d)", text):
        places.append((match, ""))
    for match in re.finditer(r"\blast (?=year|month|week|quarter)", text):
        places.append((match, "next "))
    if not places:
        return None
    match, new = draw.choice(places)
    return _replaced(text, match, new)


def entity(quote: Quoted, draw: random.Random) -> str | None:
    """A name is another one, of the same text or of nowhere."""
    places = [m for m in _NAME.finditer(quote.sentence) if not _WHEN & set(m[0].split())]
    if not places:
        return None
    match = draw.choice(places)
    others = [
        m[0]
        for m in _NAME.finditer(quote.text)
        if not _WHEN & set(m[0].split()) and not set(m[0].split()) & set(quote.sentence.split())
    ]
    return _replaced(quote.sentence, match, draw.choice([*others, "Danmora Corporation", "Halden"]))


def negation(quote: Quoted, draw: random.Random) -> str | None:
    """Denied, turned to the contrary, or made more or less sure."""
    places = [(m, new) for old, new in _TURNS for m in re.finditer(old, quote.sentence)]
    places = [
        (m, new)
        for m, new in places
        if not quote.sentence[m.end() :].startswith((" not", "n't", "n’t", " no ", " never", " only"))
    ]
    if not places:
        return None
    match, new = draw.choice(places)
    return _replaced(quote.sentence, match, new)


def swapped(quote: Quoted, draw: random.Random) -> str | None:
    """Two names, or two figures of a kind, change places."""
    names = [m for m in _NAME.finditer(quote.sentence) if not _WHEN & set(m[0].split())]
    figures = list(re.finditer(r"\$\d[\d,.]*\d(?: (?:million|billion))?|\d[\d.]*(?:%| percent)", quote.sentence))
    pairs = [(a, b) for group in (names, figures) for a, b in pairwise(group)]
    pairs = [
        (a, b)
        for a, b in pairs
        if a[0] != b[0] and not _listed(quote.sentence, a, b) and not set(a[0].split()) & set(b[0].split())
    ]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    return (
        quote.sentence[: a.start()] + b[0] + quote.sentence[a.end() : b.start()] + a[0] + quote.sentence[b.end() :]
    )


def _listed(text: str, a: re.Match[str], b: re.Match[str]) -> bool:
    """In a list, or as one's title and one's name, they mean the same either way."""
    between = text[a.end() : b.start()]
    return len(between.split()) < 2 or bool(
        re.fullmatch(r"(?:\.|['’]s)?[,;]?\s*(?:and|or|&)?\s*(?:the )?", between)
    )


def source(quote: Quoted, draw: random.Random) -> str | None:
    """Said by another one of the same text, or of another publisher."""
    match = re.search(r"\b(?:said|says|told|according to|announced|reported|wrote)\b", quote.sentence)
    own = set(f"{quote.ground.publisher} {quote.ground.title}".split())
    others = [
        m[0]
        for m in _NAME.finditer(quote.text)
        if " " in m[0]
        and not own & set(m[0].split())
        and not set(m[0].split()) & set(quote.sentence.split())
        and not _WHEN & set(m[0].split())
    ]
    name = draw.choice(["Reuters", "The Verge", *others[:6]])
    if match is None:
        return (
            f"According to {name}, {quote.sentence[0].lower()}{quote.sentence[1:]}"
            if quote.sentence.startswith(("The ", "A ", "In "))
            else None
        )
    for near in _NAME.finditer(quote.sentence):
        if abs(near.start() - match.end()) < 3 or abs(match.start() - near.end()) < 3:
            return _replaced(quote.sentence, near, name)
    return None


PLANTERS: dict[str, Planter] = {f.__name__: f for f in (number, unit, period, entity, negation, swapped, source)}


def plant(kind: str, quote: Quoted, draw: random.Random) -> Planted | None:
    """The false sentence, citing its quote; `cited` is a true one that cites another quote of the same text."""
    if kind == "cited":
        return Planted(kind, quote.sentence, (quote.other,), "")
    made = PLANTERS[kind](quote, draw)
    if made is None or made == quote.sentence:
        return None
    return Planted(kind, made, (quote.ground,), quote.sentence)


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]
