"""What a hostile or careless page says of its time never puts it into a window where it does not belong."""

import json
from typing import Any

import pytest

from evidence.corpus.documents import read_document
from evidence.corpus.metadata import NO_METADATA, Metadata
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Document, Grade

STORY = "<p>Orders at the Invented Bonders works rose by a third, and lead times were nineteen weeks.</p>" * 3
SUBMISSION = b"""<SEC-HEADER>
<ACCEPTANCE-DATETIME>20200301120000
FORM TYPE: 8-K
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<TEXT>
Orders rose by a third, said the company.
</TEXT>
</DOCUMENT>"""


def _page(body: str, head: str = "", **json_ld: Any) -> Document:
    script = f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **json_ld})}</script>"
    page = f"<html><head><title>T</title>{script if json_ld else ''}{head}</head><body><h1>Orders</h1>{body}{STORY}"
    return read_document(Record("a", Media.HTML, page.encode()))


@pytest.mark.parametrize(
    ("url", "grade"), [(None, "A"), ("https://www.sec.gov/x.txt", "A"), ("https://evil.example/x", "C")]
)
def test_a_regulators_header_vouches_only_where_the_regulator_sent_it(url: str | None, grade: str) -> None:
    document = read_document(Record("a", Media.SUBMISSION, SUBMISSION, url=url))
    assert document.published is not None and document.filing is not None
    assert document.published.grade is Grade(grade)
    assert (document.known is not None) == (grade == "A")


@pytest.mark.parametrize(
    "said",
    [
        {"dateModified": ["2025-05-01"]},
        {"dateModified": {"@value": "2025-05-01"}},
        {"dateModified": 1746057600},
        {"coverageEndTime": "2025-05-01T10:00:00Z"},
        {"liveBlogUpdate": [{"datePublished": "2024-03-02"}, {"datePublished": "2025-05-01"}]},
    ],
)
def test_a_modification_counts_in_whatever_shape_it_is_written(said: dict[str, Any]) -> None:
    dated = _page("", datePublished="2024-03-01", **said).dated
    assert dated is not None
    assert dated.latest.date().isoformat() == "2025-05-01"


def test_a_modification_that_nobody_can_read_makes_a_guess_of_the_date() -> None:
    head = "<meta property='og:updated_time' content='2024-03-02'>"
    dated = _page("", head, datePublished="2024-03-01", dateModified="04/03/2026").dated
    assert dated is not None
    assert dated.grade is Grade.C


@pytest.mark.parametrize(
    "line",
    [
        "Data as of 12 March 2019",
        "As of December 31, 2019",
        "Retrieved 12 March 2019",
        "In cinemas: 12 March 2019",
        "Conference, 12 March 2019, Berlin",
        "Report period: 12 March 2019",
        "12 March 2019 - 14 March 2019",
    ],
)
def test_a_day_that_is_another_things_is_not_the_pages(line: str) -> None:
    dated = _page(f"<p>{line}</p>").dated
    assert dated is None or dated.grade is Grade.C


def test_the_same_item_in_two_days_feeds_is_one_document() -> None:
    feed = "<rss><channel><title>F</title><lastBuildDate>{}</lastBuildDate><item><link>https://a.example/1</link></item>"
    days = [feed.format(day).encode() for day in ("Mon, 04 Aug 2025", "Tue, 05 Aug 2025")]
    stated = [NO_METADATA, Metadata(captured="2025-08-05")]
    ids = {Record("a", Media.FEED_ITEM, data, said).id for data, said in zip(days, stated, strict=True)}
    assert len(ids) == 1
    other = days[0].replace(b"<channel>", b"<channel><link>https://b.example/</link>")
    assert Record("a", Media.FEED_ITEM, other).id not in ids
