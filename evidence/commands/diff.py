"""`evidence diff`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

import evidence
from evidence.archive import Archive
from evidence.commands.options import index_option, json_option, runs_option
from evidence.commands.replay import run_or_report
from evidence.comparing import Only
from evidence.corpus.errors import ReportError
from evidence.exits import DIFFERENT, DONE
from evidence.generator.values import SCHEMA
from evidence.output import print_json, print_text
from evidence.replaying import recorded_answer
from evidence.settings import Settings
from evidence.views.printable import one_line


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@index_option
@runs_option
@json_option
def command(first: str, second: str, index: str | None, runs: str | None, as_json: bool) -> int:
    """Say what two reports say otherwise, and why: new documents, another window, another model, another plan.

    A and B are JSON reports, or ids of runs. Exits 6 when they differ in more than when they were made.
    """
    settings = Settings.read(index, None, runs=runs)
    archive = evidence.open(settings.index, runs=settings.runs)
    try:
        found = archive.diff(_report(first, archive), _report(second, archive))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"a part of a report is missing or malformed: {error!r}", "`evidence verify` says more"
        ) from error
    if as_json:
        print_json({"same": found.same, **asdict(found)})
        return DONE if found.same else DIFFERENT
    for line in found.asked:
        print_text(one_line(line))
    for name, only, said in (
        ("first", found.only_first, found.sentences_first),
        ("second", found.only_second, found.sentences_second),
    ):
        _print_only(name, only)
        for text in said:
            print_text(f"only the {name} writes: {one_line(text)}")
    for line in found.judged:
        print_text(one_line(line))
    if found.same:
        print_text("both say the same")
    return DONE if found.same else DIFFERENT


def _report(given: str, archive: Archive) -> dict[str, Any]:
    named = run_or_report(given)
    if isinstance(named, str):
        report: dict[str, Any] = recorded_answer(named, archive.recorder.log)[1]["report"]
        return report
    if named.get("schema") != SCHEMA:
        raise ReportError(f"{given} is not an evidence report", "`ask --format json` writes one")
    return named


def _print_only(name: str, only: Sequence[Only]) -> None:
    for quote in only:
        source = " - ".join(part for part in (quote.publisher, quote.title) if part) or quote.document_id
        print_text(f"only the {name} quotes, [{quote.finding}] {one_line(source)}: {one_line(quote.text)}")
        print_text(f"  because: {one_line(quote.why)}")
