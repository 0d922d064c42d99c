"""Feeds: every item whole and readable alone, with the feed's title, link, language and the item's own dates."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.errors import DocumentError
from evidence.corpus.feeditems import read_feed_item
from evidence.corpus.feeds import MAX_HEAD_BYTES, MAX_ITEMS, split_feed
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Claim, Status

STORY = " ".join(f"Sentence {number} of the story tells of bonders." for number in range(12))
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- <item> -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Die &amp; Wire</title><link>https://dieandwire.example/</link><language>en-GB</language>
<atom:link href="https://dieandwire.example/feed" rel="self"/>{}</channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/"><title>Old Wire</title>
<link>https://old.example/</link><dc:language>de</dc:language>
<items><rdf:Seq><rdf:li resource="a"/></rdf:Seq></items>
</channel>{}</rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-CA" xml:base="https://atom.example/blog/">
<title>Atom Ledger</title><link rel="self" href="feed.xml"/><link href="/blog/"/><id>urn:x</id>
<updated>2025-09-01T00:00:00Z</updated>{}</feed>"""


def _pieces(feed: str | bytes) -> list[bytes]:
    return list(split_feed(feed.encode() if isinstance(feed, str) else feed))


def _read(feed: str | bytes) -> list[Reading]:
    return [read_feed_item(Record("a", Media.FEED_ITEM, piece)) for piece in _pieces(feed)]


def _only(feed: str | bytes) -> Reading:
    (reading,) = _read(feed)
    return reading


def _status(piece: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_feed_item(Record("a", Media.FEED_ITEM, piece))
    return caught.value.status


ITEM = f"<item><title>One</title><description>{STORY}</description></item>"


@pytest.mark.parametrize(
    "items",
    [
        ["<item><title>1</title></item>", '<item rdf:about=">">2</item>'],
        ["<item><description><![CDATA[ </item><item> ]]></description></item>", "<item>2</item>"],
        ["<item><!-- </item> -->1</item>", "<item>\n2\n</item >"],
    ],
)
@pytest.mark.parametrize("frame", [RSS, RDF])
def test_a_feed_is_cut_into_its_items_as_they_were_stored(frame: str, items: list[str]) -> None:
    head, tail = frame.split("{}")
    pieces = _pieces(frame.format("\n<item/> ".join(items)))
    assert [piece.decode() for piece in pieces] == [f"{head}{item}{tail}" for item in items]


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="<", exclude_categories=["Cs"])), max_size=8))
@settings(derandomize=True, deadline=None)
def test_the_items_of_any_feed_come_back(texts: list[str]) -> None:
    items = [f"<item>{text}</item>" for text in texts]
    head, tail = RSS.split("{}")
    assert _pieces(RSS.format(" ".join(items))) == [f"{head}{item}{tail}".encode() for item in items]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_wide_feed_is_read(encoding: str) -> None:
    feed = RSS.replace("UTF-8", "UTF-16").format(ITEM.replace("One", "Brücke"))
    assert _only(feed.encode(encoding)).title == "Brücke"


def test_a_feed_in_an_old_charset_is_read() -> None:
    feed = RSS.replace("UTF-8", "ISO-8859-1").format(ITEM.replace("One", "Brücke"))
    assert _only(feed.encode("cp1252")).title == "Brücke"


def test_an_item_of_rss_says_what_it_and_its_channel_say() -> None:
    body = f"<![CDATA[<p>{STORY}</p><p hidden>secret</p><script>x()</script><p>An end &amp; more.</p>]]>"
    item = (
        "<item><title>HV &amp;amp; K&amp;amp;S</title><link> https://dieandwire.example/a </link>"
        f"<description>Short.</description><content:encoded>{body}</content:encoded>"
        "<pubDate>Wed, 27 Aug 2025 16:20:00 -0400</pubDate><dc:creator>A</dc:creator>"
        "<atom:updated>2025-08-28T01:00:00Z</atom:updated></item>"
    )
    reading = _only(RSS.format(item))
    assert reading.text.split("\n\n") == [STORY, "An end & more."]
    assert (reading.title, reading.url) == ("HV & K&S", "https://dieandwire.example/a")
    assert (reading.publisher, reading.language, reading.kind) == ("Die & Wire", "en", "news")
    assert reading.flags == ("hidden-text",)
    assert reading.claims == (
        Claim("published", Basis.FEED, "Wed, 27 Aug 2025 16:20:00 -0400"),
        Claim("modified", Basis.FEED, "2025-08-28T01:00:00Z"),
    )


def test_an_item_of_rss_1_0_says_what_it_and_its_channel_say() -> None:
    item = f'<item rdf:about="b"><title>T</title><link>/b</link><description>{STORY}</description>'
    reading = _only(RDF.format(item + "<dc:date>2025-08-27T10:00:00+02:00</dc:date></item>"))
    assert (reading.publisher, reading.language, reading.url) == ("Old Wire", "de", "https://old.example/b")
    assert reading.claims == (Claim("published", Basis.FEED, "2025-08-27T10:00:00+02:00"),)


CONTENTS = [
    f'<content type="html">&lt;p&gt;{STORY}&lt;/p&gt;</content>',
    f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{STORY}</p></div></content>',
    f'<content type="xhtml" xmlns:h="http://www.w3.org/1999/xhtml"><h:div><h:p>{STORY}</h:p></h:div></content>',
    f'<content type="text">{STORY}</content>',
    f"<summary>{STORY}</summary>",
]


