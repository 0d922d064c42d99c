"""`evidence show`."""

import sys
from dataclasses import asdict
from typing import Any

import click

import evidence
from evidence.archive import Archive, Shown
from evidence.commands.options import index_option, json_option, runs_option
from evidence.corpus.errors import NotFound
from evidence.corpus.values import Document, Status
from evidence.output import print_json, print_text
from evidence.settings import Settings
from evidence.views.phrases import day_span

# Characters of the document printed before and after a passage.
_CONTEXT = 600


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--original", is_flag=True, help="The archived bytes as they were crawled, to stdout.")
@click.option("--dates", is_flag=True, help="Why the document has its date: every statement of it that was found.")
@index_option
@runs_option
@json_option
def command(
    identifier: str, original: bool, dates: bool, index: str | None, runs: str | None, as_json: bool
) -> None:
    """Show a document or a passage in its document, and where it came from.

    ID is what search and reports print: 3f2a9c81d0e4b7a6 for a document, 3f2a9c81d0e4b7a6:812-1490 for a passage.
    That an original was seen is written to the run log first.
    """
    settings = Settings.read(index, None, runs=runs)
    archive = evidence.open(settings.index, runs=settings.runs)
    shown = archive.show(identifier)
    document = shown.document
    if shown.end is not None and not (shown.start or 0) < shown.end <= len(document.text):
        raise NotFound(
            f"{identifier} is outside its document, which has {len(document.text)} characters",
            f"`evidence show {document.id}` shows all of it",
        )
    if original:
        sys.stdout.buffer.write(archive.original(document))
        sys.stdout.buffer.flush()
    elif dates:
        _print_dates(document, as_json)
    elif as_json:
        text = document.text if shown.end is None else document.text[shown.start : shown.end]
        row = {**document.as_json(), "original": document.original, "status": document.status}
        row |= {"language": document.language, "flags": document.flags, "completeness": document.completeness}
        row |= {"filing": document.filing and asdict(document.filing)}
        gone = archive.index.deleted.get(document.id)
        row |= {"withdrawn": document.id in archive.index.withdrawn, "deleted": gone and asdict(gone)}
        row |= archive.relations(document.id).as_json()
        print_json({"document": row, "start": shown.start, "end": shown.end, "text": text})
    else:
        _print(shown, archive)


def _print_dates(document: Document, as_json: bool) -> None:
    row = document.as_json()
    clocks = {name: row[name] for name in ("published", "modified", "dated", "captured")}
    claims = [asdict(claim) for claim in document.claims]
    if as_json:
        print_json({"id": document.id, **clocks, "flags": document.flags, "claims": claims})
        return
    for name in ("published", "modified", "dated"):
        print_text(f"{name}: {_dating(row[name])}")
    print_text(f"captured: {row['captured'] or 'unknown'}")
    print_text(f"flags: {', '.join(document.flags) or 'none'}")
    print_text("\nstatements found, best basis first:" if claims else "\nno statement of its time was found")
    for claim in claims:
        print_text(f"  {claim['clock']}, {claim['basis']}: {claim['text']}")


def _print_relations(document: Document, archive: Archive) -> None:
    if document.filing:
        said = {name: value for name, value in asdict(document.filing).items() if value and name != "items"}
        print_text(f"filing: {', '.join(f'{name} {value}' for name, value in said.items())}")
    related = archive.relations(document.id)
    if related.copies:
        print_text("copies of this story, the earliest first:")
        for name in related.copies:
            copy = archive.index.document(name)
            when = copy.dated.earliest.date().isoformat() if copy.dated else "undated"
            print_text(f"  {name}  {when}  {copy.publisher or 'unknown publisher'}")
    if related.versions:
        print_text("versions of this page, the earliest first:")
        for name in related.versions:
            captured = archive.index.document(name).captured
            print_text(f"  {name}  {captured.isoformat() if captured else 'unknown'}")
    if related.amends:
        print_text(f"amends: {related.amends.original}{' (assumed)' if related.amends.assumed else ''}")
    if related.amended_by:
        print_text(f"amended by: {', '.join(related.amended_by)}")


def _dating(row: dict[str, Any] | None) -> str:
    if row is None:
        return "unknown"
    return f"{_span(row)} ({row['precision']}, from {row['basis']}, grade {row['grade']})"


def _print(shown: Shown, archive: Archive) -> None:
    document = shown.document
    row = document.as_json()
    place = document.locate(shown.start or 0)
    if document.id in archive.index.withdrawn:
        print_text("withdrawn: what was stated about it has since been corrected; it is in no search")
    if gone := archive.index.deleted.get(document.id):
        print_text(f"deleted at {gone.at}: {gone.reason}; it is in no search")
    for name in ("title", "publisher", "url", "kind", "form", "company", "ticker", "captured"):
        if row[name]:
            print_text(f"{name}: {row[name]}")
    for name in ("published", "modified"):
        if row[name]:
            print_text(f"{name}: {_dating(row[name])}")
    if document.published is None:
        print_text("published: unknown; it is in no window")
    print_text(f"path: {place.path}{f', {place.section}' if place.section else ''}")
    if place.speaker:
        print_text(f"speaker: {place.speaker}{f', {place.role}' if place.role else ''}")
    print_text(f"document: {document.id}; original: sha256 {document.original}")
    if document.status != Status.OK:
        print_text(f"status: {document.status}, {document.completeness or 0:.0%} of what it shows was read")
    if document.flags:
        print_text(f"flags: {', '.join(document.flags)}")
    _print_relations(document, archive)
    print_text("")
    if shown.start is None or shown.end is None:
        print_text(document.text)
        return
    before = document.text[max(0, shown.start - _CONTEXT) : shown.start]
    after = document.text[shown.end : shown.end + _CONTEXT]
    print_text(
        f"{before}\n>>>>> {shown.start}\n{document.text[shown.start : shown.end]}\n<<<<< {shown.end}\n{after}"
    )


def _span(dating: dict[str, str]) -> str:
    return dating["earliest"] if dating["precision"] == "second" else day_span(dating)
