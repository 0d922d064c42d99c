"""`evidence models`."""

import click

from evidence.commands.options import json_option, models_option
from evidence.corpus.errors import ModelMissing
from evidence.exits import DONE, NO_MODEL
from evidence.loading import load_models
from evidence.output import print_json
from evidence.settings import Settings


@click.command()
@models_option
@json_option
def command(models: str | None, as_json: bool) -> int:
    """List the models of models.toml, and check that each is the file it names.

    Exits 12 when a default model (marked *) is missing or its digest differs.
    """
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
    return code
