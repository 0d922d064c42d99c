"""A number is read with all that it counts, and two that stand for one value agree."""

from decimal import Decimal

import pytest

from evidence.generator.reading.quantities import agree, comparable, find_quantities

READ = [
    ("$1.54 billion", [(1_540_000_000, "", "USD")]),
    ("1,540 million dollars", [(1_540_000_000, "", "USD")]),
    ("EUR 12bn and €600m", [(12_000_000_000, "", "EUR"), (600_000_000, "", "EUR")]),
    (
        "12 % is not 12 points, nor 40 basis points",
        [(12, "%", None), (12, "points", None), ("0.4", "points", None)],
    ),
    ("nine weeks, twenty-four months", [(9, "week", None), (24, "month", None)]),
    ("30 to 35 weeks", [(30, "week", None), (35, "week", None)]),
    ("between 5.0 and 5.4 billion euros", [(5_000_000_000, "", "EUR"), (5_400_000_000, "", "EUR")]),
    ("$1.5-1.6 billion", [(1_500_000_000, "", "USD"), (1_600_000_000, "", "USD")]),
    ("a CAGR of 6.09% to USD 2.07 billion by 2030", [("6.09", "%", None), (2_070_000_000, "", "USD")]),
    ("up 12% to $1.2bn on Aug. 27, 2025", [(12, "%", None), (1_200_000_000, "", "USD")]),
    ("¥200bn ($1.3bn)", [(200_000_000_000, "", "JPY"), (1_300_000_000, "", "USD")]),
    ("fell −3%", [(-3, "%", None)]),
    ("H100, 10-Q, 5nm, COVID-19, Q3 2025, Item 7, Notes 1, 10 and 13 and note (2)", []),
    ("Net loss | 2025: $(1,234) | (in thousands)", [(-1_234_000, "", "USD")]),
    ("Revenue | Three Months Ended Jul 27, 2025: $46,743 | (In millions)", [(46_743_000_000, "", "USD")]),
    ("Income per share | 2025: $1.08 | (In millions, except per share data)", [("1.08", "", "USD")]),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_number_has_its_scale_unit_and_currency(
    text: str, expected: list[tuple[object, str, str | None]]
) -> None:
    found = [(quantity.amount, quantity.unit, quantity.currency) for quantity in find_quantities(text)]
    assert found == [(Decimal(str(amount)), unit, currency) for amount, unit, currency in expected]


def test_it_stands_where_it_says() -> None:
    text = "Orders of about $1,540 million, or so the firm said, and 12 %."
    assert [text[q.start : q.end] for q in find_quantities(text)] == ["$1,540 million", "12 %"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$1.54 billion", "1,540 million dollars", True),
        ("$1.54 billion", "about 1.5 billion", True),
        ("$1.54 billion", "$1.5 billion", True),
        ("$1.54 billion", "$1.6 billion", False),
        ("$1.54 billion", "1.54 billion euros", False),
        ("$1.54 billion", "more than $1.5 billion", True),
        ("$1.54 billion", "more than $1.6 billion", False),
        ("nearly 950 people", "941 people", True),
        ("950 people", "941 people", False),
        ("12%", "12 points", False),
        ("40 basis points", "0.4 percentage points", True),
        ("36 weeks", "36 months", False),
        ("52 weeks", "one year", True),
    ],
)
def test_two_agree_when_they_can_stand_for_one_value(one: str, other: str, same: bool) -> None:
    (first,), (second,) = find_quantities(one), find_quantities(other)
    assert agree(first, second) is agree(second, first) is same


def test_what_counts_other_things_is_not_compared() -> None:
    dollars, euros, bare, share, weeks, months = find_quantities(
        "$5 million, €5 million, 5 million, 5%, 5 weeks, 5 months"
    )
    assert comparable(dollars, bare) and comparable(weeks, months)
    assert not comparable(dollars, euros) and not comparable(bare, share) and not comparable(bare, weeks)
