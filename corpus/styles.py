"""Declared values of CSS to what they hide: values in, verdicts out. Pure; knows nothing of trees and of selectors.

What cannot be computed (variables that several rules set, pictures as backgrounds) hides nothing here.
"""

import re
from dataclasses import dataclass
from typing import Literal

from evidence.corpus.colours import FAINT, IMAGE, TRANSPARENT, Colour, alike, read_colour
from evidence.corpus.declarations import GROUNDS, INKS, OVERFLOWS, ROOMS, Declared
from evidence.corpus.lengths import EM, NUMBER, numbers, percents, pixels, sizes

# As a background: the colour of the letters, whatever it is.
CURRENT = "currentcolor"

# The words behind `hidden-text:`.
DISPLAY, INVISIBLE, OPACITY, TINY = "display-none", "visibility", "opacity", "tiny-font"
OFF_SCREEN, CLIPPED, SAME_COLOUR, CRUSHED = "off-screen", "clipped", "same-colour", "letters-overlap"

_FUNCTION = re.compile(r"([\w-]+)\(([^()]*)\)")
_WORD = re.compile(r"(?:rgba?|hsla?|hwb|(?:ok)?l(?:ab|ch))\([^)]*\)|[^\s]+")
# Nobody's page begins this far outside the window, and nobody reads letters of one pixel.
_FAR = -999.0
_FAR_RIGHT = 5000.0
TINY_PIXELS = 1.0
# Letters this close lie on one another; headlines are set with a twentieth, boxes are moved together with a third.
_CRUSHED = -0.45
_INSETS = ("inset", "inset-inline", "inset-inline-start", "inset-inline-end")
_EDGES = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top", "margin", *_INSETS)
_PLACING = frozenset({*_EDGES, "translate", "transform"})
_CUTTING = frozenset({*OVERFLOWS, "clip", "clip-path", "scale", "rotate", "transform"})
# Of boxes made this small nobody reads the letters, and none stands this far round.
_MIN_SCALE, _EDGE_ON = 0.07, 85.0
_FADING = frozenset({"opacity", "filter"})
_SIZING = frozenset({"zoom", "font-size", "font"})
_CUTS = re.compile("hidden|clip|auto|scroll|paint|content|strict")
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
        return self.opacity < 1 or not (
            self.visible is None
            and self.font is None
            and self.colour is None
            and self.background is None
            and self.spacing is None
        )

    @property
    def hides(self) -> bool:
        """Whether text may be hidden by this, be it that of the bare page."""
        if self.gone or not self.inherits:
            return bool(self.gone)
        return Inherited().within(self, bare_is_white=True).hidden() is not None


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What text takes over from the elements around it; `background` None is the bare page."""

    visible: bool = True
    opacity: float = 1.0
    font: float = EM
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
            background=self._ground(look),
            bare_is_white=self.bare_is_white if look.colour is None else bare_is_white,
            spacing=gap if of == "px" else gap * font,
        )

    def _ground(self, look: Look) -> Colour | None:
        if look.background == CURRENT:
            return look.colour or self.colour or IMAGE
        return self.background if look.background is None else look.background

    def hidden(self) -> str | None:
        """Why text here cannot be seen, if it cannot."""
        if not self.visible:
            return INVISIBLE
        if self.opacity < FAINT:
            return OPACITY
        if self.font <= TINY_PIXELS:
            return TINY
        if self.spacing <= _CRUSHED * self.font:
            return CRUSHED
        background = self.background or ((255, 255, 255) if self.bare_is_white else IMAGE)
        if self.colour is None:
            return None
        return SAME_COLOUR if self.colour == TRANSPARENT or alike(self.colour, background) else None


def judge(said: Declared) -> Look:
    """The look that these declarations give, after the cascade."""
    # most say one thing or two
    untold = said.keys().isdisjoint
    return Look(
        gone=_gone(said),
        opacity=1.0 if untold(_FADING) else _opacity(said),
        visible=_visible(said.get("visibility")),
        font=None if untold(_SIZING) else _font(said),
        colour=None if untold(INKS) else _foreground(said),
        background=None if untold(GROUNDS) else _background(said),
        spacing=_spacing(said.get("letter-spacing")),
    )


def _spacing(value: str | None) -> tuple[float, Literal["px", "of"]] | None:
    if value in {"normal", "initial", "unset"}:
        return 0.0, "px"
    match = NUMBER.match(value) if value else None
    if match is None:
        return None
    return (float(match[1]), "of") if match[2] == "em" else (pixels(match), "px")


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
    if any(size <= _FAR for move in moves if move and "-" in move for size in sizes(move)):
        return True
    # what is pushed far from the right is out at the left; what is far down is reached by scrolling
    pushed = [size for name in ("left", "right", "bottom") for size in sizes(said.get(name, ""))]
    pushed += [size for name in _INSETS[1:] for size in sizes(said.get(name, ""))]
    return any(size >= _FAR_RIGHT for size in (*pushed, *sizes(said.get("inset", ""))[1:]))


def _clipped(said: Declared) -> bool:
    clip = said.get("clip", "")
    if clip.startswith("rect") and len(edges := sizes(clip)) == 4:
        top, right, bottom, left = edges
        if right - left <= TINY_PIXELS or bottom - top <= TINY_PIXELS:
            return True
    return _is_cut_away(said.get("clip-path", "")) or _is_flattened(said) or _is_squeezed(said)


def _is_cut_away(path: str) -> bool:
    """A shape without an inside."""
    shape, _, inside = path.partition("(")
    if shape == "inset":
        return any(share >= 50 for share in percents(inside))
    if shape in {"circle", "ellipse"}:
        radii = numbers(inside.split("at")[0])
        return bool(radii) and not all(radii)
    if shape in {"rect", "xywh", "polygon"}:
        return bool(found := numbers(inside)) and not any(found)
    return False


def _is_flattened(said: Declared) -> bool:
    """Made too small to read, or seen from its edge."""
    for function, inside in _FUNCTION.findall(said.get("transform", "")):
        found = numbers(inside)
        if function.startswith("scale") and found and abs(min(found[:2], key=abs)) < _MIN_SCALE:
            return True
        if function.startswith("matrix") and found and not any(found[:2]):
            return True
        if function in {"rotatex", "rotatey"} and found and abs(abs(found[0]) % 180 - 90) < 90 - _EDGE_ON:
            return True
    scales, turn = numbers(said.get("scale", "")), said.get("rotate", "")
    if scales and abs(min(scales[:2], key=abs)) < _MIN_SCALE:
        return True
    turned = numbers(turn) if turn[:1] in {"x", "y"} or turn[-1:] in {"x", "y"} else []
    return bool(turned) and abs(abs(turned[0]) % 180 - 90) < 90 - _EDGE_ON


def _is_squeezed(said: Declared) -> bool:
    """No room, and what has none is cut off; a box that is all padding holds a picture or a film."""
    overflow = " ".join(said.get(name, "") for name in OVERFLOWS)
    if not _CUTS.search(overflow):
        return False
    if "nowrap" in said.get("white-space", "") and any(
        share >= 100 for share in percents(said.get("text-indent", ""))
    ):
        return True
    if any(
        size > 0 for name in ("padding", "padding-top", "padding-bottom") for size in numbers(said.get(name, ""))
    ):
        return False
    rooms = [sizes(said.get(name, "")) for name in ROOMS]
    return any(room and room[0] <= TINY_PIXELS for room in rooms)


def _opacity(said: Declared) -> float:
    value, blurred = said.get("opacity", ""), said.get("filter", "")
    if not value and "opacity(" in blurred:
        value = blurred.partition("opacity(")[2].partition(")")[0].strip()
    match = NUMBER.fullmatch(value)
    if match is None:
        return 1.0
    return min(1.0, max(0.0, float(match[1]) / (100 if match[2] == "%" else 1)))


def _visible(value: str | None) -> bool | None:
    if value in {"hidden", "collapse"}:
        return False
    return True if value in {"visible", "initial"} else None


def _font(said: Declared) -> tuple[float, Literal["px", "of"]] | None:
    zoom = numbers(said.get("zoom", ""))
    if zoom and zoom[0] and zoom[0] / (100 if "%" in said["zoom"] else 1) < _MIN_SCALE:
        return 0.0, "px"
    words = said.get("font-size", "").split() or said.get("font", "").replace("/", " / ").split()
    for word in words:
        if word in _SIZES:
            return _SIZES[word], "px"
        match = NUMBER.fullmatch(word.removeprefix("calc(").removesuffix(")"))
        # a bare number is a weight, and 0 alone is a size
        if match is None or (not match[2] and float(match[1])):
            continue
        if match[2] in {"em", "%"}:
            return float(match[1]) / (100 if match[2] == "%" else 1), "of"
        return pixels(match), "px"
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
    words = [said.get("background-color", ""), *_WORD.findall(value)]
    if "currentcolor" in words:
        return CURRENT
    colours = [read_colour(text) for text in words]
    named = [colour for colour in colours if colour not in {None, TRANSPARENT}]
    return next((colour for colour in named if isinstance(colour, tuple)), named[0] if named else None)
