"""A period is known by its name whichever way it is written, and two are told apart where that can be known."""

from datetime import date

import pytest

from evidence.generator.reading.period_words import find_periods
from evidence.generator.reading.periods import Relation, relate

WRITTEN = date(2025, 8, 20)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the third quarter of fiscal 2025", ["FY2025-Q3"]),
        ("fiscal 2026's second quarter", ["FY2026-Q2"]),
        ("3Q25, Q3 2025, 2025-Q3 and 2025 third-quarter", ["2025-Q3"] * 4),
        ("Q3 FY25", ["FY2025-Q3"]),
        ("FY24 and fiscal year 2025", ["FY2024", "FY2025"]),
        ("first half of 2025, 1H25 and H1", ["2025-H1"] * 3),
        ("Three Months Ended Jul 27, 2025: $46", ["quarter to 2025-07-27"]),
        ("nine months ended September 30, 2025", ["nine months to 2025-09-30"]),
        ("the quarter ended June 30 and the June quarter", ["quarter to 2025-06-30"] * 2),
        ("last quarter, last year, the third quarter", ["2025-Q2", "2024", "2025-Q3"]),
        ("in August 2025, on Aug. 4", ["2025-08", "2025-08-04"]),
        ("orders may rise in June, or in May", ["2025-06", "2025-05"]),
        ("USD 2.07 billion by 2030", ["2030"]),
        ("$2025, 2,025, 2025%, 10-Q, H100", []),
    ],
)
def test_a_period_has_one_name(text: str, names: list[str]) -> None:
    assert [period.named() for period in find_periods(text, WRITTEN)] == names


def test_without_an_anchor_nothing_is_guessed() -> None:
    (quarter,) = find_periods("in the third quarter")
    assert (quarter.year, quarter.number, quarter.last, quarter.stated) == (None, 3, None, False)
    assert find_periods("on August 4") == []


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("Q2 2025", "second quarter of 2025", Relation.SAME),
        ("Q2 2025", "three months ended June 28, 2025", Relation.SAME),
        ("Q2 2025", "three months ended July 27, 2025", Relation.DIFFERENT),
        ("Q2 2025", "Q3 2025", Relation.DIFFERENT),
        ("Q2 2025", "first half of 2025", Relation.DIFFERENT),
        ("second quarter of fiscal 2026", "three months ended July 27, 2025", Relation.UNKNOWN),
        ("second quarter of fiscal 2026", "three months ended July 30, 2023", Relation.DIFFERENT),
        ("fiscal 2025", "2025", Relation.SAME),
        ("August 4, 2025", "August 5, 2025", Relation.DIFFERENT),
    ],
)
def test_periods_are_the_same_different_or_not_known(one: str, other: str, relation: Relation) -> None:
    (first,), (second,) = find_periods(one, WRITTEN), find_periods(other, WRITTEN)
    assert relate(first, second) is relate(second, first) is relation


def test_a_period_begins_where_it_must() -> None:
    calendar, fiscal = find_periods("Q2 2025 and three months ended July 27, 2025")
    assert (calendar.first, calendar.last) == (date(2025, 4, 1), date(2025, 6, 30))
    assert (fiscal.first, fiscal.last) == (date(2025, 4, 28), date(2025, 7, 27))
