"""A passage is found by what stands over it, and its own words stay what it says."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from evidence.corpus.values import Document, Filing, Mark, MarkKind
from evidence.indexer.heads import document_head, passage_head
from evidence.indexer.store import Index
from evidence.retriever.bm25 import Weights
from evidence.retriever.lexical import rank_lexical
from evidence.retriever.ranges import find_ranges
from evidence.retriever.terms import plain_clauses
from evidence.retriever.window import parse_window

WINDOW = parse_window("2025-08", "2025-08", today=date(2026, 1, 15))


def ranked(index: Index, query: str, head: float = 1.0) -> list[str]:
    """The passages that a query finds by words, as they stand in their documents."""
    found = rank_lexical(find_ranges(index, WINDOW), plain_clauses(query), 10, Weights(head=head))
    return [at.segment.documents.read(at.segment.rows_by_id[at.document_id]).text for at in found]


@pytest.mark.parametrize(
    "query",
    ["hybrid bonding", "Elsevoir Machines", "ELSM", "The Chip Ledger", "10-Q", "filings of 1998", "ledger 7"],
)
def test_a_passage_is_found_by_what_is_known_of_its_document(
    query: str, write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    known = {
        "title": "Hybrid bonding",
        "company": "Elsevoir Machines",
        "ticker": "ELSM",
        "publisher": "The Chip Ledger",
        "form": "10-Q",
        "published": "2025-08-04",
    }
    files = {"filings_1998_ledger_7.txt": "Orders rose.", "b.txt": "Rain fell in Kent again."}
    index = build(write_folder(files, {"filings_1998_ledger_7.txt": known, "b.txt": {"published": "2025-08-05"}}))
    assert ranked(index, query) == ["Orders rose."]
    assert ranked(index, query, head=0.0) == []


def test_a_section_and_a_speaker_stand_over_the_passages_they_hold() -> None:
    document = Document(
        id="a",
        path="x.jsonl#3",
        kind="filing",
        text="x" * 30,
        original="0",
        title="Call",
        filing=Filing(period="2018-12-31"),
        marks=(
            Mark(0, "Risk Factors"),
            Mark(10, "Ann Lee", MarkKind.SPEAKER, "Chief Executive"),
            Mark(20, "", MarkKind.SECTION),
        ),
    )
    assert document_head(document).split("\n") == ["Call", "2018"]
    assert passage_head(document, 5).split("\n") == ["Risk Factors"]
    assert passage_head(document, 15).split("\n") == ["Risk Factors", "Ann Lee", "Chief Executive"]
    assert passage_head(document, 25).split("\n") == ["Ann Lee", "Chief Executive"]


@pytest.mark.parametrize(
    ("period", "year"),
    [("2022-12-31", "2022"), ("2023-01-01", "2022"), ("2023-01-28", "2023"), ("2023-06-30", "2023"), ("?", "?")],
)
def test_a_fiscal_year_that_spills_over_is_the_year_before(period: str, year: str) -> None:
    document = Document(
        id="a", path="x.jsonl#3", kind="filing", text="x", original="0", filing=Filing(period=period)
    )
    assert document_head(document) == year


def test_how_much_a_head_is_worth_is_said_by_the_question(
    write_folder: Callable[..., Path], build: Callable[..., Index]
) -> None:
    rows = [
        {"title": "Backlog", "text": "Tools were sold to many houses.", "date": "2025-08-04"},
        {"title": "Rain", "text": "Backlog, backlog and tools of many kinds.", "date": "2025-08-05"},
    ]
    index = build(write_folder({"export.jsonl": "\n".join(map(json.dumps, rows))}))
    over, inside = rows[0]["text"], rows[1]["text"]
    assert ranked(index, "backlog", head=0.5) == [inside, over]
    assert ranked(index, "backlog", head=5.0) == [over, inside]
