"""What the words of a sentence do in it, as far as closed lists tell: which parts may be left out, and where it may
begin and end. Pure. Whatever is in doubt stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evidence.corpus.invisible import strip_invisible
from evidence.indexer.words import surface_words

# Words in front of a dateline's dash.
_DATELINE = 9

# What hedges, denies, limits, compares or attributes: a part that holds one of these is never left out.
_BEARING = frozenset(
    "not no never nor neither none without cannot hardly barely unless if except excluding despite but however "
    "although though whereas until before may might could would should can likely unlikely possibly perhaps "
    "almost nearly about around roughly only than less more fewer expect expects expected expecting plan plans "
    "planned aim aims forecast forecasts guidance target targets intend intends deny denies denied reject rejects "
    "rejected allege alleges alleged allegedly reportedly reported reports rumour rumor rumours claim claims "
    "claimed said say says saying told tell tells according estimate estimates estimated believe believes "
    "believed think thinks thought argue argues argued suggest suggests suggested appear appears appeared seem "
    "seems seemed wrote writes asked warned warns".split()
)
# A statement may end in front of these: what follows them says more of the same.
_FOLLOWING = frozenset("which who whose where when while as after because since with including compared".split())
# In front of these it may end behind a comma; `and` only where a statement of its own follows.
_ADDING = frozenset("up down from and".split())
# In front of these it may end where a figure was said last; `its backlog stood` says nothing.
_PLACING = frozenset("in on at for by during under from through to until following amid".split())
# What a figure's unit is not.
_NO_UNIT = frozenset("up down or and of more less".split()) | _PLACING | _FOLLOWING
# Whatever ends early must have said something: these, and words in -ed.
_VERBS = frozenset(
    "is are was were has have had does did do will rose fell grew sold bought won lost made took held stood kept "
    "left cut set hit saw came went began became got gave met built paid put ran said told shrank sank spent led "
    "beat brought chose drew drove felt found hurt knew let meant read sent shut slid spoke swung threw "
    "wrote".split()
)
# An insertion between commas begins like this; a list's second item does not.
_INSERTED = frozenset("which who whose where based including formerly part".split())
# Or like this, behind a name.
_RENAMED = frozenset("a an the".split())
# What only ties a sentence to the one before it.
_TIES = frozenset(
    "but and so also meanwhile moreover still yet then separately however therefore thus nevertheless furthermore "
    "additionally".split()
)
# Nobody knows whom these mean when the sentence stands alone.
_DANGLING = frozenset("he she they this that these those his her their him them such it its".split())
# Nor these among the first words, unless a clause about its subject begins with them.
_MEANT = frozenset("he she they him them it".split())
_EARLY = 5
_JOINING = frozenset("said says saying that although though if but and until before unless".split()) | _FOLLOWING
# Nor these, outside of quotation marks.
_SPEAKING = frozenset("we our ours us i my me you your".split())

# What a sentence of a report may not hold.
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|*_#`\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FULL_STOP = re.compile(r"[.!]+([\"”’)]*)$")
_DASHES = frozenset(("-", "–", "—", "--"))
_STOPS = ",;:"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence without what stands after it, that, its folded form, and whether it is inside quotation
    marks that are still open behind it."""

    text: str
    stop: str
    folded: str
    quoted: bool


def read_words(sentence: str) -> list[Word]:
    """Its words, without its full stop. None where it is no whole statement, or speaks for somebody unnamed."""
    text = _CONTROL.sub(" ", strip_invisible(sentence)).strip().lstrip("-–—•*· ")
    if _MARKUP.search(text) or not _FULL_STOP.search(text):
        return []
    words: list[Word] = []
    quoted = False
    for raw in _FULL_STOP.sub(r"\1", text).split():
        bare = raw.rstrip(_STOPS)
        folded = " ".join(surface_words(bare))
        if folded in _SPEAKING and not quoted and not raw.startswith(('"', "“")):
            return []
        quoted = _still_quoted(raw, quoted)
        words.append(Word(bare, raw[len(bare) :], folded, quoted))
    return [] if quoted else words


def _still_quoted(raw: str, quoted: bool) -> bool:
    for mark in raw:
        quoted = not quoted if mark == '"' else (mark == "“" or (quoted and mark != "”"))
    return quoted


def begin_of(words: Sequence[Word]) -> int | None:
    """Where it begins: after its dateline, and after what ties it to the sentence before. None if nobody knows
    whom it speaks of."""
    dash = next((i for i, word in enumerate(words[:_DATELINE]) if word.text in _DASHES), -1)
    begin = dash + 1
    while begin < len(words) and words[begin].folded in _TIES:
        begin += 1
    if begin >= len(words) or words[begin].folded in _DANGLING:
        return None
    early = pairwise(words[begin : begin + _EARLY])
    return None if any(word.folded in _MEANT and before.folded not in _JOINING for before, word in early) else begin


def opening_of(words: Sequence[Word]) -> int:
    """How many words say when or where before anything is said: `In the second quarter,`."""
    if words[0].folded not in _FOLLOWING | _PLACING:
        return 0
    return next((count for count, word in enumerate(words, start=1) if word.stop == ","), len(words))


def insertions_of(words: Sequence[Word], begin: int) -> Iterator[tuple[int, int]]:
    """Places after a word, and the later places to which what is inserted there reaches."""
    opening = opening_of(words[begin:])
    for place in range(begin + 1, len(words)):
        first, before = words[place], words[place - 1]
        renamed = first.folded in _RENAMED and before.text[0].isupper() and not opening
        reach = range(place + 1, len(words))
        if first.text.startswith("("):
            end = next((after for after in reach if words[after - 1].text.endswith(")")), None)
        elif before.stop == "," and (first.folded in _INSERTED or renamed):
            end = next((after for after in reach if words[after - 1].stop == ","), None)
        else:
            end = None
        if end is not None:
            yield place, end


def may_go(words: Sequence[Word]) -> bool:
    """Whether these words may be left out: they turn, hedge and attribute nothing, and open no quotation."""
    bearing = any(part in _BEARING for word in words for part in (word.folded, *word.folded.split()))
    contracted = any(word.text.lower().endswith(("n't", "n’t")) for word in words)
    return not (bearing or contracted or any(word.quoted for word in words))


def may_end(said: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Whether a statement may end between these words of a sentence and those that follow them."""
    last, following = said[-1], rest[0].folded
    if last.folded in _FOLLOWING | _PLACING or last.quoted or not may_go(rest) or not _tells(said):
        return False
    if following in _ADDING and last.stop == ",":
        return following != "and" or _tells(rest)
    return last.stop == ";" or following in _FOLLOWING or (following in _PLACING and _ends_in_figure(said))


def _tells(words: Sequence[Word]) -> bool:
    return any(word.folded in _VERBS or (len(word.folded) > 4 and word.folded.endswith("ed")) for word in words)


def _ends_in_figure(said: Sequence[Word]) -> bool:
    """Whether the last word is a figure or its unit."""
    last, before = said[-1], said[-2]
    return _has_digit(last) or (_has_digit(before) and last.folded not in _NO_UNIT)


def _has_digit(word: Word) -> bool:
    return any(character.isdigit() for character in word.text)
