"""Who speaks where in the transcript of a call or an interview, by the shape of its lines. Pure; linear time.

A turn starts with its speaker: `Jane Doe:` before the words, or `Jane Doe -- Chief Financial Officer` and its like
on a line alone. A text is a transcript if several names take turns; in any other, a name before a colon is prose.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from evidence.corpus.values import Mark, MarkKind

KIND = "transcript"
# Measured with the shares below on 6,480 news articles: 62 are found, 60 of them podcasts and interviews written as
# turns, two of them lists of scores and odds. Without the shares it would be 161.
MIN_TURNS = 6
MIN_SPEAKERS = 2
# the share of turns whose speaker has more than one: the fields of a form come once each
MIN_RETURNING = 0.6
# the share of turns that end as a sentence does
MIN_FINISHED = 0.6
# the share of the text behind the first turn: an article that holds an interview is still an article
MIN_SHARE = 0.5
# Names stand at the head of a line; what is longer is a sentence.
_MAX_LINE = 160
_MAX_TURNS = 20_000

_WORD = r"[^\W\d_][\w.’'\-]{0,30}"
_NAME = rf"{_WORD}(?:[ \t]{{1,2}}(?:{_WORD}|&)){{0,5}}"
_NAME_ONLY = re.compile(_NAME)
_PREFIX = re.compile(
    rf"(?:\*\*|__)?(?P<name>{_NAME})(?P<role>(?:\s*[,(]|\s+[-–—]{{1,2}}\s)[^:\n]{{2,90}})?:(?:\*\*|__)?(?:\s|$)"
)
_DASH = re.compile(r"\s+(?:--|—|–|-|\||//)\s+|--|—")
_BULLET = re.compile(r"\A[\s*•·#>_-]{1,6}(?=\S)")
_ROLE = re.compile(
    r"\b(?:chief|officer|president|chair(?:man|woman|person)?|director|analyst|operator|head|founder|treasurer"
    r"|secretary|controller|manager|partner|executive|relations|ceo|cfo|coo|cto|evp|svp|vp|ir|moderator|host)\b",
    re.IGNORECASE,
)
# What a turn announces before a colon, and nobody is called.
_TOPIC = re.compile(
    r"\b(?:outlook|guidance|results?|revenues?|sales|margins?|earnings|income|expenses?|costs?|cash|debt|dividends?"
    r"|capital|tax(?:es)?|backlog|orders?|bookings?|segments?|quarter(?:ly)?|year|half|fiscal|annual|summary|highlights?"
    r"|updates?|overview|conclusions?|agenda|statements?|balance|operating|takeaways?|financials?|business|markets?"
    r"|products?|strategy|risks?|steps|topics?|notes?|disclosures?|sources?)\b",
    re.IGNORECASE,
)
# What follows the last words of a call: the law, the company, the publisher.
_AFTERWORD = re.compile(
    r"[\W_]{0,6}(?:about\s+(?-i:[A-Z])|copyright\b|\(c\)\s|all rights reserved|disclaimers?\b|disclosures?\b"
    r"|(?:cautionary|forward[- ]looking|safe[- ]harbou?r)\b|this (?:transcript|article|document|presentation)\b"
    r"|the information contained\b|transcript (?:provided|powered|by)\b|duration:"
    r"|(?:media |investor |press )?contacts?:|end of (?:transcript|call|document)|source:|more \w+ analysis)",
    re.IGNORECASE,
)
_CONCLUDED = re.compile(
    r"\b(?:conclude[sd]?|ends) (?:\w+['’]?s? ){0,4}(?:call|conference|session|presentation|webcast|event|program)"
    r"|\b(?:may|can) (?:all |now )*(?:disconnect|log off)",
    re.IGNORECASE,
)
_LOWER = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ][a-zß-öø-ÿ'’-]*")
_SENTENCE_END = re.compile(r"[.!?…。？！][\"'”’)\]]*\Z")
_ALONE = frozenset(
    "operator|moderator|unidentified analyst|unidentified speaker|unidentified participant".split("|")
)
_ASKED = frozenset("q|a|question|answer|interviewer".split("|"))
_PARTICLES = frozenset("al bin da de del della den der di dos du el la le ten ter van von y zu".split())
_PREPARED, _ASKING = "Prepared remarks", "Questions and answers"
_HEADINGS = {
    _PREPARED: r"(?:management(?:['’]s)?\s+)?(?:prepared remarks|presentation|discussion section|opening remarks)",
    _ASKING: r"(?:questions?\s*(?:and|&)\s*answers?|q\s*(?:&|and)\s*a)(?: session| section)?",
    # a list of participants
    "": r"(?:(?:corporate|company|conference call|call|other|key)\s+)?"
    r"(?:participants|executives|analysts|speakers|attendees)(?: on the call)?",
}
_HEADING_FORMS = {label: re.compile(form, re.IGNORECASE) for label, form in _HEADINGS.items()}


@dataclass(frozen=True, slots=True)
class _Turn:
    """A line that may start a turn; `alone` where the words come on the next line."""

    start: int
    name: str
    role: str | None
    alone: bool

    @property
    def key(self) -> str:
        return _key(self.name)


@dataclass(slots=True)
class _Scan:
    """What the lines hold: turns, the roles that a list of participants states, and headings by label."""

    turns: list[_Turn] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    headings: list[Mark] = field(default_factory=list)


def find_speakers(text: str) -> tuple[Mark, ...]:
    """Marks of kind SPEAKER, and of kind SECTION for the two halves of a call; none where it is no transcript.

    The role that a speaker's first turn or the list of participants names holds for each of the speaker's turns.
    """
    scan = _scan(text)
    if len(scan.turns) < MIN_TURNS:
        return ()
    turns = _speaking(scan, text)
    if not _takes_turns(turns, text):
        return ()
    speakers = [Mark(turn.start, turn.name, MarkKind.SPEAKER, turn.role) for turn in turns]
    # a list of participants behind the call is nobody's words
    lists = [heading.start for heading in scan.headings if not heading.label and heading.start > turns[0].start]
    ends = [Mark(start, "", MarkKind.SPEAKER) for start in (*lists, *_afterword(text, turns[-1].start))]
    return tuple(sorted([*speakers, *ends, *_halves(scan.headings, turns)], key=lambda mark: mark.start))


def _scan(text: str) -> _Scan:
    scan, listed, at = _Scan(), False, 0
    for raw in text.splitlines(keepends=True):
        head = raw[: 2 * _MAX_LINE].lstrip()
        start, at = at + len(raw[: 2 * _MAX_LINE]) - len(head), at + len(raw)
        line = head.rstrip()
        short = len(line) <= _MAX_LINE
        bare = line.strip("#*_ \t")
        if not bare:
            continue
        label = _heading(bare) if short else None
        if label is not None:
            scan.headings.append(Mark(start, label))
            listed = not label
        elif listed and short and (entry := _entry(_BULLET.sub("", bare, count=1))):
            scan.roles.setdefault(_key(entry[0]), entry[1])
        elif (turn := _turn(start, line, bare)) and len(scan.turns) < _MAX_TURNS:
            listed = listed and turn.alone
            scan.turns.append(turn)
    return scan


def _heading(line: str) -> str | None:
    """The section that a heading opens; empty for a list of participants, None for no heading."""
    line = line.removesuffix(":").rstrip()
    return next((label for label, form in _HEADING_FORMS.items() if form.fullmatch(line)), None)


def _turn(start: int, line: str, bare: str) -> _Turn | None:
    if match := _PREFIX.match(line):
        role = (match["role"] or "").strip(" ,()-–—\t")
        # a day or a score is nobody's role
        named = _is_name(match["name"]) and not any(character.isdigit() for character in role)
        return _Turn(start, match["name"], role or None, alone=False) if named else None
    if len(line) > _MAX_LINE:
        return None
    if bare.lower() in _ALONE:
        return _Turn(start, bare, bare, alone=True)
    if entry := _entry(bare):
        return _Turn(start, *entry, alone=True) if _ROLE.search(entry[1]) else None
    return _Turn(start, bare, None, alone=True) if _NAME_ONLY.fullmatch(bare) and _is_name(bare) else None


def _entry(line: str) -> tuple[str, str] | None:
    """Name and role of `Jane Doe, CFO`, `Jane Doe - Chief Financial Officer`, `Jane Doe -- A Bank -- Analyst`."""
    if line.endswith((".", "?", "!", ";")):
        return None
    parts = [part.strip(" *_,\t") for part in _DASH.split(line, maxsplit=3)]
    name, _, rest = parts[0].partition(",")
    role = ", ".join(part for part in (rest.strip(), *parts[1:]) if part)
    return (name, role) if role and _NAME_ONLY.fullmatch(name) and _is_name(name) else None


def _is_name(name: str) -> bool:
    """Each word with a capital, particles apart: `Fun fact` is nobody."""
    return all(not word[0].islower() or (at and word in _PARTICLES) for at, word in enumerate(name.split()))


def _afterword(text: str, last: int) -> list[int]:
    """Where behind the beginning of the last turn nobody speaks any more; nowhere, if the call just ends."""
    at, concluded = last, False
    for number, line in enumerate(text[last:].splitlines(keepends=True)):
        if number and line.strip() and (concluded or _AFTERWORD.match(line[:_MAX_LINE])):
            return [at]
        concluded = concluded or _CONCLUDED.search(line) is not None
        at += len(line)
    return []


def _speaking(scan: _Scan, text: str) -> list[_Turn]:
    """The turns with their speakers' roles. A bare name on a line of its own speaks if it is known from elsewhere,
    and a single word before a colon if it comes back: `Note:` and its like are nobody. Nor are topics."""
    roles = dict(scan.roles)
    for turn in scan.turns:
        if turn.role:
            roles.setdefault(turn.key, turn.role)
    counts = Counter(turn.key for turn in scan.turns if not turn.alone)
    kept, prose = [], frozenset(_LOWER.findall(text))
    for turn in scan.turns:
        known = turn.key in roles or turn.key in _ASKED
        topic = _TOPIC.search(turn.name) and not _ROLE.search(turn.name)
        if not topic and " " in turn.name:
            topic = all(_is_said(word, prose) for word in turn.name.split())
        if known or (not topic and not turn.alone and (" " in turn.name or counts[turn.key] > 1)):
            role = turn.role or roles.get(turn.key)
            kept.append(replace(turn, role=None if role == turn.name else role))
    return kept


def _is_said(word: str, prose: frozenset[str]) -> bool:
    """Whether a word is one of the text's small ones; a name is not, or is not in all of its parts."""
    return word.lower() in prose or word.lower() in _PARTICLES


