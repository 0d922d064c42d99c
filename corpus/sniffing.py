"""What bytes are, told from their first few and never from a name. Pure."""

import re
from enum import StrEnum

from evidence.corpus.decoding import UTF_16_BOMS
from evidence.corpus.edgar import is_submission
from evidence.corpus.errors import DocumentError
from evidence.corpus.values import Status

# What a file is stands in its first bytes.
HEAD_BYTES = 4096

_UTF_8_BOM = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|meta)\b", re.IGNORECASE)
# atomic, for many comments before something else would be tried in every grouping
_PROLOGUE = re.compile(rb"\s*(?>(?:(?:<\?[^>]*>|<!--.*?-->)\s*)*)", re.DOTALL)
# a document type may hold definitions in brackets
_DOCTYPE = re.compile(
    rb"<!doctype\s+(?!html)[^\[>]*+(?:\[[^\]]*+\]\s*+)?>\s*+(?><!--.*?-->\s*+)*+", re.I | re.DOTALL
)
_FEED = re.compile(rb"<(?:rss|(?:[\w.-]+:)?(?:feed|RDF))[\s>]")
# Pictures, fonts, sound and film, and compiled scripts.
_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|\0\0[\x01\x02]\0|II\*\0|MM\0\*|RIFF.{4}(?:WEBP|WAVE|AVI )"
    rb"|wOF[F2]|OTTO|\0\x01\0\0|true\0|ttcf|ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|\x1a\x45\xdf\xa3|.{4}ftyp|FLV\x01|\0asm",
    re.DOTALL,
)


class Media(StrEnum):
    """What a record's bytes are, by their content."""

    HTML = "html"
    PDF = "pdf"
    TEXT = "text"
    ARTICLE = "article"
    # one document of an EDGAR submission, behind the submission's own header
    SUBMISSION = "submission"
    # one item of a feed, inside the feed's own head
    FEED_ITEM = "feed-item"


def is_picture(head: bytes) -> bool:
    """Whether these first bytes are those of a picture, a font, a sound or a film."""
    return _PICTURE.match(head) is not None


def sniff(path: str, head: bytes) -> Media:
    """By content, never by name: crawlers save PDFs as .html and error pages as .pdf.

    `head` is the first HEAD_BYTES. SUBMISSION and FEED_ITEM mean a whole submission or feed, still to be split.
    Raises DocumentError `unsupported` with this path for what nobody here reads.
    """
    if b"%PDF-" in head[:1024]:
        return Media.PDF
    if head[:2] in UTF_16_BOMS:
        head = head.decode("utf-16", "replace").encode()
    text = head.removeprefix(_UTF_8_BOM).lstrip()
    if text[:1] in {b"{", b"["}:
        return Media.ARTICLE
    if is_submission(text):
        return Media.SUBMISSION
    root = text[_PROLOGUE.match(text).end() :]  # type: ignore[union-attr]
    if _FEED.match(_DOCTYPE.sub(b"", root, count=1)):
        return Media.FEED_ITEM
    if _HTML.match(root) or b"<html" in head.lower():
        return Media.HTML
    if text.startswith(b"<?xml"):
        raise DocumentError(path, Status.UNSUPPORTED, "XML that is neither a page nor a feed")
    if b"\0" in head:
        raise DocumentError(path, Status.UNSUPPORTED, "binary data of a kind that is not read")
    return Media.TEXT
