"""A question to its queries: each name and each clause is asked on its own, too, and the whole comes first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.retriever.plan import plan_queries

SEED = "BESI/ASMPT/K&S order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor; lead times to install."


def test_the_seed_question_asks_for_each_supplier_and_for_lead_times() -> None:
    assert plan_queries(SEED) == (
        SEED,
        "BESI order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "ASMPT order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "K&S order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor",
        "lead times to install",
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the backlog of SARQ?", []),
        ("order backlog and/or lead times", []),
        ("TCB/hybrid-bonding tools", []),
        ("https://a.example/B/C is what?", []),
        ("orders of H&V/SARQ tools", ["orders of H&V tools", "orders of SARQ tools"]),
        ("What are the backlogs of H&V/SARQ?", ["What are the backlogs of H&V?", "What are the backlogs of SARQ?"]),
        ("Of H&V/SARQ, what is known?", ["Of H&V, what is known?", "Of SARQ, what is known?"]),
        ("backlog (H&V/SARQ)", ["backlog (H&V)", "backlog (SARQ)"]),
        ("Backlog at SARQ? Lead times at H&V?", ["Backlog at SARQ", "Lead times at H&V"]),
        ("Backlog at SARQ\nLead times at H&V", ["Backlog at SARQ", "Lead times at H&V"]),
        ("Backlog at SARQ; thanks", []),
        ("orders at SARQ; orders at SARQ", ["orders at SARQ"]),
        ("St. Moritz/U.S. order books", ["St. Moritz order books", "St. U.S. order books"]),
        ("", []),
        ("  \n ;; ? ", []),
        ("?", []),
        ("A/B", ["A", "B"]),
        ("/", []),
        ("x" * 5000, []),
        (";" * 5000, []),
        ("\0\x1b[31m", []),
    ],
)
def test_a_question_is_parted_by_its_clauses_and_its_list_of_names(question: str, parts: list[str]) -> None:
    assert plan_queries(question) == (" ".join(question.split()), *parts)


@given(st.text() | st.text(alphabet="Ab/&;?.,\n (c)"))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_the_first_query_is_the_whole_question_and_no_query_is_asked_twice(question: str) -> None:
    queries = plan_queries(question)
    assert queries[0] == " ".join(question.split())
    assert len(set(queries)) == len(queries)
    assert all(" ".join(query.split()) == query for query in queries)
