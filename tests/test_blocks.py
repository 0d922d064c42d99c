"""A cleaned page to text: nothing visible is lost, paragraphs stay apart, no page takes more than linear time."""

import gzip
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from evidence.corpus.blocks import visible_text
from evidence.corpus.tree import parse


def _text(body: str) -> str:
    root = parse(f"<html><body>{body}</body></html>", "page")
    return visible_text(root)


def test_a_paragraph_is_a_block_and_inline_tags_split_no_word() -> None:
    assert _text("<p>A <b>bond</b>er.<br>Next</p><div>Last<p>In it</p>tail</div>").split("\n\n") == [
        "A bonder.",
        "Next",
        "Last",
        "In it",
        "tail",
    ]


def test_a_raised_note_does_not_become_part_of_the_figure() -> None:
    page = "<p>Backlog<sup>1,2</sup> was 1,234<sup>2</sup> units<sup>(a)</sup>, the 10<sup>th</sup>.</p>"
    assert _text(page) == "Backlog 1,2 was 1,234 2 units (a), the 10th."


def test_cells_of_a_page_layout_are_paragraphs_and_bullets_stay_with_their_text() -> None:
    column = "<p>One paragraph.</p><p>" + "A long one follows here. " * 30 + "</p>"
    inner = "<table><tr><td>•</td><td>A point that is made.</td></tr></table>"
    blocks = _text(f"<table><tr><td>{column}</td><td><p>Beside.</p>{inner}</td></tr></table>").split("\n\n")
    assert blocks[0] == "One paragraph."
    assert blocks[-2:] == ["Beside.", "• A point that is made."]


def test_text_in_broken_tables_is_kept_in_order() -> None:
    broken = "<table>one<tr>two<td>three</td>four<div>five</div></tr><tbody>six<tr><td>seven</table>eight"
    words = _text(broken).replace("|", " ").split()
    assert sorted(words) == sorted("one two three four five six seven eight".split())
    assert words[-1] == "eight"


def test_a_caption_stands_above_its_table() -> None:
    table = "<table><caption>Backlog by line</caption><tr><td>Bonders</td><td>$1,200</td></tr></table>"
    assert _text(table).split("\n\n")[0] == "Backlog by line"


_TAGS = "p div span b sup br hr table tr td th tbody thead caption ul li h1 form".split()
_WORDS = st.sampled_from(
    ["word", "1,234", "$", "(5", ")%", "—", "2024", "(in millions)", "Item 1.", "•", "\u00a0", "Total"]
)
_SPANS = st.sampled_from(["", " colspan=2", " rowspan=3", " colspan=0", " colspan=x", ' rowspan="99999999999"'])
_TREES = st.recursive(
    _WORDS,
    lambda inner: st.builds(
        lambda tag, span, parts: f"<{tag}{span}>{' '.join(parts)}</{tag}>",
        st.sampled_from(_TAGS),
        _SPANS,
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)


@settings(max_examples=300, deadline=None)
@given(_TREES)
def test_every_visible_character_of_any_page_is_in_its_text(body: str) -> None:
    root = parse(f"<html><body>{body}</body></html>", "page")
    shown = Counter("".join(root.find(".//body").text_content().split()))
    assert shown <= Counter(visible_text(root))


HOSTILE = {
    "a column of a billion": "<table>" + "<tr><td colspan=1000000000>1,234<td>5,678" * 5_000 + "</table>",
    "cells that reach down for ever": "<table><tr>"
    + "<td rowspan=65000>x" * 900
    + "<tr><td>1,234<td>5.6" * 20_000
    + "</table>",
    "tables in tables": "<table><tr><td>a<td>1,234<tr><td>" * 500,
    "rows without end": "<table><tr><td><td>2024<td>2023" + "<tr><td>Net<td>1,234<td>(5)" * 50_000 + "</table>",
    "headers of a thousand words": f"<table><tr><td><td>{'head ' * 30}"
    + "<tr><td>a<td>1,234" * 50_000
    + "</table>",
    "a header a row": "<table>" + "<tr><td><td>a 2024<td>b 2024<tr><td>x<td>1.0<td>2.0" * 20_000 + "</table>",
    "groups that go deeper": "<table>"
    + "".join(f"<tr><td style='padding-left:{n}pt'>G{n}</td></tr>" for n in range(9_000))
    + "<tr><td>x<td>1,234</table>",
    "a row of cells": "<table><tr>" + "<td>1,234" * 100_000 + "</table>",
    "brackets that never end": "<table><tr><td>1"
    + "<td>)" * 100_000
    + "<tr><td>a<td>$"
    + "<td>(" * 100_000
    + "</table>",
    "a scale in brackets": "<p>"
    + "(" * 200_000
    + " in millions</p><table><tr><td>a<td>$1.0<tr><td>b<td>$2.0</table>",
    "white space": "<p>" + " " * 1_000_000 + "a</p><table><tr><td>" + "\u00a0" * 300_000 + "<td>1.5</table>",
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_page_takes_long_or_grows_without_bound(page: str) -> None:
    root = parse(page, "page")
    started = time.process_time()
    text = visible_text(root)
    assert time.process_time() - started < 20
    assert len(text) < 2 * len(page) + 5_000_000


def test_every_character_and_figure_of_a_real_filing_is_kept(shared_data: Path) -> None:
    path = shared_data / "sec_edgartools" / "html_2024_2025" / "nvda-10-q-2025-08-27.html.gz"
    root = parse(gzip.decompress(path.read_bytes()).decode(), path.name)
    etree.strip_elements(root, "ix:header", with_tail=False)
    # one figure may be two facts, one within the other
    facts = [
        fact for fact in root.iter("ix:nonfraction") if next(fact.iterdescendants("ix:nonfraction"), None) is None
    ]
    figures = Counter("".join(fact.itertext()).strip() for fact in facts)
    body = root.find(".//body")
    shown = Counter("".join(body.text_content().split()))
    etree.strip_tags(root, "ix:*")
    text = visible_text(root)
    assert shown <= Counter(text)
    assert figures.total() > 500
    lacking = [
        figure
        for figure, count in figures.items()
        if len(re.findall(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text)) < count
    ]
    assert lacking == []
