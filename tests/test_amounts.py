"""An amount bears another out when it counts the same, in the same unit, as much, however both are written."""

import pytest

from evidence.generator.reading.amounts import Amount, bears, find_amounts, table_scale


def only(text: str) -> Amount:
    (found,) = find_amounts(text)
    return found


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("$1.54 billion", "$1,540 million"),
        ("$1.54 billion", "US$1.54bn"),
        ("$1.54 billion", "1.54 billion dollars"),
        ("$1.54 billion", "$1.5 billion"),
        ("$1.54 billion", "about $1.5 billion"),
        ("$1.54 billion", "more than $1.5 billion"),
        ("$1.98 billion", "nearly $2 billion"),
        ("EUR 402 million", "€402m"),
        ("12 %", "12 percent"),
        ("12 per cent", "12%"),
        ("40 basis points", "0.4 percentage points"),
        ("nine weeks", "9 weeks"),
        ("a 30-week lead time", "30 weeks"),
        ("two hundred and fifty people", "250 people"),
        ("52 cents", "$0.52"),
        ("16 thermocompression bonders", "16 bonders"),
        ("1,540 tools", "1540 tools"),
        ("two-thirds", "two thirds"),
        ("doubled", "twice"),
        ("12,5 Prozent", "12.5%"),
        ("more than 40 sites", "over 40 sites"),
    ],
)
def test_the_same_amount_is_borne_out_however_it_is_written(quoted: str, said: str) -> None:
    assert bears(only(quoted), only(said))


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        ("$1.54 billion", "$1.54 million"),
        ("$1.54 billion", "€1.54 billion"),
        ("$1.54 billion", "$1.55 billion"),
        ("$1.54 billion", "$1.6 billion"),
        ("$1.54 billion", "$2 billion"),
        ("$1.54 billion", "less than $1.5 billion"),
        ("12 %", "12 percentage points"),
        ("12 points", "12 %"),
        ("40 basis points", "4 percentage points"),
        ("nine weeks", "nine months"),
        ("550 square miles", "550 miles"),
        ("16 thermocompression bonders", "16 companies"),
        ("12%", "more than 12%"),
        ("more than 12%", "12%"),
        ("at least 40 sites", "at most 40 sites"),
        ("about 660 sites", "about 661 sites"),
        ("the third site", "three sites"),
        ("12,5 Prozent", "125 Prozent"),
        ("5%", "-5%"),
    ],
)
def test_another_amount_unit_scale_or_bound_is_not(quoted: str, said: str) -> None:
    assert not bears(only(quoted), only(said))


@pytest.mark.parametrize("text", ["Covid-19", "GPT-4", "an A380", "one of the firms", "no figure", ""])
def test_a_number_in_a_name_is_no_amount(text: str) -> None:
    assert find_amounts(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("between 5 and 7 per cent", [("5", "%"), ("7", "%")]),
        ("$1.2-1.4 billion", [("1200000000.0", "USD"), ("1400000000.0", "USD")]),
        ("30 to 32 weeks", [("30", "week"), ("32", "week")]),
    ],
)
def test_a_range_has_one_unit_and_scale(text: str, values: list[tuple[str, str]]) -> None:
    assert [(str(amount.value), amount.unit) for amount in find_amounts(text)] == values


def test_the_cells_of_a_table_count_what_it_says() -> None:
    table = "Revenue | 46,743 | 30,040 (in millions)"
    first = find_amounts(table)[0]
    scale = table_scale(table)
    assert bears(first, only("$46.743 billion"), scale) and bears(first, only("$46.7 billion"), scale)
    assert not bears(first, only("$46.743 million"), scale) and not bears(first, only("$46.743 billion"))
