"""Declarations of CSS to what they hide: values in, verdicts out. Pure; knows nothing of trees and of selectors.

What cannot be computed (variables, pictures as backgrounds) hides nothing here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from evidence.corpus.colours import FAINT, IMAGE, TRANSPARENT, Colour, alike, read_colour

Declared = Mapping[str, str]
# Of each property the value, and whether it is important.
Said = dict[str, tuple[str, bool]]

# The words behind `hidden-text:`.
DISPLAY, INVISIBLE, OPACITY, TINY = "display-none", "visibility", "opacity", "tiny-font"
OFF_SCREEN, CLIPPED, SAME_COLOUR, CRUSHED = "off-screen", "clipped", "same-colour", "letters-overlap"

WATCHED = frozenset(
    "display visibility opacity font-size font content-visibility left top right bottom text-indent margin-left "
    "margin-top margin inset inset-inline inset-inline-start inset-inline-end letter-spacing transform translate "
    "scale clip clip-path height width max-height max-width overflow overflow-x overflow-y padding padding-top "
    "padding-bottom color -webkit-text-fill-color background background-color background-image background-clip "
    "-webkit-background-clip filter".split()
)
_ROOMS = ("height", "width", "max-height", "max-width")
SQUEEZING = frozenset({"overflow", "overflow-x", "overflow-y", "padding", "padding-top", "padding-bottom", *_ROOMS})
PAINTING = frozenset({"color", "-webkit-text-fill-color", "background", "background-color", "background-image"})
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_NUMBER = re.compile(
    r"([+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20}))(px|pt|pc|in|cm|mm|r?em|ex|ch|[sld]?v[wh]|vmin|vmax|%)?"
)
# What no value does without that hides: a word, a minus, a function, or a number near nothing.
_SUSPICIOUS = re.compile(
    r"none|hidden|collapse|transparent|clip|\(|-\d{2}|\d{4}|(?<![\d.])(?:0*(?:\.\d|0(?![\d.]))|0?1(?:px|pt|%|\.0))"
)
# What a property's value has where it hides or leaves no room; one that is not here may do so with any.
_FEW = re.compile(r"(?<![\d.])(?:0|1(?!\d)|\.)|-")
_TINY = re.compile(rf"{_FEW.pattern}|%")
_FAR_AWAY = re.compile(r"-\d\d|\d\d")
_NEVER = re.compile(r"(?!)")
_HIDING = {
    "display": re.compile("none"),
    "visibility": re.compile("hidden|collapse"),
    "content-visibility": re.compile("hidden"),
    "font-size": _TINY,
    "font": _TINY,
    "transform": re.compile(rf"scale|{_FAR_AWAY.pattern}"),
    "letter-spacing": re.compile("-"),
    **dict.fromkeys(_ROOMS, _FEW),
    **dict.fromkeys(("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top"), _FAR_AWAY),
    **dict.fromkeys(("margin", "inset", "inset-inline", "inset-inline-start", "inset-inline-end"), _FAR_AWAY),
    **dict.fromkeys(("padding", "padding-top", "padding-bottom", "overflow", "overflow-x", "overflow-y"), _NEVER),
    **dict.fromkeys(("background", "background-color", "background-image", "background-clip"), _NEVER),
    "-webkit-background-clip": _NEVER,
}
_INKS = frozenset({"color", "-webkit-text-fill-color"})
_CLEAR = re.compile(r"transparent|\(|#(?:\w{4}){1,2}(?!\w)")
_GROUNDS = frozenset({"background", "background-color", "background-image"})
_WORD = re.compile(r"(?:rgba?|hsla?|hwb|(?:ok)?l(?:ab|ch))\([^)]*\)|[^\s]+")
# A window as on a desk, in CSS pixels; em is what text is when nobody says.
_EM = 16.0
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "ex": 8.0, "ch": 8.0}
_VIEWPORT = 10.0
# Nobody's page begins this far outside the window, and nobody reads letters of one pixel.
_FAR = -999.0
_FAR_RIGHT = 5000.0
_TINY_PIXELS = 1.0
# Letters this close lie on one another; headlines are set with a twentieth, boxes are moved together with a third.
_CRUSHED = -0.45
_INSETS = ("inset", "inset-inline", "inset-inline-start", "inset-inline-end")
_EDGES = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top", "margin", *_INSETS)
_PLACING = frozenset({*_EDGES, "translate", "transform"})
_CUTTING = frozenset({"overflow", "overflow-x", "overflow-y", "clip", "clip-path", "scale", "transform"})
_PADDINGS = ("padding", "padding-top", "padding-bottom")
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}


@dataclass(frozen=True, slots=True)
class Look:
    """What one element's own declarations say. `gone` is the kind of hiding that nothing inside can undo."""

    gone: str | None = None
    opacity: float = 1.0
    visible: bool | None = None
    # a size in pixels, or a factor of the size around it
    font: tuple[float, Literal["px", "of"]] | None = None
    colour: Colour | None = None
    background: Colour | None = None
    # between letters, in pixels or as a factor of their size
    spacing: tuple[float, Literal["px", "of"]] | None = None

    @property
    def inherits(self) -> bool:
        """Whether what is inside is told anything."""
        if self is PLAIN:
            return False
        told = (self.visible, self.font, self.colour, self.background, self.spacing)
        return self.opacity < 1 or any(value is not None for value in told)

    @property
    def hides(self) -> bool:
        """Whether text may be hidden by this, be it that of the bare page."""
        return bool(self.gone) or Inherited().within(self, bare_is_white=True).hidden() is not None


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What text takes over from the elements around it; `background` None is the bare page."""

    visible: bool = True
    opacity: float = 1.0
    font: float = _EM
    # None where sheets that are not here may have set it
    colour: Colour | None = None
    background: Colour | None = None
    # whether white on a background that nobody named is white on white
    bare_is_white: bool = True
    # in pixels
    spacing: float = 0.0

    def within(self, look: Look, bare_is_white: bool) -> "Inherited":
        """What is handed on inside an element that looks like this."""
        size, unit = look.font or (1.0, "of")
        font = size if unit == "px" else self.font * size
        gap, of = look.spacing or (self.spacing, "px")
        return Inherited(
            visible=self.visible if look.visible is None else look.visible,
            opacity=self.opacity * look.opacity,
            font=font,
            colour=self.colour if look.colour is None else look.colour,
            background=self.background if look.background is None else look.background,
            bare_is_white=self.bare_is_white if look.colour is None else bare_is_white,
            spacing=gap if of == "px" else gap * font,
        )

    def hidden(self) -> str | None:
        """Why text here cannot be seen, if it cannot."""
        if not self.visible:
            return INVISIBLE
        if self.opacity < FAINT:
            return OPACITY
        if self.font <= _TINY_PIXELS:
            return TINY
        if self.spacing <= _CRUSHED * self.font:
            return CRUSHED
        background = self.background or ((255, 255, 255) if self.bare_is_white else IMAGE)
        if self.colour is None:
            return None
        return SAME_COLOUR if self.colour == TRANSPARENT or alike(self.colour, background) else None


def read_declarations(css: str) -> Said:
    """Watched properties of a `style` attribute or of a rule's body, each with whether it is important."""
    if "/*" in css:
        css = _COMMENT.sub("", css)
    if "\\" in css:
        css = unescape(css)
    found: Said = {}
    for line in css.replace("\u00a0", " ").lower().split(";"):
        name, colon, value = line.partition(":")
        name = name.strip()
        # most rules set margins, and hardly any a negative one
        if colon and name in WATCHED and not (name == "margin" and "-" not in value):
            value, mark, _ = value.partition("!")
            important = bool(mark)
            if important or name not in found or not found[name][1]:
                found[name] = (value.strip(), important)
    return found


