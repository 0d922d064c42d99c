"""`evidence forget`."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from evidence.changing import forget
from evidence.commands.gc import removed
from evidence.commands.options import ids_argument, index_option, json_option, runs_option
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted


@click.command()
@ids_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the index beside the document's id.")
@index_option
@runs_option
@json_option
def command(ids: tuple[str, ...], reason: str, index: str | None, runs: str | None, as_json: bool) -> None:
    """Erase documents from every file of the index, for good.

    The archived bytes go, with every document that was read from them, their passages, words and vectors, and all
    earlier snapshots, for they held them; records of runs that name them lose what they say. What stays is the id,
    the SHA-256 of the bytes, the time and the reason, so that the same bytes are not indexed again. It cannot be
    undone. Copies of the story in other documents are listed, not erased; nor are sources, backups and reports.
    """
    done, snapshot = forget(Settings.read(index, None, runs=runs), ids, reason, lambda: datetime.now(UTC))
    if as_json:
        print_json({"forgotten": done.ids, "copies": done.copies, **asdict(done.swept), "snapshot": snapshot})
        return
    click.echo(f"{counted(len(done.ids), 'document')} forgotten; {removed(done.swept)}; snapshot {snapshot}")
    if done.copies:
        click.echo(f"hint: copies of the story stay: {', '.join(done.copies)}", err=True)
