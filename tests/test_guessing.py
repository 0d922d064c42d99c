"""Guessed dates: found where a page states none, and never more than a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.corpus.dates import date_document
from evidence.corpus.guessing import guess_date
from evidence.corpus.html import read_html
from evidence.corpus.records import Record
from evidence.corpus.sniffing import Media
from evidence.corpus.values import Basis, Claim, Grade

INVENTED = "<html><body><h1>About us</h1><p>{}</p></body></html>"


@pytest.mark.parametrize("line", ["<p class=date>12.03.2019</p>", "<div class='entry-date'>27 August 2025</div>"])
def test_what_htmldate_finds_is_grade_c(line: str) -> None:
    guess = guess_date(INVENTED.format(line))
    published = date_document(guess, None).published
    assert [claim.basis for claim in guess] == [Basis.TEXT]
    assert published is not None
    assert published.grade is Grade.C


@pytest.mark.parametrize(
    "line", ["The council met on 27 August 2025 in the hall.", "(c) 2021 Lake Press", "We opened on 3 May 2019."]
)
def test_prose_and_footers_date_no_page(line: str) -> None:
    assert guess_date(INVENTED.format(line)) == ()


@pytest.mark.parametrize(("day", "guessed"), [("20250727", ()), ("20250827", ("2025-08-27",))])
def test_the_end_of_a_filings_period_is_no_guess_of_its_publication(day: str, guessed: tuple[str, ...]) -> None:
    period = '<ix:nonNumeric contextRef="c" name="dei:DocumentPeriodEndDate">July 27, 2025</ix:nonNumeric>'
    page = f"<html><head><title>a-{day}</title></head><body><p>In the quarter ended {period}, orders rose.</p>"
    claims = read_html(Record("10-q.htm", Media.HTML, page.encode())).claims
    assert tuple(claim.text for claim in claims) == guessed


def test_a_page_without_any_date_has_no_guess() -> None:
    assert guess_date(INVENTED.format("Nothing here says when.")) == ()


def test_a_guess_confirms_nothing_and_contradicts_nothing() -> None:
    stated = Claim("published", Basis.META, "2025-08-27")
    for guess in ("2025-08-27", "2019-01-01"):
        clocks = date_document([stated, Claim("published", Basis.TEXT, guess)], None)
        assert clocks == date_document([stated], None)


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>", "27.8.2025", "<!--", "</p>", "\0", "(c) 2020", "<time>"])).map("".join)
)
def test_no_page_breaks_the_guess(page: str) -> None:
    assert all(claim.basis is Basis.TEXT for claim in guess_date(page))
