"""What is said of a time stands when a quote or its page's date says it; a fiscal year is not the calendar's."""

from datetime import date

import pytest

from evidence.generator.reading.moments import bears, find_moments

PUBLISHED = date(2025, 8, 27)  # a Wednesday


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("on June 30, 2025", "on 30 June 2025"),
        ("on 2025-06-30", "on June 30, 2025"),
        ("on June 30, 2025", "in June"),
        ("on June 30", "on June 30, 2025"),
        ("on Monday", "on August 25"),
        ("in Q3 2025", "in the third quarter of 2025"),
        ("3Q25", "the third quarter of 2025"),
        ("the third quarter of fiscal 2025", "the fiscal third quarter of 2025"),
        ("the third quarter of fiscal 2025", "Q3 FY25"),
        ("in the third-quarter", "the third quarter"),
        ("fiscal year 2025", "FY2025"),
        ("last year", "in 2024"),
        ("a year earlier", "the previous year"),
        ("last month", "in July 2025"),
        ("yesterday", "on August 26"),
        ("the 1990s", "the 1990s"),
        ("in the first half of 2025", "H1 2025"),
    ],
)
def test_the_same_time_is_borne_out_however_it_is_written(quoted: str, said: str) -> None:
    (asked,) = find_moments(said)
    assert bears(find_moments(quoted), asked, PUBLISHED)


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("on June 30, 2025", "on June 29, 2025"),
        ("in June", "on June 30"),
        ("on June 30, 2025", "in 2024"),
        ("on Monday", "on Tuesday"),
        ("in Q3 2025", "in the second quarter of 2025"),
        ("the third quarter of fiscal 2025", "the third quarter of 2025"),
        ("the third quarter of 2025", "the third quarter of fiscal 2025"),
        ("last year", "in 2025"),
        ("in 2024", "last year"),
        ("last weekend", "next weekend"),
        ("in the first half of 2025", "the second half of 2025"),
        ("2019", "the 2010s"),
    ],
)
def test_another_time_or_another_year_of_counting_is_not(quoted: str, said: str) -> None:
    (asked,) = find_moments(said)
    assert not bears(find_moments(quoted), asked, PUBLISHED)


def test_a_quarter_takes_the_one_year_that_stands_over_it() -> None:
    (asked,) = find_moments("the third quarter of 2025")
    quoted = find_moments("in the third quarter")
    assert bears(quoted, asked, years=frozenset({2025}))
    assert not bears(quoted, asked) and not bears(quoted, asked, years=frozenset({2024, 2025}))


@pytest.mark.parametrize("text", ["He may go.", "USA Today", "2,000 people", "the second time", "$2000"])
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert find_moments(text) == []
