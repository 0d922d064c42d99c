"""A grammar of what can be said in a quote's own words. Pure.

For models that copy well and compose badly. A sentence of the grammar is one sentence of a quote, in its order,
from one of the places where it may begin to one where it may end, with or without what stands in parentheses.
Nothing is left out that turns, hedges or attributes what is kept. So no word, name or number can be invented,
moved or denied, and the model decides how much of the quote is worth saying.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evidence.corpus.invisible import strip_invisible
from evidence.indexer.words import surface_words

# Fewer words are no statement; more are nothing short, and end where they must or not at all.
MIN_WORDS = 4
MAX_WORDS = 45
# An insertion longer than that is a clause with a life of its own.
MAX_INSERTION = 14
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
_TIES = frozenset("but and so also meanwhile moreover still yet then separately".split())
# Nobody knows whom these mean when the sentence stands alone.
_DANGLING = frozenset("he she they this that these those his her their him them such it its".split())
# Nor these, wherever they stand.
_SPEAKING = frozenset("we our ours us i my me you your".split())
_MARKUP = re.compile(r"https?://|www\.|[\[\]<>{}|*_#`\\\"“”]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DASHES = frozenset(("-", "–", "—", "--"))
_STOPS = ",;:"
# A sentence ends here, unless the word before it is one of those that are written with a full stop.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]*[A-Z0-9])|\n\s*\n\s*|(?<![,;])\n(?=[A-Z])")
# A line of fewer characters in front of a capital is a heading; a longer one is wrapped.
_HEADING = 40
_STOPPED = re.compile(
    r"(?:^|\W)(?:[A-Z]|Mr|Mrs|Ms|Dr|Inc|Corp|Ltd|Co|No|St|Jr|Sr|Prof|Gen|Sen|Rep|Gov|vs|approx|Fig|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a sentence: without what stands after it, that, and its folded form."""

    text: str
    stop: str
    folded: str


def split_quote(text: str) -> list[str]:
    """Its sentences, by their full stops. Where the ends are in doubt they stay together."""
    sentences: list[str] = []
    at = 0
    for end in _SENTENCE_END.finditer(text):
        before = text[at : end.start()]
        wrapped = end[0] == "\n" and before[-1:] not in ".!?" and len(before.rsplit("\n", 1)[-1]) >= _HEADING
        if not wrapped and (end[0].count("\n") > 1 or not _STOPPED.search(before)):
            sentences.append(text[at : end.end()].strip())
            at = end.end()
    return [sentence for sentence in (*sentences, text[at:].strip()) if sentence]


def copying_grammar(sentences: Sequence[str]) -> str | None:
    """A GBNF of one line: one of these sentences, more or less of it. None where none of them can stand alone."""
    roots: list[str] = []
    rules: list[str] = []
    for number, sentence in enumerate(sentences):
        words = _read(sentence)
        begin = _begin(words)
        if begin is None:
            continue
        chain = _Chain(f"s{number}", words, begin)
        if chain.ends:
            roots.append(f"s{number}w{begin}")
            rules += chain.rules()
    return "\n".join([f"root ::= {' | '.join(roots)}", *rules]) if roots else None


