"""Colours as CSS and old HTML write them, and which of them an eye cannot tell apart. Pure."""

import colorsys
import re
from math import cos, radians, sin

Colour = tuple[int, int, int] | str

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})")
_PART = re.compile(r"([+-]?(?:\d{1,9}\.?\d{0,20}|\.\d{1,20})|none)(%)?")
# Nobody reads letters with a tenth of the ink.
FAINT = 0.1
# Of 255 in each of three channels; #fefefe and #fff are one colour to an eye.
_SAME = 24
IMAGE = "an image"
_NAMES: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "canvas": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "whitesmoke": (245, 245, 245),
    "red": (255, 0, 0),
    "lime": (0, 255, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "aqua": (0, 255, 255),
    "cyan": (0, 255, 255),
    "fuchsia": (255, 0, 255),
    "magenta": (255, 0, 255),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
}
TRANSPARENT = "transparent"
# Every other word that is a colour; what is none of them is no colour, and a browser does not read it.
CSS_NAMES = frozenset(_NAMES) | frozenset(
    "aliceblue antiquewhite aquamarine beige bisque blanchedalmond blueviolet brown burlywood cadetblue "
    "chartreuse chocolate coral cornflowerblue cornsilk crimson darkblue darkcyan darkgoldenrod darkgray "
    "darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon "
    "darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue "
    "dimgray dimgrey dodgerblue firebrick forestgreen gainsboro gold goldenrod greenyellow honeydew hotpink "
    "indianred indigo khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan "
    "lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue "
    "lightslategray lightslategrey lightsteelblue lightyellow limegreen linen maroon mediumaquamarine "
    "mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise "
    "mediumvioletred midnightblue mistyrose moccasin navajowhite oldlace olive olivedrab orange orangered "
    "orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue "
    "purple rebeccapurple rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna skyblue "
    "slateblue slategray slategrey springgreen steelblue tan teal thistle tomato turquoise violet wheat "
    "yellowgreen transparent currentcolor inherit initial unset revert canvas canvastext linktext visitedtext "
    "activetext buttonface buttontext buttonborder field fieldtext highlight highlighttext selecteditem "
    "selecteditemtext mark marktext graytext accentcolor accentcolortext windowtext window none".split()
)


def read_colour(value: str) -> Colour | None:
    """Red, green and blue; `transparent`; the name itself where it is not known; None where nothing is said."""
    if not value or value in {"inherit", "currentcolor", "initial", "unset", "none"}:
        return None
    if value in _NAMES:
        return _NAMES[value]
    if value.startswith(("light-dark(", "color-mix(")):
        return _chosen(value)
    if value.startswith("color("):
        return _in_space(value)
    if value.startswith("#"):
        return _hexadecimal(value[1:])
    if value.startswith(("lab(", "lch(", "oklab(", "oklch(", "hwb(")):
        return _perceived(value)
    if not value.startswith(("rgb", "hsl")):
        return value if value.isalpha() or value.startswith("var(") else None
    numbers = [float(number) for number in _NUMBER.findall(value)]
    if len(numbers) < 3:
        return None
    if len(numbers) > 3 and numbers[3] < (90 if value.rstrip(") ").endswith("%") else 0.9):
        return TRANSPARENT if numbers[3] < FAINT else IMAGE + value
    if value.startswith("hsl"):
        red, green, blue = colorsys.hls_to_rgb(numbers[0] % 360 / 360, numbers[2] / 100, numbers[1] / 100)
        return round(red * 255), round(green * 255), round(blue * 255)
    scale = 2.55 if "%" in value.split(",", maxsplit=1)[0] else 1.0
    return round(numbers[0] * scale), round(numbers[1] * scale), round(numbers[2] * scale)


def _chosen(value: str) -> Colour | None:
    """`light-dark()` on a light screen; `color-mix()` of two that are alike."""
    parts = re.findall(r"(?:[^,()]|\([^()]*\))+", value.partition("(")[2].removesuffix(")"))
    colours = [read_colour(re.sub(r"\s\d+%", "", part.strip())) for part in parts]
    if value.startswith("l"):
        return colours[0] if colours else None
    mixed = [colour for colour in colours[1:] if colour is not None]
    return mixed[0] if len(mixed) == 2 and alike(*mixed) else IMAGE + value


