"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

Decorated = Callable[..., Any]


def index_option(function: Decorated) -> Decorated:
    """-i/--index."""
    return click.option(
        "-i", "--index", metavar="DIR", help="The index. Else $EVIDENCE_INDEX, else ./evidence-index."
    )(function)


def models_option(function: Decorated) -> Decorated:
    """--models."""
    return click.option(
        "--models", metavar="FILE", help="A models.toml. Else $EVIDENCE_MODELS, ./models.toml, the shipped one."
    )(function)


def json_option(function: Decorated) -> Decorated:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(function)


def window_options(function: Decorated) -> Decorated:
    """The date window, of which --since is required by the command itself, with a better hint."""
    for option in reversed(
        [
            click.option("--since", "--from", metavar="D", help="First day: 2025-05-27, 2025-Q3, 90d, 3m ..."),
            click.option("--until", "--to", metavar="D", help="Last day, inclusive. Default: --as-of."),
            click.option(
                "--as-of",
                metavar="T",
                help="Nothing later is seen; relative dates count back from it. Default: today.",
            ),
            click.option("--tz", metavar="ZONE", help="Whose days these are. Default: UTC."),
            click.option(
                "--min-grade", metavar="G", help="A: dates that two readings agree on; B: stated once. Default: B."
            ),
            click.option(
                "--known-by",
                metavar="T",
                help="Only what a crawler had, or EDGAR had accepted, by then: strict point-in-time.",
            ),
        ]
    ):
        function = option(function)
    return function
