"""A sentence of a quote with all that is read in it once: names, periods, and whom the text before it was about.

Pure. Whom a claim is about, and who stands behind it, is answered here; what it claims is not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from evidence.corpus.naming import name_key
from evidence.corpus.values import Document
from evidence.generator.reading.claim_words import FORECAST, OPINION, PLAIN, REGION
from evidence.generator.reading.measures import MEASURES, Head
from evidence.generator.reading.names import Names
from evidence.generator.reading.period_words import find_periods
from evidence.generator.reading.periods import Period
from evidence.generator.values import Quote
from evidence.retriever.mentions import Name, find_names

Clause = tuple[int, int]


class Stance(StrEnum):
    """Who stands behind a claim: a report of what is, the subject's own outlook, somebody's expectation."""

    FACT = "fact"
    GUIDANCE = "guidance"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Statement:
    """`before` is whom the text before names last as its subject; `told` the day of writing."""

    text: str
    document: Document
    known: Names
    names: tuple[Name, ...]
    periods: tuple[Period, ...]
    before: str
    told: date | None

    @property
    def main_name(self) -> str:
        """Whom it names first, places aside; empty where it names nobody."""
        return next((name.text for name in self.names if not _is_place(name, self.text)), "")

    def keys(self, name: str) -> frozenset[str]:
        """The keys of every form of a name."""
        bare = re.sub(r"\s*\([^()]*\)$|['’]s?$", "", name)
        return frozenset(key for form in (bare, *self.known.forms(bare)) if (key := name_key(form)))

    def clause(self, at: int) -> Clause:
        """The clause that a place is in."""
        cuts = [0, *(match.start() for match in _CLAUSE.finditer(self.text)), len(self.text)]
        return next((start, end) for start, end in pairwise(cuts) if start <= at < end or end == len(self.text))

    def subject(self, clause: Clause, head: Head | None) -> str:
        """Whose measure it is: who owns it, whom it is of, whom the clause names first, then the sentence, the text
        before it, and the title."""
        named = [name for name in self.names if not _is_place(name, self.text)]
        inside = [name for name in named if clause[0] <= name.start < clause[1]]
        if head is not None and (owner := self._owner(inside, head)):
            return owner
        for candidates in (inside, named):
            actors = [name for name in candidates if not self._speaks(name, candidates)]
            if actors:
                return actors[0].text
            if candidates and not self.before:
                return candidates[0].text
        return self.before or _titled(self.document, self.known)

    def _owner(self, inside: Sequence[Name], head: Head) -> str:
        owners = [n for n in inside if n.end <= head.start and (n.owns or _POSSESSED.match(self.text, n.end))]
        behind = [n for n in inside if head.end <= n.start <= head.end + _NEAR]
        behind = [n for n in behind if _OF.search(self.text[head.end : n.start])]
        return owners[-1].text if owners else behind[0].text if behind else ""

    def _speaks(self, name: Name, others: Sequence[Name]) -> bool:
        """Whether it only tells of another: `Morgan Gray estimates that ...`, `according to ...`."""
        told = bool(_ACCORDING.search(self.text[: name.start]))
        return told if len(others) < 2 else told or bool(_SPEAKS.match(self.text, name.end))

    def stance(self, clause: Clause, subject: str, *, announced: bool) -> Stance:
        """What a company says that it will do is as good as done; what it says that it will earn is its outlook."""
        if OPINION.search(self.text):
            return Stance.OPINION
        inside = FORECAST.search(self.text, *clause) or FORECAST.search(self.text)
        if inside is None:
            return Stance.FACT
        own = self.keys(subject)
        speakers = [name.text for name in self.names if name.end <= inside.start()]
        tellers = speakers[-1:] or [self.document.publisher or "", self.document.company or ""]
        by_itself = any(same_name(own, self.keys(teller)) for teller in tellers)
        if by_itself or (not speakers and _ITSELF.search(self.text)):
            return Stance.FACT if announced else Stance.GUIDANCE
        return Stance.OPINION


_CLAUSE = re.compile(
    r";|, (?:while|whereas|but|although|though|of which|and (?=[A-Z]))|\bwhile\b|\bwhereas\b|"
    r"\bcompared (?:with|to)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\s*(?:,? (?:which|who) )?(?:has |had )?(?:said|says|say|told|reported|reports|estimat\w+|expects?|expected|"
    r"forecasts?|predict\w*|believes?|sees?|puts?|reckons?|wrote|analysts?|think\w*|model\w*|calculat\w+|cited|"
    r"citing|quoted)\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"(?:\baccording to|\bcited by|\btold|\breported by|\bsays|\bsaid|\bby analysts at|\bat)\s(?:the )?$"
)
_POSSESSED = re.compile(r"['’]s?\s")
_OF = re.compile(r"\b(?:at|of|for|from|by)\s(?:the )?$")
# `backlog at the Halden Voss works`: from a measure to whose it is, in characters.
_NEAR = 8
_PLACE = re.compile(r"\b(?:in|near|outside|across|around)\s(?:the )?$")
_ITSELF = re.compile(r"\b(?:it|the (?:company|group|firm|maker|chip ?maker|bank|carmaker))\b", re.IGNORECASE)
# How far before a quote its subject is looked for, in characters: some sentences of a paragraph.
_REACH = 600

_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-Z0-9])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|No|vs|approx|ca|Mr|Ms|Mrs|Dr|St|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|\b[A-Z])\.$"
)
_NO_NAMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|"
    r"Jul|Aug|Sept?|Oct|Nov|Dec|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Q[1-4]|H[12]|FY\d*|EPS|"
    r"EBITDA|EBIT|CAGR|CEO|CFO|COO|Chief|President|Table|AI|R&D|GAAP|Non-GAAP|USD|EUR|GBP|JPY|KRW|TWD|CHF|SEK|NOK|"
    r"RMB|Rs|NT|US|HK|Company|Registrant|Management|Board|Revenue|Notes?|Item)\b.{0,12}"
)


def read_statements(document: Document, quote: Quote, known: Names) -> Iterator[Statement]:
    """A quote's sentences in order, each knowing whom those before it were about."""
    told = document.dated.latest.date() if document.dated else None
    before = _named_before(document, quote.start, known)
    for text in split_sentences(quote.text):
        names, periods = tuple(_real_names(text, document, known)), tuple(find_periods(text, told))
        statement = Statement(text, document, known, names, periods, before, told)
        yield statement
        before = statement.main_name or before


