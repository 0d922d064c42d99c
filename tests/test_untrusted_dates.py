"""What a hostile or careless page says of its time never puts it into a window where it does not belong."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from evidence.corpus.documents import read_document
from evidence.corpus.metadata import NO_METADATA, Metadata
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Document, Grade

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


CAPTURED = datetime(2025, 8, 6, 12, tzinfo=UTC)


def _captured(body: str, **json_ld: Any) -> Document:
    script = f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **json_ld})}</script>"
    page = f"<html><head><title>T</title>{script}</head><body><h1>Orders</h1>{body}</body></html>"
    return read_document(Record("a", Media.HTML, page.encode(), captured=CAPTURED))


RELATIVE = [
    "<p>Updated 2 hours ago</p>",
    "<div><span>Last updated:</span> <span>yesterday</span></div>",
    "<div><b>Updated</b> <time>5 min ago</time></div>",
    "<p>Aktualisiert vor 3 Stunden</p>",
    "<p>Mis à jour il y a 2 heures</p>",
]
UNDATED_NOTES = [
    "<p>An earlier version of this article misstated the share of orders.</p>",
    "<p><em><strong>Correction:</strong> The share of orders was wrong in an earlier version.</em></p>",
    "<p>Editor's note: This story has been updated to add a comment of the company.</p>",
    "<p>In einer früheren Version dieses Artikels stand eine falsche Zahl.</p>",
]


@pytest.mark.parametrize("body", [f"{line}{STORY}" for line in RELATIVE] + [STORY + note for note in UNDATED_NOTES])
def test_a_change_at_a_time_that_cannot_be_read_is_a_guess_or_lies_before_the_capture(body: str) -> None:
    without = _page(body, datePublished="2025-08-04T10:00:00Z").dated
    assert without is not None
    assert without.grade is Grade.C
    known = _captured(body, datePublished="2025-08-04T10:00:00Z")
    assert known.published is not None and known.dated is not None
    assert (known.published.earliest.isoformat(), known.published.grade) == ("2025-08-04T10:00:00+00:00", Grade.B)
    assert (known.dated.earliest, known.dated.latest) == (known.published.earliest, CAPTURED)
    assert (known.dated.grade, known.dated.basis) == (Grade.B, Basis.CAPTURE)


@pytest.mark.parametrize(
    "note",
    [
        "Correction, Aug. 5: An earlier version of this article misstated the share.",
        "<em>Correction: Aug. 5, 2025: An earlier version of this article misstated that of March 3, 2024.</em>",
        "This story was updated on August 5, 2025, to add a comment.",
        "This article was amended on 5 August 2025 because an earlier version gave a wrong share.",
        "(This story was first published on Aug 4, 2025 and has been updated on Aug 5, 2025.)",
        "Updated Aug. 5, 2025: This story has been updated with a comment.",
        "Dieser Artikel wurde am 5. August 2025 aktualisiert.",
    ],
)
def test_a_closing_note_of_a_correction_is_a_modification_of_its_day(note: str) -> None:
    document = _page(f"{STORY * 9}<p>{note}</p>", datePublished="2025-08-04T10:00:00Z")
    assert document.modified is not None and document.dated is not None
    assert document.modified.latest.date().isoformat() == "2025-08-05"
    assert (document.dated.latest.date().isoformat(), document.dated.grade) == ("2025-08-05", Grade.B)


@pytest.mark.parametrize(
    "body",
    [
        "<p>The company corrected its outlook on August 5, 2025.</p>",
        "<p>Updated figures were two days ago not to be had.</p>",
        "<p>This report was the third of the year.</p>",
        "<p>Correction fluid sold well, and orders rose.</p>",
        "<p>Clarifications were asked for by three shareholders on the lake, who had none.</p>",
        "<div class='comments'><p>Correction, Aug. 5: An earlier version of this article misstated it.</p></div>",
    ],
)
def test_what_only_sounds_like_a_correction_changes_nothing(body: str) -> None:
    document = _page(f"{STORY}{body}", datePublished="2025-08-04T10:00:00Z")
    assert (document.modified, document.flags) == (None, ())


@pytest.mark.parametrize(
    ("json_ld", "meta", "dated"),
    [
        ("2025-08-04", "2025-08-05", "2025-08-05"),
        ("2025-08-04T10:00:00Z", "2025-08-04T18:20:31Z", "2025-08-04T18:20:31"),
        ("2025-08-04T12:00:00Z", "2025-08-05", "2025-08-04T12:00:00"),
        ("2025-08-04T10:00:00Z", "2025-08-06", "2025-08-06"),
        ("2025-08-04", "2025-08-05T20:00:00Z", "2025-08-05T20:00:00"),
        # the same time, written by clocks of two zones
        ("2025-08-04T10:00:00Z", "2025-08-04T15:30:00Z", "2025-08-04T10:00:00"),
        ("2025-08-04", "2025-08-05T03:00:00Z", "2025-08-04"),
    ],
)
def test_of_two_publications_that_no_zone_explains_the_later_dates_the_page(
    json_ld: str, meta: str, dated: str
) -> None:
    head = f"<meta property='article:published_time' content='{meta}'>"
    document = _page("", head, datePublished=json_ld)
    assert document.dated is not None
    assert document.dated.latest.isoformat().startswith(dated)
