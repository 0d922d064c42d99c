"""JSON articles: the fields of the common exports, each read for what its program means by it."""

import json
from typing import Any

import pytest

from evidence.corpus.articles import read_article
from evidence.corpus.errors import DocumentError
from evidence.corpus.exports import split_object
from evidence.corpus.reading import Reading
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis

STORY = " ".join(f"Sentence {number} of the story tells of bonders." for number in range(12))
URL = "https://www.ledger.example/2025/08/01/names"


def _read(row: Any) -> Reading:
    return read_article(Record("a", Media.ARTICLE, json.dumps(row).encode()))


def _status(row: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        _read(row)
    return caught.value.status


def _dates(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for claim in reading.claims:
        found.setdefault(claim.clock, []).append(claim.text)
    return found | ({"captured": [reading.captured]} if reading.captured else {})


NEWS_PLEASE = {
    "authors": ["Ottoline Brask"],
    "date_download": "2025-09-01 03:11:09",
    "date_modify": None,
    "date_publish": "2025-08-01 06:30:00",
    "description": "A teaser.",
    "filename": "names.json",
    "image_url": None,
    "language": "en",
    "localpath": None,
    "source_domain": "www.ledger.example",
    "title": "Names names",
    "title_page": None,
    "title_rss": None,
    "url": URL,
    "maintext": STORY,
}
NEWSPAPER = {
    "source_url": "https://www.ledger.example",
    "url": URL,
    "title": "Names names",
    "authors": ["A", "B"],
    "text": STORY,
    "publish_date": "2025-08-01T06:30:00+00:00",
    "meta_lang": "en",
    "canonical_link": URL,
}
TRAFILATURA = {
    "title": "Names names",
    "author": "A; B",
    "hostname": "ledger.example",
    "date": "2025-08-01",
    "fingerprint": "1831cb5ff374db06",
    "id": None,
    "raw_text": STORY,
    "text": STORY,
    "language": "en",
    "filedate": "2025-09-01",
    "source": URL,
    "source-hostname": "The Ledger",
    "excerpt": "A teaser.",
}
SCHEMA = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Names names",
    "articleBody": STORY,
    "datePublished": "2025-08-01T06:30:00Z",
    "dateModified": "2025-08-02T06:30:00Z",
    "author": [{"@type": "Person", "name": "A"}],
    "publisher": [{"@type": "Organization", "name": "The Ledger"}],
    "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
    "inLanguage": "en-GB",
}
WORDPRESS = {
    "id": 7,
    "date": "2025-08-01T06:30:00",
    "modified": "2025-08-02T06:30:00",
    "modified_gmt": "2025-08-02T04:30:00",
    "link": URL,
    "title": {"rendered": "Names names"},
    "content": {"rendered": f"<p>{STORY}</p>\n<p style='display:none'>x</p>", "protected": False},
    "excerpt": {"rendered": "<p>A teaser.</p>"},
}
MONGO = {
    "_id": {"$oid": "1"},
    "title": "Names names",
    "content": [STORY],
    "publishedAt": {"$date": {"$numberLong": "1754029800000"}},
    "url": URL,
    "source": {"id": None, "name": "The Ledger"},
}


@pytest.mark.parametrize(
    ("row", "publisher", "language", "dates"),
    [
        (
            NEWS_PLEASE,
            "ledger.example",
            "en",
            {"published": ["2025-08-01 06:30:00"], "captured": ["2025-09-01 03:11:09"]},
        ),
        (NEWSPAPER, "ledger.example", "en", {"published": ["2025-08-01T06:30:00+00:00"]}),
        (TRAFILATURA, "The Ledger", "en", {"published": ["2025-08-01"], "captured": ["2025-09-01"]}),
        (SCHEMA, "The Ledger", "en", {"published": ["2025-08-01T06:30:00Z"], "modified": ["2025-08-02T06:30:00Z"]}),
        (
            WORDPRESS,
            "ledger.example",
            None,
            {"published": ["2025-08-01T06:30:00"], "modified": ["2025-08-02T06:30:00", "2025-08-02T04:30:00"]},
        ),
        (MONGO, "The Ledger", None, {"published": ["1754029800000"]}),
    ],
)  # fmt: skip
def test_an_export_is_read_for_what_its_fields_mean(
    row: dict[str, Any], publisher: str, language: str | None, dates: dict[str, list[str]]
) -> None:
    reading = _read(row)
    assert (reading.text, reading.title, reading.url) == (STORY, "Names names", URL)
    assert (reading.publisher, reading.language) == (publisher, language)
    assert _dates(reading) == dates
    assert {claim.basis for claim in reading.claims} == {Basis.EXPORT}
    assert reading.flags == (("hidden-text",) if row is WORDPRESS else ())


@pytest.mark.parametrize(
    "wrap",
    [
        lambda row: {"article": row},
        lambda row: {"_index": "news", "_id": "1", "_source": row},
        lambda row: {"status": "ok", "response": {"content": {"fields": row}}},
        lambda row: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Other"}, row]},
    ],
)
def test_an_article_inside_an_object_is_found(wrap: Any) -> None:
    reading = _read(wrap(NEWS_PLEASE))
    assert (reading.text, reading.title, reading.url) == (STORY, "Names names", URL)


def test_what_stands_around_an_article_fills_its_gaps() -> None:
    row = {"url": URL, "date": "2025-08-01", "article": {"text": STORY}}
    reading = _read(row)
    assert (reading.text, reading.url, _dates(reading)) == (STORY, URL, {"published": ["2025-08-01"]})


@pytest.mark.parametrize(
    ("row", "teaser"),
    [
        ({"description": "Short."}, True),
        ({"description": STORY}, False),
        ({"content": "The start of it… [+2410 chars]"}, True),
        ({"text": "Short."}, False),
        ({"text": " ", "summary": "Short."}, True),
    ],
)
def test_a_teaser_is_flagged(row: dict[str, Any], teaser: bool) -> None:
    assert _read(row).flags == (("feed-summary",) if teaser else ())


@pytest.mark.parametrize(
    ("status", "row"),
    [
        ("malformed", [1]),
        ("malformed", "text"),
        ("no-text", {}),
        ("no-text", {"text": None, "title": "T"}),
        ("no-text", {"text": "— … —"}),
        ("no-text", {"content": {"name": "a name is no text"}}),
        ("labelled", {"text": STORY, "labels": ["secret"]}),
        ("labelled", {"article": {"text": STORY, "labels": ["secret"]}}),
        ("labelled", {"labels": ["secret"], "article": {"text": STORY}}),
        ("unsupported", {"version": "https://jsonfeed.org/version/1.1", "items": [{}, {}]}),
    ],
)
def test_what_cannot_be_read_says_why(status: str, row: Any) -> None:
    assert _status(row) == status


@pytest.mark.parametrize("field", ["url", "source", "link"])
def test_a_file_name_is_no_address_beside_one(field: str) -> None:
    assert _read({"text": STORY, field: "names.json", "canonical_url": URL}).url == URL


@pytest.mark.parametrize(
    "language", ["English", "", 7, {"name": "English"}, "en-GB-oxendict-with-a-very-long-tail-of-it"]
)
def test_a_language_that_is_no_tag_is_not_stated(language: Any) -> None:
    assert _read({"text": STORY, "language": language}).language is None


def test_text_with_angle_brackets_that_is_no_markup_stays_as_it_is() -> None:
    text = 'If a < b and c > d, then <name> is "K&amp;S".\r\n\r\nNext.'
    assert _read({"text": text}).text == 'If a < b and c > d, then <name> is "K&amp;S".\n\nNext.'


ITEM = {"id": "1", "url": URL, "title": "Names names", "content_html": f"<p>{STORY}</p>",
        "date_published": "2025-08-01T06:30:00Z", "date_modified": "2025-08-02T06:30:00Z"}  # fmt: skip
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Ledger",
    "language": "en-GB",
    "items": [ITEM, ITEM],
}


