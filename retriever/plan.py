"""A question to the queries that are searched for it. Without a model, an index or a window; pure.

The whole question is always the first query. A question about several names, or of several things, asks each of
them of each: every part is searched on its own, too, so that none drowns and an unanswered one can be named.
Time words stay in the whole question alone: they widen what is searched and never filter it. So does what says how
the answer is to be written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.corpus.entities import NO_ENTITIES, Entities
from evidence.indexer.words import FUNCTION_WORDS, surface_words
from evidence.retriever.manner import without_manner
from evidence.retriever.mentions import Name, NameList, find_lists
from evidence.retriever.timewords import without_time_words

# Each query costs a search and the reading of what it found, about a second on two cores.
MAX_QUERIES = 12
# A question of so many words is a text; it is searched whole.
_MAX_WORDS = 400

_CLAUSE_END = re.compile(
    r"\s*(?:[;\n]|\?(?=\s)|(?<=[a-z0-9]{3})[.!]\s+(?=[A-Z]))+\s*"
    r"|,?\s+(?:and|but)\s+(?=(?:what|how|when|which|who|where|why|is|are|did|does|do|will|can)\b)",
)
# A clause of one word says nothing without the one before it.
_MIN_WORDS = 2
_COURTESIES = frozenset("thanks thank you please cheers ok".split())
_PREPOSITIONS = r"\b(?:of|for|at|from|by|in|on|about|with|to|into|across|among|between|per|via|under|on)\b"
_CHUNK_END = re.compile(rf"{_PREPOSITIONS}|\0+|[:()]", re.IGNORECASE)
_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+")
_WORD = re.compile(r"\S+")
# `and` inside of these joins one thing.
_ONE_THING = re.compile(
    r"\b(?:research and development|mergers and acquisitions|supply and demand|profit and loss|oil and gas|"
    r"terms and conditions|health and safety|cash and cash equivalents|property,? plant,? and equipment|"
    r"selling,? general,? and administrative|pros and cons|rise and fall|tax and interest|command and control)\b",
    re.IGNORECASE,
)
_MAX_FACET_WORDS = 4
_COMPARING = re.compile(
    r"^(?:please\s+)?(?:compare|contrast)\s+|\b(?:compared?|versus|vs|relative|than|against)\b\.?(?:\s+(?:with|to)\b)?",
    re.IGNORECASE,
)
_ORDER = re.compile(r"(?:calculate|compute|derive|estimate|explain)\b", re.IGNORECASE)
_ORDER = re.compile(r"(?:calculate|compute|derive|estimate|explain)\b", re.IGNORECASE)
_THING = re.compile(r"[A-Z0-9]|\w[/-]\w")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause without its time words; `lists` are the names in it."""

    text: str
    lists: tuple[NameList, ...]

    @property
    def listed(self) -> NameList | None:
        """The names of which each is asked for: the first that are listed, or all that are compared."""
        several = next((names for names in self.lists if len(names.names) > 1), None)
        if several is None and _COMPARING.search(self.text):
            compared = [name for names in self.lists for name in names.names if name.known or name.owns]
            return NameList(tuple(compared)) if len(compared) > 1 else None
        return several

    @property
    def beside(self) -> str:
        """Its text without the names of each of which is asked."""
        return self.text[: self.listed.start] + self.text[self.listed.end :] if self.listed else self.text

    @property
    def objects(self) -> str:
        """What it names beside lists of names: `CoWoS/die-attach tools`."""
        lists = [names for names in self.lists if len(names.names) > 1]
        chunks = [self.text[start:end] for start, end in _chunks(_masked(self.text, lists))]
        return " ".join(chunk.strip() for chunk in chunks if _THING.search(chunk))


def plan_queries(question: str, entities: Entities = NO_ENTITIES) -> tuple[str, ...]:
    """The queries, distinct, at most MAX_QUERIES: the whole question, then each part of it in the order asked."""
    whole = " ".join(question.split())
    if len(whole.split()) > _MAX_WORDS:
        return (whole,)
    clauses = _clauses(without_manner(question), entities)
    columns = [_parts(clause, clauses[:number], entities) for number, clause in enumerate(clauses)]
    kept = _in_turn(columns, MAX_QUERIES - 1)
    parts = [part for column in columns for part in column if part in kept]
    if len(clauses) == 1 and len(parts) == 1 and _same_words(parts[0], whole):
        parts = []
    return tuple(dict.fromkeys([whole, *parts]))