def split_sentences(text: str) -> list[str]:
    """A quote's sentences; a table's lines are sentences, too."""
    parts, start = [], 0
    for match in _END.finditer(text):
        if "\n" in match[0] or not _ABBREVIATED.search(text[start : match.start()]):
            parts.append(text[start : match.start()].strip())
            start = match.end()
    return [part for part in (*parts, text[start:].strip()) if part]


def same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names, by the keys of their forms, are one: a form in common, or one is the other shortened."""
    if one & other:
        return True
    pairs = ((set(a.split()), set(b.split())) for a in one for b in other)
    return any(a <= b or b <= a for a, b in pairs)


def _named_before(document: Document, start: int, known: Names) -> str:
    """Whom the text before a quote names last as its subject: `it` and `the company` are about that."""
    first = max(0, start - _REACH)
    # the first sentence may be cut
    for text in reversed(split_sentences(document.text[first:start])[1 if first else 0 :]):
        found = [name for name in _real_names(text, document, known) if not _is_place(name, text)]
        if found:
            return found[0].text
    return ""


def _real_names(text: str, document: Document, known: Names) -> Iterator[Name]:
    """Its names, without months, titles and first words that only a sentence's beginning writes with a capital."""
    for found in find_names(text, known.entities):
        name = found if found.known else _shortened(found, known)
        if name.known:
            yield name
        elif not _NO_NAMES.fullmatch(name.text) and not REGION.fullmatch(name.text):
            begins = not text[: name.start].strip(' "“(')
            if not begins or _is_written_inside(name.text, document):
                yield name


def _shortened(name: Name, known: Names) -> Name:
    """Without a last word that belongs to what follows: of `Halden Voss CoRIL backlog` the name is Halden Voss."""
    shorter = name.text.rpartition(" ")[0]
    if not shorter or not known.forms(shorter) or known.forms(name.text):
        return name
    return replace(name, text=shorter, end=name.start + len(shorter))


def _is_written_inside(name: str, document: Document) -> bool:
    """Whether it has its capital inside a sentence, too, or is whom the document is about."""
    if any(word[:1].isupper() for word in name.split()[1:]):
        return True
    if any(pattern.fullmatch(name) for pattern in MEASURES.values()) or name.lower() in PLAIN:
        return False
    known = " ".join(filter(None, (document.title, document.company, document.publisher)))
    return name in known or bool(re.search(rf"[a-z,] {re.escape(name)}\b", document.text))


def _is_place(name: Name, text: str) -> bool:
    """Whether something is in it: `in Turin`."""
    return bool(_PLACE.search(text[: name.start]))


def _titled(document: Document, known: Names) -> str:
    if document.company:
        return document.company
    names = [name.text for name in find_names(document.title or "", known.entities)]
    return next((name for name in names if not _NO_NAMES.fullmatch(name) and not REGION.fullmatch(name)), "")
