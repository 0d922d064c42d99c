"""What a page says of itself in markup: JSON-LD, meta tags, its URL. Collected, not believed."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from evidence.corpus.values import Basis, Claim

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
_PUBLISHED_META = frozenset(
    "article:published_time og:article:published_time datepublished dc.date dc.date.issued dcterms.created "
    "dcterms.issued dcterms.date parsely-pub-date sailthru.date pubdate publish-date publish_date "
    "publication_date date article.published citation_publication_date".split()
)
_MODIFIED_META = frozenset(
    "article:modified_time og:updated_time og:article:modified_time datemodified dcterms.modified "
    "last-modified lastmod article.updated".split()
)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D|$)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?=/|$)")
_MAX_JSON_LD_DEPTH = 12


@dataclass(slots=True)
class Statements:
    """First statement of each thing wins; date claims are all kept."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    article: bool = False
    claims: list[Claim] = field(default_factory=list)


def read_statements(root: HtmlElement) -> Statements:
    """Reads a page as crawled, before anything is cleaned away."""
    found = Statements(language=_language(root.get("lang")))
    for node in root.iter("script"):
        if (node.get("type") or "").strip().lower() == "application/ld+json":
            for thing in _articles(_json(node.text_content())):
                _from_json_ld(thing, found)
    for node in root.iter("meta"):
        _from_meta(node, found)
    for node in root.iter("time"):
        if (node.get("itemprop") or "").lower() == "datemodified":
            _claim(found, "modified", Basis.META, node.get("datetime") or node.text_content())
    for node in root.iter("link"):
        if (node.get("rel") or "").lower() == "canonical":
            found.url = found.url or _absolute(node.get("href"))
    found.title = found.title or _clean(root.findtext(".//title"))
    return found


def url_claims(url: str | None) -> tuple[Claim, ...]:
    """The publication date that a URL's path spells, if it does."""
    path = _split(url).path
    if match := _URL_DAY.search(path):
        return (Claim("published", Basis.URL, "-".join(match.groups())),)
    if match := _URL_MONTH.search(path):
        return (Claim("published", Basis.URL, "-".join(match.groups())),)
    return ()


def host(url: str | None) -> str | None:
    """The site's name, for want of a publisher's."""
    name = _split(url).hostname
    return name.removeprefix("www.") if name else None


def _split(url: str | None) -> SplitResult:
    """A URL's parts; a URL that is none has none."""
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MAX_JSON_LD_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
        if any(_ARTICLE_TYPES.search(kind) for kind in kinds):
            yield value
        elif "WebPage" in kinds and "dateModified" in value:
            # the page around an article; it says nothing else that the article does not say better
            yield {"dateModified": value["dateModified"]}
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(value.get(key), depth + 1)


def _from_json_ld(thing: dict[str, Any], found: Statements) -> None:
    found.article = found.article or "@type" in thing
    found.title = found.title or _clean(thing.get("headline"))
    publisher = thing.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    found.publisher = found.publisher or _clean(publisher.get("name") if isinstance(publisher, dict) else publisher)
    found.language = found.language or _language(_clean(thing.get("inLanguage")))
    _claim(found, "published", Basis.JSON_LD, thing.get("datePublished"))
    _claim(found, "modified", Basis.JSON_LD, thing.get("dateModified"))


def _from_meta(node: HtmlElement, found: Statements) -> None:
    name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
    content = node.get("content")
    if name in _PUBLISHED_META:
        _claim(found, "published", Basis.META, content)
    elif name in _MODIFIED_META:
        _claim(found, "modified", Basis.META, content)
    elif name == "og:title":
        found.title = found.title or _clean(content)
    elif name == "og:site_name":
        found.publisher = found.publisher or _clean(content)
    elif name == "og:url":
        found.url = found.url or _absolute(content)
    elif name == "og:type":
        found.article = found.article or (content or "").strip().lower() == "article"


def _claim(found: Statements, clock: str, basis: Basis, value: Any) -> None:
    if isinstance(value, str) and value.strip():
        claim = Claim("published" if clock == "published" else "modified", basis, value.strip())
        if claim not in found.claims:
            found.claims.append(claim)


def _language(value: str | None) -> str | None:
    return value.split("-")[0].split("_")[0].lower() if value else None


def _absolute(value: Any) -> str | None:
    """An address that says where the page is; a relative one says it only to who knows that already."""
    url = _clean(value)
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _clean(value: Any) -> str | None:
    # JSON-LD often carries what was escaped for HTML
    text = " ".join(unescape(value).split()) if isinstance(value, str) else ""
    # JSON can spell lone surrogates, which have no UTF-8
    return text.encode("utf-8", "replace").decode() or None


def first(values: Iterable[str | None]) -> str | None:
    """The first that says anything."""
    return next((value for value in values if value), None)
