"""A text read for what can be compared: its words, clauses, names, amounts and moments, with their places. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evidence.corpus.naming import LEGAL_FORMS
from evidence.generator.reading.amounts import Amount, find_amounts
from evidence.generator.reading.moments import Moment, find_moments
from evidence.indexer.words import FUNCTION_WORDS, fold, index_words

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*(?:&\w+)*(?:['’][^\W\d_]+)?|[&%]")
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'(]*[A-Z0-9])|\n+")
_ABBREVIATED = re.compile(
    r"(?<![^\W_])(?:(?:[A-Za-z]\.)*[A-Za-z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|Inc|Corp|Co|Ltd|No|Nos|vs|Gov|Sen|Rep|Gen|Prof|Adm|Capt|Cmdr|Lt|Col|Sgt|Maj|Rev|Hon|Supt|Ave|Blvd|Mt|Ft|Jan|Feb|Aug|"
    r"Sept|Oct|Nov|Dec)\.[\"”’')]*$"
)
_LONGEST_ABBREVIATION = 12
# Where a new statement may begin inside a sentence: behind a comma and one of these, or at some of them alone.
_CLAUSE_START = re.compile(
    r",?\s+(?=(?:while|whereas|although|though|but)\b)|,\s+(?=(?:and|which|who|whose|as|so|or|with|after|because)\b)|\s[–—]\s|\s-\s|:\s|;\s",
    re.IGNORECASE,
)
_SMALL_IN_NAMES = frozenset({"of", "de", "van", "von", "der", "la", "le", "al", "bin", "and", "&", "the", "for"})
_LINKS = frozenset({"&", "of"})


@dataclass(frozen=True, slots=True)
class Word:
    """`stem` compares it; a `content` word is no function word; `capital` says how it is written."""

    start: int
    end: int
    surface: str
    stem: str
    content: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words beside each other: first and last place among the words."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read; `clauses` are first and last place of their words, `sentences` their numbers."""

    text: str
    words: tuple[Word, ...]
    clauses: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    runs: tuple[Run, ...]
    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]

    def place(self, start: int) -> int:
        """The place of the word that stands here, or of the next one."""
        return next((at for at, word in enumerate(self.words) if word.end > start), len(self.words) - 1)

    def clause_of(self, place: int) -> int:
        """The number of the clause that the word belongs to."""
        return next((n for n, (first, last) in enumerate(self.clauses) if first <= place <= last), 0)

    def stems(self, first: int = 0, last: int | None = None) -> list[str]:
        """Content stems of a stretch, in order."""
        stretch = self.words[first : None if last is None else last + 1]
        return [word.stem for word in stretch if word.content]


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Reads it once."""
    words = tuple(_words(text))
    moments = find_moments(text)
    amounts = find_amounts(text, [(moment.start, moment.end) for moment in moments])
    clauses, sentences = _clauses(text, words)
    figures = [amount for amount in amounts if any(map(str.isdigit, text[amount.start : amount.end]))]
    taken = [(item.start, item.end) for item in moments] + [(item.start, item.end) for item in figures]
    return Reading(
        text, words, clauses, sentences, tuple(_runs(words, text, taken)), tuple(amounts), tuple(moments)
    )


def _words(text: str) -> list[Word]:
    found = []
    for match in _WORD.finditer(text):
        written = _POSSESSIVE.sub("", match[0])
        surface = fold(match[0].replace("’", "'"))
        stem = "".join(index_words(written)) or surface
        capital = any(c.isupper() for c in written)
        content = fold(written) not in FUNCTION_WORDS and (written.isdigit() or len(written) > 1 or capital)
        found.append(Word(match.start(), match.start() + len(written), surface, stem, content, capital))
    return found


def _clauses(text: str, words: Sequence[Word]) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    ends = [end for end in ends if not _ABBREVIATED.search(text[max(0, end - _LONGEST_ABBREVIATION) : end])]
    cuts = sorted({*ends, *(match.start() for match in _CLAUSE_START.finditer(text))})
    clauses, sentences = [], []
    first = 0
    for cut in [*cuts, len(text)]:
        last = first
        while last < len(words) and words[last].start < cut:
            last += 1
        if last > first:
            clauses.append((first, last - 1))
            sentences.append(sum(end < words[last - 1].start for end in ends))
        first = last
    return tuple(clauses), tuple(sentences)


def _runs(words: Sequence[Word], text: str, taken: Sequence[tuple[int, int]]) -> list[Run]:
    """Runs of capitals that only blanks, `&` or `of` part; months and weekdays are moments, not names."""
    runs: list[Run] = []
    for at, word in enumerate(words):
        if not word.capital or not word.content or any(s < word.end and word.start < e for s, e in taken):
            continue
        if runs and _joined(words, runs[-1].last, at, text):
            runs[-1] = Run(runs[-1].first, at, text[words[runs[-1].first].start : word.end])
        else:
            runs.append(Run(at, at, text[word.start : word.end]))
    return runs


def _joined(words: Sequence[Word], last: int, at: int, text: str) -> bool:
    between = text[words[last].end : words[at].start]
    if between == ", " and words[at].surface in LEGAL_FORMS:
        return True  # Nuance Communications, Inc.
    if at - last == 1:
        return (
            not between.strip(" -.'’")[:1]
            and "\n" not in between
            and "'s" not in between
            and "’s" not in between
            and ". " not in between.replace("\u00a0", " ")
        )
    return at - last == 2 and between.strip() in _LINKS
