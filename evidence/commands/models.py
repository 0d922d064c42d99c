"""`evidence models`, and `evidence models calibrate`."""

from dataclasses import asdict
from pathlib import Path

import click

from evidence.commands.options import json_option, models_option
from evidence.corpus.errors import ConfigError, ModelMissing
from evidence.corpus.model_edits import calibrated_line, write_calibrated
from evidence.corpus.model_entries import Calibrated
from evidence.corpus.models import SHIPPED
from evidence.exits import DONE, NO_MODEL
from evidence.generator.writing.calibration import calibrate
from evidence.generator.writing.calibration_cases import CASES
from evidence.generator.writing.skills import skills_of
from evidence.loading import load_generator, load_models
from evidence.output import print_json, write_file
from evidence.progress import show_steps
from evidence.settings import Settings


@click.group(invoke_without_command=True)
@models_option
@json_option
@click.pass_context
def command(ctx: click.Context, models: str | None, as_json: bool) -> int:
    """List the models of models.toml, and check that each is the file it names.

    Exits 12 when a default model (marked *) is missing or its digest differs.
    """
    if ctx.invoked_subcommand:
        return DONE
    found = load_models(Settings.read(None, models).models)
    code = DONE
    found.get(found.embedder, "embedder"), found.get(found.generator, "generator")
    if not as_json:
        click.echo(f"{found.source}")
    for model in found.all():
        default = model.name in {found.embedder, found.reranker, found.verifier, found.generator}
        try:
            state, hint = f"{model.check()}, digest {model.entry.digest[:12]} as in reports", ""
        except ModelMissing as error:
            state, hint = str(error), error.hint
            code = NO_MODEL if default else code
        if as_json:
            row = {"name": model.name, "role": model.entry.role, "default": default, "ok": not hint}
            print_json(
                {
                    **row,
                    "sha256": model.entry.sha256,
                    "digest": model.entry.digest,
                    "licence": model.entry.licence,
                    "state": state,
                    "hint": hint,
                }
            )
            continue
        click.echo(f"{'*' if default else ' '} {model.name}  {model.entry.role}, {model.entry.licence}")
        click.echo(f"    {'MISSING: ' + state if hint else 'ok: ' + state}")
        if hint:
            click.echo(f"    hint: {hint}")
        if model.entry.role == "generator":
            click.echo(f"    {_roles(model.entry.calibrated, model.entry.sha256)}")
    return code


@command.command("calibrate")
@click.argument("name")
@models_option
@click.option("--limit", type=click.IntRange(1, len(CASES)), default=len(CASES), help="Cases; all are minutes.")
@json_option
def calibrate_command(name: str, models: str | None, limit: int, as_json: bool) -> int:
    """Measure what the generator NAME may do beyond writing, and write that into its entry.

    On invented passages that come with the program: whether it finds the sentence that answers a question, says
    that none does, tells true statements from false, and writes sentences of its own that stand. It is used for no
    more than what it has earned. The shipped models.toml is never changed: then the line is printed, to be pasted
    into a file of your own; so it is with --limit, which measures too little to be kept.
    """
    found = load_models(Settings.read(None, models).models)
    entry = found.get(name, "generator").entry
    with show_steps() as notify:
        measured = calibrate(load_generator(found, name), entry.sha256, limit, notify)
    if as_json:
        print_json(asdict(measured))
    else:
        click.echo(calibrated_line(measured))
        click.echo(_roles(measured, entry.sha256), err=True)
    if limit == len(CASES):
        click.echo(_kept(found.source, name, measured), err=True)
    return DONE


def _kept(path: Path, name: str, measured: Calibrated) -> str:
    """Writes it into the user's file; says where it is, or where it belongs."""
    belongs = f"paste the line under [models.{name}]"
    if path.samefile(SHIPPED):
        return f"{path} comes with the program and is not changed: {belongs} in a copy of your own"
    edited = write_calibrated(path.read_text(encoding="utf-8"), name, measured)
    if edited is None:
        return f"the place in {path} is not plain: {belongs}"
    try:
        write_file(path, edited)
    except (ConfigError, OSError) as error:
        return f"{path} cannot be written ({error}): {belongs}"
    return f"written into {path}"


def _roles(measured: Calibrated | None, sha256: str) -> str:
    """What the model is used for, in words."""
    skills = skills_of(measured, sha256)
    if measured is None:
        return "not calibrated: writes (the quotes' own words)"
    words = "its own words" if skills.writes == "free" else "the quotes' own words"
    roles = [
        f"writes ({words})",
        *(["selects sentences"] if skills.selects else []),
        *(["refuses questions"] if skills.refuses_below is not None else []),
        *(["judges support"] if skills.judges_below is not None else []),
    ]
    return f"calibrated: {', '.join(roles)}"
