"""What questions call a figure and what statements call it: `capex` stands in no cash flow statement. Pure.

A measure that is computed (a margin, a ratio) is looked for by the lines that it is computed from. Names are common
usage in accounting, none of them a company's own; what means something else in the news, as AP does, is left out.

Of questions about a filing that is known (bench/retrieval) 0.59 have the right page among the first five with these
lines and the spelling of fiscal years, 0.41 without (0.00 to 0.37 better, 27 questions); facts lose nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.indexer.words import index_words

_PLANT = ("property, plant and equipment", "property and equipment", "plant and equipment, net")
_COST_OF_SALES = ("cost of sales", "cost of products", "cost of goods", "cost of revenue", "cost of services")
_REVENUE = ("net sales", "net revenue", "total revenue", "operating revenue", "revenue")
_OPERATING_INCOME = ("operating income", "operating profit", "income from operations", "operating earnings")
_DEPRECIATION = ("depreciation and amortization",)
_CURRENT = ("total current assets", "total current liabilities")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a question may say, and the lines of statements that answer it."""

    names: tuple[str, ...]
    lines: tuple[str, ...]


MEASURES = (
    Measure(
        ("capital expenditure", "capital spending", "capex", "capital intensive", "capital intensity"),
        (*(f"purchases of {line}" for line in _PLANT), "additions to property", "capital expenditures"),
    ),
    Measure(("PP&E", "PPNE", "fixed assets"), _PLANT),
    Measure(("revenue", "top line", "topline"), _REVENUE),
    Measure(("gross margin", "gross profit", "COGS", "cost of goods sold"), (*_COST_OF_SALES, "gross profit")),
    Measure(("operating margin", "operating income", "operating profit", "EBIT"), _OPERATING_INCOME),
    Measure(("EBITDA",), (*_OPERATING_INCOME, *_DEPRECIATION)),
    Measure(("D&A",), _DEPRECIATION),
    Measure(("net income", "net profit", "bottom line"), ("net income", "net earnings", "net loss")),
    Measure(("EPS", "earnings per share"), ("earnings per share", "income per share", "loss per share")),
    Measure(("quick ratio", "current ratio", "working capital", "liquidity ratio", "acid test"), _CURRENT),
    Measure(
        ("tax rate", "effective tax"),
        ("provision for income taxes", "income before taxes", "income tax expense", "taxes on income"),
    ),
    Measure(
        ("inventory turnover", "days inventory", "DIO", "sold inventory", "sold its inventory"),
        ("inventories", *_COST_OF_SALES),
    ),
    Measure(("receivables", "DSO", "days sales outstanding"), ("accounts receivable", "trade receivables")),
    Measure(("payables", "DPO", "days payable"), ("accounts payable",)),
    Measure(("debt", "borrowings"), ("long-term debt", "total debt", "short-term borrowings")),
    Measure(("return on assets", "ROA", "asset turnover"), ("total assets", "net income")),
    Measure(("return on equity", "ROE"), ("total equity", "shareholders' equity", "net income")),
    Measure(("free cash flow", "FCF"), ("net cash provided by operating activities", "purchases of property")),
    Measure(("dividend",), ("dividends paid", "cash dividends", "dividends declared")),
    Measure(("buyback", "share repurchase"), ("treasury stock", "repurchases of common stock")),
    Measure(("R&D",), ("research and development",)),
    Measure(("SG&A",), ("selling, general and administrative",)),
)

Words = tuple[str, ...]
# They stand in every passage and would be looked up for nothing.
_JOINING = frozenset(("of", "and", "on", "for", "per"))


def find_measures(query: str) -> Iterator[tuple[Words, ...]]:
    """For each measure that a query names, the lines that answer it, as index words."""
    words = index_words(query)
    for names, lines in _TABLE:
        if any(_stands(name, words) for name in names):
            yield lines


def _spell(text: str) -> Words:
    return tuple(word for word in index_words(text) if word not in _JOINING)


def _stands(name: Words, words: Sequence[str]) -> bool:
    return any(tuple(words[at : at + len(name)]) == name for at in range(len(words) - len(name) + 1))


_TABLE = [
    (tuple(map(tuple, map(index_words, measure.names))), tuple(map(_spell, measure.lines))) for measure in MEASURES
]
