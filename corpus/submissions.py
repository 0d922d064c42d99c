"""One document of an EDGAR submission to a reading: what, who and when by the header, the text by the document."""

import re
from dataclasses import replace

from evidence.corpus.decoding import decode
from evidence.corpus.edgar import Part, find_parts
from evidence.corpus.errors import DocumentError
from evidence.corpus.headers import Header, read_header
from evidence.corpus.html import read_html
from evidence.corpus.plaintext import read_text
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sections import find_sections
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Claim, Filing, Status
from evidence.corpus.xmlforms import form_text

FLAG_PAPER = "filed-on-paper"
# A part of the submission, like a letter to the regulator, was made public after the rest.
FLAG_RELEASED_LATER = "released-later"
# `skipped-parts:12`: pictures, bundles and data for machines that came with this document.
FLAG_SKIPPED = "skipped-parts"

_HEAD_BYTES = 4096
_MAX_TITLE = 300
# EDGAR's own wrappers around what was filed.
_WRAPPER = re.compile(rb"\s*+<(?:XBRL|XML)>\s*+", re.IGNORECASE)
_WRAPPER_END = re.compile(rb"\s*+(?:</(?:XBRL|XML)>\s*+)?(?:</TEXT>\s*+)?\Z", re.IGNORECASE)
_TAIL_BYTES = 256
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|font|center)[\s>]", re.IGNORECASE)
_XML = re.compile(rb"\s*+<(?:\?xml\b|(?:[\w.-]+:)?(?:ownershipDocument|edgarSubmission|informationTable)\b)")
_TICKER = re.compile(r"<issuerTradingSymbol>\s*([A-Za-z][A-Za-z0-9.\-]{0,9})\s*</")
_NO_TICKER = frozenset({"NONE", "NA", "N.A"})
# What typesetters of plain text filings told a printer, alone on a line; <PAGE> keeps its number.
_LAYOUT = re.compile(r"^[ \t]*+(?:</?(?:TABLE|CAPTION|S|C|FN|F\d+|PAGE)>[ \t]*+)+", re.IGNORECASE | re.MULTILINE)


def read_submission(record: Record) -> Reading:
    """Reads a piece of `split_submission`.

    The form is the submission's for every document of it: whoever looks for 8-Ks wants the press release that is
    one's exhibit; the title names the exhibit. Raises DocumentError: `no-text` where there is nothing to read,
    `truncated` where the file ends inside the header, and what the reader of the document raises.
    """
    parts = find_parts(record.data)
    header = read_header(record.data[: parts[0].start if parts else len(record.data)])
    if not parts:
        _refuse_header(record)
    # behind the document stand heads of those left out, without a body, or the mere tag of the next one
    skipped = sum(bool(part.type) for part in parts[1:])
    part = parts[0]
    body = _body(record.data, part)
    if not body:
        raise DocumentError(record.path, Status.NO_TEXT, f"pictures or data only: {skipped + 1} part(s) left out")
    inner = _read_body(replace(record, data=body))
    form = header.form or (None if _is_exhibit(part) else part.type) or inner.form
    return replace(
        inner,
        kind="filing",
        title=_title(header, part) or inner.title,
        publisher=header.filer,
        form=form,
        company=(header.about and header.about.name) or inner.company,
        filing=_filing(header, inner.filing),
        status=Status.TRUNCATED if part.truncated else inner.status,
        claims=_claims(header) or inner.claims,
        # the header knows the form of what has no cover, and of what is not HTML
        marks=() if _is_exhibit(part) else find_sections(inner.text, form),
        flags=(*inner.flags, *_flags(header, skipped)),
    )


def _refuse_header(record: Record) -> None:
    if re.search(rb"</(?:SEC|IMS)-HEADER>|</SUBMISSION>", record.data[-_HEAD_BYTES:], re.IGNORECASE):
        raise DocumentError(record.path, Status.NO_TEXT, "a submission's header without a document")
    raise DocumentError(record.path, Status.TRUNCATED, "the file ends inside the submission's header")


def _body(data: bytes, part: Part) -> bytes:
    """What was filed, without EDGAR's wrappers."""
    end = _WRAPPER_END.search(data, max(part.body, part.stop - _TAIL_BYTES), part.stop)
    stop = end.start() if end else part.stop
    start = _WRAPPER.match(data, part.body, stop)
    return data[start.end() if start else part.body : stop].strip()


def _read_body(record: Record) -> Reading:
    head = record.data[:_HEAD_BYTES]
    if _HTML.search(head):
        return read_html(record)
    if _XML.match(head):
        return _read_form(record)
    reading = read_text(replace(record, media=Media.TEXT))
    return replace(reading, text=_LAYOUT.sub("", reading.text).strip())


def _read_form(record: Record) -> Reading:
    xml = decode(record.data)
    text = form_text(xml)
    if not any(character.isalnum() for character in text):
        raise DocumentError(record.path, Status.NO_TEXT, "a form without a word")
    ticker = _TICKER.search(xml)
    symbol = ticker[1].upper() if ticker else None
    return Reading(text=text, kind="filing", ticker=None if symbol in _NO_TICKER else symbol)


def _title(header: Header, part: Part) -> str | None:
    """`Brightwater Inc. 8-K EX-99.1 for 2024-03-08 (filed 2024-03-09)`; None without a header."""
    if not header.form:
        return None
    company = header.about and header.about.name
    form = f"Form {header.form}" if header.form.removesuffix("/A").isdecimal() else header.form
    words = [company, form, part.type if part.type != header.form else None]
    if header.filer and header.filer != company:
        words.append(f"by {header.filer}")
    if header.period:
        words.append(f"for {header.period}")
    if header.filed:
        words.append(f"(filed {header.filed})")
    return " ".join(word for word in words if word)[:_MAX_TITLE]


def _is_exhibit(part: Part) -> bool:
    return part.type.upper().startswith("EX-")


def _filing(header: Header, inner: Filing | None) -> Filing | None:
    """The header's word first. A time of acceptance proves that the world had it, so a later release has none."""
    said = inner or Filing()
    filing = Filing(
        cik=(header.about and header.about.cik) or said.cik,
        accession=header.accession or said.accession,
        filed=header.filed or said.filed,
        accepted=None if header.private else header.accepted or said.accepted,
        period=header.period or said.period,
        items=header.items or said.items,
    )
    return None if filing == Filing() else filing


def _claims(header: Header) -> tuple[Claim, ...]:
    """Published when it was accepted, else on the day of filing; a release of a part later makes it newer.

    DATE AS OF CHANGE is no such claim: it moves when the regulator corrects an address or a series' name in the
    header, the documents staying what they were.
    """
    written = header.accepted or header.filed
    claims = [Claim("published", Basis.EDGAR, written)] if written else []
    if header.private and header.released:
        claims.append(Claim("modified", Basis.EDGAR, header.released))
    return tuple(claims)


def _flags(header: Header, skipped: int) -> list[str]:
    flags = [f"{FLAG_SKIPPED}:{skipped}"] if skipped else []
    flags += [FLAG_PAPER] if header.paper else []
    flags += [FLAG_RELEASED_LATER] if header.private else []
    return flags
