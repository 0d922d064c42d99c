"""The text of CSS before any of it is understood: comments, strings, addresses and escapes. Pure.

What stands in a string or an address is neither a brace nor the end of anything, and a comment's mark in it begins
none. All of it is told in one pass, as a browser does.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes

_LEXEME = re.compile(
    r"\\."
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|[uU][rR][lL]\(\s*+(?![\"'\s])(?:[^)\\]|\\.)*+\)?"
    r"|/\*.*?(?:\*/|\Z)",
    re.DOTALL,
)
# What would mean something outside of a string. A line that ends in a backslash goes on.
_MEANING = re.compile(r"\\\n|(?<!\\)[{};:,>~+()\[\]\s]")
_DATA = re.compile(r"\s*data:text/css([^,]{0,200}),(.*)", re.IGNORECASE | re.DOTALL)
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?(?:\"([^\"]+)\"|'([^']+)'|([^\s\"')]+))", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:^|[;{])\s*(--[\w-]+)\s*:\s*([^;{}!]*)")
_USE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)", re.IGNORECASE)
# Custom properties in one value, and its length.
_MAX_USES, _MAX_VALUE = 8, 1_000
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


def settle(css: str) -> str:
    """CSS without comments, and with escapes for what means nothing where it stands."""
    if "<!--" in css or "-->" in css:
        css = css.replace("<!--", " ").replace("-->", " ")
    return _LEXEME.sub(_settled, css)


def _settled(match: re.Match[str]) -> str:
    text = match[0]
    if text[0] == "/":
        return ""
    if text[0] in "\"'":
        return text[0] + guard(text[1:])
    return f"url({guard(text[4:-1])})" if text[0] in "uU" else text


def guard(text: str) -> str:
    """The text with what would part it elsewhere written as escapes."""
    return _MEANING.sub(lambda match: "" if match[0][0] == "\\" else f"\\{ord(match[0]):06x}", text)


def unescape(css: str) -> str:
    """CSS text with `\\69` and `\\:` as the characters they stand for."""
    return _ESCAPE.sub(lambda match: _character(match[1]) if match[1] else match[2], css)


def _character(hexadecimal: str) -> str:
    code = int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def data_sheet(address: str) -> str | None:
    """The style sheet that a `data:` address is; None for any other address."""
    match = _DATA.match(address)
    if match is None:
        return None
    if not match[1].lower().rstrip().endswith(";base64"):
        return unquote(match[2], errors="replace")
    try:
        return b64decode(unquote_to_bytes(match[2])).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def imports(css: str) -> list[str]:
    """The sheets that a sheet imports from `data:` addresses; others are not on the page."""
    sheets = (data_sheet(match[1] or match[2] or match[3]) for match in _IMPORT.finditer(css))
    return [sheet for sheet in sheets if sheet]


def variables(css: str) -> dict[str, str]:
    """The custom properties that are given one value only, whoever gives it."""
    found: dict[str, str | None] = {}
    for match in _VARIABLE.finditer(css):
        name, value = match[1], match[2].strip()
        found[name] = value if found.get(name, value) == value else None
    return {name: value for name, value in found.items() if value is not None}


def substitute(value: str, known: Mapping[str, str]) -> str:
    """The value with custom properties replaced by what is known of them, else by their fallbacks."""
    for _ in range(_MAX_USES):
        match = _USE.search(value)
        worth = None if match is None else known.get(match[1], match[2])
        if match is None or worth is None or len(value) + len(worth) > _MAX_VALUE:
            break
        value = value[: match.start()] + worth.strip() + value[match.end() :]
    return value
