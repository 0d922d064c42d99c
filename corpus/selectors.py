"""Selectors of CSS: what must hold of an element so that a rule is about it.

Known are names, classes, ids and attributes, their lists and combinations, :is(), :where(), :not() and places among
siblings.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from evidence.corpus.csstext import guard, unescape
from evidence.corpus.rules import parted

# The tag of what was taken out of a page, and where it keeps the one that it had; no page can write it, for parsers
# write tags small.
GONE, WAS = "GONE", "was"
_NAME = r"(?:\\[0-9a-fA-F]{1,6}\s?|\\.|[\w-]|[^\x00-\x7f])+"
_PART = re.compile(
    rf"([.#]?)({_NAME})|(\*)|\[({_NAME})(?:([~|^$*]?=)[\"']?([^\"'\]]*?)[\"']?)?(!)?\]"
    r"|:(nth-(?:last-)?(?:child|of-type)\([\dn+-]{1,12}\)|(?:first|last|only)-(?:child|of-type))(?![\w-])"
    r"|:not\(([^()]{1,200})\)|:(root|defined|read-only|link|any-link|scope)(?![\w-])"
)
# What most selectors are, and what needs no taking apart.
_SIMPLE = re.compile(r"[.#]?[\w-]+", re.ASCII)
# `:nth-child(2)`, of which blanks are taken out and words made numbers
_PLACE = re.compile(
    r":(?:nth-(?:last-)?(?:child|of-type)\([^()]{1,20}\)|(?:first|last|only)-(?:child|of-type)(?![\w-]))"
)
_KNOWN = re.compile(
    rf"{_PLACE.pattern}|:not\([^()]{{1,200}}\)|:(?:root|defined|read-only|link|any-link|scope)(?![\w-])"
)
_STEP = re.compile(r"(?:([+-]?\d{0,4})n)?([+-]?\d{1,4})?")
_EITHER = re.compile(r":(?:is|where|matches|-webkit-any|-moz-any)\(([^()]*+(?:\([^()]*\)[^()]*+)*+)\)")
_BRACKET = re.compile(r"\[([^\]]*)\]")
_NOT = re.compile(r":not\(([^()]{1,100})\)")
# What holds of no element before somebody touches it.
_TOUCHED = re.compile(r":(?:hover|focus|focus-within|focus-visible|active|visited|target|checked)(?![\w-])")
# Selectors that one rule's alternatives multiply to.
_MAX_SELECTORS, _MAX_STEPS = 64, 256
# Of an element among more siblings nobody counts the place.
_MAX_SIBLINGS = 1_000
COMBINATOR = re.compile(r"\s*([>+]|~(?!=))\s*|\s+")
DEAR = re.compile(r"[\s>+~\[]|:(?:nth|first|last|only|not|any-link|link)")


@dataclass(frozen=True, slots=True)
class Compound:
    """What must hold of one element: `p.lead#x[lang]`."""

    tag: str | None
    ids: frozenset[str]
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...]

    def fits(self, tag: str, classes: Set[str], name: str | None) -> bool:
        """Whether an element of this tag, with these classes and this id, may be meant."""
        if self.tag is not None and tag != self.tag:
            return False
        return self.classes <= classes and (not self.ids or self.ids == {name})

    @property
    def words(self) -> set[str]:
        """Its tag, classes and ids as they are looked up."""
        named = {f".{name}" for name in self.classes} | {f"#{name}" for name in self.ids}
        return named | {self.tag} if self.tag else named

    def holds(self, element: HtmlElement) -> bool:
        """Whether its attributes are as they should be, too."""
        return all(_fits(element, name, sign, value) for name, sign, value in self.attributes)


def selectors_of(prelude: str) -> list[str]:
    """The selectors of a rule, one by one, with those that `:is()` and `:where()` stand for in their place."""
    if "(" not in prelude:
        texts = [text.strip() for text in prelude.split(",")]
        return [_guarded(text) for text in texts] if "[" in prelude else texts
    waiting = [text.strip() for text in parted(prelude)]
    found: list[str] = []
    # of alternatives within alternatives each takes a step
    for _ in range(_MAX_STEPS):
        if not waiting or len(found) + len(waiting) > _MAX_SELECTORS:
            break
        text = waiting.pop(0)
        match = _EITHER.search(text)
        if match is None:
            found.append(_guarded(_PLACE.sub(_place, text)))
            continue
        before, after = text[: match.start()], text[match.end() :]
        for other in map(str.strip, parted(match[1])):
            # `.x:is(p)` is a p of this class, and the name comes first
            joins = before[-1:] not in ("", " ", ">", "+", "~") and (other[:1].isalnum() or other[:1] == "*")
            part = re.split(r"[\s>+~]", before)[-1] if joins else ""
            waiting.append(
                f"{before[: len(before) - len(part)]}{other}{part}{after}" if joins else before + other + after
            )
    return found


def _in_brackets(match: re.Match[str]) -> str:
    """Without blanks, and with `!` in place of the flag that says that letters are the same, small or not."""
    inside = match[1].rstrip()
    if inside[-1:] in {"i", "I"} and "=" in inside and (inside[-2:-1].isspace() or inside[-2:-1] in {"'", '"'}):
        inside = inside[:-1] + "!"
    return "[" + "".join(inside.split()) + "]"


def _guarded(text: str) -> str:
    """Without anything in brackets and parentheses that would part the selector there."""
    if "[" in text:
        text = _BRACKET.sub(_in_brackets, text)
    return _NOT.sub(lambda match: f":not({guard(match[1])})", text) if ":not(" in text else text


def _place(match: re.Match[str]) -> str:
    """Without blanks and plus signs, which part selectors elsewhere: `2n1` is unambiguous."""
    return re.sub(r"[\s+]", "", match[0].lower()).replace("(odd)", "(2n1)").replace("(even)", "(2n)")


def _is_known(selector: str) -> bool:
    """Whether every colon in it is of a pseudo-class that is known."""
    return ":" not in _KNOWN.sub("", selector)


def _stands_at(element: HtmlElement, place: str) -> bool:
    """Whether an element has this place among its siblings: `nth-child(2n+1)`, `last-of-type`."""
    which, _, step = place.rstrip(")").partition("(")
    tag = tag_of(element) if which.endswith("type") else "*"
    ends = ["last" in which] if "only" not in which else [False, True]
    for from_end in ends:
        siblings = element.itersiblings("*", preceding=not from_end)
        number = sum(1 for other in islice(siblings, _MAX_SIBLINGS) if tag in ("*", tag_of(other))) + 1
        if number > _MAX_SIBLINGS or not _is_step(number, step or "1"):
            return False
    return True


def _is_step(number: int, step: str) -> bool:
    match = _STEP.fullmatch(step)
    if match is None:
        return False
    times = 0 if match[1] is None else int(f"{match[1]}1" if match[1] in {"", "+", "-"} else match[1])
    rest = number - int(match[2] or 0)
    return rest == 0 if times == 0 else rest % times == 0 and rest // times >= 0


def tag_of(element: HtmlElement) -> str:
    """The tag that an element has, or had before it was taken out."""
    tag: str = element.tag
    return str(element.get(WAS)) if tag == GONE else tag


@lru_cache(1024)
def compound_of(text: str) -> Compound | None:
    """What a selector without combinators asks; None for one that is not known."""
    at, parts = 0, []
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return None
        parts.append(match)
        at = match.end()
    named = [(match[1], unescape(match[2])) for match in parts if match[2]]
    tags = [name.lower() for sign, name in named if not sign] + [
        "html" for match in parts if match[10] in {"root", "scope"}
    ]
    attributes = tuple(asked for match in parts if (asked := _asked(match)) is not None)
    negated = [value for _, sign, value in attributes if sign == "!"]
    # a page that waits for its script to be seen is read as it will be
    waits = bool(negated) and not {"html", "body"}.isdisjoint(tags)
    if not parts or waits or not all(map(_is_readable, negated)):
        return None
    ids, classes = (frozenset(name for sign, name in named if sign == kind) for kind in "#.")
    return Compound(tags[-1] if tags else None, ids, classes, attributes)


def _asked(part: re.Match[str]) -> tuple[str, str, str] | None:
    """Of an attribute its name, how it is compared and with what; places are `:`, what must not hold is `!`."""
    if part[4]:
        return unescape(part[4]).lower(), (part[7] or "") + (part[5] or ""), unescape(part[6] or "")
    if part[8]:
        return "", ":", part[8]
    if part[9]:
        return "", "!", unescape(part[9])
    return ("href", "", "") if part[10] in {"link", "any-link"} else None


def _is_readable(negated: str) -> bool:
    return all(
        _TOUCHED.search(text) or compound_of(_guarded(text.strip())) is not None for text in negated.split(",")
    )


def key_of(selector: str) -> str | None:
    """Under what a rule is looked up: the rarest of what it asks of its element; None if it is never applied."""
    if ":" in selector and "\\:" not in selector and not _is_known(selector):
        return None
    last = COMBINATOR.split(selector)[-1] if DEAR.search(selector) else selector
    if _SIMPLE.fullmatch(last):
        return last if last[0] in ".#" else last.lower()
    target = compound_of(last)
    if target is None:
        return None
    if target.ids:
        return f"#{min(target.ids)}"
    return f".{min(target.classes)}" if target.classes else target.tag or "*"


def _fits(element: HtmlElement, name: str, sign: str, value: str) -> bool:
    if sign == ":":
        return _stands_at(element, value)
    if sign == "!":
        return not any(_is_meant(element, text) for text in value.split(","))
    stated = element.get(name)
    if sign[:1] == "!":
        return _has(stated and stated.lower(), sign[1:], value.lower())
    return _has(stated, sign, value)


def _is_meant(element: HtmlElement, text: str) -> bool:
    compound = None if _TOUCHED.search(text) else compound_of(_guarded(text.strip()))
    if compound is None:
        return False
    classes = frozenset((element.get("class") or "").split())
    return compound.fits(tag_of(element), classes, element.get("id")) and compound.holds(element)


def _has(stated: str | None, sign: str, value: str) -> bool:
    if stated is None or not sign:
        return stated is not None
    tests = {"=": stated == value, "^=": stated.startswith(value), "$=": stated.endswith(value)}
    tests |= {"*=": value in stated, "~=": value in stated.split(), "|=": f"{stated}-".startswith(f"{value}-")}
    return tests[sign] and bool(value or sign == "=")
