"""Numbers that are written in words: `two hundred and fifty`, `a dozen`, `two-thirds`, `doubled`, `third`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_TIMES = {
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubling": 2,
    "doubles": 2,
    "twofold": 2,
    "triple": 3,
    "tripled": 3,
    "tripling": 3,
    "threefold": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "tenfold": 10,
}
_ONLY = frozenset("only just exactly least than".split())
_WORD = re.compile(r"[A-Za-z]+")
_FIGURED_ORDINAL = re.compile(r"\b(\d{1,4})(?:st|nd|rd|th)\b")
_BETWEEN = re.compile(r"(?:\s|-)+")


@dataclass(frozen=True, slots=True)
class NumberWords:
    """`kind` is empty for a plain number, else `part`, `times` or `ordinal`."""

    start: int
    end: int
    value: Decimal
    kind: str = ""


def find_number_words(text: str) -> Iterator[NumberWords]:
    """In order. `one` alone is mostly no number, and is one only before a scale, a part or another number word."""
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    for match in _FIGURED_ORDINAL.finditer(text):
        yield NumberWords(match.start(), match.end(), Decimal(match[1]), "ordinal")
    at = 0
    while at < len(words):
        found, used = _read(text, words, at)
        if found is not None:
            yield found
        at += max(used, 1)


def _read(text: str, words: list[tuple[str, int, int]], at: int) -> tuple[NumberWords | None, int]:
    word, start, end = words[at]
    following = words[at + 1][0] if at + 1 < len(words) and _BETWEEN.fullmatch(text[end : words[at + 1][1]]) else ""
    if word in _TIMES:
        return NumberWords(start, end, Decimal(_TIMES[word]), "times"), 1
    if word in _SMALL or word in _TENS or (word in {"a", "an"} and following in _SCALES):
        return _number(text, words, at)
    if word == "half" and not (at and words[at - 1][0] in {"first", "second", "other", "last"}):
        return NumberWords(start, end, Decimal("0.5"), "part"), 1
    if (
        word == "a"
        and following in {"third", "quarter", "fifth", "tenth"}
        and text[words[at + 1][2] :][:4] == " of "
    ):
        return NumberWords(start, words[at + 1][2], Decimal(1) / _PARTS[following], "part"), 2
    if word in _ORDINALS and word != "second":
        return NumberWords(start, end, Decimal(_ORDINALS[word]), "ordinal"), 1
    if word == "second" and at and words[at - 1][0] in {"the", "a", "its", "his", "her", "their"}:
        return NumberWords(start, end, Decimal(2), "ordinal"), 1
    return None, 1


def _number(text: str, words: list[tuple[str, int, int]], at: int) -> tuple[NumberWords | None, int]:
    total, current, used, end = 0, 0, 0, words[at][2]
    while at + used < len(words):
        word, start, stop = words[at + used]
        if used and not _BETWEEN.fullmatch(text[end:start]):
            break
        if word in _SMALL or word in _TENS:
            current += _SMALL.get(word, 0) + _TENS.get(word, 0)
        elif word in {"a", "an"} and used == 0:
            current = 1
        elif word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        elif word.rstrip("s") in _PARTS and used and current < 20 and word != "quarters":
            share = Decimal(current) / _PARTS[word.rstrip("s")]
            return NumberWords(words[at][1], stop, share, "part"), used + 1
        elif not (word == "and" and current % 100 == 0 and current and _goes_on(text, words, at + used)):
            break
        end, used = stop, used + 1
    value = total + current
    if used == 1 and words[at][0] == "one" and not (at and words[at - 1][0] in _ONLY):
        return None, 1
    return NumberWords(words[at][1], end, Decimal(value)), used


def _goes_on(text: str, words: list[tuple[str, int, int]], at: int) -> bool:
    following = words[at + 1][0] if at + 1 < len(words) else ""
    return following in _SMALL or following in _TENS
