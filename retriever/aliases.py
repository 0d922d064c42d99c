"""The names in a query to clauses: whichever form of a name is written, its other forms are looked for, too.

Forms come from entities.toml and from the documents of the ranges that are searched, and from nowhere else: what
lies outside of a window changes no ranking. What the user wrote is never replaced; a clause gets more spellings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evidence.corpus.entities import Entities
from evidence.corpus.naming import is_whole, name_key, plain_name
from evidence.indexer.names import hash_key
from evidence.indexer.store import Index
from evidence.indexer.words import FUNCTION_WORDS, index_words, surface_words
from evidence.retriever.filters import Filter
from evidence.retriever.ranges import Range, every_range, find_ranges
from evidence.retriever.terms import Clause, plain_clauses
from evidence.retriever.window import Window

# No name that people write is longer, and no question that a person writes names more.
MAX_NAME_WORDS = 7
_MAX_WORDS = 256
# Spellings of one clause, the user's own included: each costs a look at its words' postings.
MAX_SPELLINGS = 12
# Other forms of a name that an embedder is told. Of 60 documents that use only the form a query does not, its
# ranking has 0.60 among the first ten without any and 0.98 with two (bench/aliases.py).
SPELT_OUT = 2
# A written name of more words counts whole or by one word.
_PARTED_WORDS = 3
# A short form that documents give to more names than this means none of them.
_MAX_NAMES = 3
# From a ticker to a name and from that to a short form.
_STEPS = 2

_RUN = re.compile(r"[^/,;:?!()\[\]{}\"“”]+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: where it stands, and every other form that is known of it, the best known first."""

    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with its names known: `spelt_out` for the ranking by meaning, `clauses` for the one by words.

    `forms` has every other form of each name, by how it is written in the query.
    """

    spelt_out: str
    clauses: tuple[Clause, ...]
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def name_query(query: str, ranges: Sequence[Range], entities: Entities) -> NamedQuery:
    """A query without a name of which another form is known stays as it is."""
    mentions = find_mentions(query, ranges, entities)
    if not mentions:
        return NamedQuery(query, plain_clauses(query))
    forms = {query[mention.start : mention.end]: mention.forms for mention in mentions}
    return NamedQuery(_spelt_out(query, mentions), _name_clauses(query, mentions), forms)


def _spelt_out(query: str, mentions: Sequence[Mention]) -> str:
    """`KLIC (K&S, Kulicke & Soffa) orders`: an embedder knows few tickers, and puts such a query near its names."""
    parts, at = [], 0
    for mention in mentions:
        own = name_key(query[mention.start : mention.end])
        others = [form for form in mention.forms if name_key(form) != own and not form.isdecimal()]
        parts += [query[at : mention.end], f" ({', '.join(others[:SPELT_OUT])})" if others else ""]
        at = mention.end
    return "".join([*parts, query[at:]])


def _name_clauses(query: str, mentions: Sequence[Mention]) -> tuple[Clause, ...]:
    """Each name with all of its forms, each other word by itself."""
    rest, at = [], 0
    for mention in mentions:
        rest.append(query[at : mention.start])
        at = mention.end
    others = " ".join([*rest, query[at:]])
    named = dict.fromkeys(_clause(query[m.start : m.end], m.forms) for m in mentions)
    plain = plain_clauses(others) if set(surface_words(others)) - FUNCTION_WORDS else ()
    known = {spelling for clause in named for spelling in clause.spellings}
    return (*named, *(clause for clause in plain if not known.issuperset(clause.spellings)))


def find_mentions(text: str, ranges: Sequence[Range], entities: Entities) -> list[Mention]:
    """The names in a text of which another form is known, in order; of names that overlap the longest."""
    spans = _spans(text)
    stated = _Stated(ranges)
    stated.look_up({name_key(text[start:end]) for start, end in spans})
    found: list[Mention] = []
    for start, end in spans:
        if all(end <= other.start or other.end <= start for other in found):
            forms = _forms(text[start:end], entities, stated)
            if forms:
                found.append(Mention(start, end, forms))
    return sorted(found, key=lambda mention: mention.start)


def name_clause(name: str, ranges: Sequence[Range], entities: Entities) -> Clause:
    """A name by itself: it or one of its other forms, each of them whole."""
    forms = [form for mention in find_mentions(name, ranges, entities) for form in mention.forms]
    spellings = [_spell(form) for form in (name, *forms) if not form.isdecimal()]
    return Clause(tuple(dict.fromkeys(filter(_is_about, spellings)))[:MAX_SPELLINGS])


def find_named_ranges(index: Index, window: Window, where: Filter, entities: Entities) -> list[Range]:
    """`find_ranges` with a filter by ticker that knows the company's other tickers and its names."""
    return find_ranges(index, window, name_filter(index, window, where, entities))


