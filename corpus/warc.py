"""The one module that knows fastwarc: pages out of a crawler's WARC file, one capture at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, Literal

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from evidence.corpus.errors import DocumentError
from evidence.corpus.values import Status

_HTTP_OK = range(200, 300)
_Decoding = Literal["none", "content", "all"]
# Pictures, fonts, styles and scripts are what a page is made with, not documents.
_PAGE_TYPES = (
    "text/html",
    "application/xhtml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/json",
    # what servers say that do not know; the bytes tell
    "application/octet-stream",
)


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as the crawler had it: body decoded, time in UTC."""

    url: str | None
    captured: datetime | None
    body: bytes


def read_captures(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Capture | DocumentError]:
    """The pages of a WARC, in order. Redirects, errors and page furniture are no documents and are passed over.

    A record cut short, without a body (`revisit`), damaged or over `max_bytes` is yielded as its DocumentError.
    """
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
    try:
        for record in ArchiveIterator(stream, record_types=wanted, parse_http=False):
            capture = _capture(record, path, max_bytes)
            if capture is not None:
                yield capture
    except OSError as error:
        yield DocumentError(path, Status.TRUNCATED, f"the archive cannot be read on: {error}")


def _capture(record: WarcRecord, path: str, max_bytes: int) -> Capture | DocumentError | None:
    url = record.headers.get("WARC-Target-URI")
    where = f"{path}#{url}"
    if record.record_type == WarcRecordType.revisit:
        return DocumentError(where, Status.REVISIT, "the record refers to an earlier capture and has no body")
    stated, block = record.content_length, record.reader.read(max_bytes + 1)
    try:
        head = _parsed(record, block, "none")
        if head.http_headers is not None and not _is_page(head):
            return None
        if len(block) < min(stated, max_bytes):
            return DocumentError(where, Status.TRUNCATED, "the archive ends before this record does")
        # a block cut at the limit would not decode
        body = block if len(block) > max_bytes else _body(record, block, max_bytes)
    except OSError as error:
        return DocumentError(where, Status.MALFORMED, f"its body cannot be decoded: {error}")
    if len(body) > max_bytes:
        return DocumentError(where, Status.TOO_LARGE, f"more than {max_bytes >> 20} MB in one document")
    captured = record.record_date
    return Capture(url, captured and _aware(captured), body)


def _is_page(head: WarcRecord) -> bool:
    """By status and type as stated; a status nobody can read and a type that says nothing are no reason to pass."""
    status, kind = head.http_headers.status_code, (head.http_content_type or "").strip().lower()
    return (status is None or status in _HTTP_OK) and (not kind or kind.startswith(_PAGE_TYPES))


def _body(record: WarcRecord, block: bytes, max_bytes: int) -> bytes:
    """The decoded body; some crawlers undo the chunks and keep the header that announces them."""
    try:
        return bytes(_parsed(record, block, "all").reader.read(max_bytes + 1))
    except OSError:
        return bytes(_parsed(record, block, "content").reader.read(max_bytes + 1))


def _parsed(record: WarcRecord, block: bytes, decoding: _Decoding) -> WarcRecord:
    """A copy of its own, for the archive cannot be read on after a body that would not decode."""
    copy = WarcRecord()
    copy.init_headers(record.record_type)
    copy.is_http = record.is_http
    copy.set_bytes_content(block)
    copy.parse_http(auto_decode=decoding)
    return copy


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
