"""A report as Markdown and as text: all that its JSON says, nothing else, and no stranger's text does anything."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import evidence
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.retriever.window import parse_window
from evidence.views.lines import render_markdown, render_text
from evidence.views.phrases import window_line
from evidence.views.printable import printable

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
FORMS: list[Callable[[dict[str, Any]], str]] = [render_markdown, render_text]
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "<!-- hidden",
    '<img src=x onerror="alert(1)">',
    "[link](javascript:alert(1))",
    "![image](https://evil.example/a.png)",
    "<https://evil.example/>",
    "[name]: https://evil.example/",
    "# Heading",
    "- item",
    "1. item",
    "---",
    "===",
    "* * *",
    "~~~",
    "```",
    "> deeper",
    "| a | b |",
    "*strong* _words_ `code` ~~gone~~",
    "AT&amp;T &lt;b&gt; &#60; &copy",
    "back\\slash \\",
]
INVISIBLE = "\x1b[31m\x07\x9b\u200b\u200e\u2060\ufeff\u202e\u2066\u061c\u200f\xad\U000e0041"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small report with a finding of two lines, a sentence that stands, two that were cut, and a gap."""
    root = tmp_path_factory.mktemp("render")
    row = {"date": "2025-08-27", "title": "Orders", "url": "https://a.example/b", "source": "Wire"}
    text = "SARQ said its order backlog\nrose to $318.3 million."
    (root / "a.jsonl").write_text(json.dumps({**row, "text": text}), encoding="utf-8")
    build_index(root / "index", [root / "a.jsonl"], HashingEmbedder())
    claim = "SARQ said its order backlog rose."
    generator = ScriptedGenerator(claim, f"{claim} [1]\nGulls nest. [1]\nA tail")
    archive = evidence.open(root / "index", embedder=HashingEmbedder(), generator=generator, clock=lambda: NOW)
    question = "SARQ order backlog; export licences of Danmora"
    report: dict[str, Any] = archive.ask(question, "2025-08", "2025-08-27")
    return report


def altered(report: dict[str, Any], hostile: str) -> dict[str, Any]:
    """The report with a stranger's words wherever it repeats a stranger's words."""
    report = copy.deepcopy(report)
    for source in (report["sources"][0], report["findings"][0]["source"]):
        source |= {"title": hostile, "publisher": hostile, "path": f"{hostile}/a.txt"}
    report["findings"][0]["quotes"][0]["text"] = f"{hostile}\n{hostile}\n\n    {hostile}\nplain\n{hostile}"
    report["analysis"]["sentences"][0]["text"] = hostile
    report["search_queries"] = [hostile]
    report["gaps"] = [{"query": hostile, "near_misses": [], "lacks": [hostile]}]
    report["query"] = hostile
    return report


def tokens(markdown: str) -> list[Token]:
    """What a reader of Markdown makes of it, blocks and what stands inside them."""
    blocks = READER.parse(markdown)
    return [token for block in blocks for token in [block, *(block.children or [])]]


def shape(markdown: str) -> list[tuple[str, str]]:
    """Its markup without its words and line ends."""
    return [(token.type, token.tag) for token in tokens(markdown) if token.type not in {"text", "softbreak"}]


def words(markdown: str) -> str:
    found = "".join(token.content if token.type == "text" else " " for token in tokens(markdown))
    return " ".join(found.split())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_strangers_markup_is_read_as_his_words(report: dict[str, Any], hostile: str) -> None:
    plain, attacked = (render_markdown(altered(report, text)) for text in ("xyzzy", hostile))
    assert shape(attacked) == shape(plain)
    assert words(attacked) == words(plain).replace("xyzzy", " ".join(hostile.split()))


@given(st.text(alphabet="ab \\`*_{}[]<>()#+-.!|~&;:=/1\t\"'$@^", min_size=1, max_size=30))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_no_mixture_of_marks_is_markup(report: dict[str, Any], hostile: str) -> None:
    hostile = hostile.strip() or "xyzzy"
    kinds = {kind for kind, _ in shape(render_markdown(altered(report, hostile)))}
    assert kinds <= {kind for kind, _ in shape(render_markdown(altered(report, "xyzzy")))}


