"""The command line's root: finds the command, runs it, turns errors into a message, a hint and an exit code.

Commands live in `evidence.commands`, one a file, and are imported when they are run: `--help` stays fast.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from evidence.blas import name_kernels
from evidence.corpus.errors import EvidenceError
from evidence.exits import DONE, FAILED, INTERRUPTED, USAGE, exit_code
from evidence.openmp import wait_asleep
from evidence.views.printable import printable

COMMANDS = {
    "index": "Read documents into the index.",
    "search": "Find passages inside a date window.",
    "ask": "Answer a question from a date window, as a report of quotes.",
    "show": "Show a document or a passage, and where it came from.",
    "replay": "Ask again what a run was asked, and say what differs.",
    "diff": "Say what two reports say otherwise, and why.",
    "logs": "List, check and export the records of runs.",
    "verify": "Check a report against the archive, or the whole index.",
    "schema": "Print the JSON Schema of a report.",
    "documents": "List what the index holds.",
    "status": "Say how much the index holds.",
    "delete": "Delete documents, with a reason.",
    "compact": "Give up the space of what is deleted.",
    "gc": "Remove old snapshots.",
    "repair": "Make a new snapshot of what is sound.",
    "forget": "Erase documents from every file of the index.",
    "failures": "List documents that could not be read.",
    "models": "List the models and check their digests.",
    "doctor": "Check this installation.",
    "demo": "Index the sample corpus and print a report.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed, but listed without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"evidence.commands.{name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # the reader of our output went away, as `head` does: click calls that a failure, and Python
            # complains of it while it exits
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="evidence-search", prog_name="evidence")
def root() -> None:
    """Offline evidence search over an archive of news and filings.

    Every line of an answer is a dated, verbatim quote from inside the date window you give, or a sentence
    that stands on one. Nothing leaves this machine.

    Exit codes: 0 done; 1 failed; 2 usage; 3 done, but some documents could not be read; 4 no supported answer
    in the window; 5 integrity check failed; 6 a replay or a diff found differences; 10 no index; 11 locked;
    12 a model is missing or its digest differs; 130 interrupted.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code."""
    try:
        code = root.main(arguments, prog_name="evidence", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError:
        return _fail("a command is missing", "`evidence --help` lists them", USAGE)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "evidence"
        return _fail(error.format_message(), f"see `{where} --help`", USAGE)
    except click.ClickException as error:
        return _fail(error.format_message(), "", FAILED)
    except (click.Abort, KeyboardInterrupt):
        return _fail(
            "interrupted",
            "nothing is half-written; what `index` committed is kept, and it goes on from there",
            INTERRUPTED,
        )
    except EvidenceError as error:
        return _fail(str(error), error.hint, exit_code(error))
    except MemoryError:
        return _fail("memory ran out", "nothing is half-written; free memory, or ask for less at a time", FAILED)
    except OSError as error:
        # a full disk or a vanished folder: the place is known, the cause is the system's
        place = f"{error.filename}: " if error.filename else ""
        return _fail(
            f"{place}{error.strerror or error}", "check the path, its permissions and the space left", FAILED
        )
    return code if isinstance(code, int) else DONE


def _fail(message: str, hint: str, code: int) -> int:
    click.echo(f"error: {printable(' '.join(message.split()))}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    return code


def main() -> None:
    """The `evidence` program."""
    name_kernels(os.environ)
    wait_asleep(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run())
