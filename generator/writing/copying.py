"""A grammar of what can be said in a quote's own words. Pure.

For models that copy well and compose badly. A sentence of the grammar is one sentence of a quote, in its order, up
to one of the places where it may end, with or without what is inserted. Nothing is left out that turns, hedges or
attributes what is kept. So no word, name or number can be invented, moved or denied, and the model decides how much
of the quote is worth saying. A filing that says `we` is quoted word for word, with its filer as who says it.
"""

import re
from collections.abc import Iterator, Sequence

from evidence.generator.reading.clauses import (
    Word,
    begin_of,
    insertions_of,
    may_end,
    may_go,
    opening_of,
    read_words,
)
from evidence.generator.writing.prompt import one_line

# Fewer words are no statement; more are nothing short, and end where they must or not at all.
MIN_WORDS = 4
MAX_WORDS = 45
# An insertion longer than that is a clause with a life of its own.
MAX_INSERTION = 14

_QUOTED = re.compile(r"[\"“”]")


def copying_grammar(sentences: Sequence[str], filer: str | None = None) -> str | None:
    """A GBNF of one text: one of these sentences, more or less of it. None where none of them can stand alone.

    `filer` is who speaks in them, where that is known.
    """
    roots: list[str] = []
    rules: list[str] = []
    for number, sentence in enumerate(sentences):
        chain = _chain(f"s{number}", sentence, filer)
        if chain is not None and chain.ends:
            roots.append(chain.root)
            rules += chain.rules()
    return "\n".join([f"root ::= {' | '.join(roots)}", *rules]) if roots else None


def _chain(name: str, sentence: str, filer: str | None) -> "_Chain | None":
    words, lead = read_words(sentence), ""
    if not words and filer and not _QUOTED.search(sentence):
        words, lead = read_words(f'"{sentence.strip()}"'), f"{one_line(filer)} says: "
    begin = begin_of(words)
    if begin is None:
        return None
    # what tied it to the sentence before stood behind the quotation mark
    return _Chain(name, words, begin, f'{lead}"' if lead and begin else lead)


class _Chain:
    """The rules of one sentence; its name, `w` and a number name what follows a place. `lead` says who speaks."""

    def __init__(self, name: str, words: Sequence[Word], begin: int, lead: str) -> None:
        self._name = name
        self._words = words
        self._begin = begin
        self._lead = lead
        insertions = dict(insertions_of(words, begin))
        inside = {place for first, last in insertions.items() for place in range(first, last + 1)}
        least = begin + MIN_WORDS + opening_of(words[begin:])
        most = min(len(words), begin + MAX_WORDS + 1)
        ends = {place for place in range(least, most) if may_end(words[begin:place], words[place:])}
        self.ends = (ends - inside) | ({len(words)} if MIN_WORDS <= len(words) - begin <= MAX_WORDS else set())
        self._skips = {p: q for p, q in insertions.items() if q - p <= MAX_INSERTION and may_go(words[p:q])}

    @property
    def root(self) -> str:
        return f"{self._name}w{self._begin}"

    def rules(self) -> Iterator[str]:
        """One rule a place where something can be decided, in the order of the sentence."""
        last = max(self.ends)
        decided = {self._begin, *self._skips, *self._skips.values(), *self.ends}
        places = sorted(place for place in decided if place < last)
        for place, until in zip(places, [*places[1:], last], strict=True):
            yield f"{self._name}w{place} ::= {self._spelled(place, until)} {self._choice(until)}"

    def _spelled(self, first: int, until: int) -> str:
        """The words from one place to another; in front of the first stands what its choice wrote."""
        words = [word.text + word.stop for word in self._words[first : until - 1]] + [self._words[until - 1].text]
        text = " ".join(words)
        return _literal(self._lead + text[0].upper() + text[1:] if first == self._begin else text)

    def _choice(self, place: int) -> str:
        """What may follow the word before this place."""
        stop = self._words[place - 1].stop
        choices = []
        if place < max(self.ends):
            choices.append(f"{_literal(stop + ' ')} {self._name}w{place}")
        if (after := self._skips.get(place)) is not None and after < max(self.ends):
            choices.append(f"{_literal(' ')} {self._name}w{after}")
        if place in self.ends:
            choices.append(_literal("."))
        return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
