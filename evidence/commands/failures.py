"""`evidence failures`."""

import click

import evidence
from evidence.commands.options import index_option, json_option
from evidence.output import print_json, print_text
from evidence.settings import Settings


@click.command()
@index_option
@json_option
def command(index: str | None, as_json: bool) -> None:
    """List documents that could not be read: path, status, reason. A later run that reads them clears them."""
    archive = evidence.open(Settings.read(index, None).index)
    for failure in archive.index.failures():
        if as_json:
            print_json(failure.as_json())
        else:
            print_text(f"{failure.path}: {failure.status}: {failure.reason}")
