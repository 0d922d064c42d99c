"""One item of a feed to a reading: RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287, and 0.3 before it)."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from html.entities import html5
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from evidence.corpus.decoding import decode
from evidence.corpus.errors import DocumentError
from evidence.corpus.markup import FLAG_SUMMARY, body_text, is_teaser
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.values import Basis, Claim, Status

# libxml2 cuts a text of more than 10,000,000 bytes, and does not always say so.
MAX_ITEM_BYTES = 8 << 20
# An item has one body or two.
_MAX_BODIES = 20

_NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "": "",
}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_WHOLE = frozenset({"content:encoded", "content", "xhtml:body"})
_SUMMARIES = frozenset({"description", "summary", "dc:description"})
_PUBLISHED = ("published", "pubDate", "issued", "dcterms:issued", "dc:date", "created", "dcterms:created")
_MODIFIED = ("updated", "modified", "dcterms:modified")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_XML_NAMES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_TAG = re.compile(r"<[^<>]{0,500}>")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LAST_TAG = re.compile(r"</([\w.:-]+)\s*>\s*\Z")


def read_feed_item(record: Record) -> Reading:
    """The item of a piece that `split_feed` cut. Raises DocumentError `malformed` or `no-text`.

    Its status is `truncated` where the feed's end cut it off. The flag `feed-summary` says that the text is a
    teaser and not the article.
    """
    source = decode(record.data)
    root = _parse(source, record.path)
    item = next((node for node in _elements(root.iter()) if _name(node) in {"item", "entry"}), None)
    if item is None:
        raise DocumentError(record.path, Status.MALFORMED, "there is no item in it")
    channel = _channel(root, item)
    text, flags = _text(item, record.path)
    if not text:
        raise DocumentError(record.path, Status.NO_TEXT, "the item holds a headline at most")
    return Reading(
        text=text,
        kind="news",
        title=_line(item, "title"),
        publisher=_publisher(item, channel),
        url=_url(item, channel),
        language=_language(item, channel, root),
        status=Status.OK if _is_whole(source, root) else Status.TRUNCATED,
        claims=_claims(item),
        flags=flags,
    )


def _parse(source: str, path: str) -> etree._Element:
    """The tree; entities that HTML names are characters, and those that a document type defines stay as written."""
    source = _DECLARATION.sub("", source, count=1)
    at = source.find("<!DOCTYPE")
    if at != -1 and (doctype := _DOCTYPE.match(source, at)):
        source = source[:at] + source[doctype.end() :]
    data = _NO_CHARACTER.sub("", _ENTITY.sub(_character, source)).encode("utf-8", "replace")
    if len(data) > MAX_ITEM_BYTES:
        raise DocumentError(path, Status.TOO_LARGE, f"more than {MAX_ITEM_BYTES >> 20} MB in one item of a feed")
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(path, Status.MALFORMED, f"not XML: {error}") from error
    if root is None:
        raise DocumentError(path, Status.MALFORMED, "not XML")
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise DocumentError(
            path, Status.MALFORMED, "nested too deep, or too many attributes, to be read to its end"
        )
    return root


def _character(match: re.Match[str]) -> str:
    character = html5.get(match[1])
    if match[1] in _XML_NAMES:
        return match[0]
    # what nobody defines is text
    return f"&amp;{match[1]}" if character is None or character in "<>&" else character


def _elements(nodes: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Without comments and instructions."""
    return (node for node in nodes if isinstance(node.tag, str))


def _name(element: etree._Element) -> str:
    """A short name whatever prefix the feed has chosen; of a foreign namespace one that nobody asks for."""
    space, _, local = str(element.tag).rpartition("}")
    known = _NAMESPACES.get(space.removeprefix("{"))
    return f"{known}{local}" if known is not None else f"?{local}"


def _channel(root: etree._Element, item: etree._Element) -> etree._Element:
    """What holds the feed's own title and link: around the item, or before it in RSS 1.0."""
    found = next((node for node in _elements(root) if _name(node) == "channel"), None)
    parent = item.getparent()
    return found if found is not None else parent if parent is not None else item


def _children(element: etree._Element, *names: str) -> list[etree._Element]:
    """In the names' order, and each name's in the document's."""
    return [node for name in names for node in _elements(element) if _name(node) == name]


def _line(element: etree._Element, *names: str) -> str | None:
    """The first of these children that says something, as one line without markup."""
    for node in _children(element, *names):
        text = " ".join(unescape(_TAG.sub(" ", _words(node))).split())
        if text:
            return text.encode("utf-8", "replace").decode()
    return None


