"""A report on stdout: on a terminal the text form in colour and wrapped, anywhere else as it is written."""

import sys
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from evidence.views.forms import FORMS
from evidence.views.lines import report_lines
from evidence.views.style import TEXT, Kind

# What stands before the first row of a line and before its others, and how it is shown.
_LOOKS: dict[Kind, tuple[str, str, str]] = {
    Kind.TITLE: ("", "", "bold"),
    Kind.HEADING: ("", "", "bold cyan"),
    Kind.LEAD: ("", "   ", "bold"),
    Kind.TEXT: ("", "", ""),
    Kind.BULLET: ("  - ", "    ", ""),
    Kind.UNDER: ("      - ", "        ", "yellow"),
    Kind.QUOTE: ("    | ", "    | ", "green"),
    Kind.NOTE: ("", "", "dim"),
}


def show_report(report: Mapping[str, Any], form: str) -> None:
    """The report in this form; colour is for text on a terminal alone."""
    if form == "text" and sys.stdout.isatty():
        print_report(report, Console())
    else:
        click.echo(FORMS[form](report), nl=False)


def print_report(report: Mapping[str, Any], console: Console) -> None:
    """The lines of the text form. What is a stranger's is text to rich, too: its markup is not looked for."""
    for line in report_lines(report, TEXT):
        first, rest, look = _LOOKS[line.kind]
        # an address or a digest longer than the terminal stays whole, so that it can be copied
        rows = wrap(line.text, max(20, console.width - len(rest)), break_long_words=False, break_on_hyphens=False)
        for number, row in enumerate(rows or [""]):
            console.print(Text(f"{rest if number else first}{row}", look), soft_wrap=True)
