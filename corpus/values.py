"""The values of this floor: a dating with its evidence, and a document. Pure; no file, no clock."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal

from evidence.corpus.hashing import digest

# No clock on earth is further from UTC.
_ZONE_SPREAD = timedelta(hours=14)


class Precision(StrEnum):
    """How narrow a publication time is known."""

    SECOND = "second"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Basis(StrEnum):
    """Where a date was read, best first."""

    SIDECAR = "sidecar"
    EDGAR = "edgar"
    JSON_LD = "json-ld"
    META = "meta"
    # time elements and microdata in the page's body, for machines
    MARKUP = "markup"
    EXPORT = "export"
    FEED = "feed"
    URL = "url"
    # a date that readers see beside the headline
    DATELINE = "dateline"
    TEXT = "text"
    # the crawler's own clock, an upper bound; never the basis of a publication
    CAPTURE = "capture"


class Status(StrEnum):
    """How reading a document ended. Up to INCOMPLETE it is held; each of the others is a failure's word."""

    OK = "ok"
    # the crawl or the file ends before the document does; what is there is held
    TRUNCATED = "truncated"
    # held, but much of what its bytes show is not in its text
    INCOMPLETE = "incomplete"
    EMPTY = "empty"
    NO_TEXT = "no-text"
    NEEDS_OCR = "needs-ocr"
    ENCRYPTED = "encrypted"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"
    READER_FAILED = "reader-failed"
    REVISIT = "revisit-without-body"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    BAD_METADATA = "bad-metadata"
    LABELLED = "labelled"


class Grade(StrEnum):
    """How far a date can be trusted: A two readings agree or the user vouches, B one basis, C a guess."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Dating:
    """A time as an interval, both ends inclusive, with the evidence for it.

    `zoned` is False where the source named no zone: then the ends are calendar days written as if in UTC,
    and are compared with a window's calendar days, never with its instants. `offset` is the clock that an instant
    is written on, in minutes east of UTC: its page's own, so that its day is what the page's first readers had.
    """

    earliest: datetime
    latest: datetime
    precision: Precision
    basis: Basis
    grade: Grade
    zoned: bool
    offset: int = 0

    def __post_init__(self) -> None:
        if self.earliest.utcoffset() is None or self.latest.utcoffset() is None:
            raise ValueError("a dating needs aware times")
        if self.latest < self.earliest:
            raise ValueError("a dating ends before it starts")

    def as_json(self) -> dict[str, Any]:
        """The contract's form: an instant with its page's offset, `Z` in UTC; a calendar day with neither."""
        return {
            "earliest": _stamp(self.earliest, self.zoned, self.offset),
            "latest": _stamp(self.latest, self.zoned, self.offset),
            "precision": self.precision.value,
            "basis": self.basis.value,
            "grade": self.grade.value,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a document's time, as it was written."""

    clock: Literal["published", "modified", "captured"]
    basis: Basis
    text: str


class MarkKind(StrEnum):
    """What a mark is about. Each kind runs on by itself: a section goes on over a page's end."""

    PAGE = "page"
    SECTION = "section"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Mark:
    """From `start` (a code point of the text) on, the document is on this page, in this section, or spoken by.

    The label of a page is its number; an empty label ends what the mark before it of the same kind began.
    `role` is a speaker's.
    """

    start: int
    label: str
    kind: MarkKind = MarkKind.SECTION
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a passage stands; `path` has the page's number behind `#` where there are pages."""

    path: str
    section: str | None = None
    speaker: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """What a regulator's header says of a filing. Days are ISO days; `accepted` is ISO with its offset.

    `items` are an 8-K's, as their numbers stand in the header.
    """

    cik: str | None = None
    accession: str | None = None
    filed: str | None = None
    accepted: str | None = None
    period: str | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it is stored: its text, where it came from and what it says of itself.

    `original` is the SHA-256 of the crawled bytes; `path` the source as given, `#` and a number where one
    file holds several. Offsets anywhere in the project are code points of `text`. `completeness` is the share
    of the characters visible in the original that `text` holds, where that was counted; `claims` are all statements
    of its time that were found, whichever was believed.
    """

    id: str
    path: str
    kind: str
    text: str
    original: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    form: str | None = None
    company: str | None = None
    ticker: str | None = None
    published: Dating | None = None
    modified: Dating | None = None
    captured: datetime | None = None
    filing: Filing | None = None
    status: str = Status.OK
    completeness: float | None = None
    flags: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    marks: tuple[Mark, ...] = field(default=())

    def __post_init__(self) -> None:
        for name in ("text", "title", "publisher", "url", "language", "form", "company", "ticker"):
            # what has no UTF-8 has no digest and no place in a file; UnicodeEncodeError is a ValueError
            (getattr(self, name) or "").encode()

    @property
    def dated(self) -> Dating | None:
        """The interval that windows use: the later of published and modified; unknown if published is.

        It is no better known than the worse of the two: a page that contradicts itself stays a guess.
        """
        if self.published is None or self.modified is None:
            return self.published
        later = _later(self.published, self.modified)
        return replace(later, grade=max(self.published.grade, later.grade))

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text's UTF-8, in hexadecimal."""
        return digest(self.text.encode())

    @property
    def known(self) -> datetime | None:
        """When the outside world provably had it: captured by a crawler, or accepted by a regulator."""
        accepted = self.filing and self.filing.accepted
        moments = [datetime.fromisoformat(accepted)] if accepted else []
        return min([*moments, *([self.captured] if self.captured else [])], default=None)

    def locate(self, start: int) -> Place:
        """Where the passage stands that starts here."""
        last = {mark.kind: mark for mark in self.marks if mark.start <= start}
        page, section, speaker = (last.get(kind) for kind in MarkKind)
        return Place(
            path=f"{self.path}#{page.label}" if page and page.label else self.path,
            section=(section and section.label) or None,
            speaker=(speaker and speaker.label) or None,
            role=speaker.role if speaker and speaker.label else None,
        )

    def as_json(self) -> dict[str, Any]:
        """The `document` object of the command line's contract."""
        return {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "url": self.url,
            "path": self.path,
            "kind": self.kind,
            "form": self.form,
            "company": self.company,
            "ticker": self.ticker,
            "published": self.published and self.published.as_json(),
            "modified": self.modified and self.modified.as_json(),
            "captured": self.captured and _stamp(self.captured, True),
            "dated": self.dated and self.dated.as_json(),
        }


def _later(published: Dating, modified: Dating) -> Dating:
    """The later of two; where a day without a zone and an instant might be either way round, the days of both."""
    if published.zoned == modified.zoned:
        return max(published, modified, key=lambda dating: (dating.latest, dating.earliest))
    instant, day = (published, modified) if published.zoned else (modified, published)
    if instant.earliest > day.latest + _ZONE_SPREAD:
        return instant
    if day.earliest > instant.latest + _ZONE_SPREAD:
        return day
    first = (instant.earliest - _ZONE_SPREAD).replace(hour=0, minute=0, second=0, microsecond=0)
    last = (instant.latest + _ZONE_SPREAD).replace(hour=23, minute=59, second=59, microsecond=999999)
    ends = (min(first, day.earliest), max(last, day.latest))
    return Dating(*ends, Precision.DAY, modified.basis, max(published.grade, modified.grade), zoned=False)


def _stamp(moment: datetime, zoned: bool, offset: int = 0) -> str:
    if zoned and offset:
        return moment.astimezone(timezone(timedelta(minutes=offset))).isoformat(timespec="seconds")
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{text}Z" if zoned else text