def _in_space(value: str) -> Colour | None:
    """`color(srgb 1 1 1)`; a wider space has its whites and blacks at the same places."""
    said, _, alpha = value.partition("(")[2].rstrip(") ").partition("/")
    parts = [float(number) / (100 if percent else 1) for number, percent in _PART.findall(said) if number != "none"]
    clear = float(alpha.strip().rstrip("%") or 0) / (100 if "%" in alpha else 1) if _NUMBER.search(alpha) else 1.0
    if clear < FAINT:
        return TRANSPARENT
    if len(parts) < 3 or "xyz" in said:
        return IMAGE + value
    red, green, blue = (round(255 * min(1.0, max(0.0, part))) for part in parts[-3:])
    return red, green, blue


def _perceived(value: str) -> Colour | None:
    """`lab()`, `lch()`, `oklab()`, `oklch()` and `hwb()`, by CSS Color 4; what is outside of sRGB is cut off."""
    kind, _, inside = value.partition("(")
    said, _, alpha = inside.rstrip(") ").partition("/")
    numbers = [
        float(number) / (100 if percent else 1) if number != "none" else 0.0
        for number, percent in _PART.findall(said.replace("deg", ""))
    ]
    percents = [bool(percent) for _, percent in _PART.findall(said)]
    if len(numbers) < 3:
        return None
    clear = float(alpha.strip().rstrip("%") or 0) / (100 if "%" in alpha else 1) if _NUMBER.search(alpha) else 1.0
    if clear < 0.9:
        return TRANSPARENT if clear < FAINT else IMAGE + value
    if kind == "hwb":
        return _mixed(numbers)
    # what a share is a share of
    whole = (1.0, 0.4) if kind.startswith("ok") else (100.0, 125.0 if kind == "lab" else 150.0)
    first, second, third = (
        number * (whole[0] if at == 0 else whole[1]) if percents[at] else number
        for at, number in enumerate(numbers[:3])
    )
    if kind.endswith("lch"):
        second, third = second * cos(radians(third)), second * sin(radians(third))
    return _from_oklab(first, second, third) if kind.startswith("ok") else _from_lab(first, second, third)


def _mixed(numbers: list[float]) -> Colour:
    white, black = (number if number <= 1 else number / 100 for number in numbers[1:3])
    if white + black >= 1:
        return (round(255 * white / (white + black)),) * 3
    hue = colorsys.hsv_to_rgb(numbers[0] % 360 / 360, 1, 1)
    red, green, blue = (round(255 * (channel * (1 - white - black) + white)) for channel in hue)
    return red, green, blue


def _from_lab(light: float, a: float, b: float) -> Colour:
    """By way of XYZ at D50."""
    middle = (light + 16) / 116
    steps = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (step**3 if step**3 > 216 / 24389 else (116 * step - 16) * 27 / 24389 for step in steps)
    x, z = x * 0.9642957, z * 0.8251046
    return _gamma(
        3.1341359 * x - 1.6173863 * y - 0.4906619 * z,
        -0.9787955 * x + 1.9162544 * y + 0.0334429 * z,
        0.0719554 * x - 0.2289768 * y + 1.4053860 * z,
    )


def _from_oklab(light: float, a: float, b: float) -> Colour:
    l_, m_, s_ = (
        (light + 0.3963378 * a + 0.2158038 * b) ** 3,
        (light - 0.1055613 * a - 0.0638542 * b) ** 3,
        (light - 0.0894842 * a - 1.2914855 * b) ** 3,
    )
    return _gamma(
        4.0767417 * l_ - 3.3077116 * m_ + 0.2309699 * s_,
        -1.2684380 * l_ + 2.6097574 * m_ - 0.3413194 * s_,
        -0.0041961 * l_ - 0.7034186 * m_ + 1.7076147 * s_,
    )


def _gamma(*linear: float) -> Colour:
    within = (min(1.0, max(0.0, value)) for value in linear)
    red, green, blue = (
        round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))
        for value in within
    )
    return red, green, blue


def _hexadecimal(digits: str) -> Colour | None:
    if not re.fullmatch(r"[0-9a-f]{3,8}", digits) or len(digits) in {5, 7}:
        return None
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 8 and int(digits[6:], 16) < 0.9 * 255:
        return TRANSPARENT if int(digits[6:], 16) < FAINT * 255 else IMAGE + digits
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def alike(one: Colour, other: Colour) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def attribute_colour(value: str | None) -> Colour | None:
    """A colour of `bgcolor`, `color` or `text`, in which a number needs no `#`."""
    if not value:
        return None
    value = value.strip().lower()
    return read_colour(f"#{value}" if re.fullmatch(r"[0-9a-f]{6}", value) else value)
