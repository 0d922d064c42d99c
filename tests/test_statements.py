"""What a page says of its time: each place it may stand in, and each date on it that is not its own."""

from collections.abc import Sequence
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.dates import date_document
from evidence.corpus.errors import DocumentError
from evidence.corpus.months import find_days
from evidence.corpus.statements import read_statements, url_claims
from evidence.corpus.tree import parse
from evidence.corpus.values import Basis, Grade

BODY = "<p>" + "The committee met and spoke of many things for a long while. " * 12 + "</p>"


def _page(head: str = "", before: str = "", after: str = "", lang: str = "en", tail: str = "") -> str:
    return (
        f'<html lang="{lang}"><head><title>Reed beds return to Lake Orvane</title>{head}</head><body><main>'
        f"{before}<h1>Reed beds return to Lake Orvane</h1>{after}{BODY}{BODY}</main>{tail}</body></html>"
    )


def _claims(page: str, clock: str = "published") -> list[tuple[Basis, str]]:
    said = read_statements(parse(page, "a.html"))
    return [(claim.basis, claim.text) for claim in said.claims if claim.clock == clock]


def _ld(*things: str) -> str:
    return f'<script type="application/ld+json">[{",".join(things)}]</script>'


def _article(day: str, headline: str = "Reed beds return to Lake Orvane") -> str:
    return f'{{"@type": "NewsArticle", "headline": "{headline}", "datePublished": "{day}"}}'


@pytest.mark.parametrize(
    ("head", "claim"),
    [
        (_ld(_article("2025-08-27")), (Basis.JSON_LD, "2025-08-27")),
        (_ld('{"@type": "WebPage", "datePublished": "2025-08-27"}'), (Basis.JSON_LD, "2025-08-27")),
        (_ld('{"@type": "Recipe", "datePublished": "27.08.2025"}'), (Basis.JSON_LD, "27.08.2025")),
        (_ld(_article("04:25:06 PM IST Apr 08, 2020")), (Basis.JSON_LD, "2020-04-08")),
        (
            '<script type="application/ld+json">//<![CDATA[\n{"@type":"Article","datePublished":"2025-08-27"}//]]>'
            "</script>",
            (Basis.JSON_LD, "2025-08-27"),
        ),
        (
            '<script type="application/ld+json">{"@type":"Article","datePublished":"2025-08-27", oops}</script>',
            (Basis.JSON_LD, "2025-08-27"),
        ),
        ('<meta property="article:published_time" content="2025-08-27">', (Basis.META, "2025-08-27")),
        ('<meta name="parsely-pub-date" content="2025-08-27">', (Basis.META, "2025-08-27")),
        ('<meta name="DC.date.issued" content="2025-08-27">', (Basis.META, "2025-08-27")),
        ('<meta itemprop="datePublished" content="2025-08-27">', (Basis.META, "2025-08-27")),
        (
            '<script>var page = {"publishedAt": "2025-08-27T10:00:00Z"};</script>',
            (Basis.MARKUP, "2025-08-27T10:00:00Z"),
        ),
    ],
)
def test_the_head_of_a_page_says_when(head: str, claim: tuple[Basis, str]) -> None:
    assert _claims(_page(head)) == [claim]


@pytest.mark.parametrize(
    "after",
    [
        '<time datetime="2025-08-27T10:00:00Z">27 August</time>',
        '<div><time itemprop="datePublished" datetime="2025-08-27T10:00:00Z">today</time></div>',
        '<span itemprop="datePublished" content="2025-08-27T10:00:00Z"></span>',
        '<span property="schema:dateCreated" content="2025-08-27T10:00:00Z"></span>',
        '<abbr class="published" title="2025-08-27T10:00:00Z">Wednesday</abbr>',
        '<span class="updated published" title="2025-08-27T10:00:00Z">Wednesday</span>',
    ],
)
def test_marks_for_machines_beside_the_headline_are_read(after: str) -> None:
    assert _claims(_page(after=after)) == [(Basis.MARKUP, "2025-08-27T10:00:00Z")]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Published 27 August 2025"),
        ("en", "By Ansa Marrow, Lake Desk | August 27th, 2025, 10:00 am"),
        ("en", "Wed, 27 Aug 2025"),
        ("en", "27/08/2025"),
        ("en", "08/27/2025"),
        ("en-GB", "27/08/2025 - 16:20"),
        ("de", "Veröffentlicht am 27. August 2025"),
        ("de", "Pressemitteilung vom 27.08.2025"),
        ("de", "27.08.25 "),
        ("fr", "Publié le 27 août 2025 à 16h20"),
        ("es", "27 de agosto de 2025"),
        ("pt", "27 de agosto de 2025 às 10:00"),
        ("it", "27 agosto 2025"),
        ("ru", "27 августа 2025, 13:43"),
        ("uk", "27 серпня 2025"),
        ("tr", "27 Ağustos 2025"),
        ("pl", "27 sierpnia 2025"),
        ("cs", "27. srpna 2025"),
        ("hr", "27. kolovoza 2025."),
        ("hu", "2025. augusztus 27."),
        ("lt", "2025 m. rugpjūčio 27 d."),
        ("fi", "27.8.2025 klo 14.00"),
        ("el", "27 Αυγούστου 2025"),
        ("ja", "2025年8月27日"),
        ("ko", "2025년 8월 27일 10:30"),
        ("zh", "2025-08-27 09:20:26"),
        ("ar", "27 أغسطس 2025"),
    ],
)
def test_a_line_that_is_a_date_beside_the_headline_is_read_in_many_languages(lang: str, line: str) -> None:
    for page in (_page(after=f"<div>{line}</div>", lang=lang), _page(before=f"<p>{line}</p>", lang=lang)):
        assert _claims(page) == [(Basis.DATELINE, "2025-08-27")]


