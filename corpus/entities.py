"""entities.toml: what a company is called; its name, its tickers and its short forms."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.corpus.errors import ConfigError
from evidence.corpus.naming import is_whole, name_key, plain_name

SHIPPED = Path(__file__).with_name("entities.toml")

# A form of so few letters is as often a word or another abbreviation; with its capitals it is a name.
_FEW_LETTERS = 3
_POSSESSIVE = re.compile(r"['’]s?$")
# The market behind a ticker: BESI.AS, 2330.TW. A number by itself is no name.
_MARKET_SUFFIX = re.compile(r"\.[A-Z]{1,3}$")


@dataclass(frozen=True, slots=True)
class Entity:
    """One company as entities.toml describes it. `cased`: its forms are ordinary words as well."""

    name: str
    tickers: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    kind: str | None = None
    cased: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way it is written, the name first."""
        return (self.name, *self.short, *self.tickers)

    def is_written(self, form: str, text: str) -> bool:
        """Whether `text`, which has the same key as this form of it, is the name and not an ordinary word."""
        form, text = plain_name(form), plain_name(text)
        guarded = form.isalpha() and (self.cased or len(form) <= _FEW_LETTERS)
        return (not guarded or text == form or text.isupper()) and not form.isdecimal()


@dataclass(frozen=True, slots=True)
class Entities:
    """All of one entities.toml, by the key of each form. `asks` is what a kind of entity is asked for."""

    entries: tuple[Entity, ...] = ()
    asks: dict[str, str] = field(default_factory=dict)
    _by_key: dict[str, tuple[Entity, str]] = field(default_factory=dict, repr=False)

    def find(self, text: str) -> Entity | None:
        """The entity that is written so, legal form and case aside where its form is no ordinary word."""
        entity, form = self._by_key.get(name_key(text), (None, ""))
        if entity is not None and is_whole(text) and entity.is_written(form, _POSSESSIVE.sub("", text)):
            return entity
        ticker = _MARKET_SUFFIX.sub("", text)
        return self.by_ticker(ticker) if ticker != text else None

    def by_ticker(self, ticker: str) -> Entity | None:
        """The entity with this ticker, which may be a number."""
        entity, form = self._by_key.get(name_key(ticker), (None, ""))
        return entity if entity is not None and form in entity.tickers else None


NO_ENTITIES = Entities()


def read_entities(path: Path) -> Entities:
    """Raises ConfigError naming the line or the key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "--entities names another file") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}", "see the shipped entities.toml") from error
    try:
        return _read(content)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}", "see the comments in the shipped entities.toml") from error


def _read(content: Mapping[str, Any]) -> Entities:
    """Checked by hand, as models.toml is; ValueErrors begin with the key."""
    _check("", content, {"kinds": _is_table, "entities": _are_tables})
    asks = {}
    for name, row in content.get("kinds", {}).items():
        if not _is_table(row):
            raise ValueError(f"kinds.{name}: it does not hold what it should")
        _check(f"kinds.{name}.", row, {"asks": _is_text}, "asks")
        asks[name] = row["asks"]
    entries = [_entity(f"entities.{number}.", row, asks) for number, row in enumerate(content.get("entities", []))]
    return Entities(tuple(entries), asks, _by_key(entries))


def _entity(where: str, row: Mapping[str, Any], asks: Mapping[str, str]) -> Entity:
    _check(where, row, _KEYS, "name")
    if (kind := row.get("kind")) is not None and kind not in asks:
        raise ValueError(f"{where}kind: no kind {kind!r}; [kinds] has: {', '.join(sorted(asks)) or 'none'}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Entity(**values)


def _by_key(entries: Sequence[Entity]) -> dict[str, tuple[Entity, str]]:
    """One entity a form: of a form that two share nobody could say which is meant."""
    held: dict[str, tuple[Entity, str]] = {}
    for number, entity in enumerate(entries):
        for form in entity.forms:
            other = held.setdefault(name_key(form), (entity, form))[0]
            if other is not entity:
                raise ValueError(f"entities.{number}: {form!r} is a form of {entity.name} and of {other.name}")
    return held


def _check(
    where: str, row: Mapping[str, Any], keys: Mapping[str, Callable[[Any], bool]], required: str = ""
) -> None:
    for key, value in row.items():
        if key not in keys:
            raise ValueError(f"{where}{key}: there is no such key")
        if not keys[key](value):
            raise ValueError(f"{where}{key}: it does not hold what it should")
    if required and required not in row:
        raise ValueError(f"{where}{required}: it is missing")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(name_key(value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_table, value))


_KEYS: dict[str, Callable[[Any], bool]] = {
    "name": _is_text,
    "tickers": _are_texts,
    "short": _are_texts,
    "kind": _is_text,
    "cased": lambda value: isinstance(value, bool),
}
