"""A question to its queries: each name and each thing asked is a query of its own, and the whole comes first."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.entities import NO_ENTITIES, SHIPPED, read_entities
from evidence.indexer.words import index_words
from evidence.retriever.manner import without_manner
from evidence.retriever.plan import MAX_QUERIES, plan_queries, unplanned_names
from evidence.retriever.timewords import without_time_words

FULL = "BESI, ASMPT, K&S, Intel, AMD, Nvidia, TSMC and Hanmi: order backlog and lead times"
ENTITIES = read_entities(SHIPPED)
SEED = "BESI/ASMPT/K&S order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor; lead times to install."

# What the queries that were once searched for this question are about: their names, and the words of what they ask.
SEED_QUERIES = [
    ("BESI ASE Amkor", "CoWoS die-attach backlog"),
    ("ASMPT ASE Amkor", "CoWoS die-attach backlog"),
    ("K&S ASE Amkor", "CoWoS die-attach backlog"),
    ("BESI ASMPT K&S", "lead times"),
    ("ASE Amkor", "CoWoS capacity expansion"),
    ("", "die-attach lead times"),
]


def holds(query: str, *texts: str) -> bool:
    return set(index_words(" ".join(texts))) <= set(index_words(query))


@pytest.mark.parametrize(("names", "asked"), SEED_QUERIES)
def test_the_seed_question_is_covered_by_names_and_by_what_is_asked(names: str, asked: str) -> None:
    assert [query for query in plan_queries(SEED, ENTITIES)[1:] if holds(query, names, asked)]


def test_names_that_a_full_plan_has_no_query_for_are_told() -> None:
    assert plan_queries(FULL, ENTITIES)[-1] == "Nvidia: order backlog"
    assert unplanned_names(FULL, ENTITIES) == ("TSMC", "Hanmi")
    assert unplanned_names(SEED, ENTITIES) == ()


def test_the_seed_question_asks_for_each_supplier_for_their_customers_and_for_lead_times() -> None:
    assert plan_queries(SEED, ENTITIES) == (
        SEED,
        "BESI order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "ASMPT order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "K&S order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "ASE/Amkor CoWoS/die-attach tools capacity expansion",
        "lead times to install",
        "BESI/ASMPT/K&S CoWoS/die-attach tools lead times to install",
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the backlog of SARQ?", []),
        ("order backlog and/or lead times", []),
        ("TCB/hybrid-bonding tools", []),
        ("https://a.example/B/C is what?", []),
        ("Did Hanmi Semiconductor lose orders to ASMPT?", []),
        ("orders of H&V/SARQ tools", ["orders of H&V tools", "orders of SARQ tools"]),
        ("What are the backlogs of H&V/SARQ?", ["What are the backlogs of H&V", "What are the backlogs of SARQ"]),
        ("backlog (H&V/SARQ)", ["backlog (H&V)", "backlog (SARQ)"]),
        ("Backlog at SARQ? Lead times at H&V?", ["Backlog at SARQ", "Lead times at H&V"]),
        ("Backlog at SARQ\nLead times at H&V", ["Backlog at SARQ", "Lead times at H&V"]),
        ("Backlog at SARQ; thanks", ["Backlog at SARQ"]),
        ("orders at SARQ; orders at SARQ", ["orders at SARQ"]),
        ("St. Moritz/U.S. order books", ["St. Moritz order books", "U.S. order books"]),
        ("Vestas A/S and Siemens Energy AG orders", ["Vestas A/S orders", "Siemens Energy AG orders"]),
        ("besi/asmpt order intake", ["besi order intake", "asmpt order intake"]),
        ("BESI backlog last 3 months", ["BESI backlog"]),
        ("TSMC 3nm and 5nm yields in Q3 2025", ["TSMC 3nm yields", "TSMC 5nm yields"]),
        (
            "BESI, ASMPT and Kulicke & Soffa: order intake and lead times in Q3 2025?",
            [
                "BESI: order intake",
                "BESI: lead times",
                "ASMPT: order intake",
                "ASMPT: lead times",
                "Kulicke & Soffa: order intake",
                "Kulicke & Soffa: lead times",
            ],
        ),
        (
            "BESI versus ASMPT hybrid bonding market share",
            ["BESI hybrid bonding market share", "ASMPT hybrid bonding market share"],
        ),
        (
            "How does TSMC's CoWoS capacity compare with Samsung's?",
            ["How does TSMC CoWoS capacity", "How does CoWoS capacity Samsung"],
        ),
        (
            "What did Nvidia say in Q3 2025 about H20 inventory and data center revenue?",
            ["What did Nvidia say about H20 inventory", "What did Nvidia say about data center revenue"],
        ),
        (
            "What did Nvidia say about Blackwell pricing and supply?",
            ["What did Nvidia say about Blackwell pricing", "What did Nvidia say about Blackwell supply"],
        ),
        (
            "What did NVIDIA (NVDA), AMD (AMD) and Broadcom (AVGO) say about supply and demand over the last year?",
            [
                "What did NVIDIA (NVDA) say about supply and demand",
                "What did AMD (AMD) say about supply and demand",
                "What did Broadcom (AVGO) say about supply and demand",
            ],
        ),
        (
            "Procter & Gamble, AT&T and Johnson & Johnson revenue since May",
            ["Procter & Gamble revenue", "AT&T revenue", "Johnson & Johnson revenue"],
        ),
        (
            "Compare Applied Materials and Lam Research on China revenue; what about export licences?",
            [
                "Applied Materials on China revenue",
                "Lam Research on China revenue",
                "what about export licences",
                "Applied Materials and Lam Research China revenue what about export licences",
            ],
        ),
        (
            "What is Micron's HBM backlog? How long are its lead times?",
            ["What is Micron's HBM backlog", "How long are its lead times", "Micron How long are its lead times"],
        ),
        (
            "Amazon.com and J.P. Morgan capital expenditure plans for 2025",
            ["Amazon.com capital expenditure plans", "J.P. Morgan capital expenditure plans"],
        ),
        (
            "Marrow Tools, Inc. and Pellmarch's order backlogs",
            ["Marrow Tools, Inc. order backlogs", "Pellmarch order backlogs"],
        ),
        (
            "Intel's research and development spending, headcount and pricing",
            ["Intel's research and development spending", "Intel's headcount", "Intel's pricing"],
        ),
        (
            "TSMC vs. Intel vs. Samsung foundry yields; pricing",
            [
                "TSMC foundry yields",
                "Intel foundry yields",
                "Samsung foundry yields",
                "TSMC vs. Intel vs. Samsung pricing",
            ],
        ),
        (
            "Who supplies substrates: Ibiden, Unimicron or AT&S?",
            [
                "Who supplies substrates: Ibiden",
                "Who supplies substrates: Unimicron",
                "Who supplies substrates: AT&S",
            ],
        ),
        (
            "Northvolt, Freyr; battery orders and cancellations",
            ["Northvolt battery orders", "Northvolt cancellations", "Freyr battery orders", "Freyr cancellations"],
        ),
        (
            "Is it true that BESI has raised guidance, and how much of its backlog is for HBM?",
            ["Is it true that BESI has raised guidance", "how much of its backlog is for HBM"],
        ),
        ("", []),
        ("  \n ;; ? ", []),
        ("?", []),
        ("/", []),
        ("x" * 5000, []),
        (";" * 5000, []),
        ("word " * 10_000, []),
        ("\0\x1b[31m", []),
    ],
)
def test_a_question_is_parted_by_its_names_and_by_what_is_asked_of_them(question: str, parts: list[str]) -> None:
    assert plan_queries(question, ENTITIES) == (" ".join(question.split()), *parts)


def test_names_are_told_by_their_capitals_where_no_table_knows_them() -> None:
    question = "H&V/SARQ/Pellmarch order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora"
    assert plan_queries(question, NO_ENTITIES) == (
        question,
        "H&V order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora",
        "SARQ order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora",
        "Pellmarch order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora",
        "Ostrellan/Danmora CoRIL/hybrid-bonding tools",
    )


def test_no_clause_is_lost_to_the_names_of_another() -> None:
    names = "/".join(f"NAME{letter}" for letter in "ABCDEFGHIJKLMNOP")
    queries = plan_queries(f"{names} orders; export licences of Danmora; hiring at SARQ", ENTITIES)
    assert len(queries) == MAX_QUERIES
    assert {"export licences of Danmora", "hiring at SARQ"} < set(queries)


@pytest.mark.parametrize(
    "words",
    [
        "last 3 months",
        "over the past two quarters",
        "in Q3 2025",
        "this year",
        "since May",
        "between January and March 2025",
        "in the first half of 2025",
        "FY2025",
        "2Q25",
        "by 30 June 2025",
        "as of August 27, 2025",
        "year-to-date",
        "recently",
    ],
)
def test_words_that_say_when_stand_in_the_whole_question_alone(words: str) -> None:
    assert plan_queries(f"BESI order backlog {words}", ENTITIES) == (
        f"BESI order backlog {words}",
        "BESI order backlog",
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is Hoya's capex (in EUR millions)? Round your answer to one decimal.", ["What is Hoya's capex"]),
        ("Answer in USD billions: what is Hoya's capex?", ["what is Hoya's capex"]),
        ("What drove Hoya's margin? If it has none, please say so and explain why.", ["What drove Hoya's margin"]),
        (
            "You are an analyst. Using the income statement, what is Hoya's margin?",
            ["what is Hoya's margin"],
        ),
        ("Assume you have read all filings. How did Hoya's orders develop?", ["How did Hoya's orders develop"]),
        ("What is Hoya's ROA? ROA is defined as: income / (average assets).", ["What is Hoya's ROA"]),
        (
            "What is Hoya's margin? Calculate it from operating income.",
            ["What is Hoya's margin", "Hoya Calculate it from operating income"],
        ),
        (
            "What did Hoya report? State the company's response to the lawsuit.",
            [
                "What did Hoya report",
                "State the company's response to the lawsuit",
                "Hoya State the company's response to the lawsuit",
            ],
        ),
    ],
)
def test_how_an_answer_is_to_be_written_is_not_searched_for(question: str, parts: list[str]) -> None:
    assert plan_queries(question, ENTITIES) == (question, *parts)


@pytest.mark.parametrize("text", ["Round your answer to two decimals.", "You are an analyst.", "in USD millions"])
def test_of_a_question_that_says_nothing_else_nothing_is_taken(text: str) -> None:
    assert without_manner(text) == text


@pytest.mark.parametrize("text", ["H200 and A100 orders", "it may rise", "RTX 5090", "6-inch wafers", "Q-Cells"])
def test_what_only_looks_like_a_time_stays(text: str) -> None:
    assert without_time_words(text) == text


@given(
    st.text()
    | st.text(alphabet="Ab/&;?.,\n (c)'s")
    | st.lists(st.sampled_from("A B and / , vs. 's of (X) ; 2025".split())).map(" ".join)
)
@settings(derandomize=True, deadline=None, max_examples=300)
def test_the_first_query_is_the_whole_question_and_no_query_is_asked_twice(question: str) -> None:
    queries = plan_queries(question, ENTITIES)
    assert queries[0] == " ".join(question.split())
    assert len(set(queries)) == len(queries) <= MAX_QUERIES
    assert all(" ".join(query.split()) == query and not re.search("\0", query) for query in queries[1:])