@pytest.mark.parametrize(
    "after",
    [
        "<p>The next meeting takes place on 27 August 2025 in the town hall.</p>",
        "<p>On 27 August 2025 the board resigned.</p>",
        "<p>The council, founded on <b>27 August 2025</b>, is old. " + "It is. " * 20 + "</p>",
        "<div>Version 3, 27 August 2025</div>",
        "<div>Member since 27 August 2025</div>",
        "<div>Available until 27 August 2025</div>",
        "<div>25. - 27. August 2025</div>",
        "<div>03/04/2025</div>",
        "<figure><figcaption>27 August 2025</figcaption></figure>",
        '<nav><span>27 August 2025</span><time datetime="2025-08-27">x</time></nav>',
        '<div class="today">Wednesday, 27 August 2025</div>',
        '<ul class="comments"><li>27 August 2025</li><li><time datetime="2025-08-27"></time></li></ul>',
        '<div class="related-posts"><time datetime="2025-08-27">27 August 2025</time></div>',
        "<script>x = '27 August 2025'</script>",
    ],
)
def test_a_date_that_is_not_the_pages_own_is_left_alone(after: str) -> None:
    assert _claims(_page(after=after)) == []


@pytest.mark.parametrize(
    "tail",
    [
        "<footer><p>(c) 2026 Lake Press</p><p>27 August 2025</p></footer>",
        '<aside><time class="published" datetime="2025-08-27">27 August 2025</time></aside>',
        '<div class="teasers"><span itemprop="datePublished">2025-08-27</span></div>',
        '<div class="widget_recent"><span class="post-date">27 August 2025</span></div>',
    ],
)
def test_what_stands_beside_the_article_says_nothing_of_it(tail: str) -> None:
    assert _claims(_page(tail=tail)) == []


@pytest.mark.parametrize(
    "after",
    [
        "<div>Updated: 27 August 2025</div>",
        "<div><b>Last modified</b> <span>27 August 2025</span></div>",
        '<p>Aktualisiert am <time datetime="2025-08-27">27.8.</time></p>',
        '<time class="updated" datetime="2025-08-27"></time>',
        '<meta itemprop="dateModified" content="2025-08-27">',
    ],
)
def test_a_modification_is_told_from_a_publication(after: str) -> None:
    page = _page(after=after)
    assert (_claims(page), [text for _, text in _claims(page, "modified")]) == ([], ["2025-08-27"])


def test_one_line_may_say_both() -> None:
    page = _page(after="<div>Published 25 August 2025 | Updated 27 August 2025</div>")
    assert _claims(page) == [(Basis.DATELINE, "2025-08-25")]
    assert _claims(page, "modified") == [(Basis.DATELINE, "2025-08-27")]


def test_of_several_articles_described_the_one_with_the_pages_headline_is_its_own() -> None:
    head = _ld(_article("2020-01-01", "Ferry fares rise"), _article("2025-08-27"), _article("2021-01-01", "Snow"))
    assert _claims(_page(head)) == [(Basis.JSON_LD, "2025-08-27")]


def test_a_better_defined_meta_field_comes_first_and_only_the_first_of_a_name_is_the_pages() -> None:
    head = "".join(
        f'<meta name="{name}" content="{day}">'
        for name, day in [("date", "2025-09-01"), ("article:published_time", "2025-08-27"), ("date", "2019-01-01")]
    )
    assert _claims(_page(head)) == [(Basis.META, "2025-08-27"), (Basis.META, "2025-09-01")]


def test_numbers_that_programs_write_are_not_read_in_the_pages_language() -> None:
    assert _claims(_page('<meta name="date" content="11/01/2023 12:43:42">', lang="de")) == [
        (Basis.META, "11/01/2023 12:43:42")
    ]


