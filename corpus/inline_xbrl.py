"""The cover facts that an inline XBRL filing states for machines (the SEC's taxonomy `dei`)."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from evidence.corpus.grid import squeeze
from evidence.corpus.times import parse_written
from evidence.corpus.values import Precision

_FORM = "documenttype"
_COMPANY = "entityregistrantname"
_CIK = "entitycentralindexkey"
_TICKER = "tradingsymbol"
_PERIOD = "documentperiodenddate"
_NAMES = frozenset({_FORM, _COMPANY, _CIK, _TICKER, _PERIOD})

# The cover is one page; a page that tags these names more often is no filing of one company.
_MAX_FACTS = 500
_MAX_LENGTH = 200
_IS_TICKER = re.compile(r"[A-Z0-9][A-Z0-9 .\-/]{0,19}", re.IGNORECASE)
_IS_FORM = re.compile(r"[A-Z0-9][A-Z0-9 /\-]{0,19}", re.IGNORECASE)
_IS_CIK = re.compile(r"\d{1,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the filing says it is; `tickers` in its own order, the common stock's first; `period` an ISO day."""

    form: str | None = None
    company: str | None = None
    cik: str | None = None
    tickers: tuple[str, ...] = ()
    period: str | None = None

    @property
    def ticker(self) -> str | None:
        """The first of its symbols."""
        return self.tickers[0] if self.tickers else None


def read_cover(root: HtmlElement) -> Cover:
    """Reads the tree as it was parsed: cleaning removes these tags, and the hidden ones with their text.

    Of a fact that is stated twice the first counts: where several companies file together, the parent's.
    """
    said: dict[str, list[str]] = {}
    facts = 0
    for element in root.iter("ix:nonnumeric"):
        prefix, _, name = (element.get("name") or "").partition(":")
        name = name.lower()
        if prefix.lower() != "dei" or name not in _NAMES:
            continue
        facts += 1
        if facts > _MAX_FACTS:
            break
        said.setdefault(name, []).append(squeeze(element.text_content()))
    return Cover(
        form=_first(said, _FORM, _IS_FORM),
        company=_first(said, _COMPANY, re.compile(rf".{{1,{_MAX_LENGTH}}}")),
        cik=_cik(said),
        tickers=tuple(dict.fromkeys(text.upper() for text in said.get(_TICKER, ()) if _is_ticker(text))),
        period=_period(said),
    )


def _first(said: dict[str, list[str]], name: str, shape: re.Pattern[str]) -> str | None:
    return next((text for text in said.get(name, ()) if shape.fullmatch(text)), None)


def _is_ticker(text: str) -> bool:
    # a company without one writes "N/A" or "None"
    return _IS_TICKER.fullmatch(text) is not None and text.upper() not in {"NONE", "N/A", "NA", "NOT APPLICABLE"}


def _cik(said: dict[str, list[str]]) -> str | None:
    """Ten digits, as EDGAR's own headers write it."""
    written = _first(said, _CIK, _IS_CIK)
    return written.zfill(10) if written else None


def _period(said: dict[str, list[str]]) -> str | None:
    for text in said.get(_PERIOD, ()):
        span = parse_written(text) if len(text) <= _MAX_LENGTH else None
        if span and span.precision is Precision.DAY:
            return span.first_day.isoformat()
    return None
