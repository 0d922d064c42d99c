"""entities.toml: what a company is called; its name, its tickers and its short forms."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from evidence.corpus.errors import ConfigError
from evidence.corpus.naming import is_whole, name_key, plain_name

SHIPPED = Path(__file__).with_name("entities.toml")

# A form of so few letters is as often a word or another abbreviation; with its capitals it is a name.
_FEW_LETTERS = 3
_POSSESSIVE = re.compile(r"['’]s?$")
# The market behind a ticker: BESI.AS, 2330.TW. A number by itself is no name.
_MARKET_SUFFIX = re.compile(r"\.[A-Z]{1,3}$")


class Entity(BaseModel):
    """One company as entities.toml describes it. `cased`: its forms are ordinary words as well."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    tickers: list[str] = Field(default_factory=list)
    short: list[str] = Field(default_factory=list)
    kind: str | None = None
    cased: bool = False

    @field_validator("name", "tickers", "short")
    @classmethod
    def _is_written(cls, value: str | list[str]) -> str | list[str]:
        for form in [value] if isinstance(value, str) else value:
            if not name_key(form):
                raise ValueError(f"{form!r} holds no word")
        return value

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way it is written, the name first."""
        return (self.name, *self.short, *self.tickers)

    def is_written(self, form: str, text: str) -> bool:
        """Whether `text`, which has the same key as this form of it, is the name and not an ordinary word."""
        form, text = plain_name(form), plain_name(text)
        guarded = form.isalpha() and (self.cased or len(form) <= _FEW_LETTERS)
        return (not guarded or text == form or text.isupper()) and not form.isdecimal()


class _Kind(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    asks: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kinds: dict[str, _Kind] = Field(default_factory=dict)
    entities: list[Entity] = Field(default_factory=list)


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
        content = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "--entities names another file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"{path}: {where}: {first['msg']}", "see the comments in the shipped entities.toml"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}", "see the shipped entities.toml") from error
    asks = {name: kind.asks for name, kind in content.kinds.items()}
    return Entities(tuple(content.entities), asks, _by_key(path, content))


def _by_key(path: Path, content: _File) -> dict[str, tuple[Entity, str]]:
    """One entity a form: of a form that two share nobody could say which is meant."""
    held: dict[str, tuple[Entity, str]] = {}
    for number, entity in enumerate(content.entities):
        if entity.kind is not None and entity.kind not in content.kinds:
            known = ", ".join(sorted(content.kinds)) or "none"
            raise ConfigError(f"{path}: entities.{number}.kind: no kind {entity.kind!r}", f"[kinds] has: {known}")
        for form in entity.forms:
            other = held.setdefault(name_key(form), (entity, form))[0]
            if other is not entity:
                raise ConfigError(
                    f"{path}: entities.{number}: {form!r} is a form of {entity.name} and of {other.name}",
                    "give it to one of them",
                )
    return held