def unplanned_names(question: str, entities: Entities = NO_ENTITIES) -> tuple[str, ...]:
    """Those of the names of each of which the question asks that got no query of their own: the plan was full."""
    queries = plan_queries(question, entities)
    if len(queries) < MAX_QUERIES:
        return ()
    clauses = _clauses(without_manner(question), entities)
    lists = [clause.listed.names for clause in clauses if clause.listed]
    left = [n.text for names in lists for n in names if not any(_is_of(query, n, names) for query in queries[1:])]
    return tuple(dict.fromkeys(left))


def _is_of(query: str, name: Name, names: Sequence[Name]) -> bool:
    """Whether of these names the query holds this one alone."""
    return [n.text for n in names if re.search(rf"(?<!\w){re.escape(n.text)}(?!\w)", query)] == [name.text]


def _clauses(question: str, entities: Entities) -> list[_Clause]:
    found = [clause for text in _CLAUSE_END.split(question) if (clause := _clause(text, entities)).text]
    return _joined(found, entities)


def _same_words(part: str, whole: str) -> bool:
    return surface_words(part) == surface_words(whole)


def _in_turn(columns: Sequence[Sequence[str]], count: int) -> set[str]:
    """The first of each clause, then the second of each, up to so many: no clause is lost to another's names."""
    depth = max((len(column) for column in columns), default=0)
    turns = [column[place] for place in range(depth) for column in columns if place < len(column)]
    return set(list(dict.fromkeys(turns))[:count])


def _clause(text: str, entities: Entities) -> _Clause:
    text = _tidy(without_time_words(" ".join(text.replace("\0", " ").split())))
    return _Clause(text, tuple(find_lists(text, entities)))


def _joined(clauses: Sequence[_Clause], entities: Entities) -> list[_Clause]:
    """Names alone before a clause that names nobody are what it is about: `Intel, AMD; orders`."""
    joined: list[_Clause] = []
    for clause in clauses:
        if joined and not clause.lists and joined[-1].listed and not surface_words(joined[-1].beside):
            joined[-1] = _clause(f"{joined[-1].text} {clause.text}", entities)
        else:
            joined.append(clause)
    return joined


def _tidy(text: str) -> str:
    """Without the marks around it and the gaps and lone marks in it."""
    text = re.sub(r"\(\s*\)|\s+(?=[,;:?!)])", "", re.sub(r"\s+", " ", text))
    return re.sub(r"(?:,\s*)+,", ",", text).strip(" ,;:?!\0").removesuffix(".").strip(" ,")


def _parts(clause: _Clause, before: Sequence[_Clause], entities: Entities) -> list[str]:
    """The queries of one clause: each thing asked of each name, then what is asked of other names."""
    parts = [facet for frame in _frames(clause) for facet in _facets(frame, clause.lists)]
    listed = clause.listed
    if listed is not None:
        later = [other for other in clause.lists if other.start >= listed.end and len(other.names) > 1]
        parts += [_of_others(clause, other, entities) for other in later]
    if len(clause.text.split()) < _MIN_WORDS and not clause.lists:
        parts = []
    if not clause.lists and not _COURTESIES.issuperset(surface_words(clause.text)):
        followed = [f"{subject} {clause.text}" for subject in _subjects(before)]
        # an order goes on about whom the question is; what merely follows may be a question of its own
        parts = followed if followed and _ORDER.match(clause.text) else [*parts, *followed]
    return [part for part in dict.fromkeys(map(_tidy, parts)) if part]


def _subjects(before: Sequence[_Clause]) -> list[str]:
    """What a clause that names nobody goes on about: the names of the one before it, and the things it named."""
    for clause in reversed(before):
        if clause.lists:
            listed = clause.listed or clause.lists[0]
            named = clause.text[listed.start : listed.end]
            return [f"{named} {_COMPARING.sub(' ', clause.objects)}" if clause.listed else listed.names[0].text]
    return []


