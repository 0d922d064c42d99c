"""Records to documents: the reader for what it is, the user's word before the page's, and the date chain."""

from dataclasses import replace
from datetime import datetime

from evidence.corpus.articles import read_article
from evidence.corpus.dates import date_document
from evidence.corpus.errors import DocumentError
from evidence.corpus.feeditems import read_feed_item
from evidence.corpus.hashing import digest
from evidence.corpus.html import read_html
from evidence.corpus.invisible import invisible_flags
from evidence.corpus.language import choose_language
from evidence.corpus.metadata import Metadata
from evidence.corpus.pdf import read_pdf
from evidence.corpus.plaintext import read_text
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.statements import first, host, url_claims
from evidence.corpus.submissions import read_submission
from evidence.corpus.times import parse_written
from evidence.corpus.transcripts import KIND as TRANSCRIPT
from evidence.corpus.transcripts import find_speakers
from evidence.corpus.values import Basis, Claim, Document, Status

_REGULATOR = "sec.gov"
_READERS = {
    Media.HTML: read_html,
    Media.PDF: read_pdf,
    Media.TEXT: read_text,
    Media.ARTICLE: read_article,
    Media.SUBMISSION: read_submission,
    Media.FEED_ITEM: read_feed_item,
}


def read_document(record: Record) -> Document:
    """Reads one record. Raises DocumentError with the record's path and a status word."""
    return tell_language(parse_document(record), record.metadata)


def tell_language(document: Document, stated: Metadata) -> Document:
    """The parsed document with the language of its text, or what the user says that it is.

    Nothing is parsed for it, and the model is half of all that a reader of bytes would hold: it is for who comes
    after that.
    """
    return replace(document, language=stated.language or choose_language(document.text, document.language))


def parse_document(record: Record) -> Document:
    """What `read_document` reads, but for the language, which is as the bytes state it."""
    stated = record.metadata
    if stated.labels:
        raise DocumentError(record.path, Status.LABELLED, "access labels are not enforced yet, so it is refused")
    reading = _with_speakers(_believed(_READERS[record.media](record), record))
    url = first([stated.url, reading.url, record.url])
    captured = _captured(record, reading)
    claims = _claims(record, reading, url)
    clocks = date_document(claims, captured)
    return Document(
        id=record.id,
        path=record.path,
        kind=stated.kind or reading.kind,
        text=reading.text,
        original=digest(record.data),
        title=stated.title or reading.title,
        publisher=first([stated.publisher, reading.publisher, host(url)]),
        url=url,
        language=reading.language,
        form=stated.form or reading.form,
        company=stated.company or reading.company,
        ticker=stated.ticker or reading.ticker,
        published=clocks.published,
        modified=clocks.modified,
        captured=captured,
        filing=reading.filing,
        status=reading.status if record.status is Status.OK else record.status,
        completeness=reading.completeness,
        claims=claims,
        flags=tuple(dict.fromkeys((*reading.flags, *invisible_flags(reading.text), *clocks.flags))),
        marks=reading.marks,
    )


def _believed(reading: Reading, record: Record) -> Reading:
    """A regulator's header vouches for a time where a regulator sent it: any site can write one."""
    sent_by = host(record.url) or _REGULATOR
    if sent_by == _REGULATOR or sent_by.endswith(f".{_REGULATOR}"):
        return reading
    claims = tuple(replace(c, basis=Basis.TEXT) if c.basis is Basis.EDGAR else c for c in reading.claims)
    filing = reading.filing and replace(reading.filing, accepted=None)
    return replace(reading, claims=claims, filing=filing)


def _with_speakers(reading: Reading) -> Reading:
    """What is a transcript by its shape is one, and says who speaks where."""
    speakers = find_speakers(reading.text)
    if not speakers:
        return reading
    marks = sorted((*reading.marks, *speakers), key=lambda mark: mark.start)
    return replace(reading, marks=tuple(marks), kind=reading.kind if reading.kind == "filing" else TRANSCRIPT)


def _captured(record: Record, reading: Reading) -> datetime | None:
    """An upper bound, so of a day its end. What a page says of it counts where nobody else says anything."""
    if record.captured_by is not None:
        return record.captured_by
    span = parse_written(reading.captured) if reading.captured else None
    return span.latest if span else None


def _claims(record: Record, reading: Reading, url: str | None) -> tuple[Claim, ...]:
    """Every statement of the document's time, best basis first."""
    stated = record.metadata
    said = {"published": stated.published, "modified": stated.modified, "captured": stated.captured}
    claims = [Claim(clock, Basis.SIDECAR, text) for clock, text in said.items() if text]  # type: ignore[arg-type]
    claims += [*reading.claims, *url_claims(url)]
    if reading.captured:
        claims.append(Claim("captured", Basis.EXPORT, reading.captured))
    if record.captured:
        claims.append(Claim("captured", Basis.CAPTURE, record.captured.isoformat()))
    return tuple(sorted(dict.fromkeys(claims), key=lambda claim: list(Basis).index(claim.basis)))
