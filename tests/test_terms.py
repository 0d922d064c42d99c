"""A query asks for its words, for fiscal years as filings write them, and for the lines that answer a measure."""

import pytest

from evidence.indexer.words import index_words
from evidence.retriever.measures import MEASURES, find_measures
from evidence.retriever.terms import plain_clauses


def spelt(query: str) -> set[str]:
    return {" ".join(spelling) for clause in plain_clauses(query) for spelling in clause.spellings}


@pytest.mark.parametrize("written", ["FY2022", "FY22", "fy2022"])
def test_a_fiscal_year_is_found_as_filings_write_it(written: str) -> None:
    assert "2022" in spelt(f"margin in {written}")
    assert written.lower() in spelt(f"margin in {written}")


def test_a_plain_query_is_its_words_alone() -> None:
    assert spelt("chip makers in Veldhoven") == {"chip", "maker", "veldhoven"}


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What is the FY2018 capital expenditure amount?", "purchases property plant equipment"),
        ("capex guidance", "purchases property plant equipment"),
        ("Has the quick ratio improved?", "total current liabilities"),
        ("net PP&E", "property plant equipment"),
        ("Did R&D grow?", "research development"),
        ("topline growth", "net sales"),
        ("adjusted EBITDA", "depreciation amortization"),
    ],
)
def test_a_measure_is_looked_for_by_the_lines_that_answer_it(question: str, line: str) -> None:
    assert " ".join(index_words(line)) in spelt(question)


def test_every_name_of_a_measure_finds_it_and_no_part_of_a_word_does() -> None:
    for measure in MEASURES:
        for name in measure.names:
            assert list(find_measures(f"the {name} of 2024")), name
    assert list(find_measures("indebted people who repay, AP reports")) == []
