"""A report as one HTML file: it tells all, loads nothing, and no stranger's text is markup in it."""

import copy
import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import html
from rich.console import Console

import evidence
from evidence.commands.schema import SCHEMA_FILE
from evidence.corpus import sample
from evidence.generator.writing.scripted import ScriptedGenerator
from evidence.indexer.build import build_index
from evidence.indexer.standin import HashingEmbedder
from evidence.views.html import render_html
from evidence.views.lines import render_markdown, render_text
from evidence.views.phrases import CONTRADICTION_CLASSES
from evidence.views.terminal import print_report
from evidence.views.timeline import draw_timeline

FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "sample_facts.json").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = json.loads((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8"))
NOW = datetime(2026, 1, 15, tzinfo=UTC)
HOSTILE = (
    "</style></textarea><script>alert(1)</script><img src=//x.example onerror=alert(1)>"
    "\"'&lt;\x1b[31m\u202e {{ 7 * 7 }}"
)
Report = dict[str, Any]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = tmp_path_factory.mktemp("html") / "index"
    build_index(root, sample.folders(), HashingEmbedder())
    archive = evidence.open(root, embedder=HashingEmbedder(), generator=ScriptedGenerator(), clock=lambda: NOW)
    report: Report = archive.ask(FACTS["demo_question"], *FACTS["window"].values(), llm=False)
    return report


@pytest.fixture
def report(asked: Report) -> Report:
    """A report in which no part is empty."""
    full = copy.deepcopy(asked)
    sentence = {"text": "Orders rose.", "citations": ["1", "2"], "verdict": "partly", "about": None}
    full["analysis"] = {"state": "composed", "sentences": [sentence], "failure": None}
    full["cut"] = {"written": 3, "cut": 2, "reasons": {"cites nothing": 2}}
    full["subject"] = {"name": "Lumethra", "ticker": "LMTH", "from": "given"}
    full["lens"] = {"name": "pre-earnings", "version": 1, "sha256": "0" * 64, "objective": "What is not yet known."}
    full["run"] = {"id": "000012-1f2e3d4c", "head": "ab" * 32}
    key = {"title": "Backlog up", "title_from": "model", "text": "Orders rose.", "text_from": "model"}
    full["key_findings"] = [{**key, "citations": ["1"]}]
    claims = {
        side: {"finding": name, "value": f"{name}0 weeks", "quote": 0}
        for side, name in (("first", "1"), ("second", "2"))
    }
    pair = {"subject": "SARQ", "measure": "lead time", "period": "Q2 2025", "note": "They differ.", **claims}
    full["contradictions"] = {"compared": 14, "pairs": [{"class": name, **pair} for name in CONTRADICTION_CLASSES]}
    misses = full["near_misses"]
    full["gaps"] = [{"query": "lead times of K&S", "near_misses": misses[:2], "lacks": ["No filing of Danmora."]}]
    counted = {"id": "0" * 16, "title": "An earlier page", "publisher": None, "date": "2025-03-18"}
    for finding, label in zip(
        full["findings"], ["new", "corroborated", "widely reported", "known", "unknown"], strict=False
    ):
        finding["impact"] = {"level": "High", "mechanism": "capacity", "rationale": "It names tools.", "quote": 0}
        finding["about"] = {"name": "Pellmarch", "from": "filer"}
        finding["consensus"] = {
            "label": label,
            "known_since": "2025-03-18" if label == "known" else None,
            "independent_publishers": 3,
            "first_seen": "2025-07-31",
            "mentions_before": 1,
            "primary": False,
            "documents": [counted],
        }
    full["findings"][0]["flags"] = full["sources"][0]["flags"] = ["instructions"]
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(full)] == []
    return full


def words(page: str) -> str:
    tree = html.fromstring(page)
    return " ".join(" ".join(tree.find("body").itertext()).split())


def test_every_part_is_told(report: Report) -> None:
    said = words(render_html(report))
    for part in [
        report["query"],
        "Lumethra (LMTH), as given",
        "pre-earnings, version 1. What is not yet known.",
        f"000012-1f2e3d4c; head of the run log {'ab' * 32}",
        "Orders rose. (borne out in part)",
        "The model wrote 3 sentences; cut: 2 (2: cites nothing).",
        "Backlog up",
        "14 pairs of claims compared.",
        *CONTRADICTION_CLASSES.values(),
        "SARQ, lead time, Q2 2025",
        "10 weeks",
        "They differ.",
        "lead times of K&S",
        "No filing of Danmora.",
        "About Pellmarch: the quote does not name it, it is the filer.",
        "Impact: High , by capacity. It names tools.",
        "Consensus check: known since 2025-03-18 (3 independent publishers; first seen 2025-07-31; 1 mention",
        "Consensus check: unknown (thin archive)",
        "2025-03-18 An earlier page",
        "Consensus here is within this archive, not the market's.",
        "Note: the page carries instructions",
        *(miss["document"]["title"] for miss in report["near_misses"]),
        *(source["original"] for source in report["sources"]),
        *report["search_queries"],
        f"Sealed with sha256 {report['sha256']}.",
    ]:
        assert part in said, part
    for finding in report["findings"]:
        for quote in finding["quotes"]:
            assert " ".join(quote["text"].split()) in said
            assert " ".join(quote["context"]["text"].split())[:100] in said
            assert f"evidence show {quote['document_id']}:{quote['start']}-{quote['end']}" in said


def test_the_other_forms_tell_the_same_parts(report: Report) -> None:
    for form in (render_text, render_markdown):
        said = form(report).replace("\\", "")
        for part in [
            "Subject: Lumethra (LMTH), as given",
            "1. Backlog up",
            "Disagreement: SARQ, lead time, Q2 2025: 10 weeks [1] against 20 weeks [2]. They differ.",
            "near miss, no evidence: ",
            "Impact: High, by capacity. It names tools.",
            "Consensus check: known since 2025-03-18 (3 independent publishers;",
            "No filing of Danmora.",
        ]:
            assert part in said, part


def hostile_everywhere(value: Any, words: str) -> Any:
    """A report whose every free text is a stranger's; ids, dates and words of a grammar stay."""
    free = set(
        "query name objective text title value subject measure period note rationale mechanism path section".split()
    )
    free |= set("speaker role publisher failure url first_seen company objective".split())
    if isinstance(value, dict):
        return {
            key: words if key in free and isinstance(inner, str) else hostile_everywhere(inner, words)
            for key, inner in value.items()
        }
    return [hostile_everywhere(inner, words) for inner in value] if isinstance(value, list) else value


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Its elements with the names of their attributes, in order."""
    return [
        (str(node.tag), tuple(sorted(node.attrib)))
        for node in html.fromstring(page).iter()
        if isinstance(node.tag, str)
    ]


def test_a_strangers_text_is_never_markup(report: Report) -> None:
    plain, attacked = (render_html(hostile_everywhere(report, text)) for text in ("xyzzy", HOSTILE))
    assert shape(attacked) == shape(plain)
    assert "<script" not in attacked and "\x1b" not in attacked and "\u202e" not in attacked
    assert "{{ 7 * 7 }}" in attacked


def test_nothing_is_loaded_and_nothing_can_run(report: Report) -> None:
    page = render_html(report)
    tree = html.fromstring(page)
    tags = {str(node.tag) for node in tree.iter() if isinstance(node.tag, str)}
    assert tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "audio", "video"} == set()
    assert {
        name for node in tree.iter() for name in node.attrib if name.startswith("on") or name in {"src", "style"}
    } == set()
    assert "url(" not in page and "@import" not in page
    urls = {source["url"] for source in report["sources"] if source["url"]}
    assert {link for link in tree.xpath("//a/@href") if not link.startswith("#")} == urls
    assert set(re.findall(r"https?://[^\s\"<]+", page)) == urls


def test_its_policy_allows_its_own_style_sheet_and_nothing_else(report: Report) -> None:
    tree = html.fromstring(render_html(report))
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = tree.xpath("//style")
    digest = b64encode(sha256(style.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", 'https://a.example/" onclick="x', None])
def test_only_a_plain_web_address_is_a_link(report: Report, url: str | None) -> None:
    for part in (*report["sources"], *(finding["source"] for finding in report["findings"])):
        part["url"] = url
    links = html.fromstring(render_html(report)).xpath("//a/@href")
    assert [link for link in links if not link.startswith("#")] == []


def test_every_citation_leads_to_its_finding(report: Report) -> None:
    tree = html.fromstring(render_html(report))
    names = set(tree.xpath("//@id"))
    assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= names
    assert {f"finding-{finding['id']}" for finding in report["findings"]} <= names


def test_a_report_without_findings_is_a_page_that_says_so(asked: Report) -> None:
    empty = {**asked, "findings": [], "sources": [], "near_misses": []}
    said = words(render_html(empty))
    assert "0 findings from 0 sources" in said and "Nothing in this window supports an answer." in said


def test_the_page_is_the_same_for_the_same_report(report: Report) -> None:
    before = json.dumps(report)
    assert render_html(report) == render_html(json.loads(before))
    assert json.dumps(report) == before


def test_the_timeline_draws_the_window_and_every_dated_document(report: Report) -> None:
    timeline = draw_timeline(report)
    assert timeline is not None
    used = {mark.label: mark for mark in timeline.marks if mark.used}
    assert set(used) == {finding["id"] for finding in report["findings"]}
    dated = {miss["document"]["id"] for miss in report["near_misses"] if miss["dated"]}
    assert sum(not mark.used for mark in timeline.marks) == len(dated)
    start, end = timeline.window_start, timeline.window_start + timeline.window_width
    assert 0 < start < end < 100
    assert all(start <= mark.at <= end for mark in used.values())
    days = {finding["id"]: finding["dated"]["earliest"][:10] for finding in report["findings"]}
    assert sorted(used, key=lambda name: (used[name].at, days[name])) == sorted(
        used, key=lambda name: (days[name], used[name].at)
    )
    places = [(mark.at, mark.lane) for mark in timeline.marks]
    near = [
        (a, b) for n, a in enumerate(places) for b in places[n + 1 :] if a[1] == b[1] and abs(a[0] - b[0]) < 7.9
    ]
    assert near == []


@pytest.mark.parametrize(
    ("since", "until", "day", "ticks"),
    [
        ("2000-01-01", "2030-01-01", "2025-08-04", ["2025-07", "2025-08", "2025-09"]),
        ("2025-08-01", "2025-08-09", "2025-08-04", ["2025-08-01", "2025-08-09"]),
    ],
)
def test_a_window_of_any_length_leaves_the_evidence_room(
    report: Report, since: str, until: str, day: str, ticks: list[str]
) -> None:
    row = {"earliest": f"{day}T00:00:00", "latest": f"{day}T23:59:59", "precision": "day"}
    report["window"] |= {"first_instant": f"{since}T00:00:00Z", "last_instant": f"{until}T00:00:00Z"}
    report["findings"] = [{**report["findings"][0], "dated": row}]
    timeline = draw_timeline({**report, "near_misses": [], "gaps": []})
    assert timeline is not None
    assert 10 < timeline.marks[0].at < 90
    assert all(0 <= tick.at <= 100 for tick in timeline.ticks)
    assert len(timeline.ticks) <= 7


def test_nothing_dated_gives_no_timeline(asked: Report) -> None:
    undated = [miss for miss in asked["near_misses"] if miss["dated"] is None]
    assert draw_timeline({**asked, "findings": [], "near_misses": undated}) is None


def test_a_terminal_gets_the_text_in_colour_and_in_its_width(report: Report) -> None:
    shown = StringIO()
    print_report(report, Console(file=shown, force_terminal=True, color_system="standard", width=60))
    written = shown.getvalue()
    assert "\x1b[1;36mAnalysis" in written
    plain = re.sub(r"\x1b\[[0-9;]*m", "", written)
    assert "\x1b" not in plain
    assert " ".join(render_text(report).split()).replace("| ", "") == " ".join(plain.split()).replace("| ", "")
    assert [row for row in plain.splitlines() if len(row) > 60 and len(row.split()) > 2] == []


def test_a_terminal_takes_no_orders_from_a_stranger(report: Report) -> None:
    shown = StringIO()
    attacked = hostile_everywhere(report, "[red]x[/red] \x1b]0;title\x07 \x1b[2J")
    print_report(attacked, Console(file=shown, force_terminal=True, color_system="standard", width=200))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.getvalue())
    assert "[red]x[/red]" in plain
    assert "\x1b" not in plain and "\x07" not in plain
