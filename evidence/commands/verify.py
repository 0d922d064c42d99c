"""`evidence verify`."""

import json
from pathlib import Path
from typing import Any

import click

import evidence
from evidence.commands.options import index_option, runs_option
from evidence.corpus.errors import ReportError, UsageError
from evidence.exits import DAMAGED, DONE
from evidence.settings import Settings
from evidence.views.printable import printable


@click.command()
@click.argument("report", required=False)
@index_option
@runs_option
def command(report: str | None, index: str | None, runs: str | None) -> int:
    """Check a report against the archive; without one, check every file of the index.

    REPORT is what `ask --format json` wrote. Each quote is cut again from the stored text and compared, with its
    hash, its date in the window and its archived original; the analysis must cite quotes that bear it out; and
    the report must say what was written, to the character, and what the record of its run says, where the run log
    has it. No model is needed. Exits 5 when a check fails.
    """
    settings = Settings.read(index, None, runs=runs)
    archive = evidence.open(settings.index, runs=settings.runs)
    if report is None:
        problems = archive.verify()
        manifest = archive.index.manifest
        good = f"{manifest.documents} documents in snapshot {manifest.number}: every file is what was written"
    else:
        written = _read(Path(report))
        problems = archive.verify(written)
        if written.get("run") and archive.is_recorded(written) is None:
            click.echo(f"note: {archive.recorder.log.folder} has no record of its run to compare with", err=True)
        good = f"{report}: every quote is in the archive and in the window, and nothing was changed"
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


def _read(path: Path) -> dict[str, Any]:
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
