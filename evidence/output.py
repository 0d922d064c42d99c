"""Results to stdout: JSON for programs, safe text for people."""

import json
from pathlib import Path
from typing import Any

import click

from evidence.generator.render import printable


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_text(text: str) -> None:
    """Text from documents, with terminal control characters taken out."""
    click.echo(printable(text))


def write_file(path: Path, text: str) -> None:
    """Writes a result whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
