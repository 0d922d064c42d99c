"""`evidence delete`."""

from datetime import UTC, datetime

import click

from evidence.changing import delete, restore
from evidence.commands.options import ids_argument, index_option, json_option, runs_option
from evidence.corpus.errors import UsageError
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted


@click.command()
@ids_argument
@click.option("--reason", metavar="TEXT", help="Why; kept in the index and shown to whoever asks for the document.")
@click.option("--undo", is_flag=True, help="Take the deletion back.")
@index_option
@runs_option
@json_option
def command(
    ids: tuple[str, ...], reason: str | None, undo: bool, index: str | None, runs: str | None, as_json: bool
) -> None:
    """Delete documents: from now on they are in no search, listing or count.

    ID is a document's, as `evidence documents` lists them. Earlier snapshots still hold the document, so reports
    that quote it can be verified; `evidence compact` and `evidence gc` give its space back, `evidence forget`
    erases it at once and everywhere. When its source is indexed again it stays deleted.
    """
    if undo == (reason is not None):
        raise UsageError("either --reason or --undo is required", 'evidence delete ID --reason "..."')
    settings = Settings.read(index, None, runs=runs)
    if undo:
        missing, snapshot = restore(settings, ids, lambda: datetime.now(UTC))
        if as_json:
            print_json({"restored": sorted(set(ids)), "index_again": missing, "snapshot": snapshot})
            return
        click.echo(f"{counted(len(set(ids)), 'deletion')} taken back; snapshot {snapshot}")
        if missing:
            click.echo(f"hint: the index holds no more of {', '.join(missing)}: index the source again", err=True)
        return
    deleted, snapshot = delete(settings, ids, reason or "", lambda: datetime.now(UTC))
    held = len(set(ids)) - len(deleted)
    if as_json:
        print_json({"deleted": deleted, "held_deleted": held, "snapshot": snapshot})
    else:
        before = f", {held} deleted before" if held else ""
        click.echo(f"{counted(len(deleted), 'document')} deleted{before}; snapshot {snapshot}")
