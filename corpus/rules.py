"""The text of a style sheet to its rules, as a desk's screen applies them: nesting, layers, media queries. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.corpus.csstext import settle

_TOKEN = re.compile(r"([^{}]*+)([{}]|\Z)")
_OUR_AT_RULES = ("@media", "@supports", "@layer", "@container", "@document", "@-moz-document")
_SCOPE = re.compile(r"@scope\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", re.IGNORECASE)
_LAYER = re.compile(r"@layer\s+([^{};]{1,200})[{;]", re.IGNORECASE)
_FEATURE = re.compile(r"\(([^()]*)\)")
_BOUND = re.compile(
    r"(?:(min|max)-)?(?:device-)?(width|height)\s*([:<>=]{1,2})\s*(\d{1,6}(?:\.\d{1,6})?)(px|r?em)?"
)
_BEFORE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(px|r?em)?\s*([<>]=?)\s*(width|height)(.*)")
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SCREEN_PIXELS = {"width": 1280.0, "height": 800.0}
# What else a desk's screen says yes to.
_DESK = frozenset(
    "color hover any-hover pointer any-pointer hover:hover any-hover:hover pointer:fine any-pointer:fine update "
    "orientation:landscape prefers-color-scheme:light prefers-reduced-motion:no-preference scripting:enabled "
    "update:fast overflow-block:scroll display-mode:browser forced-colors:none".split()
)
_DESK_FEATURES = frozenset(feature.partition(":")[0] for feature in _DESK)
# The longest list that is parted, and of one rule with those around it, and rules inside of rules.
_MAX_LIST, MAX_SELECTOR, _MAX_NESTED = 40_000, 600, 8


@dataclass(frozen=True, slots=True)
class Found:
    """A rule's selectors and what stands in its braces; the later its layer the higher, those without one last."""

    prelude: str
    body: str
    layer: int


_NO_LAYER = 1_000


def rules_of(css: str) -> Iterator[Found]:
    """The rules that a screen applies; of a rule inside another, both's selectors."""
    css = settle(css)
    layers = _layers(css)
    # of each open brace: a prelude, or whether what is inside applies; and its layer
    opened: list[tuple[str | bool, int]] = []
    for text, brace in _TOKEN.findall(css):
        around, layer = opened[-1] if opened else (True, _NO_LAYER)
        if brace == "{":
            if isinstance(around, str):
                yield Found(around, text, layer)
            prelude = text.rpartition(";")[2].strip()
            if layer == _NO_LAYER and prelude[:6].lower() == "@layer":
                layer = layers.get(_layer(prelude[6:]), 0)
            opened.append((_opened(prelude, around, len(opened)), layer))
        elif opened:
            # a block that the page never closes ends with it
            opened.pop()
            if isinstance(around, str):
                yield Found(around, text, layer)


def _layers(css: str) -> dict[str, int]:
    """The layers by name, in the order in which they are first named."""
    if "@layer" not in css.lower():
        return {}
    names = [_layer(name) for match in _LAYER.finditer(css) for name in match[1].split(",")]
    return {name: number for number, name in enumerate(dict.fromkeys(names[: _NO_LAYER - 1]), 1)}


def _layer(name: str) -> str:
    return name.strip().partition(".")[0]


def _opened(prelude: str, around: str | bool, depth: int) -> str | bool:
    """What a brace opens: a rule by its selectors, more of what is around it, or what does not apply."""
    if prelude.startswith("@"):
        if scope := _SCOPE.match(prelude):
            prelude = scope[1].strip()
            return around and (prelude if not isinstance(around, str) else f"{around} {prelude}")
        return around if around is not False and _applies(prelude) else False
    if not isinstance(around, str):
        return prelude if around else False
    parent = f":is({around})" if "," in around else around
    nested = [
        re.sub(r"&|:scope(?![\w-])", lambda _: parent, text)
        if "&" in text or ":scope" in text
        else f"{parent} {text}"
        for text in map(str.strip, parted(prelude))
    ]
    joined = ",".join(nested)
    return joined if depth <= _MAX_NESTED and len(joined) <= MAX_SELECTOR else False


def parted(text: str) -> list[str]:
    """A list parted at its commas, not at those within parentheses."""
    if "(" not in text:
        return text.split(",")
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text[:_MAX_LIST]):
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _applies(prelude: str) -> bool:
    name, _, query = prelude.lower().replace("(", " (", 1).partition(" ")
    return name in _OUR_AT_RULES and (name not in {"@media", "@container"} or on_screen(query))


def on_screen(media: str) -> bool:
    """Whether a desk's screen, or a box as wide as it, answers one of these queries."""
    return any(_answers(query) for query in media.lower().split(",")) if media.strip() else True


def _answers(query: str) -> bool:
    words = _FEATURE.sub(" ", query).split()
    if "not" in words[1:] or "or" in words:
        return False
    negated = words[:1] == ["not"]
    media = "print" not in words and "speech" not in words
    answers = [_has_feature(feature.strip()) for feature in _FEATURE.findall(query)] if media else [False]
    if None in answers:
        # a feature that is not known here is taken for one that this screen has not, either way
        return False
    return all(answers) != negated


def _has_feature(feature: str) -> bool | None:
    before = _BEFORE.fullmatch(feature)
    if before is not None:
        size, unit, sign, name, rest = before.groups()
        bounds = [f"{name} {_TURNED[sign]} {size}{unit or ''}", *([name + rest] if rest.strip() else [])]
        answers = [_has_feature(bound) for bound in bounds]
        return None if None in answers else all(answers)
    match = _BOUND.fullmatch(feature)
    if match is None:
        known = re.sub(r"\s*:\s*", ":", feature)
        return known in _DESK if known.partition(":")[0] in _DESK_FEATURES else None
    least, name, sign, size, unit = match.groups()
    pixels, screen = float(size) * (16 if (unit or "").endswith("em") else 1), _SCREEN_PIXELS[name]
    if least == "min" or sign in {">", ">="}:
        return screen >= pixels
    if least == "max" or sign in {"<", "<="}:
        return screen <= pixels
    return screen == pixels
