"""`evidence replay`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

import evidence
from evidence.commands.options import entities_option, index_option, json_option, models_option, runs_option
from evidence.commands.verify import read_report
from evidence.corpus.errors import UsageError
from evidence.exits import DIFFERENT, DONE
from evidence.output import print_json, print_text
from evidence.runlog.entry import parse_run_id
from evidence.settings import Settings
from evidence.views.printable import counted, one_line


@click.command()
@click.argument("run")
@click.option("--no-llm", is_flag=True, help="Passages and quotes only; the model's text is left aside.")
@index_option
@runs_option
@models_option
@entities_option
@json_option
def command(
    run: str,
    no_llm: bool,
    index: str | None,
    runs: str | None,
    models: str | None,
    entities: str | None,
    as_json: bool,
) -> int:
    """Ask again what a run was asked, on the snapshot and with the model of then, and say what differs.

    RUN is the id or the number of a run, as reports and `evidence logs` have them, or a JSON report. Passages and
    quotes are the same wherever snapshot, embedder and entities.toml are; the model's text with the same weights,
    threads and kind of processor. Exits 6 when something differs. That it was replayed is recorded, too.
    """
    settings = Settings.read(index, models, entities=entities, runs=runs)
    archive = evidence.open(settings.index, settings.models, entities=settings.entities, runs=settings.runs)
    replayed = archive.replay(run_or_report(run), llm=not no_llm)
    if as_json:
        print_json(asdict(replayed))
        return DONE if replayed.same else DIFFERENT
    for line in replayed.circumstances:
        click.echo(f"note: {one_line(line)}", err=True)
    for line in replayed.differences:
        print_text(one_line(line))
    counts = ", ".join(
        counted(count, noun)
        for count, noun in (
            (replayed.passages, "passage"),
            (replayed.findings, "finding"),
            (replayed.sentences, "sentence"),
        )
    )
    aside = "; the model's text is left aside" if no_llm else ""
    print_text(f"run {replayed.run}: {'the same' if replayed.same else 'it differs'}: {counts}{aside}")
    return DONE if replayed.same else DIFFERENT


def run_or_report(given: str) -> str | dict[str, Any]:
    """A run's id as it is, unless a file of that name lies here; else the report in the file."""
    if Path(given).exists():
        return read_report(Path(given))
    if not parse_run_id(given):
        raise UsageError(
            f"{given} is neither a file nor a run", "`evidence logs` lists the runs; `ask -o` writes reports"
        )
    return given
