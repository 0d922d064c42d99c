"""Whether a style rule can hide anything, told before any element is looked at: of fifteen rules one can. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from evidence.corpus.colours import TRANSPARENT, alike, read_colour
from evidence.corpus.declarations import GROUNDS, INKS, ROOMS, Declared, Said
from evidence.corpus.lengths import sizes
from evidence.corpus.styles import TINY_PIXELS, judge

# What no value does without that hides: a word, a minus, a function, or a number near nothing.
_SUSPICIOUS = re.compile(
    r"none|hidden|collapse|transparent|clip|\(|\de[+-]?\d|-\d{2}|\d{4}|(?<![\d.])(?:0*(?:\.\d|0(?![\d.]))|0?1(?:px|pt|%|\.0))"
)
# What a property's value has where it hides or leaves no room; one that is not here may do so with any.
_FEW = re.compile(r"(?<![\d.])(?:0|1(?!\d)|\.)|-")
_TINY = re.compile(rf"{_FEW.pattern}|%")
_FAR_AWAY = re.compile(r"-\d\d|\d\d|\de")
_NEVER = re.compile(r"(?!)")
_HIDING = {
    "display": re.compile("none"),
    "visibility": re.compile("hidden|collapse"),
    "content-visibility": re.compile("hidden"),
    "font-size": _TINY,
    "font": _TINY,
    "zoom": _TINY,
    "transform": re.compile(rf"scale|matrix|rotate[xy3]|{_FAR_AWAY.pattern}"),
    "rotate": re.compile("[xy]"),
    "contain": _NEVER,
    "white-space": _NEVER,
    "letter-spacing": re.compile("-"),
    **dict.fromkeys(ROOMS, _FEW),
    **dict.fromkeys(("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top"), _FAR_AWAY),
    **dict.fromkeys(("margin", "inset", "inset-inline", "inset-inline-start", "inset-inline-end"), _FAR_AWAY),
    **dict.fromkeys(("padding", "padding-top", "padding-bottom", "overflow", "overflow-x", "overflow-y"), _NEVER),
    **dict.fromkeys(("background", "background-color", "background-image", "background-clip"), _NEVER),
    "-webkit-background-clip": _NEVER,
}
_CLEAR = re.compile(r"transparent|\(|#(?:\w{4}){1,2}(?!\w)")


def may_hide(said: Said) -> bool:
    """Whether a rule that says this can hide something, alone or with others that make a box cut off."""
    values = {name: value for name, (value, _) in said.items()}
    if not _is_telling(values):
        return False
    paints = values.keys() >= {"color", "background"}
    if not paints and "letter-spacing" not in values and not _SUSPICIOUS.search(" ".join(values.values())):
        return False
    small = any(room and room[0] <= TINY_PIXELS for name in ROOMS if (room := sizes(values.get(name, ""))))
    look = judge(values)
    if look.colour is None or (look.background is None and look.colour != TRANSPARENT):
        # white letters are hidden where nothing is painted, and that is for all the rules to say
        look = replace(look, colour=None, background=None)
    return small or look.hides


def _is_telling(values: Declared) -> bool:
    """Whether one of these values is such as hides, told without reading it: of fifteen rules one is."""
    for name, value in values.items():
        if name in INKS:
            if not GROUNDS.isdisjoint(values) or _CLEAR.search(value):
                return True
        elif name not in _HIDING or _HIDING[name].search(value):
            return True
    return False


def suspects_colours(rules: Iterable[Said]) -> bool:
    """Whether among these rules some letters have the bare page's colour, or that of a background of another."""
    letters: set[str] = set()
    grounds: set[str] = {"#fff", "#ffffff", "white"}
    for said in rules:
        ground = said.get("background-color") or said.get("background")
        if ground:
            grounds.add(ground[0])
        elif "color" in said:
            value = said["color"][0]
            letters.add(value)
    if not letters.isdisjoint(grounds):
        return True
    # `#000` and `black` are one, and what is nearly white is white
    inks, painted = (
        {colour for text in texts if isinstance(colour := read_colour(text), tuple)} for texts in (letters, grounds)
    )
    return not inks.isdisjoint(painted) or any(alike(ink, (255, 255, 255)) for ink in inks)
