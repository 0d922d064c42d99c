"""A lens: what a report is for, what is material to it, and whose word counts as primary. Values and their grammar.

Words are compared by their stems, and several of them must follow each other; one with = before it stands for its
own spelling alone. `Terms` tell where they stand in a text, so that what a lens decides can name the words that it
was decided by.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evidence.corpus.hashing import digest
from evidence.corpus.toml import TABLE, TEXT, Kind, check_keys, list_of
from evidence.indexer.words import index_words

# What stands in a lens's objective for the subject.
_SUBJECT = "{subject}"
_NO_SUBJECT = "the companies asked about"
# Before a word of a lens: only as it is written there.
_EXACT = "="
_WORD = re.compile(r"\w+(?:[&.'’-]\w+)*")


@dataclass(frozen=True)
class Terms:
    """Words and phrases to be found in texts. One without capitals is no name: not `May`, and not `Limited`."""

    words: tuple[str, ...] = ()

    @cached_property
    def _phrases(self) -> dict[str, list[tuple[str, ...]]]:
        """By the stem of the first word, the longest first."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for word in self.words:
            phrase = tuple(word.removeprefix(_EXACT).split())
            found.setdefault(_stem(phrase[0]), []).append((*phrase, _EXACT) if word.startswith(_EXACT) else phrase)
        return {stem: sorted(phrases, key=len, reverse=True) for stem, phrases in found.items()}

    def find(self, text: str) -> str | None:
        """The first of them that stands in the text, as the text writes it."""
        places = list(_WORD.finditer(text))
        for at, place in enumerate(places):
            for phrase in self._phrases.get(_stem(place[0]), ()):
                written = places[at : at + len(phrase) - (phrase[-1] == _EXACT)]
                if _is_phrase([match[0] for match in written], phrase, first=at == 0):
                    return text[place.start() : written[-1].end()]
        return None


def _is_phrase(written: Sequence[str], phrase: tuple[str, ...], first: bool) -> bool:
    """Whether the words of a text are the phrase; a text's first word may have a capital of its own."""
    if phrase[-1] == _EXACT:
        return tuple(word.lower() for word in written) == phrase[:-1]
    if len(written) < len(phrase) or any(_stem(a) != _stem(b) for a, b in zip(written, phrase, strict=True)):
        return False
    return first or written[0].islower() or not phrase[0].islower()


def _stem(word: str) -> str:
    return "".join(index_words(word))


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A way in which something reaches a result. Weight 2 moves an estimate by itself, 1 rather later years."""

    name: str
    weight: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Size:
    """From where on a figure is large, or up to where small: changes in per cent, amounts in millions."""

    percent: float
    small: float
    millions: float
    terms: Terms


@dataclass(frozen=True, slots=True)
class Primary:
    """Whose word is the first: kinds of documents that speak for their publisher; regulators; wires."""

    kinds: tuple[str, ...]
    regulators: tuple[str, ...]
    wires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """One file of lenses. `sha256` is of the file's bytes."""

    name: str
    version: int
    sha256: str
    template: str
    mechanisms: tuple[Mechanism, ...]
    size: Size
    change: Terms
    hedges: Terms
    immaterial: Terms
    primary: Primary

    def objective(self, subject: str | None) -> str:
        """The objective in one line, for a subject of this name."""
        return self.template.replace(_SUBJECT, subject or _NO_SUBJECT)

    def as_json(self, subject: str | None) -> dict[str, Any]:
        """The contract's `lens`."""
        return {
            "name": self.name,
            "version": self.version,
            "sha256": self.sha256,
            "objective": self.objective(subject),
        }


def parse_lens(data: bytes, content: Mapping[str, Any]) -> Lens:
    """The lens of a file's bytes and of what TOML makes of them. Raises ValueError that begins with the key."""
    check_keys("", content, _KEYS, frozenset(_KEYS))
    size, primary = content["size"], content["primary"]
    check_keys("size.", size, _SIZE_KEYS, frozenset(_SIZE_KEYS))
    check_keys("primary.", primary, _PRIMARY_KEYS, frozenset(_PRIMARY_KEYS))
    if size["small"] > size["percent"]:
        raise ValueError("size.small: it is more than size.percent")
    return Lens(
        name=content["name"],
        version=content["version"],
        sha256=digest(data),
        template=content["objective"],
        mechanisms=_mechanisms(content["mechanisms"]),
        size=Size(size["percent"], size["small"], size["millions"], Terms(tuple(size["words"]))),
        **{name: _terms(f"{name}.", content[name]) for name in ("change", "hedges", "immaterial")},
        primary=Primary(*(tuple(primary[key]) for key in ("kinds", "regulators", "wires"))),
    )


def _mechanisms(rows: Sequence[Mapping[str, Any]]) -> tuple[Mechanism, ...]:
    found: dict[str, Mechanism] = {}
    for number, row in enumerate(rows):
        where = f"mechanisms.{number}."
        check_keys(where, row, _MECHANISM_KEYS, frozenset(_MECHANISM_KEYS))
        if row["name"] in found:
            raise ValueError(f"{where}name: {row['name']!r} is there already")
        found[row["name"]] = Mechanism(row["name"], row["weight"], Terms(tuple(row["words"])))
    if not found:
        raise ValueError("mechanisms: there is none, so that nothing would be material")
    return tuple(found.values())


def _terms(where: str, row: Mapping[str, Any]) -> Terms:
    check_keys(where, row, {"words": _WORDS}, frozenset({"words"}))
    return Terms(tuple(row["words"]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


_LINE = Kind(
    "a line of text", lambda value: isinstance(value, str) and value.strip() == value != "" and "\n" not in value
)
_NUMBER = Kind("a number of 0 or more", _is_number)
_WORDS = list_of(
    Kind("", lambda value: isinstance(value, str) and bool(index_words(value))), "strings with a word in each"
)
_NAMES = list_of(TEXT, "strings")
_VERSION = Kind("a whole number from 1 on", lambda value: type(value) is int and value > 0)
_KEYS = {
    "name": _LINE,
    "version": _VERSION,
    "objective": _LINE,
    "mechanisms": list_of(TABLE, "tables"),
    **dict.fromkeys(("size", "change", "hedges", "immaterial", "primary"), TABLE),
}
_MECHANISM_KEYS = {
    "name": _LINE,
    "weight": Kind("1 or 2", lambda value: type(value) is int and value in {1, 2}),
    "words": _WORDS,
}
_SIZE_KEYS = {**dict.fromkeys(("percent", "small", "millions"), _NUMBER), "words": _WORDS}
_PRIMARY_KEYS = dict.fromkeys(("kinds", "regulators", "wires"), _NAMES)
