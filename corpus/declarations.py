"""Declarations of CSS to the values of the properties that can hide text. Pure.

A browser drops a declaration whose value its property cannot have, and keeps what was said before; so does this.
"""

import re
from collections.abc import Mapping

from evidence.corpus.colours import CSS_NAMES, read_colour
from evidence.corpus.csstext import settle, substitute, unescape, variables
from evidence.corpus.lengths import compute

Declared = Mapping[str, str]
NOTHING: Mapping[str, str] = {}
# Of each property the value, and whether it is important.
Said = dict[str, tuple[str, bool]]

WATCHED = frozenset(
    "display visibility opacity font-size font content-visibility left top right bottom text-indent margin-left "
    "margin-top margin inset inset-inline inset-inline-start inset-inline-end letter-spacing transform translate "
    "scale rotate zoom clip clip-path height width max-height max-width overflow overflow-x overflow-y contain "
    "white-space padding padding-top padding-bottom color -webkit-text-fill-color background background-color "
    "background-image background-clip -webkit-background-clip filter".split()
)
# Other names of the same, on a page that is written from left to right and from top to bottom.
_SAME_AS = {
    "block-size": "height",
    "inline-size": "width",
    "max-block-size": "max-height",
    "max-inline-size": "max-width",
    "overflow-block": "overflow-y",
    "overflow-inline": "overflow-x",
    "-webkit-clip-path": "clip-path",
    "-webkit-transform": "transform",
    "-webkit-filter": "filter",
    "-webkit-opacity": "opacity",
}
ROOMS = ("height", "width", "max-height", "max-width")
OVERFLOWS = ("overflow", "overflow-x", "overflow-y", "contain")
SQUEEZING = frozenset(
    {*OVERFLOWS, "padding", "padding-top", "padding-bottom", "text-indent", "white-space", *ROOMS}
)
PAINTING = frozenset({"color", "-webkit-text-fill-color", "background", "background-color", "background-image"})
_COMPUTED = re.compile(r"\b(?:calc|min|max|clamp)\(")
# What a value may be of any property, of one that is a length, and of others.
_ANYWHERE = r"initial|inherit|unset|revert(?:-layer)?|.*var\(.*"
_LENGTH = re.compile(
    rf"[+-]?[\d.].*|[\w-]+\(.*|auto|none|normal|[\w-]*-content|[\w-]*-available|stretch|{_ANYWHERE}"
)
_VALID = {
    "display": re.compile(
        r"(?:(?:none|block|inline|run-in|contents|flow(?:-root)?|flex|grid|table|ruby|math|list-item|inline-[a-z]+"
        rf"|(?:table|ruby)-[a-z-]+|-(?:webkit|moz|ms)-[a-z-]+)(?:\s+|$)){{1,3}}|{_ANYWHERE}"
    ),
    "visibility": re.compile(rf"visible|hidden|collapse|{_ANYWHERE}"),
    "opacity": re.compile(rf"[+-]?[\d.][\d.e+-]*%?|[\w-]+\(.*|{_ANYWHERE}"),
    "font-size": re.compile(
        r"[+-]?(?:0+\.?0*|[\d.][\d.e+-]*(?:[a-z]+|%))|[\w-]+\(.*|[x-]*(?:small|large)(?:er)?|medium|math"
        rf"|{_ANYWHERE}"
    ),
    "overflow": re.compile(rf"(?:(?:visible|hidden|clip|scroll|auto|overlay|-[\w-]+)(?:\s+|$)){{1,2}}|{_ANYWHERE}"),
    **dict.fromkeys(
        (*ROOMS, "text-indent", "left", "top", "right", "bottom", "margin-left", "margin-top"), _LENGTH
    ),
}
INKS = frozenset({"color", "-webkit-text-fill-color"})
GROUNDS = frozenset({"background", "background-color", "background-image"})


def read_declarations(css: str, known: Mapping[str, str] = NOTHING) -> Said:
    """Watched properties of a `style` attribute or of a rule's body, each with whether it is important.

    `known` are custom properties.
    """
    if "/*" in css or '"' in css or "'" in css or "url(" in css:
        css = settle(css)
    if "--" in css and "var(" in css and (own := variables(css)):
        known = {**known, **own}
    found: Said = {}
    for line in css.replace("\u00a0", " ").lower().split(";"):
        name, colon, value = line.partition(":")
        name = name.strip()
        if "\\" in name:
            name = unescape(name)
        name = _SAME_AS.get(name, name)
        # most rules set margins, and hardly any a negative one
        if colon and name in WATCHED and not (name == "margin" and "-" not in value):
            value, mark, _ = value.partition("!")
            if "var(" in value:
                value = substitute(value, known)
            important, value = bool(mark), _settled(value)
            if (important or name not in found or not found[name][1]) and _can_be(name, value):
                found[name] = (value, important)
    return found


def _settled(value: str) -> str:
    if "\\" in value:
        value = unescape(value)
    return compute(value.strip()) if "(" in value and _COMPUTED.search(value) else value.strip()


def _can_be(name: str, value: str) -> bool:
    if name in INKS:
        return (
            value in CSS_NAMES if value.isalpha() else value[:3] not in {"rgb", "hsl"} or bool(read_colour(value))
        )
    return name not in _VALID or _VALID[name].fullmatch(value) is not None
