"""Numbers of CSS with their units, in the pixels of a window as on a desk. Pure."""

import re

NUMBER = re.compile(
    r"([+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:e[+-]?\d{1,2}(?![\d.]))?)"
    r"(px|pt|pc|in|cm|mm|r?em|ex|ch|[sld]?v[whib]|vmin|vmax|%)?"
)
# em is what text is when nobody says.
EM = 16.0
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "ex": 8.0, "ch": 8.0}
_VIEWPORT = 10.0
_FUNCTION = re.compile(r"(?<![\w-])(calc|min|max|clamp|)\(([^()]*)\)")
_TERM = re.compile(rf"\s*(?:{NUMBER.pattern}|([-+*/]))")
# Functions in one value that are computed, and its length; nobody writes more.
_MAX_FUNCTIONS, _MAX_VALUE = 16, 1_000


def pixels(match: re.Match[str]) -> float:
    """What a match of NUMBER measures; a share is one of the window."""
    unit = match[2] or ""
    scale = _VIEWPORT if "v" in unit or unit == "%" else EM if unit.endswith("em") else _PIXELS[unit]
    return float(match[1]) * scale


def sizes(value: str) -> list[float]:
    """All numbers in it as pixels."""
    return [pixels(match) for match in NUMBER.finditer(value)]


def numbers(value: str) -> list[float]:
    """All numbers in it, whatever their units."""
    return [float(match[1]) for match in NUMBER.finditer(value)]


def percents(value: str) -> list[float]:
    """The numbers in it that are shares."""
    return [float(match[1]) for match in NUMBER.finditer(value) if match[2] == "%"]


def compute(value: str) -> str:
    """The value with `calc()`, `min()`, `max()` and `clamp()` worked out, as far as they hold numbers only."""
    for _ in range(_MAX_FUNCTIONS if len(value) <= _MAX_VALUE else 0):
        found = next((f for f in _FUNCTION.finditer(value) if f[1] or "calc(" in value[: f.start()]), None)
        worth = _worth(found[1], found[2]) if found else None
        if found is None or worth is None:
            break
        value = value[: found.start()] + worth + value[found.end() :]
    return value


def _worth(name: str, inside: str) -> str | None:
    terms = [_sum(part) for part in inside.split(",")]
    amounts = [term for term in terms if term is not None]
    if len(amounts) < len(terms) or (name == "clamp" and len(amounts) != 3):
        return None
    if name == "clamp":
        amount = max(amounts[0], min(amounts[1], amounts[2]))
    else:
        amount = max(amounts) if name == "max" else min(amounts)
    plain = not any(match[2] for match in NUMBER.finditer(inside))
    return f"{amount:.6f}" + ("" if plain else "px")


def _sum(text: str) -> float | None:
    """The worth of `1px + 2 * 3px`; None for what is no such sum."""
    total, product, sign, by, at = 0.0, None, 1.0, "*", 0
    text = text.strip()
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None:
            return None
        at = match.end()
        if match[3] is None:
            amount = pixels(match)
            if by == "/" and not amount:
                return None
            product = amount if product is None else product * amount if by == "*" else product / amount
        elif match[3] in "*/":
            by = match[3]
        elif product is None:
            return None
        else:
            total, product, by = total + sign * product, None, "*"
            sign = 1.0 if match[3] == "+" else -1.0
    return None if product is None else total + sign * product
