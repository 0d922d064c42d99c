"""Results to stdout: JSON for programs, safe text for people."""

import json
import os
from collections.abc import Iterable
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


def write_file(path: Path, text: str | Iterable[str]) -> None:
    """Writes a result, or its pieces, whole or not at all; into a device or a pipe as it comes."""
    path = path.resolve()
    pieces = [text] if isinstance(text, str) else text
    whole = path.is_file() or not path.exists()
    written = path.with_name(f".{path.name}.tmp") if whole else path
    with written.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    if whole:
        written.replace(path)
