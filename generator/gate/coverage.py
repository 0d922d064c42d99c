"""How much of a sentence stands in its quotes: words, and pairs of words that stand near each other there. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from evidence.generator.reading.marks import TURNING
from evidence.generator.reading.readings import Reading, Word
from evidence.generator.reading.wordings import SAYING, alike, contrary, family

# Two words that stand beside each other in a sentence stand no farther apart in a quote that says the same.
NEAR = 8
# Of `is an American film actor` so many words behind the article.
_PREDICATE = 4
_BE = frozenset("is are was were be been became becomes remains remained".split())
_LINKS = _BE | {"as", "called", "named"}
_ARTICLES = frozenset({"a", "an", "the", "one"})
_APPOSED = re.compile(r"[,(:]|\s[–—-]\s")


def counted(said: Reading) -> list[int]:
    """The places of the words that a sentence is judged by: no amounts, moments, names, turns, words of saying."""
    taken = [(amount.start, amount.end) for amount in said.amounts]
    taken += [(moment.start, moment.end) for moment in said.moments]
    taken += [(said.words[run.first].start, said.words[run.last].end) for run in said.runs]
    return [
        at
        for at, word in enumerate(said.words)
        if word.content
        and word.stem not in SAYING
        and word.surface not in TURNING
        and not any(start < word.end and word.start < end for start, end in taken)
    ]


def own_words(said: Reading, quoted: Sequence[Reading]) -> list[int]:
    """Places of the counted words that the quotes have not, in no form."""
    known = frozenset(word.stem for reading in quoted for word in reading.words)
    return [at for at in counted(said) if not stands(said.words[at], known)]


def stands(word: Word, known: frozenset[str]) -> bool:
    """Whether a word, one that may stand for it, or one of its family is known."""
    return not alike(word.stem).isdisjoint(known) or any(family(word.stem, other) for other in known)


def contraries(said: Reading, quoted: Sequence[Reading]) -> bool:
    """Whether a word of the sentence is not in the quotes while its contrary is."""
    known = frozenset(word.stem for reading in quoted for word in reading.words)
    return any(
        contrary(word.stem, known) and alike(word.stem).isdisjoint(known - contrary(word.stem, known))
        for word in said.words
        if word.content
    )


def unlinked(said: Reading, quoted: Sequence[Reading]) -> bool:
    """Whether it says that something is something (`X is a Y`) of which no quote says what or who it is."""
    return any(not any(_is_said_to_be(what, reading) for reading in quoted) for what in _predicates(said))


def _predicates(said: Reading) -> Iterator[frozenset[str]]:
    """Of each `is a`, the first words behind it; none where these are figures or dates alone."""
    words = said.words
    for at in range(len(words) - 2):
        if words[at].surface in _BE and words[at + 1].surface in _ARTICLES:
            behind = [word for word in words[at + 2 : at + 2 + _PREDICATE] if word.content and word.stem.isalpha()]
            if behind:
                yield frozenset(word.stem for word in behind)


def _is_said_to_be(what: frozenset[str], reading: Reading) -> bool:
    """Whether one of these words stands in the quote behind an `is` or `as`, a comma or a bracket, or by a name."""
    words = reading.words
    for at, word in enumerate(words):
        if not stands(word, what):
            continue
        first = at
        while first and not (
            words[first - 1].stem.isalpha() and words[first - 1].content and words[first - 1].stem not in what
        ):
            first -= 1
        before = reading.text[words[first - 1].end if first else 0 : word.start]
        links = {other.surface for other in words[first:at]} & _LINKS
        named = (first and words[first - 1].capital) or (at + 1 < len(words) and words[at + 1].capital)
        if links or named or _APPOSED.search(before) or first == 0:
            return True
    return not any(stands(word, what) for word in words)


def near_pairs(said: Reading, quoted: Sequence[Reading]) -> tuple[int, int]:
    """Of pairs of counted words beside each other: how many stand near each other in a quote, and all of them."""
    places = counted(said)
    pairs = [(said.words[a], said.words[b]) for a, b in pairwise(places)]
    pairs = [(a, b) for a, b in pairs if a.stem != b.stem]
    return sum(any(_near(a, b, reading) for reading in quoted) for a, b in pairs), len(pairs)


def _near(first: Word, second: Word, reading: Reading) -> bool:
    a, b = (
        [at for at, other in enumerate(reading.words) if stands(word, frozenset({other.stem}))]
        for word in (first, second)
    )
    return any(abs(x - y) <= NEAR and x != y for x in a for y in b)
