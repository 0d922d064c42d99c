"""JSON articles to readings: the field names of news-please, newspaper, trafilatura, schema.org, WordPress and
JSON Feed, and those that most other exports share."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from evidence.corpus.errors import DocumentError
from evidence.corpus.markup import FLAG_SUMMARY, body_text, is_teaser
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record, refuse_containers
from evidence.corpus.statements import first, host
from evidence.corpus.values import Basis, Claim, Status

_TEXT = (
    "text maintext content body article articleBody full_text fulltext content_text content_html bodyText "
    "article_text raw_text"
).split()
# what stands for the text where there is none
_SUMMARY = "summary description excerpt abstract".split()
_TITLE = ("title", "headline", "name", "webTitle")
_URL = (
    "url link canonical_url canonical_link webUrl web_url permalink external_url mainEntityOfPage source @id"
).split()
# names before addresses; trafilatura's `source` is the article's own address
_PUBLISHER = "publisher source-hostname sitename site_name source source_domain site domain hostname".split()
_SITE = ("source_url", "home_page_url")
_LANGUAGE = ("language", "lang", "inLanguage", "meta_lang")
_PUBLISHED = (
    "publish_date date_publish published published_at publishedAt datePublished published_date publication_date "
    "date_published pub_date pubDate webPublicationDate dateCreated date"
).split()
_MODIFIED = (
    "date_modify modified modified_at modified_gmt dateModified date_modified last_modified updated updated_at "
    "updatedAt lastModified lastmod last_updated lastUpdated date_updated dateUpdated post_modified "
    "post_modified_gmt revised revised_at"
).split()
_CAPTURED = (
    "date_download captured crawled crawled_at crawl_date fetched fetched_at download_date scraped_at seendate "
    "filedate"
).split()
# Objects that hold the article, and say of it what a database or an interface adds.
_WRAPPERS = ("_source", "article", "document", "data", "item", "fields", "content", "post", "result", "response")
_MAX_WRAPPERS = 4
# What holds a value: a name, WordPress's rendered text, MongoDB's date, a JSON-LD identity.
_INNER = ("name", "rendered", "$date", "$numberLong", "@id", "title", "value")
_MAX_PARAGRAPHS = 100_000
_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{1,20})?", re.ASCII)
_JSON_FEED = "jsonfeed.org/version/"


def read_article(record: Record) -> Reading:
    """One article of an export.

    Raises DocumentError `malformed`, `no-text`, `unsupported` or `labelled`, and `too-large` before it is parsed.
    """
    outer = _object(record)
    fed = _JSON_FEED in str(outer.get("version", ""))
    rows = list(_unwrapped(_only_item(outer, record.path) if fed else outer))
    if any(row.get("labels") for row in (outer, *rows)):
        raise DocumentError(record.path, Status.LABELLED, "access labels are not enforced yet, so it is refused")
    text, flags = _text(rows, record.path)
    url = _address(rows)
    return Reading(
        text=text,
        kind="news",
        title=_said(rows, _TITLE),
        publisher=_string(outer, _TITLE) if fed else _publisher(rows, url),
        url=url,
        language=_language([*rows, outer]),
        captured=_said(rows, _CAPTURED),
        claims=_claims(rows, Basis.FEED if fed else Basis.EXPORT),
        flags=flags,
    )


def _object(record: Record) -> dict[str, Any]:
    refuse_containers(record.data, record.path)
    try:
        row = json.loads(record.data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(record.path, Status.MALFORMED, f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise DocumentError(record.path, Status.MALFORMED, "an article is a JSON object")
    return row


def _only_item(feed: dict[str, Any], path: str) -> dict[str, Any]:
    """A JSON Feed is cut into feeds of one item before it comes here."""
    items = feed.get("items")
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise DocumentError(path, Status.UNSUPPORTED, "a JSON Feed that does not hold just one item")
    return items[0]


def _unwrapped(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The article's object, the innermost first, and those around it; of a JSON-LD graph its first article."""
    rows = [row]
    for _ in range(_MAX_WRAPPERS):
        graph = rows[0].get("@graph")
        inner = [thing for thing in graph if isinstance(thing, dict)] if isinstance(graph, list) else []
        inner = [thing for thing in inner if _has_text(thing)] or [
            value for name in _WRAPPERS if isinstance(value := rows[0].get(name), dict)
        ]
        if _has_text(rows[0]) or not inner:
            break
        rows.insert(0, inner[0])
    return rows


