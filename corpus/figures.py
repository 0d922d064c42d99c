"""What a figure looks like in a cell, and the scale that a table states for its figures. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from evidence.corpus.grid import Cell

# No figure is longer, with its sign, its brackets and its note.
_MAX_FIGURE = 40
# A longer scale is a sentence.
_MAX_SCALE = 130
# Of the paragraphs above a table only the nearest may be longer, if it states the scale.
_SHORT = 120
# A paragraph names the scale at its end.
_SCALE_REACH = 1_000

_CURRENCY = r"(?:US|CA|HK|NT|RMB|Rs\.?|[ACSR])?[$€£¥₹]"
_MARK = r"(?:\(\d{1,2}\)|\([a-z]\)|[*†‡]{1,3})"
_OPENER = re.compile(rf"[(\[]?\s?{_CURRENCY}\s?[(\[]?[-–−]?|[(\[]\s?[-–−]?")
_CLOSER = re.compile(r"[)\]]\s?(?:%|x|bps|pts?\.?)?|(?:%|x|bps|pts?\.?)\s?[)\]]?|[*†‡]")
_DASH = re.compile(rf"(?:{_CURRENCY}|\()?\s?[-–—−]{{1,3}}\s?[)%]{{0,2}}")
_FIGURE = re.compile(
    rf"[(\[]?\s?[-–—−+]?\s?(?:{_CURRENCY})?\s?[(\[]?[-–−]?\s?(?:\d[\d,.]*|\.\d+)\s?[)\]]?\s?(?:%|x|bps)?\s?[)\]]?"
    rf"(?:\s?{_MARK})?"
)
_YEAR = re.compile(rf"(?:19|20)\d\d(?:\s?{_MARK})?")
# five digits in a row are a code, ($000) is a scale
_CODE = re.compile(r"\d{5,}|\(?[$€£¥]?\s?000['’]?s?\)?")
_STRONG = re.compile(r"[$€£¥₹%]|\d,\d{3}|^\((?!\d{1,2}\)$)")
_UNIT = r"(?:thousands|millions|billions|000['’]?s|000)"
_HAS_UNIT = re.compile(rf"\b{_UNIT}\b|[$€£¥]\s?000", re.IGNORECASE)
_BRACKETED_SCALE = re.compile(
    rf"\([^()]{{0,110}}\b{_UNIT}\b[^()]{{0,110}}\)|\([$€£¥]\s?000['’]?s?\)", re.IGNORECASE
)
_BARE_SCALE = re.compile(
    rf"(?:[\w$€£¥,.\s]{{0,30}}\bin|expressed in|millions of|thousands of|billions of)\s[^.]{{0,40}}?\b"
    rf"(?:{_UNIT}|dollars|euros)\b[^.;:]{{0,60}}",
    re.IGNORECASE,
)


def is_amount(text: str) -> bool:
    """A figure, or a dash in its place; a year or a code is none."""
    return len(text) <= _MAX_FIGURE and _is_amount(text)


# asked several times of each cell on the way to its line
@lru_cache(maxsize=4096)
def _is_amount(text: str) -> bool:
    if _YEAR.fullmatch(text) or _CODE.fullmatch(text):
        return False
    return _FIGURE.fullmatch(text) is not None or is_dash(text)


def is_dash(text: str) -> bool:
    """Whether it says that there is nothing."""
    return len(text) <= _MAX_FIGURE and _DASH.fullmatch(text) is not None


def is_written_amount(text: str) -> bool:
    """Whether it is an amount by its own spelling, and not the number of a row."""
    return _STRONG.search(text[:_MAX_FIGURE]) is not None


def join_figures(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Currency signs, brackets and percent signs in cells of their own go to the figure they belong to."""
    joined: list[Cell] = []
    for cell in cells:
        last = joined[-1] if joined else None
        if last is None:
            joined.append(cell)
        elif _opens(last.text, cell.text) or _closes(last.text, cell.text):
            joined[-1] = Cell(last.start, cell.end, last.text + cell.text)
        else:
            joined.append(cell)
    return tuple(joined)


def _opens(sign: str, text: str) -> bool:
    if len(sign) > _MAX_FIGURE or len(text) > _MAX_FIGURE or not _OPENER.fullmatch(sign):
        return False
    return text[0].isdigit() or text[0] in ".([-–—−"


def _closes(text: str, sign: str) -> bool:
    if len(sign) > _MAX_FIGURE or len(text) > _MAX_FIGURE or not _CLOSER.fullmatch(sign):
        return False
    return text[-1].isdigit() or is_amount(text)


def find_scale(above: Sequence[str]) -> str | None:
    """The scale that the paragraphs above a table state for it, as written, nearest first."""
    for distance, text in enumerate(reversed(above)):
        if distance and len(text) > _SHORT:
            return None
        bracketed = _BRACKETED_SCALE.findall(text[-_SCALE_REACH:])
        if bracketed:
            return _as_scale(bracketed[-1])
        scale = scale_alone(text)
        if scale or len(text) > _SHORT:
            return scale
    return None


def scale_alone(text: str) -> str | None:
    """The text as a scale, in brackets, where it says nothing else."""
    text = text.strip() if len(text) <= _MAX_SCALE else ""
    return _as_scale(text) if _BRACKETED_SCALE.fullmatch(text) or _BARE_SCALE.fullmatch(text) else None


def _as_scale(text: str) -> str | None:
    """Without what else the brackets hold: "Unaudited; in millions"."""
    parts = [part.strip() for part in text.strip(" ():.").split(";")]
    scale = next((part for part in parts if _HAS_UNIT.search(part)), parts[0])
    return f"({scale})" if len(scale) <= _MAX_SCALE else None
