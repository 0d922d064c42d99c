"""`evidence documents`."""

from dataclasses import asdict

import click

import evidence
from evidence.commands.options import index_option, json_option
from evidence.indexer.manifest import Deletion
from evidence.output import print_json, print_text
from evidence.settings import Settings
from evidence.views.phrases import day_span


@click.command()
@click.option("--undated", is_flag=True, help="Only those without a publication date; they are in no window.")
@click.option("--deleted", is_flag=True, help="Those that were deleted or forgotten: id, when, and why.")
@index_option
@json_option
def command(undated: bool, deleted: bool, index: str | None, as_json: bool) -> None:
    """List what the index holds, a line each: id, date and its grade, publisher, title, path."""
    archive = evidence.open(Settings.read(index, None).index)
    if deleted:
        _print_deleted(archive.index.manifest.deleted, as_json)
        return
    for document, passages in archive.index.documents():
        if undated and document.dated is not None:
            continue
        row = document.as_json()
        if as_json:
            extra = {"status": document.status, "language": document.language, "flags": document.flags}
            extra |= {"completeness": document.completeness, "filing": document.filing and asdict(document.filing)}
            related = archive.relations(document.id).as_json()
            print_json({**row, **extra, "passages": passages, **related})
            continue
        dated = row["dated"]
        when = f"{day_span(dated)} [{dated['grade']}]" if dated else "undated       "
        print_text(f"{document.id}  {when}  {document.publisher or '-'}: {document.title or '-'}  {document.path}")


def _print_deleted(deleted: tuple[Deletion, ...], as_json: bool) -> None:
    for one in deleted:
        if as_json:
            print_json(asdict(one))
        else:
            print_text(f"{one.id}  {'forgotten' if one.forgotten else 'deleted'} at {one.at}: {one.reason}")
