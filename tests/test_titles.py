"""Titles of key findings: a verbatim headline, what passed the gate, or words of the quote; never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.generator.titles import MAX_SENTENCE, choose_title, clause, verbatim_headline

QUOTE = (
    "Halden & Voss raised its order guidance to 14 per cent, which surprised the analysts who follow it closely. "
    "It hired nobody."
)


def test_a_headline_about_the_quote_is_its_title_as_it_stands() -> None:
    title = choose_title(QUOTE, "Halden & Voss raises order guidance | The Northgate Post")
    assert (title.text, title.origin) == ("Halden & Voss raises order guidance", "headline")


@pytest.mark.parametrize(
    "headline",
    [
        None,
        "Gulls nest on the roof of the hall",
        "Halden & Voss hires a new pastry cook for the canteen of its plant",
        "Halden & Voss half-year report 2025",
        "Order guidance",
        "",
        "Halden & Voss raised its order guidance " * 4,
    ],
)
def test_without_such_a_headline_the_quote_speaks(headline: str | None) -> None:
    title = choose_title(QUOTE, headline)
    assert (title.text, title.origin) == ("Halden & Voss raised its order guidance to 14 per cent", "quote")


def test_what_a_model_wrote_is_a_title_only_where_the_gate_lets_it_stand() -> None:
    assert choose_title(QUOTE, None, "Guidance raised", lambda text: True).origin == "model"
    assert choose_title(QUOTE, None, "Guidance cut", lambda text: False).origin == "quote"
    assert choose_title(QUOTE, None, "Guidance " * 20, lambda text: True).origin == "quote"
    assert choose_title(QUOTE, None, "Guidance raised").origin == "quote"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Orders rise at Amkor | The Ledger", "Orders rise at Amkor"),
        ("Orders rise at Amkor - Reuters", "Orders rise at Amkor"),
        ("Amkor - up and up", "Amkor - up and up"),
        ("Form 10-Q", None),
        ("Amkor Q2 2025 earnings call transcript", None),
        ("Home", None),
    ],
)
def test_a_headline_is_without_its_site_and_a_label_is_none(title: str, headline: str | None) -> None:
    assert verbatim_headline(title) == headline


@pytest.mark.parametrize(
    ("quote", "title"),
    [
        (
            "Alva Trennick, the chief executive, said that the lead time for a Lark was 17 weeks and that "
            "installing it took three.",
            "Alva Trennick, the chief executive, said that the lead time for a Lark was 17 weeks",
        ),
        (
            "In an emailed statement the company said that its “standard quoted lead time remains 26 weeks” and "
            "that individual deliveries were scheduled to suit customers' buildings.",
            "its “standard quoted lead time remains 26 weeks”",
        ),
        (
            "When Google's search head testified on October 28, he revealed that it had paid $26.3 billion "
            "in 2021 to multiple browsers, phones and platforms, The Verge reports.",
            "he revealed that it had paid $26.3 billion in 2021 to multiple browsers",
        ),
        (
            "Amazon tumbled 4 per cent after the Federal Trade Commission and 17 state attorneys filed suit.",
            "Amazon tumbled 4 per cent",
        ),
        (
            "He also tossed a claim brought by the states that Google harmed competitors in giving its own "
            "products top billing in the results of a search for them.",
            "He also tossed a claim brought by the states that Google harmed competitors",
        ),
        (
            "Yes. Orders fell; deliveries rose by 40 tools in June.",
            "Orders fell; deliveries rose by 40 tools in June",
        ),
    ],
)
def test_a_clause_says_something_and_breaks_no_quotation(quote: str, title: str) -> None:
    assert clause(quote) == title


@given(
    st.text(min_size=1, max_size=400)
    | st.lists(
        st.sampled_from(
            ["Orders rose", ", which", " of the", ". It fell", "; ", " a very long word again and again", "\n"]
        ),
        min_size=1,
        max_size=30,
    ).map("".join)
)
def test_a_clause_is_a_short_slice_of_its_quote(quote: str) -> None:
    title = clause(quote)
    assert title in quote and len(title) <= MAX_SENTENCE
