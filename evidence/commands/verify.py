"""`evidence verify`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import evidence
from evidence.commands.options import index_option, json_option, runs_option
from evidence.corpus.errors import ReportError, UsageError
from evidence.exits import DAMAGED, DONE
from evidence.indexer.checking import Subset, check_index
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import RESTORE
from evidence.indexer.writer import is_being_written
from evidence.output import print_json
from evidence.settings import Settings
from evidence.views.printable import counted, printable


@click.command()
@click.argument("report", required=False)
@click.option("--subset", metavar="I/N", help="Without REPORT: one part of the large files, as 1/7 each night.")
@index_option
@runs_option
@json_option
def command(report: str | None, subset: str | None, index: str | None, runs: str | None, as_json: bool) -> int:
    """Check a report against the archive; without one, check every file of the index.

    Without REPORT each damaged, missing, foreign or swapped file of every snapshot that is kept is named.

    REPORT is what `ask --format json` wrote. Each quote is cut again from the stored text and compared, with its
    hash, its date in the window and its archived original; the analysis must cite quotes that bear it out; and
    the report must say what was written, to the character, and what the record of its run says, where the run log
    has it. No model is needed. Exits 5 when a check fails.
    """
    settings = Settings.read(index, None, runs=runs)
    if report is None:
        return _check_index(Layout(settings.index), Subset.parse(subset) if subset else Subset(), as_json)
    if subset:
        raise UsageError("a report is checked whole", "--subset is of the index: leave REPORT out")
    archive = evidence.open(settings.index, runs=settings.runs)
    written = read_report(Path(report))
    problems = archive.verify(written)
    notes = archive.notes(written)
    good = f"{report}: every quote is in the archive and in the window, and its seal is whole"
    recorded = archive.is_recorded(written)
    if recorded:
        good += f"; run {written['run']['id']} answered it so, to the character"
    elif recorded is None:
        notes.append(
            f"{archive.recorder.log.folder} has no record of its run to compare with: of titles, impacts, labels "
            "and counts the seal says only that nobody changed them without sealing the report anew"
        )
    if as_json:
        print_json({"problems": problems, "notes": notes})
        return DAMAGED if problems else DONE
    return _say(problems, notes, good)


def _check_index(layout: Layout, subset: Subset, as_json: bool) -> int:
    checked = check_index(layout, subset)
    newest = checked.newest
    if as_json:
        counts = {"files": checked.files, "bytes": checked.bytes, "snapshot": newest and newest.number}
        print_json({"problems": checked.problems, "leftovers": checked.leftovers, **counts})
        return DAMAGED if checked.problems else DONE
    left = counted(len(checked.leftovers), "file")
    whose = (
        "of a writer that is at work"
        if is_being_written(layout)
        else "left by a writer that died: `evidence gc` removes them"
    )
    # where a snapshot cannot be read nobody knows what is left over
    notes = [f"{left} {whose}"] if checked.leftovers and not checked.problems else []
    part = "" if subset == Subset() else f", part {subset.part} of {subset.of} of the large ones"
    held = (
        f"{counted(newest.documents, 'document')} in snapshot {newest.number}" if newest else "nothing is held yet"
    )
    read = f"{counted(checked.files, 'file')}, {checked.bytes:,} bytes{part}"
    code = _say(checked.problems, notes, f"{held}: every file is what was written ({read})")
    if checked.problems:
        click.echo(f"hint: {RESTORE}", err=True)
    return code


def _say(problems: Sequence[str], notes: Sequence[str], good: str) -> int:
    for line in notes:
        click.echo(f"note: {printable(line)}", err=True)
    for line in problems:
        click.echo(f"error: {printable(line)}", err=True)
    if not problems:
        click.echo(good)
    return DAMAGED if problems else DONE


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one key a reader would see one and this check the other."""
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return row


def read_report(path: Path) -> dict[str, Any]:
    """A report's file as its object. Raises UsageError for no file, ReportError for no report."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_distinct)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "name a file that `ask -o` wrote") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"{path} is not a JSON report: {error}", "`ask --format json -o FILE` writes one"
        ) from error
    if not isinstance(row, dict):
        raise ReportError(f"{path} is not a report", "`ask --format json -o FILE` writes one")
    return row
