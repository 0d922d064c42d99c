"""The gate: a sentence stays only when its own quotes bear it out. Pure, and no model is asked.

First check of several to come: every number, date and capitalised name of the sentence must stand in the
quotes it cites, names and numbers each in the order of the quotes, so that who did what to whom is not
turned round, and most of its words must stand there in its own order. What fails is cut, never repaired.
"""

import re
from collections.abc import Mapping, Sequence

from evidence.generator.grounds import Ground
from evidence.generator.names import NO_NAMES, Names
from evidence.generator.verdicts import Reason, Value, Verdict
from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words

# The share of a sentence's content words that must stand in its quotes in the sentence's order. A sentence of
# ten words may add two or three of its own, or move some that are no names; one that does more says something else.
MIN_COVERAGE = 0.6

# Numbers in words and what they count are part of a number: nine weeks are not ten, nor nine months.
_QUANTITIES = frozenset(
    index_words(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
        "million billion trillion dozen half first second third fourth hour day week month quarter year"
    )
)

_NOT = "not"
_NEGATIONS = frozenset("not no never nor neither none without cannot".split())
_CONTRACTED = re.compile(r"n['’]t\b")
_CLAUSES = re.compile(r"(?<=[.!?])\s+|\n+")
# Which way, how much and in what money; a synonym is cut with them, for only the quote's own word is safe.
_TURNS = frozenset(
    index_words(
        "rise rose risen fall fell fallen increase decrease grow grew grown decline drop raise cut lower higher "
        "shrink shrank expand lengthen shorten gain lose lost more less fewer above below up down beat miss profit "
        "loss dollar euro yen pound franc won yuan usd eur jpy gbp"
    )
)

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NAME = re.compile(r"[^\W\d_][\w&.'’-]*")
_TRAILING = ".,'’-"
_SENTENCE_END = re.compile(r"[.!?]\s+[\"'“‘(]*[A-Z]")
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|]")


def judge(
    sentence: str, citations: Sequence[int], grounds: Mapping[int, Ground], names: Names = NO_NAMES
) -> Verdict:
    """Whether a sentence stands on the grounds it cites, by number. `names` says which forms are one name."""
    reason = _unsupported(sentence, citations, {number: ground.text for number, ground in grounds.items()})
    if reason is None:
        return Verdict(Value.SUPPORTED, sentence)
    return Verdict(Value.UNSUPPORTED, "", reason)


def _unsupported(sentence: str, citations: Sequence[int], quotes: Mapping[int, str]) -> Reason | None:
    if not citations:
        return Reason.UNCITED
    if any(number not in quotes for number in citations):
        return Reason.FOREIGN
    if _MARKUP.search(sentence):
        return Reason.MARKUP
    if _SENTENCE_END.search(sentence):
        return Reason.SEVERAL
    cited = "\n".join(quotes[number] for number in citations)
    if not numbers(sentence) <= numbers(cited):
        return Reason.NUMBER
    known = set(index_words(cited))
    if any(not _stands(name, known) for name in capitalised(sentence)):
        return Reason.NAME
    if _turns_round(sentence, cited):
        return Reason.SENSE
    quoted = [_content(quotes[number]) for number in citations]
    content = _content(sentence)
    in_order = len(_covered(content, quoted)) >= MIN_COVERAGE * len(content)
    for fixed in (_shared_names(sentence, cited), numbers(sentence)):
        words = [word for word in dict.fromkeys(content) if word in fixed]
        in_order = in_order and len(_covered(words, quoted)) == len(words)
    return None if content and in_order else Reason.WORDS


def numbers(text: str) -> set[str]:
    """Its numbers in one spelling, 1,540 is 1540 and 12.50 is 12.5, and the stems of numbers in words."""
    return {_plain(match[0]) for match in _NUMBER.finditer(text)} | (_QUANTITIES & set(index_words(text)))


def _plain(number: str) -> str:
    # elsewhere a comma parts decimals: 12,5 is not 125
    if _GROUPED.fullmatch(number):
        number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if number.count(".") == 1 else number


def capitalised(sentence: str) -> list[str]:
    """Its capitalised words, months and weekdays among them. The first word counts too, unless it is a
    function word: a capital there says nothing, so it is held to the same test."""
    found = []
    for match in _NAME.finditer(sentence):
        word = match[0].rstrip(_TRAILING)
        if "." in word:
            # N.V. without its last dot would be two words
            word += "."
        if word and any(c.isupper() for c in word) and word.lower() not in FUNCTION_WORDS:
            found.append(word)
    return found


def _turns_round(sentence: str, cited: str) -> bool:
    """Whether it denies, turns or prices what the quotes do not, or asserts what the nearest of them denies."""
    sense = _sense(sentence)
    if not sense <= _sense(cited):
        return True
    words = set(index_words(sentence))
    nearest = max(_CLAUSES.split(cited), key=lambda quoted: len(words & set(index_words(quoted))))
    return _NOT in _sense(nearest) and _NOT not in sense


def _sense(text: str) -> set[str]:
    words = surface_words(text)
    denied = _NEGATIONS.intersection(words) or _CONTRACTED.search(text)
    return ({_NOT} if denied else set()) | (_TURNS & set(index_words(text)))


def _content(text: str) -> list[str]:
    return [_stem(word) for word in surface_words(text) if word not in FUNCTION_WORDS]


def _stem(word: str) -> str:
    return _plain(word) if word[0].isdigit() else "".join(index_words(word))


def _shared_names(sentence: str, cited: str) -> set[str]:
    """Stems of what both write with a capital; a word that only starts the sentence is no name."""
    return _name_stems(sentence) & _name_stems(cited)


def _name_stems(text: str) -> set[str]:
    return {stem for name in capitalised(text) for stem in index_words(name)}


def _covered(words: list[str], quoted: list[list[str]]) -> set[int]:
    """Places in `words` that one of the quotes holds in order."""
    return {place for quote in quoted for place in _in_order(words, quote)}


def _in_order(words: list[str], quoted: list[str]) -> set[int]:
    """Places in `words` of a longest common subsequence with `quoted`."""
    best = [[0] * (len(quoted) + 1) for _ in range(len(words) + 1)]
    for i in reversed(range(len(words))):
        for j in reversed(range(len(quoted))):
            same = words[i] == quoted[j]
            best[i][j] = best[i + 1][j + 1] + 1 if same else max(best[i + 1][j], best[i][j + 1])
    places, i, j = set(), 0, 0
    while i < len(words) and j < len(quoted):
        if words[i] == quoted[j]:
            places.add(i)
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return places


def _stands(name: str, known: set[str]) -> bool:
    """Whether every part of it stands in the quotes: Advanced-Packaging is two words there."""
    return all(word in known for word in index_words(name))
