"""entities.toml: what a company is called; its name, its tickers and its short forms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidence.corpus.hashing import digest
from evidence.corpus.naming import is_whole, name_key, plain_name
from evidence.corpus.toml import TABLE, Kind, check_keys, list_of, read_toml

SHIPPED = Path(__file__).with_name("entities.toml")

# A form of so few letters is as often a word or another abbreviation; with its capitals it is a name.
_FEW_LETTERS = 3
_POSSESSIVE = re.compile(r"['’]s?$")
# The market behind a ticker: BESI.AS, 2330.TW. A number by itself is no name.
_MARKET_SUFFIX = re.compile(r"\.[A-Z]{1,3}$")


@dataclass(frozen=True, slots=True)
class Entity:
    """One company as entities.toml describes it. `cased`: its forms are ordinary words as well.

    `supplies` are forms of its customers.
    """

    name: str
    tickers: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    kind: str | None = None
    cased: bool = False
    supplies: tuple[str, ...] = ()

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
    """All of one entities.toml, by the key of each form. `asks` is what a kind of entity is asked for.

    `supplies` are the kinds that a kind sells to. `sha256` is of the file's bytes.
    """

    entries: tuple[Entity, ...] = ()
    asks: dict[str, str] = field(default_factory=dict)
    sha256: str | None = None
    supplies: dict[str, tuple[str, ...]] = field(default_factory=dict)
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

    def plus(self, others: Iterable[Entity]) -> "Entities":
        """With these as well, each by those of its forms that are not taken."""
        held, entries = dict(self._by_key), list(self.entries)
        for other in others:
            if name_key(other.name) not in held:
                entries.append(other)
            forms = {name_key(form): (other, form) for form in reversed(other.forms)}
            held = {**forms, **held}
        return replace(self, entries=tuple(entries), _by_key=held)

    def sells_to(self, seller: Entity, buyer: Entity) -> bool:
        """Whether the file says that one supplies the other: by name, or by their kinds."""
        named = any(name_key(form) in map(name_key, buyer.forms) for form in seller.supplies)
        return named or buyer.kind in self.supplies.get(seller.kind or "", ())


NO_ENTITIES = Entities()


def read_entities(path: Path) -> Entities:
    """Raises ConfigError naming the line or the key."""
    return read_toml(path, _read, "--entities", SHIPPED)


def _read(data: bytes, content: Mapping[str, Any]) -> Entities:
    check_keys("", content, {"kinds": TABLE, "entities": list_of(TABLE, "tables")})
    kinds = content.get("kinds", {})
    for name, row in kinds.items():
        check_keys(f"kinds.{name}.", row, {"asks": _FORM, "supplies": _FORMS}, frozenset({"asks"}))
        if unknown := sorted(set(row.get("supplies", ())) - kinds.keys()):
            raise ValueError(
                f"kinds.{name}.supplies: no kind {unknown[0]!r}; [kinds] has: {', '.join(sorted(kinds))}"
            )
    asks = {name: row["asks"] for name, row in kinds.items()}
    supplies = {name: tuple(row.get("supplies", ())) for name, row in kinds.items()}
    entries = [_entity(f"entities.{number}.", row, asks) for number, row in enumerate(content.get("entities", []))]
    return Entities(tuple(entries), asks, digest(data), supplies, _by_key(entries))


def _entity(where: str, row: Mapping[str, Any], asks: Mapping[str, str]) -> Entity:
    check_keys(where, row, _KEYS, frozenset({"name"}))
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


_FORM = Kind("a string with a word in it", lambda value: isinstance(value, str) and bool(name_key(value)))
_FORMS = list_of(_FORM, "strings with a word in each")
_KEYS = {
    "name": _FORM,
    "tickers": _FORMS,
    "short": _FORMS,
    "supplies": _FORMS,
    "kind": _FORM,
    "cased": Kind("true or false", lambda value: isinstance(value, bool)),
}
