"""What a page says of itself in markup: JSON-LD, meta tags, its URL. Collected, not believed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from evidence.corpus.datelines import readable
from evidence.corpus.jsonld import Thing, changes_of, read_state, read_things
from evidence.corpus.pagedates import read_page_dates
from evidence.corpus.values import Basis, Claim

# Best first: what a vocabulary defines as the publication, then fields of a less certain meaning.
_PUBLISHED_META = tuple(
    "article:published_time og:article:published_time og:published_time datepublished rnews:datepublished "
    "article:published article:publish_date citation_online_date citation_publication_date citation_date "
    "bepress_citation_date parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime "
    "shareaholic:article_published_time bt:pubdate dcsext.articlefirstpublished dcterms.issued dc.date.issued "
    "dcterms.created dc.date.created dc.created datecreated pubdate publish-date publishdate publish_date "
    "publication-date publication_date published uploaddate dcterms.date dc.date dc:date date".split()
)
_MODIFIED_META = tuple(
    "article:modified_time og:updated_time og:article:modified_time datemodified dcterms.modified "
    "last-modified lastmod article.updated bt:moddate last_updated_date modified revised dc.date.modified "
    "dc.modified lastmodified updated shareaholic:article_modified_time".split()
)
_URL_MONTHS = {
    name: str(number)
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=\D|$)")
_URL_LOOSE_DAY = re.compile(rf"/((?:19|20)\d\d)/(\d|1[0-2]|{'|'.join(_URL_MONTHS)})/(\d|[0-3]\d)/", re.IGNORECASE)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?=/|$)")
_DIGIT = re.compile(r"\d")
# No honest page says more of its time; a claim that is longer is none.
MAX_CLAIMS, MAX_CLAIM = 64, 200


@dataclass(slots=True)
class Statements:
    """First statement of each thing wins; date claims are all kept, of each basis the best first."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    article: bool = False
    claims: list[Claim] = field(default_factory=list)


def read_statements(root: HtmlElement) -> Statements:
    """Reads a page as crawled, before anything is cleaned away."""
    metas = _metas(root)
    locale = first(
        [root.get("lang"), root.get("xml:lang"), *metas.get("og:locale", []), *metas.get("content-language", [])]
    )
    found = Statements(language=_language(locale))
    title = _clean(first(metas.get("og:title", []))) or _clean(root.findtext(".//title"))
    scripts = (node.text_content() for node in root.iter("script") if _type(node) == "application/ld+json")
    articles, around = read_things(scripts, title)
    for thing in articles:
        _from_article(thing, found)
    for thing in around:
        for value in changes_of(thing):
            _date(found, "modified", Basis.JSON_LD, value)
        if not articles:
            _date(found, "published", Basis.JSON_LD, thing.get("datePublished"))
    _from_metas(metas, found)
    found.title = found.title or title
    links = (node.get("href") for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical")
    found.url = first(map(_absolute, [*metas.get("og:url", []), *links]))
    for claim in read_page_dates(root, locale or found.language, title):
        _claim(found, claim)
    if not found.claims:
        state = read_state(node.text or "" for node in root.iter("script"))
        _date(found, "published", Basis.MARKUP, state)
    return found


def url_claims(url: str | None) -> tuple[Claim, ...]:
    """The publication date that a URL's path spells, if it does."""
    path = _split(url).path
    for pattern in (_URL_DAY, _URL_LOOSE_DAY, _URL_MONTH):
        if match := pattern.search(path):
            parts = [_URL_MONTHS.get(part.lower(), part).zfill(2) for part in match.groups()]
            return (Claim("published", Basis.URL, "-".join(parts)),)
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


def _type(node: HtmlElement) -> str:
    return (node.get("type") or "").strip().lower()


def _metas(root: HtmlElement) -> dict[str, list[str]]:
    """What the meta elements of each name say; microdata in the body may be a teaser's, so it is not read here."""
    found: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("http-equiv")
        if not name and node.getparent() is not None and node.getparent().tag == "head":
            name = node.get("itemprop")
        content = node.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _from_article(thing: Thing, found: Statements) -> None:
    found.article = True
    found.title = found.title or _clean(thing.get("headline"))
    publisher = thing.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    found.publisher = found.publisher or _clean(publisher.get("name") if isinstance(publisher, dict) else publisher)
    found.language = found.language or _language(_clean(thing.get("inLanguage")))
    _date(found, "published", Basis.JSON_LD, thing.get("datePublished"))
    for value in changes_of(thing):
        _date(found, "modified", Basis.JSON_LD, value)


def _from_metas(metas: Mapping[str, list[str]], found: Statements) -> None:
    for name in _PUBLISHED_META:
        # the first of a name is the page's; what follows is of its references and teasers
        _date(found, "published", Basis.META, first(metas.get(name, [])))
    for name in _MODIFIED_META:
        for value in metas.get(name, []):
            _date(found, "modified", Basis.META, value)
    found.publisher = found.publisher or _clean(first(metas.get("og:site_name", [])))
    kinds = (kind.strip().lower() for kind in metas.get("og:type", []))
    found.article = found.article or "article" in kinds


def _date(found: Statements, clock: Literal["published", "modified"], basis: Basis, value: Any) -> None:
    """A date is kept as it was written if it can be read so, else as the day that it names, if it names one."""
    if isinstance(value, str) and _DIGIT.search(value):
        # programs write 11/01/2023 in their maker's order, whatever the page's language is
        language = found.language if "." in value else None
        text = readable(value, language) or value.strip()[:MAX_CLAIM]
        _claim(found, Claim(clock, basis, text))


def _claim(found: Statements, claim: Claim) -> None:
    if claim not in found.claims and len(found.claims) < MAX_CLAIMS:
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