@pytest.mark.parametrize("content", CONTENTS)
def test_an_entry_of_atom_says_what_it_and_its_feed_say(content: str) -> None:
    entry = (
        f'<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title><link rel="replies" href="x"/>'
        f'<link rel="alternate" href="2025/a"/><published>2025-08-01T00:00:00Z</published>'
        f"<updated>2025-08-03T00:00:00Z</updated>{content}</entry>"
    )
    reading = _only(ATOM.format(entry))
    assert (reading.text, reading.title) == (STORY, "A bold title")
    assert reading.url == "https://atom.example/blog/2025/a"
    assert (reading.publisher, reading.language) == ("Atom Ledger", "fr")
    assert [claim.text[:10] for claim in reading.claims] == ["2025-08-01", "2025-08-03"]


def test_an_entry_that_names_only_its_update_was_published_no_later() -> None:
    entry = f"<entry><updated>2025-08-03T00:00:00Z</updated><summary>{STORY}</summary></entry>"
    assert [(claim.clock, claim.text[:10]) for claim in _only(ATOM.format(entry)).claims] == [
        ("published", "2025-08-03"),
        ("modified", "2025-08-03"),
    ]


def test_an_item_without_a_date_claims_none() -> None:
    assert _only(RSS.format(ITEM)).claims == ()


def test_a_gathered_item_names_its_source() -> None:
    item = ITEM.replace("</item>", '<source url="https://s.example/feed">Straits Monitor</source></item>')
    assert _only(RSS.format(item)).publisher == "Straits Monitor"
    entry = f"<entry><source><title>Straits</title></source><summary>{STORY}</summary></entry>"
    assert _only(ATOM.format(entry)).publisher == "Straits"


@pytest.mark.parametrize(
    ("body", "teaser"),
    [
        ("<description>Short.</description>", True),
        (f"<description>{STORY}</description>", False),
        (f"<description>{STORY} [&#8230;]</description>", True),
        (f"<content:encoded>{STORY} Read more</content:encoded>", True),
        ("<content:encoded>A whole short story.</content:encoded>", False),
    ],
)
def test_a_teaser_is_flagged(body: str, teaser: bool) -> None:
    assert _only(RSS.format(f"<item>{body}</item>")).flags == (("feed-summary",) if teaser else ())


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://[bad/</link><guid>https://x.example/g</guid>", "https://x.example/g"),
        ('<guid isPermaLink="false">https://x.example/g</guid>', None),
        ("<guid>tag:x,2025</guid>", None),
    ],
)
def test_an_address_is_absolute_or_none(link: str, url: str | None) -> None:
    assert _only(RSS.format(f"<item>{link}<description>{STORY}</description></item>")).url == url


def test_names_of_characters_are_read_and_a_document_type_is_not() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "bomb"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    feed = RSS.replace("<rss", bomb + "<rss").format(
        f"<item><description>caf&eacute; &a;&b; {STORY}</description></item>"
    )
    text = _only(feed).text
    assert text.startswith("café ")
    assert "bomb" not in text


def test_an_item_that_the_end_cuts_off_is_truncated() -> None:
    feed = RSS.format(ITEM + ITEM)
    cut = feed[: feed.rindex("of bonders") + 10]
    whole, part = _read(cut)
    assert (whole.status, part.status) == (Status.OK, Status.TRUNCATED)
    assert part.text.endswith("of bonders")


@pytest.mark.parametrize(
    ("status", "piece"),
    [
        ("malformed", b""),
        ("malformed", b"no feed"),
        ("malformed", b"<rss><channel></channel></rss>"),
        ("too-large", RSS.format(f"<item><description>{'word ' * 2_000_000}</description></item>").encode()),
        ("malformed", RSS.format("<item><description>" + "<div>" * 3000 + "x</description></item>").encode()),
        ("no-text", RSS.format("<item><title>A headline</title></item>").encode()),
        ("no-text", RSS.format("<item><description> <![CDATA[<img src=x>]]> </description></item>").encode()),
        ("no-text", ATOM.format('<entry><content type="image/png">aGVsbG8=</content></entry>').encode()),
    ],
)
def test_what_holds_no_text_says_why(status: str, piece: bytes) -> None:
    assert _status(piece) == status


def test_a_long_head_is_cut_to_what_items_inherit() -> None:
    seq = "<rdf:li resource='a'/>" * 2000
    pieces = _pieces(RDF.replace('<rdf:li resource="a"/>', seq).format(ITEM * 2))
    assert [len(piece) < MAX_HEAD_BYTES for piece in pieces] == [True, True]
    reading = _read(RDF.replace('<rdf:li resource="a"/>', seq).format(ITEM))[0]
    assert (reading.publisher, reading.text) == ("Old Wire", STORY)


@pytest.mark.parametrize(
    "data",
    [b"<" * (1 << 22), b"<a " * (1 << 20), b"<!DOCTYPE [" * (1 << 18), b"<rss><item>" + b"<![CDATA[" * (1 << 19),
     b"<rss><item>" + b'<item a="' * (1 << 18), b"<a>" * (1 << 19) + b"<item>"],
)  # fmt: skip
def test_hostile_bytes_take_no_time(data: bytes) -> None:
    start = time.process_time()
    assert len(list(split_feed(data))) <= 1
    assert time.process_time() - start < 5


def test_a_feed_has_a_limit_of_items_that_is_said() -> None:
    found = []
    with pytest.raises(DocumentError, match=re.escape(f"{MAX_ITEMS:,}")) as caught:
        found.extend(split_feed(b"<rss>" + b"<item>x</item>" * (MAX_ITEMS + 1), "wire.xml"))
    assert caught.value.path == "wire.xml"
