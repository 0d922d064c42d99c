"""JSON articles to readings: news-please's field names and the common others."""

import json
import math
from collections.abc import Iterable
from typing import Any

from evidence.corpus.blocks import visible_text
from evidence.corpus.errors import DocumentError
from evidence.corpus.html import FLAG_HIDDEN
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.statements import host
from evidence.corpus.tree import clean, parse
from evidence.corpus.values import Basis, Claim, Status

_TEXT = ("text", "maintext", "content", "body", "article", "articleBody", "full_text", "fulltext")
_TITLE = ("title", "headline", "name")
_URL = ("url", "link", "canonical_url", "source_url")
_PUBLISHER = ("publisher", "source_domain", "source", "site_name", "site", "domain")
_LANGUAGE = ("language", "lang")
_PUBLISHED = (
    "publish_date date_publish published published_at publishedAt datePublished published_date publication_date "
    "pub_date pubDate date"
).split()
_MODIFIED = "date_modify modified modified_at dateModified updated updated_at updatedAt".split()
_CAPTURED = "date_download captured crawled crawled_at crawl_date fetched fetched_at".split()


def read_article(record: Record) -> Reading:
    """One article of an export. Raises DocumentError `malformed`, `no-text` or `labelled`."""
    row = _object(record)
    if row.get("labels"):
        raise DocumentError(record.path, Status.LABELLED, "access labels are not enforced yet, so it is refused")
    text, flags = _without_markup(_string(row, _TEXT) or "", record.path)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DocumentError(record.path, Status.NO_TEXT, f"no text under any of: {', '.join(_TEXT)}")
    url = _string(row, _URL)
    return Reading(
        text=text,
        kind="news",
        title=_string(row, _TITLE),
        publisher=(_string(row, _PUBLISHER) or host(url) or "").removeprefix("www.") or None,
        url=url,
        language=_string(row, _LANGUAGE),
        captured=_string(row, _CAPTURED),
        claims=_claims(row),
        flags=flags,
    )


def _object(record: Record) -> dict[str, Any]:
    try:
        row = json.loads(record.data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(record.path, Status.MALFORMED, f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise DocumentError(record.path, Status.MALFORMED, "an article is a JSON object")
    return row


def _without_markup(text: str, path: str) -> tuple[str, tuple[str, ...]]:
    """The text and the flags it earned; a body that was exported as HTML is cleaned like a page."""
    if not (text.startswith("<") and "</" in text):
        return text, ()
    root = parse(text, path)
    cleaned = clean(root)
    return visible_text(root), (FLAG_HIDDEN,) if cleaned.hidden else ()


def _claims(row: dict[str, Any]) -> tuple[Claim, ...]:
    """The first publication date, and every modification: a page is as new as its newest part."""
    published = _string(row, _PUBLISHED)
    claims = [Claim("published", Basis.EXPORT, published)] if published else []
    modified = [_string(row, [name]) for name in _MODIFIED]
    return (*claims, *(Claim("modified", Basis.EXPORT, text) for text in modified if text))


def _string(row: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of these fields that says something; numbers are dates, objects have a name."""
    for name in names:
        value = row.get(name)
        if isinstance(value, dict):
            value = value.get("name") or value.get("title")
        # JSON as Python reads it knows NaN and Infinity
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            value = str(int(value))
        if isinstance(value, str) and value.strip():
            # a lone surrogate has no UTF-8, and what has no UTF-8 has no digest
            return value.strip().encode("utf-8", "replace").decode()
    return None
