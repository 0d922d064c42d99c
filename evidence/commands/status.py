"""`evidence status`."""

from typing import Any

import click

import evidence
from evidence.commands.options import index_option, json_option
from evidence.indexer.manifest import span_of
from evidence.indexer.rows import moment
from evidence.output import print_json
from evidence.settings import Settings


@click.command()
@index_option
@json_option
def command(index: str | None, as_json: bool) -> None:
    """Say how much the index holds, over which dates, and with which embedder."""
    settings = Settings.read(index, None)
    manifest = evidence.open(settings.index).index.manifest
    span = span_of(manifest.segments)
    row: dict[str, Any] = {
        "index": str(settings.index),
        "snapshot": manifest.number,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "undated": sum(segment.undated for segment in manifest.segments),
        "unreadable": manifest.failures.count if manifest.failures else 0,
        "segments": len(manifest.segments),
        "first": moment(span[0]).date().isoformat() if span else None,
        "last": moment(span[1]).date().isoformat() if span else None,
        "embedder": manifest.embedder.name,
    }
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name + ':':12}{'-' if value is None else value}")
