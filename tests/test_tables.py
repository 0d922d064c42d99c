"""A row of a table of figures is a line that can be quoted alone, and says nothing that the table does not."""

import pytest

from evidence.corpus.blocks import visible_text
from evidence.corpus.tree import parse


def _lines(body: str) -> list[str]:
    root = parse(f"<html><body>{body}</body></html>", "page")
    return visible_text(root).split("\n\n")


def _row(*cells: str, style: str = "") -> str:
    """Cells as text; `3:text` spans three columns."""
    parts = []
    for cell in cells:
        span, _, text = cell.partition(":") if cell[1:2] == ":" else ("1", "", cell)
        parts.append(f'<td colspan="{span}" style="{style if not parts else ""}">{text}</td>')
    return f"<tr>{''.join(parts)}</tr>"


# As filers' programs write it: each figure in three columns, for the sign, the digits and what closes them.
INCOME = (
    "<p>Möderbrück Bonders N.V.</p><p>Statements of Income</p><p>(In millions, except per share data)</p>"
    "<p>(Unaudited)</p><table>"
    + _row(*["1:"] * 15)
    + _row("3:", "6:Three Months Ended", "6:Six Months Ended")
    + _row("3:", "3:Jun 30, 2031", "3:Jun 30, 2030", "3:Jun 30, 2031", "3:Jun 30, 2030")
    + _row("3:Revenue", "$", "1,043", "", "$", "830", "", "$", "1,905", "", "$", "1,684", "")
    + _row("3:Interest expense", "2:(62", ")", "2:(61", ")", "2:(124", ")", "2:—", "")
    + _row("3:Gross margin", "2:61.5", "%", "2:60.2", "%", "2:61.0", "%", "2:59.9", "%")
    + _row("3:", "3:", "3:", "3:", "3:")
    + _row("3:Net income per share:", "3:", "3:", "3:", "3:")
    + _row("3:Basic", "$", "1.08", "", "$", "0.68", "", "$", "1.85", "", "$", "1.28", "")
    + "</table>"
)


def test_each_figure_has_its_label_header_unit_and_scale_beside_it() -> None:
    lines = _lines(INCOME)
    scale = "(In millions, except per share data)"
    headers = [
        f"{span} Jun 30, {year}" for span in ("Three Months Ended", "Six Months Ended") for year in (2031, 2030)
    ]

    def row(label: str, *figures: str) -> str:
        named = [f"{header}: {figure}" for header, figure in zip(headers, figures, strict=True)]
        return " | ".join([label, *named, scale])

    assert row("Revenue", "$1,043", "$830", "$1,905", "$1,684") in lines
    assert row("Interest expense", "(62)", "(61)", "(124)", "—") in lines
    assert row("Gross margin", "61.5%", "60.2%", "61.0%", "59.9%").removesuffix(f" | {scale}") in lines
    assert row("Net income per share: Basic", "$1.08", "$0.68", "$1.85", "$1.28") in lines


def test_every_header_and_label_also_stands_where_it_stood() -> None:
    lines = _lines(INCOME)
    assert lines[:6] == [
        "Möderbrück Bonders N.V.",
        "Statements of Income",
        "(In millions, except per share data)",
        "(Unaudited)",
        "Three Months Ended | Six Months Ended",
        "Jun 30, 2031 | Jun 30, 2030 | Jun 30, 2031 | Jun 30, 2030",
    ]
    assert lines[-2] == "Net income per share:"


def _balance(style: str, inner: str) -> list[str]:
    return _lines(
        "<table>"
        + _row("", "2031", "2030")
        + _row("Current assets:", "", "", style=style)
        + _row("Cash", "$1,200", "$1,100", style=inner)
        + _row("Total current assets", "$1,200", "$1,100", style=style)
        + _row("Goodwill", "$300", "$301", style=style)
        + "</table>"
    )


@pytest.mark.parametrize("inner", ["", "padding:2px 1pt 2px 13pt", "padding-left:9pt", "margin-left:1em"])
def test_a_group_ends_where_its_sum_or_its_indent_says_so(inner: str) -> None:
    assert _balance("padding:2px 1pt 2px 1pt", inner or "padding:2px 1pt 2px 1pt")[2:] == [
        "Current assets: Cash | 2031: $1,200 | 2030: $1,100",
        "Total current assets | 2031: $1,200 | 2030: $1,100",
        "Goodwill | 2031: $300 | 2030: $301",
    ]


@pytest.mark.parametrize(
    ("above", "head", "scale"),
    [
        ("<p>(Amounts in thousands)</p>", "", "(Amounts in thousands)"),
        ("<p>Orders by line were as follows (in millions):</p>", "", "(in millions)"),
        ("<p>Dollars in millions</p>", "", "(Dollars in millions)"),
        ("", "(Unaudited; Euros in thousands)", "(Euros in thousands)"),
        ("", "($000)", "($000)"),
        ("<p>We spent much in a market of millions of buyers, and more.</p>", "", None),
        ("<p>In 2030 we sold (in thousands).</p><p>" + "A paragraph between. " * 9 + "</p>", "", None),
    ],
)
def test_the_scale_is_the_one_stated_above_or_in_the_head(above: str, head: str, scale: str | None) -> None:
    rows = _row(head, "2031", "2030") + _row("Orders", "$1,200", "$1,100")
    expected = "Orders | 2031: $1,200 | 2030: $1,100" + (f" | {scale}" if scale else "")
    assert _lines(f"{above}<table>{rows}</table>")[-1] == expected


