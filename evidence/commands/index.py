"""`evidence index`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from evidence.commands.options import index_option, json_option, models_option
from evidence.corpus.errors import NoIndex
from evidence.corpus.metadata import MetadataFile
from evidence.corpus.sandbox import Limits, layers
from evidence.corpus.walking import find_files, find_orphans
from evidence.exits import DONE, SOME_UNREADABLE
from evidence.indexer.build import Outcome, build_index, plan_index
from evidence.indexer.failures import Failure
from evidence.indexer.manifest import FULL, HASH
from evidence.indexer.store import Index
from evidence.indexer.workers import Workers, default_jobs
from evidence.loading import load_embedder, load_models
from evidence.output import print_json, print_text
from evidence.progress import show_progress
from evidence.settings import Settings
from evidence.views.printable import counted, printable

# Failures named at the end of a run; `evidence failures` lists them all.
_NAMED = 5


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@index_option
@models_option
@click.option("--metadata", metavar="FILE", help="JSON Lines with `path` and what you state about that document.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Documents read side by side; one a core.")
@click.option(
    "--timeout",
    type=click.IntRange(1, 86400),
    default=60,
    metavar="SECONDS",
    show_default=True,
    help="What one document may take.",
)
@click.option(
    "--records",
    type=click.Choice([FULL, HASH]),
    help="Of a new index: what its run records keep, texts or their digests alone. Default: full.",
)
@click.option("--dry-run", is_flag=True, help="Read everything and say what would be added; write nothing.")
@json_option
def command(
    sources: tuple[str, ...],
    index: str | None,
    models: str | None,
    metadata: str | None,
    jobs: int | None,
    timeout: int,
    records: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Read documents into the index.

    SOURCE is a file or a folder of WARC, ARC or WACZ; RSS, Atom or JSON feeds; EDGAR submissions and filings;
    HTML, PDF, plain text, Markdown, JSON or JSON Lines articles; .gz of any of them. What a file is is told by
    its content. `FILE.meta.json` beside a file, or --metadata, states its url, title, publisher, published,
    modified, captured, kind, form, company, ticker or language.

    Documents that are held already cost a hash. An interrupted run keeps what it committed, which it does after
    some two thousand passages each; the same command goes on from there. Exits 3 when some documents could not be
    read.
    """
    settings = Settings.read(index, models)
    stated = MetadataFile.read(Path(metadata)) if metadata else None
    paths = [Path(source) for source in sources]
    files = find_files(paths)
    _warn_of("no document beside a sidecar (news.html.gz has news.html.gz.meta.json)", find_orphans(files))
    if stated is not None:
        _warn_of("no such file in the sources for a line of --metadata", stated.unused(files))
    if layers().missing:
        click.echo(
            f"warning: parsers are held by limits only: this system lacks {' and '.join(layers().missing)}",
            err=True,
        )
    with Workers(jobs or default_jobs(), Limits(seconds=timeout)) as workers:
        if dry_run:
            return _dry_run(settings, paths, stated, workers, as_json)
        embedder = load_embedder(load_models(settings.models))
        with show_progress() as on_progress:
            outcome = build_index(settings.index, paths, embedder, stated, on_progress, workers, records)
    _print(outcome, as_json)
    return SOME_UNREADABLE if outcome.failures else DONE


def _warn_of(what: str, unused: list[Path]) -> None:
    if unused:
        others = f", and {counted(len(unused) - 1, 'other')}" if len(unused) > 1 else ""
        click.echo(printable(f"warning: {what}: {unused[0]}{others}"), err=True)


def _dry_run(
    settings: Settings, paths: list[Path], stated: MetadataFile | None, workers: Workers, as_json: bool
) -> int:
    try:
        index = Index.open(settings.index)
    except NoIndex:
        index = None
    plan = plan_index(index, paths, stated, workers)
    if as_json:
        failures = [failure.as_json() for failure in plan.failures]
        counts = {"skipped": plan.skipped, "repeated": plan.repeated, "deleted": plan.deleted}
        print_json({"would_add": plan.new, **counts, "failures": failures})
    else:
        for path in plan.new:
            print_text(path)
        click.echo(
            f"would add {counted(len(plan.new), 'document')}; {plan.skipped} held already"
            f"{_repeated(plan.repeated)}{_deleted(plan.deleted)}; {len(plan.failures)} not readable",
            err=True,
        )
        _name(plan.failures, "`--json` lists them")
    return SOME_UNREADABLE if plan.failures else DONE


def _repeated(count: int) -> str:
    return f", {count} here twice" if count else ""


def _deleted(count: int) -> str:
    return f", {count} deleted earlier and left out" if count else ""


def _print(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        row: dict[str, Any] = asdict(outcome)
        print_json(row)
        return
    click.echo(
        f"{counted(outcome.added, 'document')} added ({counted(outcome.passages, 'passage')}), "
        f"{outcome.skipped} held already{_repeated(outcome.repeated)}{_deleted(outcome.deleted)}, "
        f"{len(outcome.failures)} could not be read; snapshot {outcome.snapshot}"
    )
    if outcome.recaptured:
        anew = counted(outcome.recaptured, "document")
        click.echo(f"of {anew} held already an earlier capture was found, which counts from now on")
    _name(outcome.failures, "`evidence failures` lists them")


def _name(failures: tuple[Failure, ...] | list[Failure], where: str) -> None:
    for failure in failures[:_NAMED]:
        click.echo(printable(f"  {failure.path}: {failure.status}: {failure.reason}"), err=True)
    if len(failures) > _NAMED:
        click.echo(f"  and {len(failures) - _NAMED} more: {where}", err=True)
