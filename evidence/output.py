"""Results to stdout: JSON for programs, safe text for people."""

import json
import os
from pathlib import Path
from typing import Any

import click

from evidence.corpus.errors import UsageError
from evidence.views.printable import printable


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_text(text: str) -> None:
    """Text from documents, with terminal control characters taken out."""
    click.echo(printable(text))


def require_writable(path: Path) -> None:
    """Raises UsageError before the work whose result could not be written."""
    if path.is_dir():
        raise UsageError(f"-o {path} is a folder", "name a file in it")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"-o {path}: its folder is missing or may not be written to", "make the folder first")


def write_file(path: Path, text: str) -> None:
    """Writes a result whole or not at all; into a device or a pipe as it comes."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
