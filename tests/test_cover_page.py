"""A filing that is a PDF says on its cover what it is, and what its cover does not say is not guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.cover_page import cover_title, find_cover_page, read_cover_page
from evidence.corpus.inline_xbrl import Cover

ANNUAL = """Table of Contents
UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
Washington, D.C. 20549
FORM 10-K
(Mark One)
☒ ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934
For the fiscal year ended December 31, 2031
OR
☐ TRANSITION REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934
For the transition period from ________ to ________
Commission file number 001-99999
MÖDERBRÜCK BONDERS INC.
(Exact name of registrant as specified in its charter)
Delaware 99-9999999
(State or other jurisdiction of incorporation or organization) (I.R.S. Employer Identification No.)
Securities registered pursuant to Section 12(b) of the Act:
Title of each class Trading Symbol(s) Name of each exchange on which registered
0.950% Notes due 2033 MBND33 New York Stock Exchange
Common Stock, par value $0.01 per share MBND The New York Stock Exchange
"""
CURRENT = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
WASHINGTON, DC 20549
FORM 8-K
CURRENT REPORT
Date of report (Date of earliest event reported):
August 30, 2031
Elsevoir Machines
and Partners Corporation
(Exact name of registrant as specified in its charter)
"""


def test_an_annual_reports_cover_says_form_company_symbol_and_period() -> None:
    cover = read_cover_page(ANNUAL)
    assert cover == Cover("10-K", "MÖDERBRÜCK BONDERS INC.", None, ("MBND",), "2031-12-31")
    assert cover_title(cover) == "MÖDERBRÜCK BONDERS INC. 10-K for 2031-12-31"


def test_a_current_reports_cover_says_the_day_and_a_name_of_two_lines() -> None:
    assert read_cover_page(CURRENT) == Cover(
        form="8-K", company="Elsevoir Machines and Partners Corporation", period="2031-08-30"
    )


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Form 10-K", "10-K"),
        ("FORM 10K", "10-K"),
        ("FORM 10-K/A", "10-K/A"),
        ("FORM 10-K/A (Amendment No. 1)", "10-K/A"),
        (" FORM 10-Q ", "10-Q"),
        ("FORM 20-F", "20-F"),
        ("FORM 6-K", "6-K"),
    ],
)
def test_a_form_is_named_as_its_archive_names_it(written: str, form: str) -> None:
    cover = read_cover_page(ANNUAL.replace("FORM 10-K", written))
    assert cover is not None
    assert cover.form == form


@pytest.mark.parametrize(
    "page",
    [
        "",
        "Our annual report on Form 10-K, filed with the Securities and Exchange Commission, lists the risks.",
        ANNUAL.replace("SECURITIES AND EXCHANGE COMMISSION", "MINISTRY OF FORMS"),
        ANNUAL.replace("FORM 10-K", "FORM 10-Z"),
        ANNUAL.replace("FORM 10-K", "FORM 10-K SUMMARY OF THE YEAR"),
        "Brightwater posts results\n" * 80 + ANNUAL,
    ],
)
def test_a_page_that_is_no_cover_says_nothing(page: str) -> None:
    assert read_cover_page(page) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # no telling which of these lines are the name
        ("Commission file number 001-99999\n", "Welcome to\nour report\nwith pictures\n"),
        ("(Exact name of registrant as specified in its charter)\n", ""),
        ("MÖDERBRÜCK BONDERS INC.\n", ""),
    ],
)
def test_a_company_is_named_only_where_it_is_clear_who_files(old: str, new: str) -> None:
    cover = read_cover_page(ANNUAL.replace(old, new))
    assert cover is not None
    assert (cover.form, cover.company, cover.period) == ("10-K", None, "2031-12-31")
    assert cover_title(cover) is None


@pytest.mark.parametrize("day", ["", "December 2031", "December 35, 2031", "Smarch 13, 2031"])
def test_a_period_is_a_day_or_unknown(day: str) -> None:
    cover = read_cover_page(ANNUAL.replace("December 31, 2031", day))
    assert cover is not None
    assert cover.period is None


def test_a_note_is_no_symbol() -> None:
    cover = read_cover_page(ANNUAL.replace("Common Stock, par value $0.01 per share MBND The", "4% Notes MBNP The"))
    assert cover is not None
    assert cover.ticker is None


def test_a_cover_stands_on_one_of_the_first_pages() -> None:
    assert find_cover_page(["To our shareholders", "", ANNUAL]) == read_cover_page(ANNUAL)
    assert find_cover_page(["To our shareholders", "", "", ANNUAL]) is None


@given(st.lists(st.sampled_from([*ANNUAL.splitlines(), *CURRENT.splitlines(), "", "é\x00"]), max_size=40))
def test_any_lines_can_be_read(lines: list[str]) -> None:
    cover = read_cover_page("\n".join(lines))
    assert cover is None or (cover.form and len(cover.company or "") <= 120)
