"""The date chain: what a document and its company say of its time, to a dating with basis and grade. Pure.

A page may state its date several times. Each basis has one voice, the day that most of them name wins, and a
second, independent one naming it makes it grade A. What is contradicted is at best B, and a later statement
counts as a modification: windows use the later of both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from evidence.corpus.times import Span, day_end, day_start, parse_strict, parse_written, parse_yearless
from evidence.corpus.values import Basis, Claim, Dating, Grade, Precision

# Two statements of one publication differ by up to a day when one of them is written in another zone.
AGREEMENT = timedelta(days=1)

FLAG_CONFLICT = "dates-disagree"
FLAG_MODIFIED_UNREAD = "modified-at-an-unknown-time"
FLAG_AFTER_CAPTURE = "dated-after-capture"
FLAG_ONLY_MODIFIED = "dated-by-modification"

_DAYS = frozenset({Precision.DAY, Precision.SECOND})
_VOUCHED = frozenset({Basis.SIDECAR, Basis.EDGAR})
# Where nearly everybody's clocks are: from New Zealand's summer to Hawaii.
_EAST, _WEST = timedelta(hours=13), timedelta(hours=10)
# Zones lie whole quarters of an hour apart, and programs stamp one publication within a minute.
_QUARTER_HOUR, _MINUTE = timedelta(minutes=15), timedelta(minutes=1)
_WIDTHS = {
    Precision.SECOND: timedelta(0),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.QUARTER: timedelta(days=92),
}
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_RANK = {basis: rank for rank, basis in enumerate(Basis)}

_Read = tuple[Claim, Span]


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the chain concluded, and flags that say what was odd."""

    published: Dating | None
    modified: Dating | None
    flags: tuple[str, ...]

    @property
    def day(self) -> date | None:
        """The publication's calendar day at its place; None for what is less precise than a day."""
        if self.published is None or self.published.precision not in _DAYS:
            return None
        return (self.published.earliest + timedelta(minutes=self.published.offset)).date()


def date_document(claims: Iterable[Claim], captured: datetime | None) -> Clocks:
    """The datings that these claims support. `captured` is an upper bound: a later date is only a guess."""
    claims = list(claims)
    read = [
        (claim, span)
        for claim in claims
        if (span := _read(claim)) is not None and _is_possible(claim, span, captured)
    ]
    flags: list[str] = []
    said = [pair for pair in read if pair[0].clock == "published"]
    changes = [pair for pair in read if pair[0].clock == "modified"]
    voices = _voices(said)
    published = _published(voices, said, flags)
    unread = [claim for claim in claims if claim.clock == "modified" and _read(claim) is None]
    if published is not None:
        yearless = [(claim, parse_yearless(claim.text, published.earliest - AGREEMENT)) for claim in unread]
        changes += [(claim, span) for claim, span in yearless if span is not None]
        unread = [claim for claim, span in yearless if span is None]
    modified = _modified(changes, _later(said, published))
    if published is not None and unread and not all(_is_covered(claim, changes) for claim in unread):
        flags.append(FLAG_MODIFIED_UNREAD)
        if captured is None or published.basis is Basis.TEXT or published.earliest > captured:
            # it was changed, and nobody can say when
            published = replace(published, grade=Grade.C)
        else:
            modified = _between(published, modified, captured)
    if modified is not None and (published is None or published.basis is Basis.TEXT):
        # what it said first is unknown; that it said this then is not
        flags.append(FLAG_ONLY_MODIFIED)
        published = replace(modified, grade=max(modified.grade, Grade.B))
    if captured is not None:
        published = _bounded(published, captured, flags)
        modified = _bounded(modified, captured, flags)
    if published is not None:
        published = _placed(published, said, changes)
    return Clocks(published, modified, tuple(dict.fromkeys(flags)))


