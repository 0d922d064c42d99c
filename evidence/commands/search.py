"""`evidence search`."""

import json
from collections.abc import Iterator
from typing import Any

import click

import evidence
from evidence.archive import Archive, check_window
from evidence.commands.options import (
    entities_option,
    filter_options,
    index_option,
    json_option,
    models_option,
    say_left_out,
    say_unheld,
    window_options,
)
from evidence.corpus.errors import UsageError
from evidence.exits import DONE, NO_ANSWER, SOME_UNREADABLE
from evidence.output import print_json, print_text
from evidence.retriever.filters import Filter
from evidence.retriever.hits import Hit
from evidence.retriever.window import Window
from evidence.settings import Settings
from evidence.views.phrases import day_span, window_line

_EXCERPT_CHARACTERS = 300
_LINE = '{"id": ..., "text": ...}; "since" and "until" may stand in it, too'


@click.command()
@click.argument("query", required=False)
@window_options
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many passages.")
@click.option("--queries", metavar="FILE", help='JSON Lines {"id", "text", "since", "until"}; - for stdin.')
@filter_options
@index_option
@models_option
@entities_option
@json_option
def command(
    query: str | None,
    since: str | None,
    until: str | None,
    as_of: str | None,
    tz: str | None,
    min_grade: str | None,
    known_by: str | None,
    k: int,
    queries: str | None,
    where: Filter,
    index: str | None,
    models: str | None,
    entities: str | None,
    as_json: bool,
) -> int:
    """Find passages inside a date window, by meaning and by words, best first.

    Exits 4 when nothing in the window is found. With --queries, models load once, each line may carry a
    window of its own, each output line carries `query`, and a line that cannot be used is named and passed
    over (exit 3).
    """
    if (query is None) == (queries is None):
        given = "give a QUERY or --queries FILE" + ("" if query is None else ", not both")
        raise UsageError(given, 'evidence search "order backlog" --since 3m')
    settings = Settings.read(index, models, entities=entities)
    options = {"as_of": as_of, "tz": tz, "min_grade": min_grade, "known_by": known_by}
    # a window that cannot be is refused before anything is opened
    check_window(since, until, **options)
    archive = evidence.open(settings.index, settings.models, entities=settings.entities)
    if query is not None:
        window = archive.window(since, until, **options)
        hits = archive.search_in(window, query, k, where)
        _print(hits, window, as_json)
        if not hits:
            click.echo("nothing in this window was found", err=True)
            say_left_out(archive, window, where)
            say_unheld(archive, where)
        return DONE if hits else NO_ANSWER
    lines = bad = found = 0
    for number, line in _lines(str(queries)):
        lines += 1
        try:
            name, text, window = _read(line, archive, {"since": since, "until": until, **options})
            hits = archive.search_in(window, text, k, where)
        except UsageError as error:
            bad += 1
            click.echo(f"error: {queries}, line {number}: {error}", err=True)
            continue
        found += len(hits)
        for hit in hits:
            print_json({"query": name, **hit.as_json()})
    if not lines:
        raise UsageError(f"no query in {queries}", f"a line of it is {_LINE}")
    if not found:
        click.echo("nothing was found", err=True)
        say_unheld(archive, where)
    return SOME_UNREADABLE if bad else DONE if found else NO_ANSWER


def _lines(queries: str) -> Iterator[tuple[int, bytes]]:
    """As bytes, so that a line that is no text costs none of the others."""
    try:
        with click.open_file(queries, "rb") as file:
            yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())
    except OSError as error:
        raise UsageError(
            f"--queries {queries} cannot be read: {error.strerror}", f"a line of it is {_LINE}"
        ) from error


def _parse(line: bytes) -> dict[str, Any]:
    """Raises UsageError for what is no object with the keys of a query."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"it is not UTF-8: {error.reason}") from error
    except RecursionError as error:
        raise UsageError("it is nested too deeply") from error
    except ValueError as error:
        at = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"it is not JSON: {getattr(error, 'msg', error)}{at}") from error
    if not isinstance(row, dict):
        raise UsageError(f"it is not {_LINE}")
    if missing := [key for key in ("id", "text") if key not in row]:
        raise UsageError(f"it has no `{missing[0]}`; a line is {_LINE}")
    if unknown := sorted(row.keys() - {"id", "text", "since", "until"}):
        # a misspelt `until` must not open the window
        raise UsageError(f"unknown key {unknown[0]!r}; a line has id, text, since and until")
    return row


def _read(line: bytes, archive: Archive, default: dict[str, str | None]) -> tuple[Any, str, Window]:
    row = _parse(line)
    name, text = row["id"], row["text"]
    given: dict[str, Any] = {**default, **{key: row[key] for key in ("since", "until") if key in row}}
    if not isinstance(text, str) or not all(value is None or isinstance(value, str) for value in given.values()):
        raise UsageError("`text`, `since` and `until` are strings")
    return name, text, archive.window(given.pop("since"), given.pop("until"), **given)


def _print(hits: list[Hit], window: Window, as_json: bool) -> None:
    click.echo(f"window: {window_line(window.as_json())}", err=True)
    if as_json:
        for hit in hits:
            print_json(hit.as_json())
        return
    for hit in hits:
        row = hit.as_json()
        dated = f"{day_span(row['document']['dated'])} [{row['document']['dated']['grade']}]"
        source = f"{hit.document.publisher or 'unknown publisher'}: {hit.document.title or 'untitled'}"
        print_text(
            f"{hit.rank:2}. {dated} {source}\n    {_excerpt(hit.text)}\n    {hit.id}  {row['document']['path']}\n"
        )


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT_CHARACTERS else text[:_EXCERPT_CHARACTERS].rsplit(" ", 1)[0] + " ..."
