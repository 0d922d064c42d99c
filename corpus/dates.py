"""The date chain: what a document and its company say of its time, to a dating with basis and grade. Pure.

A page may state its date several times. The best basis wins; a second, independent basis naming the same
day makes it grade A; bases that contradict each other make it grade C, because then nobody knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from evidence.corpus.times import Span, parse_strict, parse_written
from evidence.corpus.values import Basis, Claim, Dating, Grade, Precision

# Two statements of one publication differ by up to a day when one of them is written in another zone.
AGREEMENT = timedelta(days=1)

FLAG_CONFLICT = "dates-disagree"
FLAG_MODIFIED_UNREAD = "modified-at-an-unknown-time"
FLAG_AFTER_CAPTURE = "dated-after-capture"

_RANK = {basis: rank for rank, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the chain concluded, and flags that say what was odd."""

    published: Dating | None
    modified: Dating | None
    flags: tuple[str, ...]


def date_document(claims: Iterable[Claim], captured: datetime | None) -> Clocks:
    """The datings that these claims support. `captured` is an upper bound: a later date is only a guess."""
    claims = list(claims)
    read = [(claim, span) for claim in claims if (span := _read(claim)) is not None]
    flags: list[str] = []
    published = _published([pair for pair in read if pair[0].clock == "published"], flags)
    modified = _modified([pair for pair in read if pair[0].clock == "modified"])
    if published is not None and modified is None and any(claim.clock == "modified" for claim in claims):
        # it was changed, and nobody can say when
        flags.append(FLAG_MODIFIED_UNREAD)
        published = replace(published, grade=Grade.C)
    if captured is not None:
        published = _bounded(published, captured, flags)
        modified = _bounded(modified, captured, flags)
    return Clocks(published, modified, tuple(dict.fromkeys(flags)))


def _read(claim: Claim) -> Span | None:
    """A sidecar is the user's own word, so it is held to the strict grammar."""
    return parse_strict(claim.text) if claim.basis is Basis.SIDECAR else parse_written(claim.text)


def _published(read: list[tuple[Claim, Span]], flags: list[str]) -> Dating | None:
    if not read:
        return None
    read = sorted(read, key=lambda pair: (_RANK[pair[0].basis], pair[1].precision is not Precision.SECOND))
    claim, span = read[0]
    grade = _grade(claim, span, [(other.basis, at) for other, at in read[1:]])
    if grade is Grade.C and claim.basis is not Basis.TEXT:
        flags.append(FLAG_CONFLICT)
    return _dating(claim.basis, span, grade)


def _modified(read: list[tuple[Claim, Span]]) -> Dating | None:
    """Of several statements the latest: a page is as new as its newest part."""
    if not read:
        return None
    claim, span = max(read, key=lambda pair: (pair[1].latest, -_RANK[pair[0].basis]))
    vouched = claim.basis is Basis.SIDECAR
    confirmed = any(other.basis is not claim.basis and _agree(span, at) for other, at in read)
    return _dating(claim.basis, span, Grade.A if vouched or confirmed else Grade.B)


def _bounded(dating: Dating | None, captured: datetime, flags: list[str]) -> Dating | None:
    if dating is None or dating.earliest <= captured + AGREEMENT:
        return dating
    flags.append(FLAG_AFTER_CAPTURE)
    return replace(dating, grade=Grade.C)


def _dating(basis: Basis, span: Span, grade: Grade) -> Dating:
    return Dating(span.earliest, span.latest, span.precision, basis, grade, span.zoned)


def _grade(claim: Claim, span: Span, others: list[tuple[Basis, Span]]) -> Grade:
    if claim.basis is Basis.SIDECAR:
        return Grade.A
    if claim.basis is Basis.TEXT:
        return Grade.C
    stated = [at for basis, at in others if basis is not Basis.TEXT]
    if any(not _agree(span, at) for at in stated):
        return Grade.C
    independent = [at for basis, at in others if basis not in {claim.basis, Basis.TEXT}]
    return Grade.A if any(_confirms(span, at) for at in independent) else Grade.B


def _confirms(span: Span, other: Span) -> bool:
    """Whether both name the same day; a day and an instant may differ by a zone."""
    if other.precision not in {Precision.DAY, Precision.SECOND}:
        return False
    if span.zoned or other.zoned:
        return _agree(span, other)
    return span.earliest <= other.latest and other.earliest <= span.latest


def _agree(span: Span, other: Span) -> bool:
    return span.earliest <= other.latest + AGREEMENT and other.earliest <= span.latest + AGREEMENT
