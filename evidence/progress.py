"""How far long work is: a bar on a terminal, else a plain line now and then. On stderr, always."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from evidence.generator.writing.steps import Notify, Step
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


@contextmanager
def show_steps() -> Iterator[Notify]:
    """What shows the model's work on a report: its stage, the passage, tokens a second, the time left."""
    work = _Work()
    if not sys.stderr.isatty():
        yield work.print_line
        return
    with Bar(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)

        def show(step: Step) -> None:
            bar.update(task, completed=step.done, total=step.total, description=work.describe(step))

        yield show


class _Work:
    """The clock beside the steps: when their stage began, and with how many tokens."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = 0.0
        self._tokens = 0
        self._printed = float("-inf")

    def print_line(self, step: Step) -> None:
        """One line at the start of each stage, and then now and then."""
        begins = step.stage != self._stage
        line = self.describe(step)
        now = time.monotonic()
        if begins or now - self._printed >= _LINE_SECONDS:
            self._printed = now
            click.echo(line, err=True)

    def describe(self, step: Step) -> str:
        """One line: the stage, how much of it is done, and, once that is known, speed and time left."""
        now = time.monotonic()
        if step.stage != self._stage:
            self._stage, self._began, self._tokens = step.stage, now, step.tokens
        return describe_step(step, now - self._began, step.tokens - self._tokens)


def describe_step(step: Step, seconds: float, tokens: int) -> str:
    """A step as a line, `seconds` and `tokens` after its stage began."""
    parts = [f"{step.stage} {min(step.done + 1, step.total)} of {step.total}"]
    if tokens and seconds > 0:
        parts.append(f"{tokens / seconds:.0f} tokens/s")
    if step.done and seconds > 0:
        left = int(seconds * (step.total - step.done) / step.done)
        parts.append(f"about {left // 60}:{left % 60:02d} left")
    return ", ".join(parts)


def describe(progress: Progress, seconds: float) -> str:
    """One line: what is committed, passages and their rate, skipped, failed, and the time left where known."""
    parts = [
        f"{progress.documents} documents committed",
        f"{progress.passages} of {progress.passages_read} passages embedded",
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
