"""Colours as CSS and old HTML write them, and which of them an eye cannot tell apart. Pure."""

import colorsys
import re

Colour = tuple[int, int, int] | str

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})")
# Nobody reads letters with a tenth of the ink.
FAINT = 0.1
# Of 255 in each of three channels; #fefefe and #fff are one colour to an eye.
_SAME = 24
IMAGE = "an image"
_NAMES: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
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


def read_colour(value: str) -> Colour | None:
    """Red, green and blue; `transparent`; the name itself where it is not known; None where nothing is said."""
    if not value or value in {"inherit", "currentcolor", "initial", "unset", "none"}:
        return None
    if value in _NAMES:
        return _NAMES[value]
    if value.startswith("#"):
        return _hexadecimal(value[1:])
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
