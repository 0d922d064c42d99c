"""`evidence compact`."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from evidence.changing import compact
from evidence.commands.options import index_option, json_option, runs_option
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted


@click.command()
@index_option
@runs_option
@json_option
def command(index: str | None, runs: str | None, as_json: bool) -> None:
    """Write the index again without what is deleted, corrected or held anew.

    What is found does not change. Earlier snapshots keep their files until `evidence gc` removes them.
    """
    done, snapshot = compact(Settings.read(index, None, runs=runs), lambda: datetime.now(UTC))
    if as_json:
        print_json({**asdict(done), "snapshot": snapshot})
        return
    click.echo(
        f"{counted(done.documents, 'document')} given up; {counted(done.before, 'segment')} became {done.after}; "
        f"snapshot {snapshot}"
    )