@pytest.mark.parametrize("form", FORMS)
def test_no_terminal_control_direction_mark_or_invisible_character_is_printed(
    report: dict[str, Any], form: Callable[[dict[str, Any]], str]
) -> None:
    attacked = altered(report, f"or{INVISIBLE}ders")
    attacked["sources"][0]["url"] = f"https://a.example/{INVISIBLE}"
    attacked["analysis"]["state"], attacked["analysis"]["failure"] = "model-failed", INVISIBLE
    attacked["models"]["generator"]["name"] = INVISIBLE
    written = form(attacked)
    assert [character for character in set(INVISIBLE) - set("[31m") if character in written] == []
    assert "orders" in written.replace("\\[31m", "").replace("[31m", "")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>",
        "https://a.example/>)[x](javascript:alert(1)",
        "https://a.example/\n# Heading",
        "https://a.example/\u202egpj",
        "https://a.example/ b",
        "file:///etc/passwd",
        "",
        None,
    ],
)
def test_only_a_plain_web_address_is_a_link(report: dict[str, Any], url: str | None) -> None:
    attacked = copy.deepcopy(report)
    attacked["sources"][0]["url"] = url
    assert "link_open" not in {kind for kind, _ in shape(render_markdown(attacked))}
    assert len(render_text(attacked).split("\n")) == len(render_text(report).split("\n"))


def test_a_source_links_to_where_it_was_published(report: dict[str, Any]) -> None:
    links = [token.attrs["href"] for token in tokens(render_markdown(report)) if token.type == "link_open"]
    assert links == ["https://a.example/b"]
    assert "Wire - Orders, https://a.example/b" in render_text(report)


@pytest.mark.parametrize("form", FORMS)
def test_every_part_of_the_report_is_told(report: dict[str, Any], form: Callable[[dict[str, Any]], str]) -> None:
    written = form(report).replace("\\", "")
    assert report["query"] in written
    assert f"Window: {window_line(report['window'])}" in written
    assert all(query in written for query in report["search_queries"])
    assert all(line in written for line in report["findings"][0]["quotes"][0]["text"].split("\n"))
    assert report["findings"][0]["quotes"][0]["sha256"][:16] in written
    assert "SARQ said its order backlog rose." in written
    assert "The model wrote 4 sentences; cut: 2" in written
    assert "1: cites nothing" in written
    assert "Nothing in this window answers:" in written and "export licences of Danmora" in written
    assert "The archive holds 1 document," in written and "Inside the window: 1 (1 passage)" in written
    assert "on an edge day of the window" in written
    assert "generator scripted" in written


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_rendered_from_its_json_alone(
    report: dict[str, Any], form: Callable[[dict[str, Any]], str]
) -> None:
    before = json.dumps(report)
    assert form(json.loads(before)) == form(report)
    assert json.dumps(report) == before


@pytest.mark.parametrize(
    ("until", "whole"), [("2025-08-27", True), ("2025-08", True), ("2025-08-27T12:00-04:00", False)]
)
def test_the_evening_of_the_last_day_is_mentioned_exactly_when_it_is_inside(until: str, whole: bool) -> None:
    window = parse_window("2025-08", until, today=NOW.date())
    assert ("the last day is inside to its end" in window_line(window.as_json())) == whole


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2025-08-27T16:00Z", "no date without a clock"),
        ("2025-08-29", "dates without a clock from 2025-08-28 to 2025-08-29"),
    ],
)
def test_a_window_inside_of_one_day_holds_no_date_without_a_clock_and_says_so(until: str, said: str) -> None:
    window = parse_window("2025-08-27T12:00Z", until, today=NOW.date())
    assert f"; {said}" in window_line(window.as_json())


@given(st.text())
@settings(derandomize=True, deadline=None)
def test_printable_text_keeps_its_lines_and_loses_no_letter(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert [c for c in shown if c.isalnum()] == [c for c in text if c.isalnum()]
    assert shown.count("\n") == text.count("\n") and shown.count("\t") == text.count("\t")