def _takes_turns(turns: list[_Turn], text: str) -> bool:
    """Whether persons come back and say sentences, as they do where people talk to each other; a form's fields are
    single words or hold few."""
    if len(turns) < MIN_TURNS:
        return False
    counts = Counter(turn.key for turn in turns)
    persons = {turn.key for turn in turns if turn.role or " " in turn.name or turn.key in _ALONE | _ASKED}
    returning = [key for key, count in counts.items() if count > 1]
    said = [
        text[turn.start : after] for turn, after in zip(turns, [*(t.start for t in turns[1:]), None], strict=True)
    ]
    finished = sum(_SENTENCE_END.search(words[-40:].rstrip()) is not None for words in said)
    return (
        len(persons & set(returning)) >= MIN_SPEAKERS
        and sum(counts[key] for key in returning) >= MIN_RETURNING * len(turns)
        and 2 * sum(counts[key] for key in persons) >= len(turns)
        and finished >= MIN_FINISHED * len(turns)
        and len(text) - turns[0].start >= MIN_SHARE * len(text)
    )


def _halves(headings: list[Mark], turns: list[_Turn]) -> list[Mark]:
    """The heading of each half: of the first the last one before the second turn, of the other the first one after
    the first turn; others stand in a table of contents."""
    prepared = [mark for mark in headings if mark.label == _PREPARED and mark.start < turns[1].start]
    asked = [mark for mark in headings if mark.label == _ASKING and mark.start > turns[0].start]
    return [*prepared[-1:], *asked[:1]]


def _key(name: str) -> str:
    return " ".join(name.lower().replace(".", "").split())
