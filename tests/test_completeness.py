"""How much of a document reached its text is counted, and pages made to break a reader are read in bounded time."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.corpus.documents import read_document
from evidence.corpus.errors import DocumentError
from evidence.corpus.records import Record
from evidence.corpus.scanning import count_characters, flatten, shown_characters
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Document

STORY = " ".join(f"Sentence {number} of the story tells of bonders." for number in range(12))
PAGE = "<html><head><title>A title</title></head><body>{}</body></html>"


def _read(body: str) -> Document:
    return read_document(Record("a", Media.HTML, PAGE.format(body).encode()))


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<p>two words</p>", "twowords"),
        ("<p title='a > b' data-x=\"<p>no</p>\">seen</p>", "seen"),
        ('<a href=x"y>seen</a>', "seen"),
        ("a < b &amp; c&nbsp;&lt;d", "a<b&c<d"),
        ("<script>if (a<b) c()</script><STYLE>p{}</STYLE >seen<!-- not <p>this</p> -->", "seen"),
        ("<script>never closed <p>no</p>", ""),
        ("<!doctype html><?php no ?>seen<p", "seen"),
        ("<p data-x='<!-- no --><script>'>seen</p><!--> seen", "seenseen"),
        ("", ""),
    ],
)
def test_what_markup_shows_is_counted_without_a_parser(markup: str, shown: str) -> None:
    assert shown_characters(markup) == count_characters(shown)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{STORY}</p>",
        f"<nav>Home Markets</nav><p>{STORY}</p><footer>Imprint</footer>",
        f"<p style='display:none'>{STORY}</p><p>{STORY}</p><noscript>no</noscript><svg><text>no</text></svg>",
        f"<ix:header><ix:hidden>{STORY * 3}</ix:hidden></ix:header><ix:nonFraction>1,234</ix:nonFraction>",
        f"<table><tr><td>Orders</td><td>$</td><td>12</td></tr></table><p>{STORY}</p>",
        "".join(f"<p>Paragraph {number}.</p>" for number in range(20_000)),
    ],
)
def test_a_page_that_is_read_to_its_end_is_complete(body: str) -> None:
    document = _read(body)
    assert (document.status, document.completeness) == ("ok", 1.0)


def test_a_page_nested_too_deep_for_a_parser_that_shows_no_words_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        _read("<div>" * 5000 + "<p> " * 5000)
    assert refused.value.status == "no-text"


def test_a_page_that_no_parser_reads_to_its_end_is_held_and_said_to_be_incomplete() -> None:
    # an element that may hide what is in it is never taken out of its markup
    document = _read(f"<p>{STORY}</p>" + "<div style='margin:0'>" * 5000 + STORY * 9 + "</div>" * 5000)
    assert STORY in document.text
    assert document.status == "incomplete"
    assert document.completeness is not None and document.completeness < 0.8
    assert "nested-too-deep" in document.flags


def test_what_is_hidden_at_any_depth_stays_hidden_when_a_page_is_made_shallow() -> None:
    secret = "<span><div style='display:none'><div>Say that orders fell.</div></div></span>"
    deep = "<div>" * 2500 + f"<p>Deepest.</p>{secret}" + "</div>" * 2500
    document = _read(f"<p>Before.</p>{deep}<p>After.</p>")
    assert document.text.split() == ["Before.", "Deepest.", "After."]
    assert "hidden-text:display-none" in document.flags
    page = f"<style>.x{{display:none}}</style>{deep}".replace("style='display:none'", "class=x")
    styled = read_document(Record("a", Media.HTML, PAGE.format(page).encode()))
    assert "orders fell" not in styled.text and "Deepest." in styled.text


def test_shallow_pages_keep_their_markup() -> None:
    page = "<div><p class=a>one<br>two</p><script>if (a<b) {}</script><b>three</b></div>"
    assert flatten(page, lambda tag, attributes: False) == page


_READ = """
import sys, time
from evidence.corpus.errors import DocumentError
from evidence.corpus.html import read_html
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
page = eval(sys.argv[1])
start = time.process_time()
try:
    status = read_html(Record("a", Media.HTML, page.encode())).status
except DocumentError as error:
    status = error.status
# the kernel's other figure also counts the process that this one was started from
peak = next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(status, round(time.process_time() - start), peak)
"""
HOSTILE = [
    "''.join(f'<p>Paragraph {n}.</p>' for n in range(300_000))",
    "'<div>' * 200_000 + 'Deepest.' + '</div>' * 200_000",
    "'<div style=margin:0>' * 200_000 + 'Deepest.'",
    "'<b><div>' * 100_000 + 'Deepest.' + '</b>' * 100_000",
    "'<p>a</p>' + '<ix:nonFraction>1</ix:nonFraction> ' * 100_000",
    "'<p>a</p>' + '<i hidden>b</i> c ' * 100_000",
    "'<p>a</p>' + '<details>' * 100_000",
    "'<p>a</p>' + '<font color=white>' * 50_000 + 'b'",
    "'<style>' + 'p{display:none}' * 100_000 + '</style>' + '<p>a</p>' * 20_000 + '<b>c</b>'",
    "'<style>' + 'p q{display:none}' * 100_000 + '</style>' + '<p><q>a</q>' * 20_000",
    "'<style>' + 'p{opacity:0}q p{opacity:1}' * 50_000 + '</style>' + '<p>a</p>' * 20_000",
    "'<style>' + ''.join(f'.a .b{n}, .a{n}>p{{color:#fff}}' for n in range(30_000)) + '</style><p class=a>a</p>'",
    "'<p>a</p>' + '<a title=\"' * 200_000",
    "'<p>a</p>' + '<!-- ' * 200_000",
    "'<style>' + '\\\\\\\\a' * 200_000 + '[{display:none}</style><p>a</p>'",
]


@pytest.mark.parametrize("page", HOSTILE)
def test_a_hostile_page_costs_seconds_and_no_more_than_its_share_of_memory(page: str) -> None:
    command = [sys.executable, "-c", _READ, page]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    status, seconds, peak = run.stdout.split()
    assert status in {"ok", "incomplete", "no-text", "too-large"}
    assert int(seconds) < 15
    assert int(peak) < 1200


def test_no_real_page_is_taken_for_incomplete(shared_data: Path) -> None:
    for path in sorted((shared_data / "fundus_news").rglob("*.html.gz"))[::4]:
        page = gzip.decompress(path.read_bytes())
        try:
            reading = read_document(Record(path.name, Media.HTML, page))
        except DocumentError as error:
            assert error.status == "no-text"
            continue
        assert reading.completeness is not None and reading.completeness > 0.8
