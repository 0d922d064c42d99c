"""Whether each figure, moment, name and direction stands among the words that it is quoted among. Pure.

Who did what to whom is told without a grammar: where a quote holds two things of one kind, what is said of the one
must be nearer to the words around it there than to those around the other.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from evidence.generator.reading import amounts, moments
from evidence.generator.reading.names import Names
from evidence.generator.reading.readings import Reading, Run
from evidence.generator.reading.wordings import SAYING, direction
from evidence.indexer.words import index_word, index_words

# Words to either side that tell one figure from another, the nearest counting most.
_REACH = 7
# A rival must be nearer by so much: a factor, and a word and more for names, whose neighbours change most when a
# sentence is said otherwise. Measured on half of the sources (bench/gate).
_CLEARLY = 1.25
_LEAST = 0.25
_LEAST_OF_NAMES = 1.0
# A word on the other side of it may be the same relation, turned.
_OTHER_SIDE = 0.4
_PREPOSITIONS = frozenset("from to by of in at for with on against than over into under".split())
FILER = frozenset(map(index_word, ("company", "registrant", "corporation", "issuer")))
_PAUSE = re.compile(r"[,)]|\s[–—-]\s|[\"”]")
_BE = frozenset("was were is are been being be".split())

Around = tuple[list[str], list[str]]


def swapped(said: Reading, quoted: Sequence[Reading], names: Names, filer: Sequence[str] = ()) -> bool:
    """Whether something is said of one thing that the quotes say of another of its kind.

    `filer` are the names of whom the quotes call `the Company` or `we`.
    """
    kinds = (
        (_figures(said, quoted), _LEAST),
        (_moments(said, quoted), _LEAST),
        (_names(said, quoted, names, filer), _LEAST_OF_NAMES),
        (_directions(said, quoted), _LEAST),
    )
    return any(
        own and rivals and _nearer(around, rivals, own, least)
        for compared, least in kinds
        for around, own, rivals in compared
    )


Compared = Iterator[tuple[Around, list[Around], list[Around]]]


def _figures(said: Reading, quoted: Sequence[Reading]) -> Compared:
    for figure in said.amounts:
        own: list[Around] = []
        rivals: list[Around] = []
        for reading in quoted:
            for other in reading.amounts:
                if amounts.bears(other, figure):
                    own.append(_around(reading, other.start, other.end))
                elif other.unit == figure.unit:
                    rivals.append(_around(reading, other.start, other.end))
        yield _around(said, figure.start, figure.end), own, rivals


def _moments(said: Reading, quoted: Sequence[Reading]) -> Compared:
    for moment in said.moments:
        own: list[Around] = []
        rivals: list[Around] = []
        for reading in quoted:
            for other in reading.moments:
                if moments.bears([other], moment):
                    own.append(_around(reading, other.start, other.end))
                elif moment.parts.keys() <= other.parts.keys():
                    rivals.append(_around(reading, other.start, other.end))
        yield _around(said, moment.start, moment.end), own, rivals


def _names(said: Reading, quoted: Sequence[Reading], names: Names, filer: Sequence[str]) -> Compared:
    for run in said.runs:
        stems = _stems(said, run).union(*map(index_words, names.forms(run.text)))
        filed = any(stems & set(index_words(name)) for name in filer)
        own: list[Around] = []
        rivals: list[Around] = []
        for reading in quoted:
            for other in reading.runs:
                shared = stems & _stems(reading, other)
                (own if shared else rivals).append(_around_name(reading, other))
                own += _further_on(reading, other) if shared else []
            own += [_around_name(reading, other) for other in stand_ins(reading)] if filed else []
        yield _around_name(said, run), own, rivals


def _further_on(reading: Reading, run: Run) -> list[Around]:
    """What a subject does behind commas or brackets, and behind an `and`: X, a Y, rose, and fell."""
    clause = reading.clause_of(run.first)
    number = reading.sentences[clause]
    highest = max(last for (_, last), n in zip(reading.clauses, reading.sentences, strict=True) if n == number)
    left, _ = _sides(reading, run.first, run.last)
    named = {other.first for other in reading.runs}
    starts = [
        at
        for at in range(run.last + 2, highest + 1)
        if at not in named and _PAUSE.search(reading.text[reading.words[at - 1].end : reading.words[at].start])
    ]
    starts += [
        at + 1 for at in range(run.last + 1, highest) if reading.words[at].surface == "and" and at + 1 not in named
    ]
    return [(left, _sides(reading, at - 1, at - 1)[1]) for at in starts]


def stand_ins(reading: Reading) -> list[Run]:
    """Where a filing says `the Company` or `we`, and means who filed it."""
    return [
        Run(at, at, word.surface)
        for at, word in enumerate(reading.words)
        if word.surface in {"we", "our", "us"}
        or (word.stem in FILER and at and reading.words[at - 1].surface == "the")
    ]


def _directions(said: Reading, quoted: Sequence[Reading]) -> Compared:
    for place, word in enumerate(said.words):
        way = direction(word.stem)
        if way == 0 or not is_turn(said, place):
            continue
        own: list[Around] = []
        rivals: list[Around] = []
        for reading in quoted:
            for at, other in enumerate(reading.words):
                if direction(other.stem) and is_turn(reading, at):
                    (own if direction(other.stem) == way else rivals).append(
                        _around(reading, other.start, other.end)
                    )
        yield _around(said, word.start, word.end), own, rivals


def is_turn(reading: Reading, place: int) -> bool:
    """Whether `up` and `down`, `more` and `less` say which way something goes here."""
    word = reading.words[place]
    if word.surface in {"less", "fewer"} and reading.text[word.end :].lstrip().startswith("than"):
        return False
    if word.surface not in {"up", "down"}:
        return True
    behind = reading.text[word.end :].lstrip()
    before = reading.words[place - 1].surface if place else ""
    figure = (
        behind[:1].isdigit()
        or behind[:1] in set("$€£¥")
        or behind.split(" ")[0] in {"from", "by", "nearly", "about"}
    )
    return figure or before in {"was", "were", "is", "are"} or not behind[:1].isalnum()


def _stems(reading: Reading, run: Run) -> set[str]:
    return set(reading.stems(run.first, run.last))


def _around(reading: Reading, start: int, end: int) -> Around:
    first = reading.place(start)
    last = max(
        first,
        reading.place(end) - 1 if any(word.start >= end for word in reading.words) else len(reading.words) - 1,
    )
    return _sides(reading, first, last)


def _around_name(reading: Reading, run: Run) -> Around:
    """What a name does or suffers: `ordered by X` is X ordered, and `X was sued` is sued X."""
    left, right = _sides(reading, run.first, run.last)
    before = {word.surface for word in reading.words[max(0, run.first - 2) : run.first]}
    behind = [word.surface for word in reading.words[run.last + 1 : run.last + 3]]
    if "by" in before:
        return [word for word in right if word != "by"], [word for word in left if word != "by"]
    participle = [word.surface for word in reading.words[run.last + 2 : run.last + 4]]
    if _BE & set(behind[:2]) and any(word.endswith(("ed", "en")) for word in participle):
        return right, left
    return left, right


def _sides(reading: Reading, first: int, last: int) -> Around:
    """Comparable words before and behind, nearest first, inside of its sentence."""
    clause = reading.clause_of(first)
    number = reading.sentences[clause] if reading.sentences else 0
    same = [span for span, sentence in zip(reading.clauses, reading.sentences, strict=True) if sentence == number]
    lowest, highest = (same[0][0], same[-1][1]) if same else (0, len(reading.words) - 1)
    left = [_token(reading, at) for at in range(first - 1, lowest - 1, -1)]
    right = [_token(reading, at) for at in range(last + 1, highest + 1)]
    return [word for word in left if word][:_REACH], [word for word in right if word][:_REACH]


def _token(reading: Reading, place: int) -> str:
    word = reading.words[place]
    if word.stem in SAYING:
        return "<say>"
    if direction(word.stem):
        return "<up>" if direction(word.stem) > 0 else "<down>"
    return word.stem if word.content or word.surface in _PREPOSITIONS else ""


def _nearer(around: Around, rivals: Iterable[Around], own: Iterable[Around], least: float) -> bool:
    held = max((_affinity(around, other) for other in own), default=0.0)
    best = max((_affinity(around, other) for other in rivals), default=0.0)
    return best > _CLEARLY * held + least


def _affinity(first: Around, second: Around) -> float:
    same: Callable[[list[str], list[str]], float] = _shared
    straight = same(first[0], second[0]) + same(first[1], second[1])
    across = same(first[0], second[1]) + same(first[1], second[0])
    return straight + _OTHER_SIDE * across


def _shared(first: list[str], second: list[str]) -> float:
    ranks: dict[str, int] = {}
    for rank, word in enumerate(second):
        ranks.setdefault(word, rank)
    total = 0.0
    for rank, word in enumerate(dict.fromkeys(first)):
        if word in ranks:
            weight = 0.5 if word in _PREPOSITIONS else 1.0
            total += weight / (1.0 + 0.35 * max(rank, ranks[word]))
    return total
