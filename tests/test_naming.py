"""What documents say of names: forms that are stated are found, and words for a party of the text are no names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus.naming import name_key, stated_names
from evidence.corpus.values import Document


def document(text: str, company: str | None = None, ticker: str | None = None) -> Document:
    return Document(id="1", path="a", kind="news", text=text, original="0", company=company, ticker=ticker)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "Shares of Kulicke & Soffa Industries, Inc. (NASDAQ: KLIC) rose.",
            [("Kulicke & Soffa Industries", "KLIC")],
        ),
        ("Rivals Intel and Applied Materials (Nasdaq: AMAT) fell.", [("Applied Materials", "AMAT")]),
        ("Procter and Gamble (NYSE: PG) rose.", [("Procter and Gamble", "PG")]),
        ("Bank of America Corp. (NYSE: BAC) said so.", [("Bank of America", "BAC")]),
        ("The 3M Company (NYSE: MMM) said so.", [("3M", "MMM")]),
        ("Berkshire Hathaway (NYSE: BRK.B) bought more.", [("Berkshire Hathaway", "BRK.B")]),
        (
            "ASE Technology Holding Co., Ltd. (NYSE: ASX, TAIEX: 3711) said so.",
            [("ASE Technology Holding", "3711"), ("ASE Technology Holding", "ASX")],
        ),
        (
            'BE Semiconductor Industries N.V. (the "Company" or "Besi") (Euronext Amsterdam: BESI) said so.',
            [("BE Semiconductor Industries", "BESI"), ("BE Semiconductor Industries", "Besi")],
        ),
        ("Marrow Tools Inc. (“MTI”) makes bonders.", [("Marrow Tools", "MTI")]),
        ('Marrow Tools Inc., or "MTI," makes bonders.', [("Marrow Tools", "MTI")]),
        ('Marrow Tools, Inc. (together with its subsidiaries, "Marrow") sells.', [("Marrow Tools", "Marrow")]),
        ("Advanced Micro Devices (AMD) fell.", [("Advanced Micro Devices", "AMD")]),
        ("It closed in July. Marrow (NYSE: MRW) fell.", [("Marrow", "MRW")]),
        ("KENT, Wis.--(BUSINESS WIRE)-- Marrow Tools, Inc. (NYSE: MRW) said so.", [("Marrow Tools", "MRW")]),
        ('Marrow Tools Inc. (the "Company") makes bonders.', []),
        ('Silicon Valley Bank (the "Bank") failed.', []),
        ('Marrow Tools Inc. (the "Registrant", "Issuer") makes bonders.', []),
        ('Marrow Tools Inc. ("Northern Star") makes bonders.', []),
        ("A footnote (Note: A) and a clause (see: B) say nothing.", []),
        ("bonders of all kinds (BOAK) are sold.", []),
        ("Prices rose (NYSE: UP).", []),
        ('He said (the "Deal") was off.', []),
        ('( (NYSE: X) "" (“”) , or "', []),
    ],
)
def test_the_forms_of_a_name_that_a_text_states_are_found(text: str, pairs: list[tuple[str, str]]) -> None:
    assert stated_names(document(text)) == pairs


def test_a_cover_states_a_company_and_its_ticker() -> None:
    assert stated_names(document("x", "Marrow Tools, Inc.", "MRW")) == [("Marrow Tools", "MRW")]
    assert stated_names(document("x", "Marrow Tools, Inc.")) == []


@pytest.mark.parametrize("company", ["Marrow & Bone Industries, Inc.", "Marrow and Bone", "MARROW AND BONE"])
def test_a_company_named_after_two_is_called_by_their_initials(company: str) -> None:
    assert {form for _, form in stated_names(document("x", company))} == {"M&B", "MnB"}


@pytest.mark.parametrize(
    "form",
    ["Kulicke & Soffa", "Kulicke and Soffa", "KULICKE & SOFFA, INC.", "Kulicke & Soffa's", "Kulické & Soffa Ltd."],
)
def test_spellings_of_one_name_have_one_key(form: str) -> None:
    assert name_key(form) == "kulicke soffa"


def test_a_name_is_more_than_its_legal_form() -> None:
    assert (name_key("N.V."), name_key("The Co. Inc."), name_key("K&S"), name_key("-")) == ("nv", "co", "k&s", "")


@given(st.text(alphabet='Ab& ().,:"“”NYSE') | st.text())
@settings(derandomize=True, deadline=None, max_examples=300)
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(name_key(name) and name_key(name) != name_key(form) for name, form in stated_names(document(text)))


@pytest.mark.parametrize("piece", ["(", ' ("', "A (NYSE: ", "Aa & ", ", or “A", " (A)", "(the “A” or “", "A. "])
def test_a_long_text_of_one_piece_is_read(piece: str) -> None:
    # in the square of its length it would take hours
    assert len(stated_names(document(piece * 100_000))) <= 1