def name_filter(index: Index, window: Window, where: Filter, entities: Entities) -> Filter:
    """The filter with the names of the company that its ticker is of, as entities.toml and the window give them."""
    if where.ticker is None:
        return where
    ranges = find_ranges(index, window, replace(where, ticker=None))
    return replace(where, names=_keys_of_ticker(where.ticker, ranges, entities))


def held_filter(index: Index, where: Filter, entities: Entities) -> Filter:
    """The same with names from documents of any date: for what an archive holds at all, never for a ranking."""
    if where.ticker is None:
        return where
    return replace(where, names=_keys_of_ticker(where.ticker, every_range(index), entities))


def _keys_of_ticker(ticker: str, ranges: Sequence[Range], entities: Entities) -> frozenset[str]:
    entity = entities.by_ticker(ticker) or entities.find(ticker)
    stated = _Stated(ranges)
    forms = stated.forms([*(entity.forms if entity else ()), ticker.upper()])
    return frozenset(map(name_key, [*(entity.forms if entity else ()), *forms]))


def _spans(text: str) -> list[tuple[int, int]]:
    """Runs of words that no punctuation parts, the longest first."""
    spans = []
    count = 0
    for run in _RUN.finditer(text):
        words = [(run.start() + w.start(), run.start() + w.end()) for w in _WORD.finditer(run[0])]
        words = [(start, start + len(text[start:end].rstrip(".'’"))) for start, end in words]
        words = words[: max(0, _MAX_WORDS - count)]
        count += len(words)
        for first in range(len(words)):
            for last in range(first, min(first + MAX_NAME_WORDS, len(words))):
                start, end = words[first][0], words[last][1]
                if is_whole(text[start:end]):
                    spans.append((last - first, start, end))
    return [(start, end) for _, start, end in sorted(spans, key=lambda span: (-span[0], span[1]))]


class _Stated:
    """What the documents of some ranges state of names, looked up once a key."""

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._files = [(part.segment.names, part) for part in ranges]
        self._known: dict[str, dict[tuple[str, ...], int]] = {}

    def look_up(self, keys: Iterable[str]) -> None:
        """Asks every segment for the keys that have not been asked for yet."""
        new: dict[int, dict[tuple[str, ...], int]] = {}
        for key in {key for key in keys if key} - self._known.keys():
            self._known[key] = new.setdefault(hash_key(key), {})
        if not new:
            return
        hashed = np.sort(np.array(list(new), np.uint64))
        for names, part in self._files:
            for stated in names.find(hashed, part.first, part.wanted):
                counts = new[stated.key]
                counts[stated.forms] = counts.get(stated.forms, 0) + stated.documents

    def forms(self, written: Sequence[str]) -> list[str]:
        """All that can be reached from these forms in a few steps, most stated first."""
        reached: dict[str, int] = {}
        todo = list(written)
        for _ in range(_STEPS):
            self.look_up(map(name_key, todo))
            found = [pair for form in todo for pair in self._pairs(form)]
            todo = [form for forms, _ in found for form in forms if form not in reached]
            for forms, count in found:
                for form in forms:
                    reached[form] = max(reached.get(form, 0), count)
        return sorted(reached, key=lambda form: (-reached[form], form))

    def _pairs(self, written: str) -> list[tuple[tuple[str, ...], int]]:
        key = name_key(written)
        pairs = [
            (forms, count)
            for forms, count in self._known.get(key, {}).items()
            if any(name_key(form) == key and _is_written(form, written) for form in forms)
        ]
        names = {name_key(forms[0]) for forms, _ in pairs}
        return pairs if len(names) <= _MAX_NAMES else []


def _is_written(form: str, written: str) -> bool:
    """Whether this is the form, and not an ordinary word: one that is a word needs its capitals."""
    return " " in plain_name(form) or plain_name(written) == plain_name(form) or written.isupper()


def _forms(written: str, entities: Entities, stated: _Stated) -> tuple[str, ...]:
    entity = entities.find(written)
    listed = entity.forms if entity else ()
    return tuple(dict.fromkeys([*listed, *stated.forms([written, *listed])]))


def _clause(written: str, forms: Sequence[str]) -> Clause:
    """What was written, whole and in parts, as it would count without aliases; then each other form, whole."""
    own = _spell(written)
    longest = len(own) if len(own) <= _PARTED_WORDS else 1
    parts = [own[first : first + size] for size in range(1, longest + 1) for first in range(len(own) - size + 1)]
    others = [_spell(form) for form in forms if not form.isdecimal()]
    spellings = [own, *filter(_is_about, [*parts, *others])]
    return Clause(tuple(dict.fromkeys(spellings))[:MAX_SPELLINGS])


def _spell(form: str) -> tuple[str, ...]:
    return tuple(index_words(re.sub(r"\b(?:and|the)\b", " ", plain_name(form))))


def _is_about(words: tuple[str, ...]) -> bool:
    """Whether it is more than words that stand in every passage."""
    return any(word not in FUNCTION_WORDS and len(word) > 1 for word in words)
