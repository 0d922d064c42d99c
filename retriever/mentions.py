"""The names that stand in a question, with or without a table that knows them, and how they are listed. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.corpus.entities import Entities
from evidence.corpus.naming import BODIES, LEGAL_FORMS
from evidence.indexer.words import FUNCTION_WORDS

MAX_NAME_WORDS = 7

# An address and `A/S` are one, slashes and all.
_TOKEN = re.compile(r"https?://\S+|(?<![\w/])[A-Za-z]/[A-Za-z](?![\w/])|[^\s/,;:()\[\]\"“”?!]+|[/,;:()\[\]\"“”?!]")
_POSSESSIVE = re.compile(r"['’]s?$")
_BRACKETED = 3
_IN_NAMES = re.compile(r"[\w&.'’ -]*\w")
_TICKER = re.compile(r"(?:[A-Z]\w* ?: ?)?[A-Z0-9][A-Z0-9.\-]{0,9}")
# A capital may be that of a sentence's first word; inside or behind a word it is a name's.
_STRONG = re.compile(r".*[A-Z0-9&].*[A-Z0-9&]|.+\.[a-z]+|[a-z]+[A-Z]|[A-Z]&")
# First words that ask or order something.
_ORDERS = FUNCTION_WORDS | frozenset(
    "compare contrast list name show tell give explain describe summarise summarize find identify assess estimate "
    "discuss outline review check report please say is versus vs".split()
)
_BETWEEN = re.compile(
    r"\s*(?:/|,?\s*\b(?:(?:and|or|vs|versus|against|(?:as )?compared (?:with|to)|relative to)\b|vs\.)|,|&)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: where it stands with what belongs to it (a ticker in brackets, 's), and how it is written.

    `known` names are in entities.toml; one that `owns` has an 's.
    """

    start: int
    end: int
    text: str
    known: bool
    owns: bool


@dataclass(frozen=True, slots=True)
class NameList:
    """Names beside each other that a question treats alike: BESI/ASMPT/K&S; Intel, AMD and Arm; A versus B."""

    names: tuple[Name, ...]

    @property
    def start(self) -> int:
        return self.names[0].start

    @property
    def end(self) -> int:
        return self.names[-1].end


def find_lists(text: str, entities: Entities) -> list[NameList]:
    """All names of a text in order, those that are listed together in one; a name by itself is a list of one."""
    lists: list[list[Name]] = []
    for name in find_names(text, entities):
        if lists and _BETWEEN.fullmatch(text, lists[-1][-1].end, name.start):
            lists[-1].append(name)
        else:
            lists.append([name])
    return [NameList(tuple(names)) for names in lists if len(names) > 1 or _is_sure(names[0], text)]


def _is_sure(name: Name, text: str) -> bool:
    """A first word's capital alone makes no name."""
    first = not text[: name.start].strip()
    return not first or name.known or name.owns or " " in name.text or bool(_STRONG.match(name.text))


def find_names(text: str, entities: Entities) -> list[Name]:
    """Names that entities.toml knows, and runs of capitalised words; in order."""
    tokens = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
    found, at = [], 0
    while at < len(tokens):
        known = _known(text, tokens, at, entities)
        length = known or _capitalised(text, tokens, at)
        if length == 0:
            at += 1
            continue
        bracket = _BRACKETED if _has_ticker(text, tokens[at + length : at + length + _BRACKETED]) else 0
        start, end = tokens[at][0], tokens[at + length + bracket - 1][1]
        written = text[start:end] if text[end:].strip() else text[start:end].rstrip(".")
        owned = _POSSESSIVE.sub("", written)
        found.append(Name(start, end, owned, known > 0, owned != written))
        at += length + bracket
    return found


def _known(text: str, tokens: Sequence[tuple[int, int]], at: int, entities: Entities) -> int:
    """How many tokens from here on the longest known name takes; 0 where none begins."""
    for length in range(min(MAX_NAME_WORDS, len(tokens) - at), 0, -1):
        start, end = tokens[at][0], tokens[at + length - 1][1]
        written = _POSSESSIVE.sub("", text[start:end].rstrip("."))
        if _IN_NAMES.fullmatch(written) and entities.find(written):
            return length
    return 0


def _capitalised(text: str, tokens: Sequence[tuple[int, int]], at: int) -> int:
    """How many tokens from here on are one run of capitalised words: Marrow & Pell Tools, Inc.; Bank of America."""
    words = [text[start:end] for start, end in tokens[at : at + 2 * MAX_NAME_WORDS]]
    if not _is_capital(words[0]) or (words[0].casefold() in _ORDERS and not words[0].isupper()):
        return 0
    length = 1
    while length < len(words) and length < MAX_NAME_WORDS and not _POSSESSIVE.search(words[length - 1]):
        following = words[length + 1] if length + 1 < len(words) else ""
        if _is_capital(words[length]):
            length += 1
        elif _is_capital(following) and (
            words[length] == "&"
            or (words[length] == "of" and words[length - 1] in BODIES)
            or (words[length] == "," and following.replace(".", "").casefold() in LEGAL_FORMS)
        ):
            length += 2
        else:
            break
    return length


def _is_capital(word: str) -> bool:
    return (
        word[:1].isupper()
        or (word[:1].isdigit() and any(c.isupper() for c in word))
        or (
            # eBay, iPhone
            len(word) > 2 and word[:1].isalpha() and word[1].isupper()
        )
    )


def _has_ticker(text: str, tokens: Sequence[tuple[int, int]]) -> bool:
    """Whether these are a ticker in brackets."""
    words = [text[start:end] for start, end in tokens]
    return len(words) == _BRACKETED and (words[0], words[2]) == ("(", ")") and bool(_TICKER.fullmatch(words[1]))