def _between(published: Dating, modified: Dating | None, captured: datetime) -> Dating:
    """A change at a time that nobody can read: not before the publication, nor a change that can be read, and not
    after the page was captured. A window has to hold all of it."""
    first = max(
        dating.earliest - (timedelta(0) if dating.zoned else _EAST) for dating in (published, modified) if dating
    )
    first = min(first, captured)
    precision = next((precision for precision, days in _WIDTHS.items() if captured - first <= days), Precision.YEAR)
    return Dating(first, captured, precision, Basis.CAPTURE, max(published.grade, Grade.B), zoned=True)


def _is_covered(unread: Claim, changes: list[_Read]) -> bool:
    """Whether a change that can be read is of no earlier year than any that the unread one names."""
    last = max((span.latest.year for _, span in changes), default=0)
    return bool(last) and all(int(year) <= last for year in _YEARS.findall(unread.text))


def _placed(dating: Dating, said: list[_Read], changes: list[_Read]) -> Dating:
    """The publication on the clock of its page, so that its day is the one that the page's first readers had.

    Programs write UTC wherever they are. So an instant in UTC is put on the clock of another statement of the same
    instant, else on one that gives it the day that the page names without a zone, if that was its day somewhere.
    """
    if not dating.zoned or dating.precision not in _DAYS or dating.offset:
        return dating
    for _, span in said:
        if span.zoned and span.offset and span.earliest == dating.earliest:
            return replace(dating, offset=_minutes(span.offset))
    days = (span for claim, span in said if claim.basis is not Basis.TEXT and span.precision is Precision.DAY)
    day = next((span.first_day for span in days if _is_day_of(span, dating.earliest)), dating.earliest.date())
    named = (span.offset for _, span in (*said, *changes) if span.offset)
    fitting = (offset for offset in named if (dating.earliest + offset).date() == day)
    return replace(dating, offset=_minutes(next(fitting, _least_offset(dating.earliest, day))))


