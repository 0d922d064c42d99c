"""TOML files that users write: read, and checked key by key, so that an error names the key.

Checked by hand: pydantic, which reads what users state of documents, takes a tenth of a second to import and to
prepare, and that is a quarter of a whole search.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from evidence.corpus.errors import ConfigError

Built = TypeVar("Built")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a key's value must be: in words, and as a test."""

    words: str
    holds: Callable[[Any], bool]


TEXT = Kind("a string", lambda value: isinstance(value, str))
TABLE = Kind("a table", lambda value: isinstance(value, dict))


def one_of(names: Collection[str]) -> Kind:
    """One of these strings."""
    return Kind(f"one of {', '.join(names)}", lambda value: value in names)


def list_of(kind: Kind, plural: str) -> Kind:
    """A list in which each item is of this kind."""
    return Kind(f"a list of {plural}", lambda value: isinstance(value, list) and all(map(kind.holds, value)))


def check_keys(where: str, row: Any, kinds: Mapping[str, Kind], required: frozenset[str] = frozenset()) -> None:
    """Raises ValueError that begins with `where`, the path of this table with its dot, and the key."""
    if not TABLE.holds(row):
        raise ValueError(f"{where.rstrip('.')}: not {TABLE.words}")
    for key, value in row.items():
        if key not in kinds:
            raise ValueError(f"{where}{key}: there is no such key")
        if not kinds[key].holds(value):
            raise ValueError(f"{where}{key}: not {kinds[key].words}")
    if missing := sorted(required - row.keys()):
        raise ValueError(f"{where}{missing[0]}: it is missing")


def read_toml(path: Path, build: Callable[[bytes, dict[str, Any]], Built], flag: str, example: Path) -> Built:
    """What `build` makes of a file's bytes and content; its ValueErrors name the key.

    Raises ConfigError naming the file, and its line or key; `flag` is how another one is named, and `example` a
    shipped one that is right.
    """
    shipped = f"the shipped one, {example}"
    try:
        data = path.read_bytes()
        content = tomllib.loads(data.decode())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", f"{flag} names another file") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}", f"see {shipped}") from error
    try:
        return build(data, content)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}", f"see the comments in {shipped}") from error
