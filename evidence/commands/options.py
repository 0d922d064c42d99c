"""Options that several commands share."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

import click

from evidence.archive import Archive
from evidence.corpus.values import Grade
from evidence.generator.weighing.impact import about_itself
from evidence.retriever.aliases import held_filter, name_filter
from evidence.retriever.coverage import count_inside, count_passing
from evidence.retriever.filters import COLUMNS, NO_FILTER, Filter, unheld
from evidence.retriever.window import Window
from evidence.views.printable import counted, printable

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


def runs_option(function: Decorated) -> Decorated:
    """--runs."""
    return click.option(
        "--runs", metavar="DIR", help="The run log. Else $EVIDENCE_RUNS, else the folder runs of the index."
    )(function)


def entities_option(function: Decorated) -> Decorated:
    """--entities."""
    return click.option(
        "--entities",
        metavar="FILE",
        help="An entities.toml. Else $EVIDENCE_ENTITIES, ./entities.toml, the shipped one.",
    )(function)


def filter_options(function: Decorated) -> Decorated:
    """The filters on documents; a command gets them as one `where`."""

    @wraps(function)
    def filtered(**given: Any) -> Any:
        where = Filter(**{name: given.pop(name) for name in COLUMNS})
        return function(where=where, **given)

    decorated: Decorated = filtered
    for option in reversed(
        [
            click.option("--publisher", metavar="P", help="Only documents of this publisher."),
            click.option("--form", metavar="F", help="Only filings of this form: 10-Q, 8-K."),
            click.option("--ticker", metavar="T", help="Only documents stated to be about this company."),
            click.option("--kind", metavar="K", help="Only documents of this kind: news, filing, transcript ..."),
            click.option("--language", metavar="L", help="Only documents in this language: en, de, zh ..."),
        ]
    ):
        decorated = option(decorated)
    return decorated


def say_unheld(archive: Archive, where: Filter) -> None:
    """Tells a filter that no document of the archive could pass from a window that holds nothing."""
    for asked, others in unheld(archive.index, held_filter(archive.index, where, archive.entities)):
        click.echo(f"no document of this archive has {asked}", err=True)
        click.echo(f"hint: {printable(others)}", err=True)


def say_unnamed(report: Mapping[str, Any]) -> None:
    """Tells a subject that matters little from one that is misspelt, or known by other forms than were given."""
    subject, findings = report["subject"], report["findings"]
    about = [finding["impact"]["rationale"] for finding in findings if finding["impact"]]
    if subject and about and not any(said.startswith(about_itself(subject["name"])) for said in about):
        click.echo(f"no finding is about {printable(subject['name'])}", err=True)
        click.echo("hint: give the name as documents write it, or its forms in entities.toml", err=True)


def say_left_out(archive: Archive, window: Window, where: Filter) -> None:
    """What there is where a window holds nothing: of any date, and inside by dates that it does not believe."""
    held = count_passing(archive.index, held_filter(archive.index, where, archive.entities))
    which = " of this filter" if where != NO_FILTER else ""
    span = f", dated {held.first} to {held.last}" if held.first else ""
    dates = f"{span}; {held.undated} undated, {held.guessed} with a date that is only a guess"
    click.echo(
        f"the archive holds {counted(held.documents, 'document')}{which}{dates if held.documents else ''}", err=True
    )
    if guessed := _count_inside(archive, replace(window, min_grade=Grade.C), where):
        click.echo(f"hint: --min-grade C lets in {counted(guessed, 'document')} whose date is a guess", err=True)
    if window.known_by and (unknown := _count_inside(archive, replace(window, known_instant=None), where)):
        click.echo(f"hint: without --known-by there would be {counted(unknown, 'document')}", err=True)


def _count_inside(archive: Archive, window: Window, where: Filter) -> int:
    return count_inside(archive.index, window, name_filter(archive.index, window, where, archive.entities))


def ids_argument(function: Decorated) -> Decorated:
    """ID..., of documents."""
    return click.argument("ids", nargs=-1, required=True, metavar="ID...")(function)


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
                "--min-grade",
                metavar="G",
                help="A: dates that two readings agree on; B: stated once; C: guesses. Default: B.",
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