class _Chain:
    """The rules of one sentence from one of its beginnings; `w` and a number name what follows a place."""

    def __init__(self, name: str, words: Sequence[_Word], start: int) -> None:
        self._name = name
        self._words = words
        self._start = start
        insertions = dict(_insertions(words, start))
        inside = {place for first, last in insertions.items() for place in range(first, last + 1)}
        least = start + MIN_WORDS + _opening(words[start:])
        ends = {place for place in range(least, len(words)) if self._may_end(place) and place not in inside}
        self.ends = ends | ({len(words)} if MIN_WORDS <= len(words) - start <= MAX_WORDS else set())
        self._skips = {p: q for p, q in insertions.items() if q - p <= MAX_INSERTION and not _bears(words[p:q])}

    def rules(self) -> Iterator[str]:
        """One rule a place where something can be decided, in the order of the sentence."""
        last = max(self.ends)
        places = sorted({self._start, *self._skips, *self._skips.values(), *self.ends} - {last})
        for place in (place for place in places if place < last):
            until = min(other for other in (*places, last) if other > place)
            yield f"{self._name}w{place} ::= {self._spelled(place, until)} {self._choice(until)}"

    def _spelled(self, first: int, until: int) -> str:
        """The words from one place to another; in front of the first stands what its choice wrote."""
        words = [word.text + word.stop for word in self._words[first : until - 1]] + [self._words[until - 1].text]
        text = " ".join(words)
        return _literal(text[0].upper() + text[1:] if first == self._start else text)

    def _choice(self, place: int) -> str:
        """What may follow the word before this place."""
        stop = self._words[place - 1].stop
        choices = []
        if place < max(self.ends):
            choices.append(f"{_literal(stop + ' ')} {self._name}w{place}")
        if (after := self._skips.get(place)) is not None and after < max(self.ends):
            choices.append(f"{_literal(' ')} {self._name}w{after}")
        if place in self.ends:
            choices.append(_literal(".\n"))
        return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"

    def _may_end(self, place: int) -> bool:
        if place - self._start > MAX_WORDS:
            return False
        said, rest = self._words[self._start : place], self._words[place:]
        last, next_word = said[-1], rest[0].folded
        if last.folded in _FOLLOWING | _PLACING or _bears(rest) or not _tells(said):
            return False
        if next_word in _ADDING and last.stop == ",":
            return next_word != "and" or _tells(rest)
        return last.stop == ";" or next_word in _FOLLOWING or (next_word in _PLACING and _ends_in_figure(said))


def _read(sentence: str) -> list[_Word]:
    """Its words; none where it holds what a sentence of a report may not, or is no whole sentence."""
    text = _CONTROL.sub(" ", strip_invisible(sentence)).strip().lstrip("-–—•*· ")
    if _MARKUP.search(text) or not text.endswith((".", "!", "?")) or text.endswith("?"):
        return []
    words = []
    for raw in text.rstrip(".!").split():
        bare = raw.rstrip(_STOPS)
        words.append(_Word(bare, raw[len(bare) :], " ".join(surface_words(bare))))
    return [] if any(word.folded in _SPEAKING for word in words) else words


def _begin(words: Sequence[_Word]) -> int | None:
    """Where it begins: after its dateline, and after what ties it to the sentence before. None if nobody knows
    whom it speaks of."""
    dash = next((i for i, word in enumerate(words[:_DATELINE]) if word.text in _DASHES), -1)
    begin = dash + 1
    while begin < len(words) and words[begin].folded in _TIES:
        begin += 1
    return begin if begin < len(words) and words[begin].folded not in _DANGLING else None


def _opening(words: Sequence[_Word]) -> int:
    """How many words say when or where before anything is said: `In the second quarter,`."""
    if words[0].folded not in _FOLLOWING | _PLACING:
        return 0
    return next((count for count, word in enumerate(words, start=1) if word.stop == ","), len(words))


def _insertions(words: Sequence[_Word], start: int) -> Iterator[tuple[int, int]]:
    """Places after a word, and the later places to which what is inserted there reaches."""
    opening = _opening(words[start:])
    for place in range(start + 1, len(words)):
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


def _bears(words: Sequence[_Word]) -> bool:
    return any(part in _BEARING for word in words for part in (word.folded, *word.folded.split())) or any(
        word.text.lower().endswith(("n't", "n’t")) for word in words
    )


def _tells(words: Sequence[_Word]) -> bool:
    return any(word.folded in _VERBS or (len(word.folded) > 4 and word.folded.endswith("ed")) for word in words)


def _ends_in_figure(said: Sequence[_Word]) -> bool:
    """Whether the last word is a figure or its unit."""
    last, before = said[-1], said[-2]
    return _has_digit(last) or (_has_digit(before) and last.folded not in _NO_UNIT)


def _has_digit(word: _Word) -> bool:
    return any(character.isdigit() for character in word.text)


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
