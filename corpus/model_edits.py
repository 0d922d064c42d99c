"""models.toml: one key of one model written into a person's text, and nothing else of it changed. Pure."""

import re
import tomllib
from dataclasses import asdict

from evidence.corpus.model_entries import Calibrated

_TABLE = re.compile(r"^\s*\[[^\[]")
_KEY = re.compile(r"^\s*calibrated\s*=")


def calibrated_line(measured: Calibrated) -> str:
    """The key as it stands in a model's table, on one line."""
    pairs = (f"{name} = {_value(value)}" for name, value in asdict(measured).items())
    return f"calibrated = {{ {', '.join(pairs)} }}"


def write_calibrated(text: str, name: str, measured: Calibrated) -> str | None:
    """The text of a models.toml with what was measured of this model; None where the table's place is not plain.

    What another reader of TOML would see is the same in all else: that is checked.
    """
    lines = text.splitlines(keepends=True)
    begin = next((place for place, line in enumerate(lines) if _opens(line, name)), None)
    if begin is None:
        return None
    end = next((place for place in range(begin + 1, len(lines)) if _TABLE.match(lines[place])), len(lines))
    kept = [line for line in lines[begin + 1 : end] if not _KEY.match(line)]
    last = max((place for place, line in enumerate(kept, start=1) if line.split("#")[0].strip()), default=0)
    if last and not kept[last - 1].endswith("\n"):
        kept[last - 1] += "\n"
    kept.insert(last, calibrated_line(measured) + "\n")
    edited = "".join([*lines[: begin + 1], *kept, *lines[end:]])
    return edited if _same(text, edited, name, measured) else None


def _opens(line: str, name: str) -> bool:
    """Whether the line is the head of the model's table, however its name is quoted."""
    if not _TABLE.match(line):
        return False
    try:
        return tomllib.loads(line) == {"models": {name: {}}}
    except tomllib.TOMLDecodeError:
        return False


def _same(before: str, after: str, name: str, measured: Calibrated) -> bool:
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
        old["models"][name]["calibrated"] = asdict(measured)
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False
    return old == new


def _value(value: float | str) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
