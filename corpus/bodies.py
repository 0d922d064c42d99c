"""A record's block to a page's bytes: the HTTP head judged, the body decoded. Knows nothing of archives."""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal

from fastwarc.stream_io import BrotliReader, WarcReader, ZstdReader
from fastwarc.warc import WarcRecord, WarcRecordType

from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Capture
from evidence.corpus.values import Status

_HTTP_OK = range(200, 300)
_NOT_MODIFIED, _PARTIAL = 304, 206
# Pictures, fonts, styles and scripts are what a page is made with, not documents. Everything else is sniffed, for
# servers say what they like.
_FURNITURE_TYPES = (
    "image/",
    "font/",
    "video/",
    "audio/",
    "model/",
    "text/css",
    "text/javascript",
    "text/ecmascript",
)
_FURNITURE = re.compile(r"javascript|ecmascript|font|shockwave|mpegurl|wasm|manifest|protobuf|grpc|ocsp")
# Crawlers file their logs, screenshots and notes under names that no page has.
_CRAWLERS_OWN = ("metadata:", "urn:", "dns:", "filedesc:", "whois:")
_MAX_HEAD_BYTES = 1 << 16
_CHUNK_SIZE = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
# gzip with its head; deflate with zlib's head, as the standard has it, and without, as some servers do
_BITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
_READERS = {"br": BrotliReader, "zstd": ZstdReader}


Kind = Literal["page", "revisit", "other", "untyped"]


@dataclass(frozen=True, slots=True)
class Block:
    """One record of an archive. `data` is its block, cut one byte above the limit; `length` what its head states.

    `cut` says that the crawler kept only a part, `content_type` what the archive, not the server, calls it.
    """

    capture: Capture
    kind: Kind
    data: bytes
    length: int
    is_http: bool
    content_type: str = ""
    captured: datetime | None = None
    cut: bool = False
    # a revisit's: record id, URL and time of the capture it means
    refers: tuple[str | None, str | None, str | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Page:
    """A body as a browser would show it; `is_xml` where only a feed is of interest."""

    data: bytes
    status: Status
    is_xml: bool = False


def is_furniture(block: Block) -> bool:
    """By status and type as stated; a status nobody can read and a type that says nothing are no reason to pass."""
    if (block.capture.url or "").lstrip("<").startswith(_CRAWLERS_OWN):
        return True
    if not block.is_http:
        return block.kind == "page" and not _is_page_type(block.content_type)
    try:
        head = _parsed(block.data[:_MAX_HEAD_BYTES])
    except OSError:
        return False
    status = head.http_headers.status_code
    if block.kind == "revisit" and status == _NOT_MODIFIED:
        return False
    return not ((status is None or status in _HTTP_OK) and _is_page_type(head.http_content_type))


def read_page(block: Block, where: str, max_bytes: int) -> Page:
    """The block's body, decoded. Raises DocumentError `truncated`, `malformed` or `too-large` with this path."""
    if len(block.data) < min(block.length, max_bytes):
        raise DocumentError(where, Status.TRUNCATED, "the archive ends before this record does")
    try:
        # a block cut at the limit would not decode
        too_large = len(block.data) > max_bytes
        page = Page(block.data, Status.OK) if too_large or not block.is_http else _page(block, max_bytes)
    except OSError as error:
        raise DocumentError(where, Status.MALFORMED, f"its body cannot be decoded: {error}") from error
    if len(page.data) > max_bytes:
        raise DocumentError(where, Status.TOO_LARGE, f"more than {max_bytes >> 20} MB in one document")
    return Page(page.data, Status.TRUNCATED, page.is_xml) if block.cut else page


def _is_page_type(stated: str | None) -> bool:
    kind = (stated or "").strip().lower()
    return not kind.startswith(_FURNITURE_TYPES) and not _FURNITURE.search(kind)


def _page(block: Block, max_bytes: int) -> Page:
    """The decoded body; some crawlers undo chunks or compression and keep the header that announces them."""
    head = _parsed(block.data)
    stated = head.http_headers
    body = bytes(head.reader.read(max_bytes + 1))
    length = (stated.get("Content-Length") or "").strip()
    whole = not (length.isascii() and length.isdigit()) or len(body) >= int(length[:18])
    whole &= stated.status_code != _PARTIAL
    if "chunked" in (stated.get("Transfer-Encoding") or "").lower():
        body, ended = _join_chunks(body)
        whole &= ended
    # the last was put on last
    for encoding in reversed((stated.get("Content-Encoding") or "").lower().split(",")):
        body, ended = _decoded(body, encoding.strip(), max_bytes)
        whole &= ended
    kind = (head.http_content_type or "").lower()
    return Page(body, Status.OK if whole else Status.TRUNCATED, "xml" in kind and "html" not in kind)


def _decoded(body: bytes, encoding: str, max_bytes: int) -> tuple[bytes, bool]:
    """At most `max_bytes` + 1 of what the body unpacks to, and whether it has its end.

    Raises OSError; but markup that should be packed and is not comes back as it is.
    """
    if not body or encoding in {"", "identity", "none", "utf-8"}:
        return body, True
    try:
        if encoding in _BITS:
            return _inflated(body, encoding, max_bytes + 1)
        if encoding in _READERS:
            return _drained(_READERS[encoding](BytesIO(body)), max_bytes + 1), True
        raise OSError(f"packed in a way that is not known: {encoding}")
    except OSError:
        if body.lstrip()[:1] in {b"<", b"{", b"["}:
            return body, True
        raise


def _inflated(body: bytes, encoding: str, most: int) -> tuple[bytes, bool]:
    reason = ""
    for bits in _BITS[encoding]:
        try:
            return _members(body, bits, most)
        except zlib.error as error:
            reason = str(error)
    raise OSError(reason)


def _members(body: bytes, bits: int, most: int) -> tuple[bytes, bool]:
    """gzip may come in several members; what else follows the first is junk."""
    data = b""
    while True:
        inflater = zlib.decompressobj(bits)
        data += inflater.decompress(body, most - len(data))
        body = inflater.unused_data
        if not inflater.eof or not body.startswith(b"\x1f\x8b") or len(data) >= most:
            return data, inflater.eof or len(data) >= most


def _drained(reader: WarcReader, most: int) -> bytes:
    data = b""
    while len(data) < most and (more := reader.read(most - len(data))):
        data += more
    return data


def _join_chunks(payload: bytes) -> tuple[bytes, bool]:
    """The chunks up to where they end or break off, and whether they end; bytes without chunks are one, whole."""
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK_SIZE.match(payload, at)) is not None:
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts), True
        parts.append(payload[size.end() : size.end() + length])
        at = size.end() + length
    return (b"".join(parts), False) if parts else (payload, True)


def _parsed(block: bytes) -> WarcRecord:
    """The block as a record of its own, its body as it was sent."""
    copy = WarcRecord()
    copy.init_headers(WarcRecordType.response)
    copy.is_http = True
    copy.set_bytes_content(block)
    # bare line feeds are an old crawler's; nothing is decoded, for that would inflate a bomb whole
    copy.parse_http(quirks_mode=b"\r\n\r\n" not in block[:_MAX_HEAD_BYTES])
    return copy
