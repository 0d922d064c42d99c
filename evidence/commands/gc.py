"""`evidence gc`."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from evidence.changing import collect
from evidence.commands.options import index_option, json_option, runs_option
from evidence.indexer.sweeping import Swept
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted


@click.command()
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, metavar="N", help="How many of the newest snapshots stay."
)
@index_option
@runs_option
@json_option
def command(keep: int, index: str | None, runs: str | None, as_json: bool) -> None:
    """Remove old snapshots, and every file that only they need.

    A report can be verified and replayed as long as its snapshot is kept; afterwards `evidence verify` holds it to
    the newest one and says so. A snapshot that another process has open stays, with those after it.
    """
    swept, newest = collect(Settings.read(index, None, runs=runs), keep, lambda: datetime.now(UTC))
    if as_json:
        print_json({**asdict(swept), "newest": newest})
        return
    click.echo(f"{removed(swept)}; kept are snapshots {swept.first} to {newest}")
    if swept.read is not None:
        click.echo(f"hint: snapshot {swept.read} is open in another process; run it again later", err=True)


def removed(swept: Swept) -> str:
    """What was cleared away, in words."""
    snapshots, segments = counted(len(swept.snapshots), "snapshot"), counted(swept.segments, "segment")
    return f"removed {snapshots}, {segments} and {counted(swept.originals, 'original')}, {swept.bytes:,} bytes"