def unescape(css: str) -> str:
    """CSS text with `\\69` and `\\:` as the characters they stand for."""
    return _ESCAPE.sub(lambda match: _character(match[1]) if match[1] else match[2], css)


def _character(hexadecimal: str) -> str:
    code = int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def may_hide(said: Said) -> bool:
    """Whether a rule that says this can hide something, alone or with others that make a box cut off."""
    values = {name: value for name, (value, _) in said.items()}
    if not _is_telling(values):
        return False
    paints = values.keys() >= {"color", "background"}
    if not paints and "letter-spacing" not in values and not _SUSPICIOUS.search(" ".join(values.values())):
        return False
    small = any(room and room[0] <= _TINY_PIXELS for name in _ROOMS if (room := _sizes(values.get(name, ""))))
    look = judge(values)
    if look.colour is None or (look.background is None and look.colour != TRANSPARENT):
        # white letters are hidden where nothing is painted, and that is for all the rules to say
        look = replace(look, colour=None, background=None)
    return small or look.hides


def _is_telling(values: Declared) -> bool:
    """Whether one of these values is such as hides, told without reading it: of fifteen rules one is."""
    for name, value in values.items():
        if name in _INKS:
            if not _GROUNDS.isdisjoint(values) or _CLEAR.search(value):
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
            letters.add("white" if "(" in value and alike(read_colour(value) or IMAGE, (255, 255, 255)) else value)
    return not letters.isdisjoint(grounds)


def judge(said: Declared) -> Look:
    """The look that these declarations give, after the cascade."""
    return Look(
        gone=_gone(said),
        opacity=_opacity(said),
        visible=_visible(said.get("visibility")),
        font=_font(said),
        colour=_foreground(said),
        background=_background(said),
        spacing=_spacing(said.get("letter-spacing")),
    )


def _spacing(value: str | None) -> tuple[float, Literal["px", "of"]] | None:
    if value in {"normal", "initial", "unset"}:
        return 0.0, "px"
    match = _NUMBER.match(value) if value else None
    if match is None:
        return None
    return (float(match[1]), "of") if match[2] == "em" else (_pixels(match), "px")


