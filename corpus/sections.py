"""Where the items of a 10-K, 10-Q, 8-K, 20-F, 10-KSB or 10-QSB begin in its text. Pure; HTML's or plain text.

A heading is a line that starts with "Item", a number that the form has, and words that the form gives this item.
Tables of contents and references to other items look alike; they are told apart by what stands around them, and
by the order of the form.
"""

import re
from dataclasses import dataclass
from itertools import islice

from evidence.corpus.items import ANNUAL, ANNUAL_SMALL, CURRENT, FOREIGN, QUARTERLY, QUARTERLY_SMALL, Item
from evidence.corpus.page_index import Entry, sections_by_page
from evidence.corpus.values import Mark, MarkKind

# A filing has some dozens of such lines; a text of more is made of nothing else, and is not a filing.
_MAX_HEADINGS = 5_000
# How far into the text the form names itself.
_COVER = 12_000
# How much of a heading is read; the longest official title has 160 characters.
_HEADING = 240
# Entries of a table of contents follow each other this closely, and at least so many of them.
_ENTRY_GAP = 330
_ENTRIES = 4
# Where page numbers say so, they may stand further apart: the statements of Item 1 are listed below it.
_PAGED_GAP = 1_500
# Of two lines for one item the one with more text below it is the heading, up to a page's worth.
_PAGE = 3_000

# "Items 1 and 2", "Items 10, 11, 12, 13 and 14".
_MAX_JOINED = 6
# A report with fewer item headings than this may have an index of items and pages in their place.
_FEW = 3

