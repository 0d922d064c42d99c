"""`evidence demo`."""

from pathlib import Path

import click

import evidence
from evidence.commands.options import models_option
from evidence.corpus import sample
from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_models
from evidence.progress import show_progress
from evidence.settings import Settings
from evidence.views.printable import counted
from evidence.views.terminal import show_report

QUESTION = (
    "H&V/SARQ/Pellmarch order backlogs tagged to CoRIL/hybrid-bonding tools for Ostrellan/Danmora; "
    "lead times to install."
)
SINCE, UNTIL = "2025-05-27", "2025-08-27"
DEFAULT_INDEX = "demo-index"


@click.command()
@click.option("-i", "--index", metavar="DIR", default=DEFAULT_INDEX, show_default=True, help="Where to index it.")
@click.option("--no-llm", is_flag=True, help="Quotes only; no model writes anything.")
@models_option
def command(index: str, no_llm: bool, models: str | None) -> None:
    """Index the sample corpus (fiction about invented companies) and print a report on it."""
    settings = Settings.read(index, models)
    embedder = load_embedder(load_models(settings.models))
    with show_progress() as on_progress:
        outcome = build_index(settings.index, sample.folders(), embedder, None, on_progress)
    click.echo(f"{counted(outcome.added, 'document')} indexed in {index}, {outcome.skipped} held already", err=True)
    archive = evidence.open(settings.index, settings.models, embedder=embedder)
    report = archive.ask(QUESTION, SINCE, UNTIL, llm=not no_llm)
    show_report(report, "text")
    click.echo(f'\nAsk your own: evidence ask "..." --since {SINCE} --until {UNTIL} -i {Path(index)}', err=True)