def _gone(said: Declared) -> str | None:
    if said.get("display") == "none" or said.get("content-visibility") == "hidden":
        return DISPLAY
    if not said.keys().isdisjoint(_PLACING) and _off_screen(said):
        return OFF_SCREEN
    return CLIPPED if not said.keys().isdisjoint(_CUTTING) and _clipped(said) else None


def _off_screen(said: Declared) -> bool:
    edges = [said.get(name) for name in _EDGES]
    moves = [*edges, said.get("translate")]
    if "translate" in (transform := said.get("transform", "")):
        moves.append(transform)
    if any(size <= _FAR for move in moves if move and "-" in move for size in _sizes(move)):
        return True
    # what is pushed far from the right is out at the left; what is far down is reached by scrolling
    pushed = [size for name in ("left", "right", "bottom") for size in _sizes(said.get(name, ""))]
    pushed += [size for name in _INSETS[1:] for size in _sizes(said.get(name, ""))]
    return any(size >= _FAR_RIGHT for size in (*pushed, *_sizes(said.get("inset", ""))[1:]))


def _clipped(said: Declared) -> bool:
    clip, path = said.get("clip", ""), said.get("clip-path", "")
    if clip.startswith("rect") and len(edges := _sizes(clip)) == 4:
        top, right, bottom, left = edges
        if right - left <= _TINY_PIXELS or bottom - top <= _TINY_PIXELS:
            return True
    if path.startswith("inset") and any(share >= 50 for share in _percents(path)):
        return True
    if path.startswith(("circle", "ellipse", "polygon")) and (shape := _numbers(path)) and not any(shape):
        return True
    if re.search(r"scale[xy3d]*\(\s*0*\.?0*\s*[,)]", said.get("transform", "")) or _is_zero(said.get("scale")):
        return True
    return _is_squeezed(said)


def _is_squeezed(said: Declared) -> bool:
    """No room, and what has none is cut off; a box that is all padding holds a picture or a film."""
    overflow = " ".join(said.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    if any(
        size > 0 for name in ("padding", "padding-top", "padding-bottom") for size in _numbers(said.get(name, ""))
    ):
        return False
    rooms = [_sizes(said.get(name, "")) for name in _ROOMS]
    return any(room and room[0] <= _TINY_PIXELS for room in rooms)


def _opacity(said: Declared) -> float:
    value, blurred = said.get("opacity", ""), said.get("filter", "")
    if not value and blurred.startswith("opacity("):
        value = blurred[len("opacity(") :].rstrip(")")
    match = _NUMBER.fullmatch(value)
    if match is None:
        return 1.0
    return min(1.0, max(0.0, float(match[1]) / (100 if match[2] == "%" else 1)))


def _visible(value: str | None) -> bool | None:
    if value in {"hidden", "collapse"}:
        return False
    return True if value in {"visible", "initial"} else None


def _font(said: Declared) -> tuple[float, Literal["px", "of"]] | None:
    words = said.get("font-size", "").split() or said.get("font", "").replace("/", " / ").split()
    for word in words:
        if word in _SIZES:
            return _SIZES[word], "px"
        match = _NUMBER.fullmatch(word.removeprefix("calc(").removesuffix(")"))
        # a bare number is a weight, and 0 alone is a size
        if match is None or (not match[2] and float(match[1])):
            continue
        if match[2] in {"em", "%"}:
            return float(match[1]) / (100 if match[2] == "%" else 1), "of"
        return _pixels(match), "px"
    return None


def _foreground(said: Declared) -> Colour | None:
    colour = read_colour(said.get("-webkit-text-fill-color") or said.get("color", ""))
    if colour == TRANSPARENT and "text" in said.get("background-clip", said.get("-webkit-background-clip", "")):
        # letters cut out of a picture
        return IMAGE + " in letters"
    return colour


def _background(said: Declared) -> Colour | None:
    value = said.get("background", "")
    if any(mark in value + said.get("background-image", "") for mark in ("url(", "gradient(", "var(")):
        return IMAGE
    colours = [read_colour(text) for text in (said.get("background-color", ""), *_WORD.findall(value))]
    named = [colour for colour in colours if colour not in {None, TRANSPARENT}]
    return next((colour for colour in named if isinstance(colour, tuple)), named[0] if named else None)


def _pixels(match: re.Match[str]) -> float:
    unit = match[2] or ""
    scale = _VIEWPORT if "v" in unit or unit == "%" else _EM if unit.endswith("em") else _PIXELS[unit]
    return float(match[1]) * scale


def _sizes(value: str) -> list[float]:
    return [_pixels(match) for match in _NUMBER.finditer(value)]


def _numbers(value: str) -> list[float]:
    return [float(match[1]) for match in _NUMBER.finditer(value)]


def _percents(value: str) -> list[float]:
    return [float(match[1]) for match in _NUMBER.finditer(value) if match[2] == "%"]


def _is_zero(value: str | None) -> bool:
    return bool(value) and not any(_numbers(value or "1"))