def _has_text(row: dict[str, Any]) -> bool:
    return any(_body(row.get(name)) for name in _TEXT)


def _text(rows: list[dict[str, Any]], path: str) -> tuple[str, tuple[str, ...]]:
    """The text and the flags it earned; a body that was exported as HTML is cleaned like a page."""
    for names, whole in ((_TEXT, True), (_SUMMARY, False)):
        for name in names:
            body = next((body for row in rows if (body := _body(row.get(name)))), None)
            if body is None:
                continue
            text, flags = body_text(body, path)
            if any(character.isalnum() for character in text):
                return text, (*flags, *((FLAG_SUMMARY,) if is_teaser(text, whole) else ()))
    raise DocumentError(path, Status.NO_TEXT, f"no text under any of: {', '.join(_TEXT)}")


def _body(value: Any) -> str | None:
    """A body as one string: paragraphs may come as a list, WordPress's in an object."""
    if isinstance(value, dict):
        value = value.get("rendered")
    if isinstance(value, list):
        value = "\n\n".join(part.strip() for part in value[:_MAX_PARAGRAPHS] if isinstance(part, str))
    if not isinstance(value, str) or not value.strip():
        return None
    # a lone surrogate has no UTF-8, and what has no UTF-8 has no digest
    return value.strip().encode("utf-8", "replace").decode()


def _claims(rows: list[dict[str, Any]], basis: Basis) -> tuple[Claim, ...]:
    """The first publication date, and every modification: a page is as new as its newest part."""
    published = _said(rows, _PUBLISHED)
    claims = [Claim("published", basis, published)] if published else []
    modified = [_string(row, [name]) for row in rows for name in _MODIFIED]
    return (*claims, *(Claim("modified", basis, text) for text in dict.fromkeys(modified) if text))


def _address(rows: list[dict[str, Any]]) -> str | None:
    """The first absolute address; exports put file names and ids in these fields, too."""
    said = [_string(row, [name]) for row in rows for name in _URL]
    absolute = [url for url in said if url and url.lower().startswith(("http://", "https://"))]
    return first([*absolute, *(_string(row, _URL[:2]) for row in rows)])


def _publisher(rows: list[dict[str, Any]], url: str | None) -> str | None:
    said = [_string(row, [name]) for row in rows for name in _PUBLISHER]
    name = first([*(name for name in said if name and "://" not in name), host(url), host(_said(rows, _SITE))])
    return name.removeprefix("www.") if name else None


def _language(rows: list[dict[str, Any]]) -> str | None:
    """A language's tag; names of languages are none."""
    for name in (_string(row, [name]) for row in rows for name in _LANGUAGE):
        if name and (match := _LANGUAGE_TAG.fullmatch(name)):
            return match[1].lower()
    return None


def _said(rows: list[dict[str, Any]], names: Iterable[str]) -> str | None:
    names = list(names)
    return first(_string(row, names) for row in rows)


def _string(row: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of these fields that says something."""
    return first(line for name in names for line in _lines(row.get(name)))


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    """What a value says: numbers are dates, objects have a name, of a list the first that says anything counts."""
    if depth > 3:
        return
    if isinstance(value, dict):
        for name in _INNER:
            yield from _lines(value.get(name), depth + 1)
    elif isinstance(value, list):
        for item in value[:10]:
            yield from _lines(item, depth + 1)
    # JSON as Python reads it knows NaN and Infinity
    elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        yield str(int(value))
    elif isinstance(value, str) and value.strip():
        yield value.strip().encode("utf-8", "replace").decode()