def _least_offset(instant: datetime, day: date) -> timedelta:
    """The whole hours next to UTC at which this instant has this day."""
    hour = timedelta(hours=1)
    start = day_start(day)
    if instant < start:
        return -((instant - start) // hour) * hour
    return -max(0, (instant - day_end(day)) // hour + 1) * hour


def _minutes(offset: timedelta) -> int:
    return offset // timedelta(minutes=1)


def _read(claim: Claim) -> Span | None:
    """A sidecar is the user's own word, so it is held to the strict grammar."""
    return parse_strict(claim.text) if claim.basis is Basis.SIDECAR else parse_written(claim.text)


def _is_possible(claim: Claim, span: Span, captured: datetime | None) -> bool:
    """Lines that readers see name coming days too; the crawler's clock is nobody's publication."""
    coming = captured is not None and span.earliest > captured + AGREEMENT
    return claim.basis is not Basis.CAPTURE and not (coming and claim.basis is Basis.DATELINE)


def _voices(read: list[_Read]) -> dict[Basis, _Read]:
    """One reading a basis: its first, or a finer one of the same day."""
    voices: dict[Basis, _Read] = {}
    for claim, span in read:
        first = voices.get(claim.basis)
        finer = first and span.precision is Precision.SECOND is not first[1].precision and _confirms(first[1], span)
        if first is None or finer:
            voices[claim.basis] = (claim, span)
    return dict(sorted(voices.items(), key=lambda item: _RANK[item[0]]))


def _published(voices: dict[Basis, _Read], said: list[_Read], flags: list[str]) -> Dating | None:
    if not voices:
        return None
    for basis in (Basis.SIDECAR, Basis.EDGAR):
        if basis in voices:
            return _dating(basis, voices[basis][1], Grade.A)
    stated: dict[Basis, Span] = {basis: span for basis, (_, span) in voices.items() if basis is not Basis.TEXT}
    if not stated:
        return _dating(Basis.TEXT, voices[Basis.TEXT][1], Grade.C)
    # of equals the better basis, which stands first
    basis = max(stated, key=lambda basis: _standing(basis, stated))
    span = stated[basis]
    votes = _votes(span, stated.values())
    if all(_agree(span, at) for claim, at in said if claim.basis is not Basis.TEXT):
        return _dating(basis, span, Grade.A if votes > 1 else Grade.B)
    flags.append(FLAG_CONFLICT)
    return _dating(basis, span, Grade.B)


def _standing(basis: Basis, stated: dict[Basis, Span]) -> tuple[bool, bool, int]:
    """What readers see confirms, and may be of the last change: it wins only where nothing else names a day."""
    return stated[basis].precision in _DAYS, basis is not Basis.DATELINE, _votes(stated[basis], stated.values())


def _votes(span: Span, spans: Iterable[Span]) -> int:
    return sum(_confirms(span, other) for other in spans)


def _days_of(instant: Span) -> set[date]:
    """The days that an instant has in UTC and where it was written."""
    return {instant.earliest.date(), (instant.earliest + instant.offset).date()}


def _later(said: list[_Read], published: Dating | None) -> list[_Read]:
    """Statements of a later publication than the one that was believed: somebody put it out again."""
    if published is None or published.basis in _VOUCHED:
        return []
    return [(claim, span) for claim, span in said if claim.basis is not Basis.TEXT and _is_later(span, published)]


def _is_later(span: Span, published: Dating) -> bool:
    """Whether it names a time after the publication that is not the same time, written in another zone."""
    if span.precision not in _DAYS or published.precision not in _DAYS:
        return span.earliest > published.latest + AGREEMENT
    if span.zoned and published.zoned:
        gap = span.earliest - published.latest
        off = gap % _QUARTER_HOUR
        return gap > _EAST + _WEST or (gap > _MINUTE and _MINUTE < off < _QUARTER_HOUR - _MINUTE)
    if span.zoned:
        return span.earliest > published.latest + _WEST
    return span.earliest > published.latest + (_EAST if published.zoned else timedelta(0))


def _modified(changes: list[_Read], later: list[_Read]) -> Dating | None:
    """Of several statements the latest: a page is as new as its newest part.

    A later publication is a contradiction and confirms nothing.
    """
    if not changes and not later:
        return None
    claim, span = max([*changes, *later], key=lambda pair: (pair[1].latest, -_RANK[pair[0].basis]))
    if not span.zoned and span.precision is Precision.DAY:
        # a day that an instant names, too, is what the page shows of that instant
        instants = [(one, at) for one, at in changes if at.zoned and span.first_day in _days_of(at)]
        claim, span = max(instants, key=lambda pair: pair[1].latest, default=(claim, span))
    confirmed = (claim, span) in changes and any(
        other.basis not in {claim.basis, Basis.TEXT} and _agree(span, at) for other, at in changes
    )
    if claim.basis is Basis.TEXT:
        return _dating(claim.basis, span, Grade.C)
    return _dating(claim.basis, span, Grade.A if claim.basis in _VOUCHED or confirmed else Grade.B)


def _bounded(dating: Dating | None, captured: datetime, flags: list[str]) -> Dating | None:
    if dating is None or dating.earliest <= captured + AGREEMENT:
        return dating
    flags.append(FLAG_AFTER_CAPTURE)
    return replace(dating, grade=Grade.C)


def _dating(basis: Basis, span: Span, grade: Grade) -> Dating:
    return Dating(span.earliest, span.latest, span.precision, basis, grade, span.zoned, _minutes(span.offset))


def _confirms(span: Span, other: Span) -> bool:
    """Whether both name the same day; a day and an instant, or two instants, may differ by a zone."""
    if other.precision not in _DAYS or span.precision not in _DAYS:
        return False
    if span.zoned and other.zoned:
        return abs(span.earliest - other.earliest) <= _EAST
    if span.zoned or other.zoned:
        day, instant = (other, span) if span.zoned else (span, other)
        return _is_day_of(day, instant.earliest)
    return span.first_day == other.first_day


def _is_day_of(day: Span, instant: datetime) -> bool:
    return day.earliest - _EAST <= instant <= day.latest + _WEST


def _agree(span: Span, other: Span) -> bool:
    return span.earliest <= other.latest + AGREEMENT and other.earliest <= span.latest + AGREEMENT
