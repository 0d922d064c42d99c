"""`evidence ask`."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

import evidence
from evidence.answering import Question, require_words
from evidence.archive import check_window
from evidence.commands.options import (
    entities_option,
    filter_options,
    index_option,
    models_option,
    runs_option,
    say_unheld,
    say_unnamed,
    window_options,
)
from evidence.corpus.entities import Entities
from evidence.corpus.errors import UsageError
from evidence.exits import DONE, INTERRUPTED, NO_ANSWER
from evidence.generator.writing.compose import INTERRUPTED as INTERRUPTED_STATE
from evidence.generator.writing.steps import silent
from evidence.loading import load_entities, load_models, read_aim
from evidence.output import require_writable, write_file
from evidence.progress import show_steps
from evidence.retriever.filters import Filter
from evidence.retriever.plan import plan_queries, unplanned_names
from evidence.settings import Settings
from evidence.views.forms import FORMS, SUFFIXES
from evidence.views.phrases import unplanned_line
from evidence.views.printable import counted, printable
from evidence.views.terminal import show_report


@click.command()
@click.argument("question")
@window_options
@click.option("--subject", metavar="NAME", help="The company that impacts are for: a ticker or a name.")
@click.option(
    "--lens", metavar="NAME", help="What matters to it: a shipped lens (pre-earnings), or your FILE.toml."
)
@click.option("--plan", is_flag=True, help="Print the queries only; needs no index, no window and no model.")
@click.option(
    "--query", "queries", metavar="TEXT", multiple=True, help="Search this instead of the plan; repeatable."
)
@click.option(
    "--format", "output_form", type=click.Choice(list(FORMS)), help="Default: by the suffix of -o, else text."
)
@click.option("-o", "--output", metavar="FILE", help="Write the report there instead of to stdout.")
@click.option("--model", metavar="NAME", help="A generator of models.toml.")
@click.option("--no-llm", is_flag=True, help="Quotes only; no model writes anything.")
@click.option("--seed", type=int, default=0, show_default=True, help="For the model; the same seed, the same text.")
@filter_options
@index_option
@models_option
@entities_option
@runs_option
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(
    question: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
    tz: str | None,
    min_grade: str | None,
    known_by: str | None,
    subject: str | None,
    lens: str | None,
    plan: bool,
    queries: tuple[str, ...],
    output_form: str | None,
    output: str | None,
    model: str | None,
    no_llm: bool,
    seed: int,
    where: Filter,
    index: str | None,
    models: str | None,
    entities: str | None,
    runs: str | None,
    as_json: bool,
) -> int:
    """Answer a question from a date window, as a report of dated, verbatim quotes.

    Code chooses the quotes. The local model then writes an analysis from them, and every sentence that its own
    quotes do not bear out is cut. Exits 4 when nothing in the window supports an answer; the report says so.
    Interrupted while the model writes (Ctrl-C), it shows the report with what was written so far, and exits 130.
    A record of the run is written to the run log before the report is shown; where it cannot be, nothing is.
    """
    if output:
        require_writable(Path(output))
    form = "json" if as_json else output_form or _form_of(output)
    settings = Settings.read(index, models, entities=entities, runs=runs)
    check_window(since, until, as_of=as_of, tz=tz, min_grade=min_grade, known_by=known_by)
    if plan:
        _show_plan(question, queries, load_entities(settings.entities), form, output)
        return DONE
    aim = read_aim(subject, lens)
    if not no_llm:
        models_file = load_models(settings.models)
        models_file.get(model or models_file.generator, "generator")
    archive = evidence.open(settings.index, settings.models, entities=settings.entities, runs=settings.runs)
    archive.generator_name = model
    window = archive.window(since, until, as_of=as_of, tz=tz, min_grade=min_grade, known_by=known_by)
    with nullcontext(silent) if no_llm else show_steps() as archive.notify:
        report = archive.ask_in(window, Question(question, not no_llm, seed, queries, where, aim))
    _show(report, form, output)
    if not report["findings"]:
        say_unheld(archive, where)
    if report["analysis"]["state"] == INTERRUPTED_STATE:
        return INTERRUPTED
    return DONE if report["findings"] else NO_ANSWER


def _show(report: dict[str, Any], form: str, output: str | None) -> None:
    if output:
        write_file(Path(output), FORMS[form](report))
        click.echo(f"{counted(len(report['findings']), 'finding')} in {output}", err=True)
    else:
        show_report(report, form)
    say_unnamed(report)


def _form_of(output: str | None) -> str:
    """What the suffix of -o asks for. A report in a .pdf that is no PDF helps nobody."""
    suffix = Path(output or "").suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise UsageError(
            f"-o {output}: no report is written as {suffix}", "name a .txt, .md, .json or .html, or give --format"
        )
    return SUFFIXES.get(suffix, "text")


def _show_plan(question: str, queries: Sequence[str], entities: Entities, form: str, output: str | None) -> None:
    require_words(question, "question", 'evidence ask --plan "What ...?"')
    for query in queries:
        require_words(query, "query", '--query "order backlog"')
    _print_plan(queries or plan_queries(question, entities), form, output)
    if left := not queries and unplanned_names(question, entities):
        click.echo(printable(unplanned_line(left)), err=True)


def _print_plan(queries: Sequence[str], form: str, output: str | None) -> None:
    lines = [json.dumps(list(queries), ensure_ascii=False)] if form == "json" else map(printable, queries)
    text = "".join(f"{line}\n" for line in lines)
    if output:
        write_file(Path(output), text)
    else:
        click.echo(text, nl=False)
