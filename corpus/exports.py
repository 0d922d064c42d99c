"""A JSON object that holds many articles to one for each: a JSON Feed, an answer of a news interface. Pure."""

import json
from collections.abc import Iterator
from typing import Any

_LISTS = ("items", "articles", "results", "documents", "posts", "entries", "data", "hits", "response")
# What a JSON Feed says for all its items (version 1.1).
_FEED = ("version", "title", "home_page_url", "feed_url", "language")
_MAX_DEPTH = 3
_MAX_FIELD = 2_000


def split_object(value: dict[str, Any]) -> list[bytes] | None:
    """The articles in the object, each as JSON of its own; None where it is an article itself.

    An item of a JSON Feed stays in a feed of one item, which keeps the feed's title and language.
    """
    head = {
        name: value[name] for name in _FEED if isinstance(value.get(name), str) and len(value[name]) < _MAX_FIELD
    }
    fed = "jsonfeed.org/version/" in head.get("version", "")
    rows = [] if fed and value.get("items") == [] else _rows(value)
    if rows is None:
        return None
    return [_encoded({**head, "items": [row]} if fed else row) for row in rows]


def _rows(value: dict[str, Any], depth: int = 0) -> list[dict[str, Any]] | None:
    """The first list of objects under a name that lists have; search engines put it an object deeper."""
    for inner in _candidates(value):
        if isinstance(inner, list) and inner and all(isinstance(row, dict) for row in inner):
            return inner
        if isinstance(inner, dict) and depth < _MAX_DEPTH and (rows := _rows(inner, depth + 1)) is not None:
            return rows
    return None


def _candidates(value: dict[str, Any]) -> Iterator[Any]:
    # an article may list its own pictures or links, but it has a text
    if not any(isinstance(value.get(name), str) for name in ("text", "maintext", "articleBody", "content", "body")):
        yield from (value[name] for name in _LISTS if name in value)


def _encoded(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
