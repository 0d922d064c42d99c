"""Markup read without building a tree, tag by tag, in linear time: a second opinion on what a page shows. Pure.

Two uses: counting what a parser should have found, and making a page shallow enough for a parser to read on.
"""

import re
from collections.abc import Callable
from html import unescape

# A quote opens a value only behind `=`, as in the HTML standard's tokenizer; what is not closed goes to the end.
_ATTRIBUTES = r"""(?:[^=>]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z)"""
_SCRIPT, _STYLE = "[sS][cC][rR][iI][pP][tT]", "[sS][tT][yY][lL][eE]"


def _raw(name: str) -> str:
    """An element whose text is no markup, to its end tag; names hold no group, and nothing is tried twice."""
    return rf"<{name}(?=[\s/>]){_ATTRIBUTES}(?:[^<]++|<(?!/{name}))*+(?:</{name}[^>]*+>?|\Z)"


# Comments, scripts and style blocks as a whole, and tags. A comment's mark in an attribute's value begins none, so
# all are found in one pass.
_TOKEN = re.compile(
    r"<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
    rf"|{_raw(_SCRIPT)}|{_raw(_STYLE)}"
    rf"|<(/?)([a-zA-Z][^\s/>]*+)({_ATTRIBUTES})"
    r"|<[!?/][^>]*+(?:>|\Z)"
)
_VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
_INLINE = frozenset(
    "a abbr b big cite code em font i ins label mark q s small span strike strong sub sup tt u".split()
)
# As deep as a parser that stops at 256 levels was thought to be enough for.
_KEPT_LEVELS = 200


def shown_characters(page: str) -> int:
    """How many characters other than white space stand outside of tags, comments, scripts and style blocks."""
    text = _TOKEN.sub("", page)
    return count_characters(unescape(text) if "&" in text else text)


def count_characters(text: str) -> int:
    """Characters that are not white space."""
    return sum(map(len, text.split()))


def flatten(page: str, hides: Callable[[str, str], bool]) -> str:
    """The page with elements deeper than 200 levels taken out of their markup, their text left.

    Kept at any depth is what `hides` says may hide what is in it, asked with a tag's name and its attributes.
    """
    return _TOKEN.sub(_Levels(hides).replace, page)


class _Levels:
    """The open elements at a place of the page, each with whether its tags are kept."""

    def __init__(self, hides: Callable[[str, str], bool]) -> None:
        self._hides = hides
        self._open: list[tuple[str, bool]] = []
        self._counts: dict[str, int] = {}

    def replace(self, match: re.Match[str]) -> str:
        name = (match[2] or "").lower()
        if not name or name in _VOID:
            return match[0]
        kept = self._end(name) if match[1] else self._start(name, match[3])
        return match[0] if kept else "" if name in _INLINE else "<br>"

    def _start(self, name: str, attributes: str) -> bool:
        kept = len(self._open) < _KEPT_LEVELS or self._hides(name, attributes)
        self._open.append((name, kept))
        self._counts[name] = self._counts.get(name, 0) + 1
        return kept

    def _end(self, name: str) -> bool:
        """Closes the nearest element of this name, and what was left open inside; nothing across what may hide."""
        if not self._counts.get(name):
            return len(self._open) < _KEPT_LEVELS
        if self._open[-1][0] != name and (
            name in _INLINE or (self._open[-1][1] and len(self._open) > _KEPT_LEVELS)
        ):
            # a parser, too, lets <b><div></b> leave the div open; one that hides must be closed by its own tag
            return len(self._open) < _KEPT_LEVELS
        while True:
            found, kept = self._open.pop()
            self._counts[found] -= 1
            if found == name:
                return kept
