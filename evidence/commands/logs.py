"""`evidence logs`, `evidence logs verify` and `evidence logs export`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import click

import evidence
from evidence.commands.options import index_option, json_option, runs_option
from evidence.commands.verify import read_report
from evidence.corpus.errors import NoIndex, SegmentError, UsageError
from evidence.exits import DAMAGED, DONE
from evidence.indexer.layout import Layout
from evidence.output import print_json, print_text, require_writable, write_file
from evidence.runlog.checking import Checked, check_log
from evidence.runlog.entry import Entry
from evidence.runlog.log import RunLog
from evidence.settings import Settings
from evidence.views.log_page import log_page
from evidence.views.printable import counted, one_line

_HEAD_CHARACTERS = 64
_HTML = frozenset({".html", ".htm"})


@click.group(invoke_without_command=True)
@click.option("-n", "count", type=click.IntRange(1), default=20, show_default=True, help="The newest so many.")
@index_option
@runs_option
@json_option
@click.pass_context
def command(ctx: click.Context, count: int, index: str | None, runs: str | None, as_json: bool) -> int:
    """List the runs that are recorded, the newest first: when, who, what, and about what. All that a record says is
    in an export, which is recorded itself.

    `evidence logs verify` checks the run log, `evidence logs export` writes it for an examiner.
    """
    if ctx.invoked_subcommand is not None:
        if index or runs or as_json:
            # they would be passed over in silence
            raise UsageError(
                f"-i, --runs and --json stand behind `{ctx.invoked_subcommand}`", "evidence logs verify -i DIR"
            )
        return DONE
    log = _open(Settings.read(index, None, runs=runs))
    for entry in islice(log.latest(), count):
        said = log.payload(entry)
        if as_json:
            print_json({"id": entry.id, "head": entry.head, **entry.as_json(), "about": _about(said)})
        else:
            print_text(_line(entry, said))
    return DONE


@command.command("verify")
@click.option("--head", "heads", metavar="SHA256", multiple=True, help="A head that this log once had; repeatable.")
@click.option(
    "--report", "reports", metavar="FILE", multiple=True, help="A report whose run must be in it; repeatable."
)
@index_option
@runs_option
@json_option
def verify(
    heads: tuple[str, ...], reports: tuple[str, ...], index: str | None, runs: str | None, as_json: bool
) -> int:
    """Check that no record was changed, lost or put in another place.

    Every entry and payload is read and hashed, and every entry must follow the one before it. That newer records
    were cut off, or all of them written anew, shows against a head that was remembered elsewhere alone: --head, or
    a report, which has one. The chain has no key. Exits 5 when a check fails.
    """
    remembered = [*map(_head, heads), *map(_head_of, reports)]
    checked = check_log(_open(Settings.read(index, None, runs=runs)), remembered)
    if as_json:
        print_json(asdict(checked))
    else:
        for problem in checked.problems:
            click.echo(f"error: {one_line(problem)}", err=True)
        print_text(_summary(checked, len(remembered)))
    return DAMAGED if checked.problems else DONE


@command.command("export")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "html"]), help="Default: by the suffix of -o, else jsonl."
)
@click.option("-o", "--output", metavar="FILE", help="Write it there instead of to stdout.")
@index_option
@runs_option
def export(form: str | None, output: str | None, index: str | None, runs: str | None) -> int:
    """Write every record for an examiner, the oldest first: JSON Lines, or one HTML page that needs nothing else.

    That it was exported is recorded first, and is the last record of what is written. Exits 5 when the log is
    damaged; what can be read of it is written all the same.
    """
    if output:
        require_writable(Path(output))
    form = form or ("html" if Path(output or "").suffix.lower() in _HTML else "jsonl")
    settings = Settings.read(index, None, runs=runs)
    archive = evidence.open(settings.index, runs=settings.runs)
    log = archive.recorder.log
    archive.recorder.record(archive.index, "export", {"what": "run log", "format": form})
    checked = check_log(log)
    pieces = _lines(log) if form == "jsonl" else _page(log, checked)
    if output:
        write_file(Path(output), pieces)
    else:
        for piece in pieces:
            click.echo(piece, nl=False)
    click.echo(_summary(checked, 0), err=True)
    for problem in checked.problems:
        click.echo(f"error: {one_line(problem)}", err=True)
    return DAMAGED if checked.problems else DONE


def _open(settings: Settings) -> RunLog:
    if settings.runs is None and not Layout(settings.index).format.is_file():
        raise NoIndex(
            f"there is no index at {settings.index}", "-i names an index, or --runs the folder of a run log"
        )
    return RunLog(settings.runs or Layout(settings.index).runs)


def _head(text: str) -> str:
    head = text.strip().lower()
    if len(head) != _HEAD_CHARACTERS or set(head) - set("0123456789abcdef"):
        raise UsageError(f"--head {text}: a head is 64 hexadecimal digits", "reports and `logs verify` print it")
    return head


def _head_of(path: str) -> str:
    run = read_report(Path(path)).get("run")
    if not isinstance(run, dict) or not isinstance(run.get("head"), str):
        raise UsageError(f"{path} names no run", "it was made without a run log")
    return _head(run["head"])


def _summary(checked: Checked, remembered: int) -> str:
    erased = f", {counted(checked.erased, 'payload')} erased" if checked.erased else ""
    against = f", {counted(remembered, 'remembered head')} compared" if remembered else ""
    state = counted(len(checked.problems), "problem") if checked.problems else "nothing is wrong"
    return f"{counted(checked.entries, 'record')}{erased}{against}; {state}; head {checked.head}"


def _row(entry: Entry, said: dict[str, Any] | None) -> dict[str, Any]:
    """One line of the export. Without id, head and said, in canonical JSON and with a line end, it has the head."""
    return {"id": entry.id, "head": entry.head, **entry.as_json(), "said": said}


def _about(said: dict[str, Any] | None) -> str | None:
    """The question, or the document that was shown."""
    return (said or {}).get("question") or (said or {}).get("document_id")


def _line(entry: Entry, said: dict[str, Any] | None) -> str:
    about = "(payload erased)" if said is None else _about(said) or ""
    when, account = f"{entry.as_json()['at'][:19]}Z", f"{entry.who.user}@{entry.who.host}"
    return "  ".join((entry.id, when, account, f"{entry.verb:6}", one_line(str(about)))).rstrip()


def _rows(log: RunLog) -> Iterator[dict[str, Any]]:
    """Records as they can be read; in the place of one that cannot, what is wrong with it."""
    for number, head, read in log.readable():
        try:
            entry = read()
        except SegmentError as error:
            yield {"number": number, "head": head, "damaged": str(error)}
            continue
        try:
            yield _row(entry, log.payload(entry))
        except SegmentError as error:
            yield {**_row(entry, None), "damaged": str(error)}


def _lines(log: RunLog) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(log))


def _page(log: RunLog, checked: Checked) -> Iterator[str]:
    counts = {"records": checked.entries, "erased": checked.erased}
    summary = {"folder": str(log.folder), **counts, "head": checked.head}
    return log_page(_rows(log), summary, checked.problems)