def _words(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def _text(item: etree._Element, path: str) -> tuple[str, tuple[str, ...]]:
    """The fullest of the item's bodies and the flags it earned."""
    bodies = []
    for node in islice((node for node in _elements(item) if _name(node) in _WHOLE | _SUMMARIES), _MAX_BODIES):
        text, flags = _body(node, path)
        bodies.append((len(text), _name(node) in _WHOLE, text, flags))
    if not bodies:
        return "", ()
    _, whole, text, flags = max(bodies, key=lambda body: body[:2])
    return text, (*flags, *((FLAG_SUMMARY,) if is_teaser(text, whole) else ()))


def _body(node: etree._Element, path: str) -> tuple[str, tuple[str, ...]]:
    """RFC 4287 4.1.3: content is text, escaped HTML, XHTML in place, or something else that is not read."""
    kind = (node.get("type") or "").lower()
    if node.get("src") or node.get("mode") == "base64" or not (kind in _TEXT_TYPES or kind.startswith("text/")):
        return "", ()
    if any(True for _ in _elements(node)):
        for inner in _elements(node.iter()):
            inner.tag = etree.QName(inner).localname
        etree.cleanup_namespaces(node)
        page = etree.tostring(node, encoding="unicode", method="html", with_tail=False)
        return body_text(f"<div>{page}</div>", path)
    text = "".join([node.text or "", *(child.tail or "" for child in node)])
    return body_text(text, path, escaped=kind not in {"text", "text/plain"})


_TEXT_TYPES = frozenset({"", "html", "xhtml", "text", "application/xhtml+xml", "escaped"})


def _claims(item: etree._Element) -> tuple[Claim, ...]:
    """Atom demands `updated` alone. An entry that names no other date was published no later than that, and a
    window dates it by the later of both anyway: so it counts as both, and is never dated too early."""
    published = _line(item, *_PUBLISHED)
    modified = [line for name in _MODIFIED if (line := _line(item, name))]
    first = published or (modified[0] if modified else None)
    claims = [Claim("published", Basis.FEED, first)] if first else []
    return (*claims, *(Claim("modified", Basis.FEED, line) for line in dict.fromkeys(modified)))


def _publisher(item: etree._Element, channel: etree._Element) -> str | None:
    """A feed that gathers from others names the source in the item."""
    for source in _children(item, "source"):
        name = _line(source, "title") or " ".join((source.text or "").split())
        if name:
            return name
    return _line(item, "dc:publisher") or _line(channel, "dc:publisher", "title")


def _url(item: etree._Element, channel: etree._Element) -> str | None:
    """Where the article is: absolute, by the feed's own address where the item's is relative."""
    base = next((node.get(f"{_XML}base") for node in (item, channel) if node.get(f"{_XML}base")), None)
    home = _absolute(_links(channel), base)
    written = [_line(item, "feedburner:origLink"), *_links(item)]
    guids = [node for node in _children(item, "guid") if node.get("isPermaLink", "true").lower() == "true"]
    return _absolute([*written, *((node.text or "").strip() for node in guids)], base or home)


def _links(element: etree._Element) -> list[str]:
    """Addresses of links, Atom's alternates and RSS's; not those to the feed itself, to pictures or to comments."""
    links = _children(element, "link")
    said = [
        (node.get("href") or node.text or "").strip() for node in links if node.get("rel") in {None, "alternate"}
    ]
    return [link for link in said if link]


def _absolute(links: Iterable[str | None], base: str | None) -> str | None:
    for link in filter(None, links):
        try:
            url = urljoin(base or "", link)
            if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
                return url.encode("utf-8", "replace").decode()
        except ValueError:
            # an address that is none
            continue
    return None


def _language(item: etree._Element, channel: etree._Element, root: etree._Element) -> str | None:
    stated = [item.get(f"{_XML}lang"), _line(item, "dc:language"), _line(channel, "language", "dc:language")]
    stated += [channel.get(f"{_XML}lang"), root.get(f"{_XML}lang")]
    tag = next((tag.strip() for tag in stated if tag and tag.strip()), None)
    return re.split("[-_]", tag)[0].lower() if tag else None


def _is_whole(source: str, root: etree._Element) -> bool:
    """Whether the feed's own end is there; an item that was cut off ends with anything else."""
    last = _LAST_TAG.search(source[-300:])
    return last is not None and last[1].rpartition(":")[2] == etree.QName(root).localname
