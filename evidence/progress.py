"""How far `evidence index` is: a bar on a terminal, else a plain line now and then. On stderr, always."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from evidence.indexer.build import Progress

# Seconds between two plain lines: often enough to see life, rarely enough for a log.
_LINE_SECONDS = 10.0


@contextmanager
def show_progress() -> Iterator[Callable[[Progress], None]]:
    """A callback for `build_index`."""
    started = time.monotonic()
    if not sys.stderr.isatty():
        yield _PlainLines(started)
        return
    with Bar(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)

        def show(progress: Progress) -> None:
            bar.update(task, completed=_share(progress), description=describe(progress, time.monotonic() - started))

        yield show


class _PlainLines:
    def __init__(self, started: float) -> None:
        self._started = started
        self._printed = started

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._printed >= _LINE_SECONDS:
            self._printed = now
            click.echo(describe(progress, now - self._started), err=True)


def describe(progress: Progress, seconds: float) -> str:
    """One line: documents, passages and their rate, skipped, failed, and the time left where it can be known."""
    parts = [
        f"{progress.documents} documents, {progress.passages} passages",
        f"{progress.passages / seconds:.1f} passages/s" if seconds > 0 else "",
        f"{progress.skipped} skipped",
        f"{progress.failed} failed" if progress.failed else "",
        _time_left(progress, seconds),
    ]
    return ", ".join(part for part in parts if part)


def _share(progress: Progress) -> float:
    """The part of the work that is done, by bytes read and passages embedded."""
    if not progress.bytes_total or not progress.passages_read:
        return 0.0
    read = progress.bytes_done / progress.bytes_total
    return min(1.0, read * progress.passages / progress.passages_read)


def _time_left(progress: Progress, seconds: float) -> str:
    share = _share(progress)
    if share < 0.01:
        return ""
    left = int(seconds * (1 - share) / share)
    return f"about {left // 60}:{left % 60:02d} left"