# without dashes, as they are written or not; the longer name first
_FORMS = {
    "10KSB": ANNUAL_SMALL,
    "10QSB": QUARTERLY_SMALL,
    "10K": ANNUAL,
    "10Q": QUARTERLY,
    "8K": CURRENT,
    "20F": FOREIGN,
}
_FORM = re.compile(r"\bform\s{1,20}(10-?\s?[KQ](?:-?\s?SB)?|8-?\s?K|20-?\s?F)(?![a-z])", re.IGNORECASE)
_NUMBER = r"(?:\d\s?\.\s?\d\d|\d{1,2}(?:\s?\(?[A-K]\)?(?![a-z]))?)(?!\d)"
_START = re.compile(
    r"^[^\S\n]*(?:[>|•*#]{1,2}[^\S\n]*)?(?:part[^\S\n]{1,4}(?P<part>I{1,3}|IV)[^\S\n]{0,9}[-–—,.:;|/]?[^\S\n]{0,9})?"
    rf"items?[^\S\n]{{0,9}}(?:no\.?|\|)?[^\S\n]{{0,9}}(?P<number>{_NUMBER})(?:[^\S\n]?\([a-z]\)){{0,3}}(?P<rest>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_JOINED = re.compile(rf"\s*[.,]?\s*(?:,|and|&|through)\s*(?:items?\s*)?({_NUMBER})", re.IGNORECASE)
_POINT = re.compile(r"^[\s.:;|)\]–—*_-]+")
# What follows the number where another item is only mentioned.
_MENTION = re.compile(
    r"(?:,|and|or|of|in|to|above|below|under|herein|hereof|is|are|was|were|has|have|for|as|which|that|contains?|"
    r"includes?|shall|may|also|[“\"‘'(]\s?(?!reserved|removed|omitted|not)[a-z])\b",
    re.IGNORECASE,
)
_MENTIONED = re.compile(
    r"[^.\n]{0,200}[”\"’']?,?\s(?:(?:of|in|to|from)\s(?:our|this|the|its)\s(?:\d{4}\s)?(?:annual|quarterly|current|form|report)"
    r"|(?:above|below|herein|hereof)\b)",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\W*(?:(?:intentionally|removed|and|reserved|omitted|not\s(?:applicable|required)|none|n/a|deleted)\W*){0,4}",
    re.IGNORECASE,
)
_PAGED = re.compile(
    r"(?:[|.…\s–-]|\bpages?\b)\s*(?:F-|S-|I-)?\d{1,3}(?:\s?[-–,]\s?\d{1,3})*\s*\|?\s*$", re.IGNORECASE
)
# The end of a line, in which its page number stands.
_TAIL = 60
_SIGNATURE = re.compile(
    r"^[^\S\n]*(?:\|\s?)?s ?i ?g ?n ?a ?t ?u ?r ?e ?s?[^\S\n]{0,99}[.:]?[^\S\n]{0,99}$",
    re.IGNORECASE | re.MULTILINE,
)
# A filing has one, or one for each company; a text of such lines is none.
_MAX_SIGNATURES = 50
_SIGNED = re.compile(r"pursuant\s+to\s+the\s+requirements|duly\s+(?:caused|authorized)|/s/", re.IGNORECASE)
_PART_LINE = re.compile(r"\W*part\s+[IV]{1,3}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that may begin an item: where, which items in the form's order, whether a page number ends it."""

    start: int
    rank: int
    items: tuple[Item, ...]
    paged: bool


def find_sections(text: str, form: str | None) -> tuple[Mark, ...]:
    """Marks at the headings of the filing's items, in order; the last, without a label, at the signature.

    None for other forms; `form` None lets the cover say it. An amendment has the items of what it amends.
    """
    items = _items_of(text, form)
    if items is None:
        return ()
    headings = _headings(text, items)
    if items is CURRENT:
        chosen = _first_of_each(_of_one_age(_before_signature(text, headings)), len(text))
    else:
        chosen = _in_order(_without_contents(headings, len(text)), len(items), len(text))
        if len(chosen) < _FEW:
            by_page = sections_by_page(text, _index_entries(text, headings))
            if by_page:
                return tuple(Mark(start, label, MarkKind.SECTION) for start, label in by_page)
    marks = [Mark(heading.start, _label(heading), MarkKind.SECTION) for heading in chosen]
    end = _signature(text, chosen[-1].start) if chosen else None
    return (*marks, Mark(end, "", MarkKind.SECTION)) if end is not None else tuple(marks)


def _items_of(text: str, form: str | None) -> tuple[Item, ...] | None:
    if form is None:
        named = _FORM.search(text[:_COVER])
        form = named[1] if named else ""
    plain = re.sub(r"[\s-]", "", form.upper())
    return next((items for name, items in _FORMS.items() if plain.startswith(name)), None)


def _label(heading: _Heading) -> str:
    first = heading.items[0]
    if len(heading.items) == 1:
        return first.label
    part = f"Part {first.part}, " if first.part else ""
    numbers = " and ".join(item.number for item in heading.items)
    return f"{part}Items {numbers}. {' and '.join(item.title for item in heading.items)}"


def _headings(text: str, items: tuple[Item, ...]) -> list[_Heading]:
    found: list[_Heading] = []
    for seen, match in enumerate(_START.finditer(text)):
        if seen > _MAX_HEADINGS:
            return []
        if not _begins_block(text, match.start(), found):
            continue
        named = _named(text, match, items)
        if named:
            rest = match["rest"]
            found.append(
                _Heading(_first_letter(text, match), items.index(named[0]), named, bool(_PAGED.search(rest)))
            )
        if len(found) > _MAX_HEADINGS:
            return []
    return found


def _first_letter(text: str, match: re.Match[str]) -> int:
    return match.start() + len(match[0]) - len(match[0].lstrip())


def _begins_block(text: str, start: int, found: list[_Heading]) -> bool:
    """Whether the line before it is no prose that runs on into it."""
    if not start:
        return True
    before = text[max(0, start - 200) : start - 1].rpartition("\n")[2].strip()
    if not before or not any(c.islower() for c in before) or _PART_LINE.match(before):
        return True
    return _START.match(before) is not None or (before[-1] in ".:" and len(before) < 60)


def _named(text: str, match: re.Match[str], items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items that this line heads; none where it only mentions one, or has words of no item."""
    numbers = [_plain(match["number"])]
    at = match.start("rest")
    while len(numbers) < _MAX_JOINED and (joined := _JOINED.match(text, at)):
        numbers.append(_plain(joined[1]))
        at = joined.end()
    after = text[at : at + _HEADING]
    point = _POINT.match(after)
    head = after[point.end() :] if point else after
    # a title on the next line belongs to it, the first paragraph below does not
    words = " ".join(head.split("\n\n")[0].split())
    if _is_mention(point[0] if point else "", words) or (items is CURRENT and match["part"]):
        # a report of today may speak of items of the annual one
        return ()
    alone = not match["rest"].strip(" .:-–—|")
    return tuple(item for number in numbers for item in _meant(number, words[:160], items, alone)[:1])


def _is_mention(point: str, words: str) -> bool:
    """Whether a sentence goes on after the number or the title; a point or a new paragraph ends a heading."""
    goes_on = point.strip() in ("", ",") and "\n\n" not in point
    return (goes_on and _MENTION.match(words) is not None) or _MENTIONED.match(words[:220]) is not None


def _meant(number: str, words: str, items: tuple[Item, ...], alone: bool) -> list[Item]:
    """The items of this number that the words fit; where a number has one meaning it may also stand alone."""
    same = [item for item in items if item.number == number]
    meant = [item for item in same if item.words.search(words)]
    if meant or len(same) != 1:
        return meant
    return same if _EMPTY.fullmatch(words) or (alone and items is CURRENT) else []


def _plain(number: str) -> str:
    return re.sub(r"[\s()]", "", number).upper()


def _without_contents(headings: list[_Heading], length: int) -> list[_Heading]:
    """Without the entries of tables of contents: many page numbers, or close runs near the top."""
    entries: set[int] = set()
    for gap, is_contents in ((_ENTRY_GAP, _near_top), (_PAGED_GAP, _mostly_paged)):
        run: list[_Heading] = []
        for heading in headings:
            if run and (heading.start - run[-1].start > gap or (not heading.paged and heading.rank < run[-1].rank)):
                entries |= is_contents(run, length)
                run = []
            run.append(heading)
        entries |= is_contents(run, length)
    return [heading for heading in headings if not heading.paged and heading.start not in entries]


def _near_top(run: list[_Heading], length: int) -> set[int]:
    """The run's places if it is a table of contents: not the short items at the end of a filing."""
    is_first = bool(run) and run[0].start < max(_COVER, length // 8)
    return {heading.start for heading in run} if len(run) >= _ENTRIES and is_first else set()


def _mostly_paged(run: list[_Heading], length: int) -> set[int]:
    """The run's places if page numbers end most of its lines, wherever it stands."""
    paged = sum(heading.paged for heading in run)
    return {heading.start for heading in run} if paged >= 2 and 3 * paged >= len(run) else set()


def _index_entries(text: str, headings: list[_Heading]) -> list[Entry]:
    """The rows of the largest table of items and pages."""
    runs: list[list[_Heading]] = [[]]
    for heading in headings:
        if runs[-1] and heading.start - runs[-1][-1].start > _PAGED_GAP:
            runs.append([])
        runs[-1].append(heading)
    run = max(runs, key=lambda run: (sum(heading.paged for heading in run), len(run)))
    if sum(heading.paged for heading in run) < _FEW:
        return []
    ends = [heading.start for heading in run[1:]]
    last = run[-1].start if run else 0
    ends.append(_signature(text, last) or min(last + _ENTRY_GAP, len(text)))
    return [
        Entry(heading.items[0], heading.start, min(end, heading.start + _PAGED_GAP))
        for heading, end in zip(run, ends, strict=True)
    ]


def _in_order(headings: list[_Heading], ranks: int, length: int) -> list[_Heading]:
    """The best run of headings in the form's own order: many items, each with much text below it."""
    best: list[tuple[float, list[_Heading]]] = [(0.0, [])] * (ranks + 1)
    for heading, weight in zip(headings, _weights(headings, length), strict=True):
        before = max(best[: heading.rank + 1], key=lambda chain: chain[0])
        last = heading.rank + len(heading.items)
        score = before[0] + weight * len(heading.items)
        if score > best[min(last, ranks)][0]:
            best[min(last, ranks)] = (score, [*before[1], heading])
    return max(best, key=lambda chain: chain[0])[1]


def _weights(headings: list[_Heading], length: int) -> list[float]:
    """One for an item found, and up to a half more for the text until the next heading of another."""
    weights = []
    until = length
    for at in reversed(range(len(headings))):
        heading = headings[at]
        if at + 1 < len(headings) and headings[at + 1].rank != heading.rank:
            until = headings[at + 1].start
        weights.append(1 + 0.5 * min(until - heading.start, _PAGE) / _PAGE)
    return weights[::-1]


def _first_of_each(headings: list[_Heading], length: int) -> list[_Heading]:
    """For each item the heading with the most text below it, the first of equals; in the text's order."""
    best: dict[str, tuple[float, _Heading]] = {}
    for heading, weight in zip(headings, _weights(headings, length), strict=True):
        number = heading.items[0].number
        if number not in best or weight > best[number][0] + 0.02:
            best[number] = (weight, heading)
    return sorted((heading for _, heading in best.values()), key=lambda heading: heading.start)


def _of_one_age(headings: list[_Heading]) -> list[_Heading]:
    """Items were numbered 1 to 12 until 2004 and have two numbers since; beside those, Item 7 is another form's."""
    newer = [heading for heading in headings if "." in heading.items[0].number]
    return newer or headings


def _before_signature(text: str, headings: list[_Heading]) -> list[_Heading]:
    end = _signature(text, headings[0].start) if headings else None
    return [heading for heading in headings if end is None or heading.start < end]


def _signature(text: str, start: int) -> int | None:
    """Where the signatures begin: the line that says so and is followed by one."""
    for match in islice(_SIGNATURE.finditer(text, start), _MAX_SIGNATURES):
        if _SIGNED.search(text[match.end() : match.end() + 1_500]):
            return match.start() + len(match[0]) - len(match[0].lstrip())
    return None