def test_the_scale_of_one_table_is_not_the_next_ones() -> None:
    table = "<table>" + _row("", "2031") + _row("Orders", "$1,200") + "</table>"
    lines = _lines(f"<p>(In millions)</p>{table}<p>Then.</p>{table}")
    assert lines[2] == "Orders | 2031: $1,200 | (In millions)"
    assert lines[-1] == "Orders | 2031: $1,200"


def test_a_scale_over_one_column_belongs_to_that_column_alone() -> None:
    head = _row("Period", "Shares Purchased (in thousands)", "Average Price")
    line = _lines(
        f"<table>{head}{_row('May 2031', '1,043', '$12.50')}{_row('June 2031', '900', '$12.60')}</table>"
    )[1]
    assert line == "May 2031 | Shares Purchased (in thousands): 1,043 | Average Price: $12.50"


def test_a_spanned_header_and_a_tall_one_reach_all_their_columns() -> None:
    rows = (
        "<tr><td rowspan=2></td><td colspan=2>Common Stock</td><td rowspan=2>Total Equity</td></tr>"
        "<tr><td>Shares</td><td>Amount</td></tr>" + _row("Balance", "4,388", "$24", "$83,843")
    )
    assert _lines(f"<table>{rows}</table>")[-1] == (
        "Balance | Common Stock Shares: 4,388 | Common Stock Amount: $24 | Total Equity: $83,843"
    )


def test_a_second_head_takes_the_place_of_the_first() -> None:
    rows = _row("", "2031", "2030") + _row("Orders", "$1.5", "$1.4") + _row("", "2029", "2028")
    assert (
        _lines(f"<table>{rows}{_row('Orders', '$1.3', '$1.2')}</table>")[-1] == "Orders | 2029: $1.3 | 2028: $1.2"
    )


def test_a_nil_beside_a_figure_is_not_its_sign() -> None:
    rows = _row("", "2031", "2030") + _row("Impairment", "-", "5.0") + _row("Fees", "1.5", "—")
    assert _lines(f"<table>{rows}</table>")[1:] == [
        "Impairment | 2031: - | 2030: 5.0",
        "Fees | 2031: 1.5 | 2030: —",
    ]


def test_a_wide_row_becomes_lines_that_each_say_label_and_scale() -> None:
    names = [f"A Rather Long Name of a Column, No. {number}" for number in range(20)]
    rows = _row("(In millions)", *names) + _row("Orders", *(f"$1,{number:03}" for number in range(20)))
    lines = [line for line in _lines(f"<table>{rows}</table>") if line.startswith("Orders | ")]
    assert len(lines) > 1
    assert all(line.endswith(" | (In millions)") and len(line) < 660 for line in lines)
    cells = [cell for line in lines for cell in line.split(" | ")[1:-1]]
    assert cells == [f"{name}: $1,{number:03}" for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            _row("Delaware", "94-0000000") + _row("(State)", "(Employer No.)") + _row("Ulm", "95051"),
            "Delaware | 94-0000000",
        ),
        (
            _row("10.1", "Credit Agreement", "May 2, 2031") + _row("10.2", "Lease", "May 3, 2031"),
            "10.2 | Lease | May 3, 2031",
        ),
        (
            _row("No.", "Description", "Form", "Exhibit", "Date")
            + _row("", "Plan", "10-Q", "10.3", "May 2, 2031")
            + _row("10.2", "Lease", "8-K", "10.1", "May 3, 2031"),
            "10.2 | Lease | 8-K | 10.1 | May 3, 2031",
        ),
        (_row("Item 1.", "Business", "4") + _row("Item 1A.", "Risk Factors", "12"), "Item 1A. | Risk Factors | 12"),
        (_row("•", "A point made."), "• A point made."),
        (_row("(1)", "Includes 5 plants."), "(1) Includes 5 plants."),
        (_row("Head of a section"), "Head of a section"),
    ],
)
def test_a_table_without_figures_stays_as_it_is(rows: str, lines: str) -> None:
    assert lines in _lines(f"<table>{rows}</table>")


def test_words_beside_figures_are_under_their_header_too() -> None:
    rows = _row("Hedges", "Line of the statement", "2031", "2030") + _row(
        "Swaps", "Interest expense", "$1.5", "$(1.4)"
    )
    assert _lines(f"<table>{rows}</table>")[-1] == (
        "Swaps | Line of the statement: Interest expense | 2031: $1.5 | 2030: $(1.4)"
    )


@pytest.mark.parametrize("label", ["Growth in percent", "Earnings per share", "Dividends per common share"])
def test_a_scale_is_not_put_beside_what_it_is_not_of(label: str) -> None:
    figures = ("61%", "60%") if "percent" in label else ("$1.08", "$0.68")
    rows = _row("(In millions)", "2031", "2030") + _row("Orders", "$1,200", "$1,100") + _row(label, *figures)
    assert _lines(f"<table>{rows}</table>")[-2:] == [
        "Orders | 2031: $1,200 | 2030: $1,100 | (In millions)",
        f"{label} | 2031: {figures[0]} | 2030: {figures[1]}",
    ]