def _frames(clause: _Clause) -> list[str]:
    """The clause about each name of its list."""
    listed = clause.listed
    if listed is None:
        return [clause.text]
    if listed in clause.lists:
        return [
            _tidy(_COMPARING.sub(" ", f"{clause.text[: listed.start]}{name.text}{clause.text[listed.end :]}"))
            for name in listed.names
        ]
    return [_tidy(_COMPARING.sub(" ", _alone(clause.text, listed, name))) for name in listed.names]


def _alone(text: str, listed: NameList, kept: Name) -> str:
    """The text with one of its names, and without the others."""
    for name in reversed(listed.names):
        text = text[: name.start] + (name.text if name == kept else " ") + text[name.end :]
    return text


def _of_others(clause: _Clause, other: NameList, entities: Entities) -> str:
    """What the clause asks of names beside those of its list: of customers, say, what customers are asked for."""
    known = [entity.kind for name in other.names if (entity := entities.find(name.text)) and entity.kind]
    asks = entities.asks[known[0]] if known else ""
    named = clause.text[other.start : other.end]
    if not asks and not clause.objects:
        return clause.beside
    return f"{named} {clause.objects} {asks}"


def _facets(frame: str, lists: Sequence[NameList]) -> list[str]:
    """One query for each thing of the first `order backlogs, pricing and lead times`; else the text itself."""
    masked = frame
    for name in (name for names in lists for name in names.names):
        masked = re.sub(rf"{re.escape(name.text)}(?:['’]s?)?", lambda found: "\0" * len(found[0]), masked)
    masked = _ONE_THING.sub(lambda match: "_" * len(match[0]), masked)
    for start, end in _chunks(masked):
        gaps = [match.span() for match in _AND.finditer(masked, start, end)]
        firsts, lasts = [start, *(last for _, last in gaps)], [*(first for first, _ in gaps), end]
        parts = [frame[first:last].strip() for first, last in zip(firsts, lasts, strict=True)]
        if len(parts) > 1 and all(_is_facet(masked[a:b]) for a, b in zip(firsts, lasts, strict=True)):
            lead = _lead(frame[:start], lists)
            bound = len(surface_words(frame[lead:start] + parts[0]))
            own = [lead if len(surface_words(part)) > bound else start for part in parts]
            return [f"{frame[:at]} {part} {frame[end:]}" for at, part in zip(own, _whole(parts), strict=True)]
    return [frame]


def _lead(before: str, lists: Sequence[NameList]) -> int:
    """Where a thing's name begins that stands right before the facets, somebody being named earlier; or the end.

    In `Nvidia on H20 inventory and data center revenue` H20 is the inventory's: the other has words of its own.
    """
    named = [name for names in lists for name in names.names if name.text in before]
    for name in named:
        if len(named) > 1 and not name.known and before.rstrip().endswith(name.text):
            return len(before.rstrip()) - len(name.text)
    return len(before)


def _is_facet(text: str) -> bool:
    words = surface_words(text)
    return 0 < len(words) <= _MAX_FACET_WORDS and not FUNCTION_WORDS & set(words)


def _whole(parts: Sequence[str]) -> list[str]:
    """`3nm`, `5nm yields` are `3nm yields`, `5nm yields`."""
    tail = " ".join(parts[-1].split()[1:])
    return [f"{part} {tail}" if tail and " " not in part and part[:1].isdigit() else part for part in parts]


def _masked(text: str, lists: Sequence[NameList]) -> str:
    """The text with its names blotted out, every character in its place."""
    for name in (name for names in lists for name in names.names):
        text = text[: name.start] + "\0" * (name.end - name.start) + text[name.end :]
    return text


def _chunks(masked: str) -> list[tuple[int, int]]:
    """Where phrases stand between prepositions and names, without the function words that they begin with."""
    spans, at = [], 0
    for match in [*_CHUNK_END.finditer(masked), None]:
        end = match.start() if match else len(masked)
        words = list(_WORD.finditer(masked, at, end))
        while words and words[0][0].casefold() in FUNCTION_WORDS:
            words.pop(0)
        if words:
            spans.append((words[0].start(), words[-1].end()))
        at = match.end() if match else end
    return spans
