"""`evidence status`."""

from collections import Counter
from typing import Any

import click

import evidence
from evidence.commands.options import index_option, json_option
from evidence.indexer.datings import moment
from evidence.indexer.manifest import span_of
from evidence.indexer.snapshots import first_kept
from evidence.indexer.store import Index
from evidence.output import print_json
from evidence.retriever.coverage import count_passing
from evidence.settings import Settings


@click.command()
@index_option
@json_option
def command(index: str | None, as_json: bool) -> None:
    """Say how much the index holds, over which dates, and with which embedder."""
    settings = Settings.read(index, None)
    held = evidence.open(settings.index).index
    manifest = held.manifest
    span, passing = span_of(manifest.segments), count_passing(held)
    row: dict[str, Any] = {
        "index": str(settings.index),
        "snapshot": manifest.number,
        "oldest": first_kept(held.layout, manifest),
        "documents": manifest.documents,
        "passages": sum(segment.live_passages for segment in held.segments),
        "deleted": len(manifest.deleted),
        "undated": passing.undated,
        "guessed": passing.guessed,
        "unreadable": manifest.failures.count if manifest.failures else 0,
        "segments": len(manifest.segments),
        "first": moment(span[0]).date().isoformat() if span else None,
        "last": moment(span[1]).date().isoformat() if span else None,
        "embedder": manifest.embedder.name,
        "kinds": _counts(held, "kind"),
        "languages": _counts(held, "language"),
        "statuses": _counts(held, "status"),
        "failures": dict(Counter(failure.status for failure in held.failures()).most_common()),
    }
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        counts = isinstance(value, dict) and ", ".join(f"{count} {what}" for what, count in value.items())
        shown = counts or "-" if isinstance(value, dict) or value is None else value
        click.echo(f"{name + ':':12}{shown}")


def _counts(index: Index, column: str) -> dict[str, int]:
    """Live documents by one of their columns, the most frequent value first."""
    counted: Counter[str] = Counter()
    for segment in index.segments:
        values = zip(segment.documents.column(column), segment.live, strict=True)
        counted.update(value or "unknown" for value, live in values if live)
    return dict(counted.most_common())
