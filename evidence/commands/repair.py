"""`evidence repair`."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from evidence.changing import repair
from evidence.commands.options import index_option, json_option, runs_option
from evidence.exits import DONE, SOME_UNREADABLE
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted, printable


@click.command()
@click.option("--from", "copy", metavar="COPY", help="Another copy of this index, for files that are damaged here.")
@index_option
@runs_option
@json_option
def command(copy: str | None, index: str | None, runs: str | None, as_json: bool) -> int:
    """Make a new snapshot of all that is sound, and say what is lost. Where nothing is, none is made.

    Damaged files, of earlier snapshots, too, are taken from COPY where theirs are the bytes that were written.
    Segments that cannot be got back are left out of the new snapshot, and so are documents whose archived bytes are
    lost: index their sources again. Nothing is removed: `evidence gc --keep 1` clears damaged snapshots away.
    Exits 3 when something was left out.
    """
    done = repair(Settings.read(index, None, runs=runs), copy, lambda: datetime.now(UTC))
    code = DONE if done.is_whole else SOME_UNREADABLE
    if as_json:
        print_json(asdict(done))
        return code
    for path in done.restored:
        click.echo(printable(f"restored {path}"), err=True)
    for number in done.unreadable:
        click.echo(f"left out: snapshot {number} cannot be read", err=True)
    for name, documents in done.segments.items():
        click.echo(f"left out: segment {name} with {counted(documents, 'document')}", err=True)
    for name in done.documents:
        click.echo(f"left out: document {name}, whose archived bytes are lost", err=True)
    for number in done.older:
        click.echo(f"not repaired: snapshot {number} stays damaged; `evidence gc` removes old snapshots", err=True)
    click.echo(
        f"snapshot {done.snapshot}{'' if done.is_new else ' is as it was'}: "
        f"{counted(len(done.restored), 'file')} restored, "
        f"{counted(len(done.segments), 'segment')} and {counted(len(done.documents), 'document')} left out"
    )
    if any(number > done.base for number in done.unreadable):
        click.echo(
            f"hint: what was deleted or corrected after snapshot {done.base} is found again; "
            "`evidence logs` tells of each deletion: make them again",
            err=True,
        )
    if not done.is_whole:
        click.echo("hint: index the sources again; `evidence gc --keep 1` removes the damaged snapshots", err=True)
    return code
