"""`evidence schema`."""

from importlib.resources import files

import click

SCHEMA_FILE = "report.schema.json"


@click.command()
def command() -> None:
    """Print the JSON Schema of what `ask --format json` writes (draft 2020-12)."""
    click.echo((files("evidence") / SCHEMA_FILE).read_text(encoding="utf-8"), nl=False)