def test_a_page_whose_state_names_several_days_says_none() -> None:
    state = '<script>[{"publishedAt": "2025-08-27"}, {"publishedAt": "2025-08-28"}]</script>'
    assert _claims(_page(state)) == []


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a.example/2025/08/27/reeds", "2025-08-27"),
        ("https://a.example/20250827-reeds", "2025-08-27"),
        ("https://a.example/2025/8/7/reeds", "2025-08-07"),
        ("https://a.example/2025/aug/27/reeds", "2025-08-27"),
        ("https://a.example/2025/08/reeds", "2025-08"),
        ("https://a.example/web/20130307194448/reeds", None),
        ("https://a.example/reeds-2025", None),
        ("https://[broken/2025/08/27/", None),
        (None, None),
    ],
)
def test_a_url_may_spell_the_day_or_the_month(url: str | None, text: str | None) -> None:
    assert [claim.text for claim in url_claims(url)] == ([text] if text else [])


@pytest.mark.parametrize(
    ("text", "locale", "days"),
    [
        ("27 August 2025 and 28 August 2025", "en", ["2025-08-27", "2025-08-28"]),
        ("3 listopada 2025", "pl", ["2025-11-03"]),
        ("3. listopada 2025", "hr", ["2025-10-03"]),
        ("03/04/2025", "de", ["2025-04-03"]),
        ("03/04/2025", "en-AU", ["2025-04-03"]),
        ("03/04/2025", "en-US", []),
        ("03.04.2025", None, ["2025-04-03"]),
        ("31 February 2025", "en", []),
        ("192.168.1.10 and 1.2.2020.4", "de", []),
        ("27 Augustish 2025", "en", []),
    ],
)
def test_days_in_text_are_read_where_only_one_reading_is_possible(
    text: str, locale: str | None, days: Sequence[str]
) -> None:
    assert [named.day.isoformat() for named in find_days(text, locale)] == days


PIECES = [
    '<time datetime="2025-08-27" class="published">',
    "</time>",
    "<h1>Reed",
    "</h1>",
    '<div class="',
    '">',
    '<meta itemprop="datePublished" content="',
    '<script type="application/ld+json">{"@type":"Article","datePublished":',
    '"2025-08-27"}',
    "</script>",
    "<!--",
    "-->",
    "27 August 2025",
    "Updated ",
    "<a>",
    "\u00ad",
    "\u202e",
    "&#0;",
    "<svg>",
    "<html>",
    "<title>",
    "]]>",
    "<?x ",
    "9999999999",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40))
def test_no_markup_breaks_the_reading_of_dates(pieces: list[str]) -> None:
    try:
        root = parse("".join(pieces), "a.html")
    except DocumentError:
        return
    claims = read_statements(root).claims
    clocks = date_document(claims, None)
    assert all(claim.text and len(claim.text) <= 200 for claim in claims)
    assert clocks.published is None or clocks.published.grade in Grade


@pytest.mark.parametrize(
    "hostile",
    [
        "<h1>x" * 2_000,
        "<h1>Reed</h1>" + "<a>" * 1_900 + "27 August 2025",
        "<h1>Reed</h1><p>" + "<a></a>" * 15_000 + "<a>27 August 2025</a>",
        "<time datetime=2025-08-27></time>" * 15_000,
        "<h1>Reed</h1><p>" + "1 " * 100_000,
        '<script type="application/ld+json">' + "\n" * 200_000 + "</script>",
        '<script type="application/ld+json">' + '{"@graph":[' * 5_000 + "</script>",
        "<script>" + "published_" * 50_000 + "</script>",
    ],
)
@pytest.mark.timeout(10)
def test_hostile_pages_cost_bounded_time(hostile: str) -> None:
    said = read_statements(parse(f"<html><title>Reed beds</title><body>{hostile}</body></html>", "a.html"))
    assert said.title == "Reed beds"


def test_the_floors_of_dates_hold_on_real_pages(shared_data: Path) -> None:
    bench = run_path(str(Path(__file__).resolve().parent.parent / "bench" / "dates.py"))
    outcomes = [bench["judge"](page) for page in bench["pages"](shared_data)]
    sure = [outcome for outcome in outcomes if outcome.grade == "A"]

    for day in ("day", "json_day"):
        assert sum(getattr(outcome, day) == outcome.page.day for outcome in outcomes) >= 0.93 * len(outcomes)
        assert sum(getattr(outcome, day) == outcome.page.day for outcome in sure) >= 0.97 * len(sure)
    assert len(sure) >= 0.60 * len(outcomes)
    assert sum(outcome.early for outcome in sure) <= 0.015 * len(sure)
    assert sum(outcome.lost for outcome in outcomes) <= 0.08 * len(outcomes)
