"""`evidence doctor`."""

from dataclasses import asdict

import click

from evidence.commands.options import json_option, models_option
from evidence.doctor import examine
from evidence.exits import DONE, FAILED, NO_MODEL
from evidence.loading import load_models
from evidence.output import print_json
from evidence.settings import Settings

_MARKS = {True: "ok  ", False: "BAD ", None: "    "}


@click.command()
@models_option
@json_option
def command(models: str | None, as_json: bool) -> int:
    """Check this installation: versions, models and their digests, kernel features, and a self-test.

    The self-test indexes two notes, asks a question with the default models, verifies the report, and counts
    the sockets that were opened: none. Exits 12 for a missing model, 1 for anything else that is bad.
    """
    code = DONE
    for check in examine(load_models(Settings.read(None, models).models)):
        if check.ok is False:
            code = NO_MODEL if check.name.startswith("model ") else code or FAILED
        if as_json:
            print_json(asdict(check))
        else:
            click.echo(f"{_MARKS[check.ok]} {check.name}: {check.detail}")
            if check.hint:
                click.echo(f"      hint: {check.hint}")
    return code
