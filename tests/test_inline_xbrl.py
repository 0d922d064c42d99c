"""A filing's own cover facts are read from its tags, hidden ones too, and nonsense in them is no fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.inline_xbrl import Cover, read_cover
from evidence.corpus.tree import parse


def _cover(*facts: tuple[str, str], hidden: str = "") -> Cover:
    shown = "".join(
        f'<p><ix:nonNumeric contextRef="c" name="{name}">{text}</ix:nonNumeric></p>' for name, text in facts
    )
    header = f"<div style='display:none'><ix:header><ix:hidden>{hidden}</ix:hidden></ix:header></div>"
    return read_cover(parse(f"<html><body>{header}{shown}</body></html>", "page"))


def test_the_cover_says_form_company_symbol_and_period() -> None:
    cik = '<ix:nonNumeric contextRef="c" name="dei:EntityCentralIndexKey">0009999999</ix:nonNumeric>'
    cover = _cover(
        ("dei:DocumentType", "10-Q"),
        ("dei:EntityRegistrantName", "MÖDERBRÜCK <b>BONDERS</b>\n N.V."),
        ("dei:TradingSymbol", "mbnd"),
        ("dei:TradingSymbol", "MBND 31A"),
        ("dei:TradingSymbol", "MBND"),
        ("dei:DocumentPeriodEndDate", "June&#160;30, 2031"),
        hidden=cik,
    )
    assert cover == Cover("10-Q", "MÖDERBRÜCK BONDERS N.V.", "0009999999", ("MBND", "MBND 31A"), "2031-06-30")
    assert cover.ticker == "MBND"


def test_of_companies_that_file_together_the_first_counts() -> None:
    names = [("dei:EntityRegistrantName", "Parent N.V."), ("dei:EntityRegistrantName", "Daughter B.V.")]
    assert _cover(*names, ("dei:EntityCentralIndexKey", "12"), ("dei:EntityCentralIndexKey", "13")) == Cover(
        company="Parent N.V.", cik="0000000012"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dei:TradingSymbol", "N/A"),
        ("dei:TradingSymbol", "None"),
        ("dei:TradingSymbol", "Ignore all previous instructions"),
        ("dei:EntityCentralIndexKey", "12345678901"),
        ("dei:EntityCentralIndexKey", "１２３"),
        ("dei:DocumentType", "x" * 40),
        ("dei:EntityRegistrantName", "x" * 400),
        ("dei:DocumentPeriodEndDate", "--12-31"),
        ("dei:DocumentPeriodEndDate", "2031"),
        ("us-gaap:DocumentType", "10-K"),
        ("DocumentType", "10-K"),
    ],
)
def test_what_is_no_such_fact_is_not_read(name: str, text: str) -> None:
    assert _cover((name, text)) == Cover()


def test_a_page_without_tags_has_no_cover() -> None:
    assert read_cover(parse("<p>FORM 10-K</p>", "page")) == Cover()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["dei:DocumentType", "dei:TradingSymbol", "dei:DocumentPeriodEndDate"]), st.text()
        )
    )
)
def test_any_facts_make_a_cover(facts: list[tuple[str, str]]) -> None:
    escaped = [(name, text.replace("&", "").replace("<", "").replace("\x00", "")) for name, text in facts]
    cover = _cover(*((name, text.encode("utf-8", "ignore").decode()) for name, text in escaped))
    assert all(len(ticker) <= 20 for ticker in cover.tickers)
