"""The consensus check, counted: who else in the archive states a finding's fact, and since when. Pure.

It is consensus within the archive, not the market's. Copies of one story are one voice, and so is all that one
publisher says. What stands before the window is counted and listed, and is no evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from evidence.corpus.naming import name_key
from evidence.corpus.values import Document
from evidence.generator.comparison.background import Background, Told
from evidence.generator.comparison.same_fact import Fact, Speakers, day_of, find_fact, is_about, states
from evidence.generator.encoding import Encoder
from evidence.generator.reading.names import Names
from evidence.generator.values import Finding

# So many independent publishers have told it widely, of those that an archive of one trade has.
WIDELY = 4
# An archive with fewer stories about the subject before the window could not know that something is new. Three is
# what the smallest archive of the built set has that was kept long enough to tell (bench/consensus.py).
LEAST_STORIES = 3
# They speak for themselves; all others report.
PRIMARY = frozenset({"filing", "press-release", "transcript"})


class Label(StrEnum):
    """What the archive makes of it."""

    NEW = "new"
    CORROBORATED = "corroborated"
    WIDELY = "widely reported"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Consensus:
    """`documents` are all that state the fact, by day, before the window too; the finding's own among them."""

    label: Label
    known_since: date | None
    independent_publishers: int
    first_seen: date | None
    mentions_before: int
    primary: bool
    documents: tuple[Document, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's `consensus`."""
        return {
            "label": self.label.value,
            "known_since": self.known_since and self.known_since.isoformat(),
            "independent_publishers": self.independent_publishers,
            "first_seen": self.first_seen and self.first_seen.isoformat(),
            "mentions_before": self.mentions_before,
            "primary": self.primary,
            "documents": [_listed(document) for document in self.documents],
        }


def judge_consensus(
    findings: Sequence[Finding], names: Names, background: Background, encoder: Encoder
) -> Mapping[int, Consensus]:
    """By the findings' numbers; a finding without a sentence has none."""
    facts = [(finding, find_fact(finding, names, encoder)) for finding in findings]
    asked = [(finding, fact) for finding, fact in facts if fact is not None]
    told, speakers = background.told([fact.query for _, fact in asked]), Speakers(names)
    return {
        finding.number: _judge(finding, fact, around, speakers, background, encoder)
        for (finding, fact), around in zip(asked, told, strict=True)
    }


def _judge(
    finding: Finding, fact: Fact, told: Told, speakers: Speakers, background: Background, encoder: Encoder
) -> Consensus:
    own = finding.document
    about = [hit for hit in (*told.inside, *told.before) if is_about(hit, fact)]
    found = [hit.document for hit in about if states(hit, fact, speakers, encoder)]
    stories: dict[str, Sequence[Document]] = {}
    for document in (own, *found):
        stories.setdefault(background.original(document), background.copies(document) or (document,))
    earlier = [d for copies in stories.values() for d in copies if background.is_before(d)]
    voices = {_voice(_first(copies, background)) for copies in stories.values()}
    voices.discard(None)
    documents = sorted((d for copies in stories.values() for d in copies), key=_by_day)
    past = {background.original(hit.document) for hit in about if background.is_before(hit.document)}
    since = day_of(min(earlier, key=_by_day)) if earlier else None
    return Consensus(
        label=_label(len(voices), since, thin=len(past) < LEAST_STORIES),
        known_since=since,
        independent_publishers=len(voices),
        first_seen=day_of(documents[0]),
        mentions_before=len(earlier),
        primary=any(document.kind in PRIMARY for document in documents),
        documents=tuple(documents),
    )


def _first(copies: Sequence[Document], background: Background) -> Document | None:
    """Who told the story first inside the window; None of a story that is all before it."""
    return next((document for document in copies if not background.is_before(document)), None)


def _voice(document: Document | None) -> str | None:
    """Whose it is; what names no publisher is its site's, and of those that have neither nobody knows how many."""
    if document is None:
        return None
    return name_key(document.publisher or "") or urlsplit(document.url or "").netloc


def _by_day(document: Document) -> tuple[date, str]:
    return day_of(document) or date.max, document.id


def _label(publishers: int, since: date | None, *, thin: bool) -> Label:
    if since is not None:
        return Label.KNOWN
    if publishers >= WIDELY:
        return Label.WIDELY
    if publishers > 1:
        return Label.CORROBORATED
    return Label.UNKNOWN if thin else Label.NEW


def _listed(document: Document) -> dict[str, Any]:
    day = day_of(document)
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "date": day and day.isoformat(),
    }