def test_a_json_feed_is_cut_into_feeds_of_one_item() -> None:
    pieces = split_object(FEED)
    assert pieces is not None
    assert [json.loads(piece) for piece in pieces] == [{**FEED, "items": [ITEM]}] * 2
    reading = _read(json.loads(pieces[0]))
    assert (reading.text, reading.title, reading.url) == (STORY, "Names names", URL)
    assert (reading.publisher, reading.language) == ("The Ledger", "en")
    assert _dates(reading) == {"published": ["2025-08-01T06:30:00Z"], "modified": ["2025-08-02T06:30:00Z"]}
    assert {claim.basis for claim in reading.claims} == {Basis.FEED}


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ({"status": "ok", "totalResults": 1, "articles": [NEWSPAPER]}, [NEWSPAPER]),
        ({"hits": {"total": 2, "hits": [{"_source": MONGO}] * 2}}, [{"_source": MONGO}] * 2),
        (NEWS_PLEASE, None),
        ({**SCHEMA, "data": [{"caption": "x"}], "text": STORY}, None),
        ({"items": []}, None),
        ({"items": ["a"]}, None),
        ({}, None),
    ],
)
def test_an_object_that_holds_many_articles_is_cut(value: dict[str, Any], rows: list[Any] | None) -> None:
    pieces = split_object(value)
    assert (pieces and [json.loads(piece) for piece in pieces]) == rows


def test_deep_objects_are_read_no_deeper_than_they_need() -> None:
    row: dict[str, Any] = {"text": STORY}
    for _ in range(300):
        row = {"data": row, "title": {"name": {"name": {"name": {"name": "deep"}}}}}
    assert _status(row) == "no-text"
    assert split_object(row) is None
