"""Filters on documents, beside the window: publisher, form, ticker, kind, language. Exact but for case."""

from collections import Counter
from dataclasses import asdict, dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.naming import name_key
from evidence.indexer.segment import Segment
from evidence.indexer.store import Index

COLUMNS = ("publisher", "form", "ticker", "kind", "language")
_NEAREST = 3
# So many values are named where none comes near.
_COMMON = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """What a document must say to be searched, withdrawn ones aside; None asks nothing. Fields are columns.

    `names` are keys of a company's names and tickers; one of them does for `ticker`, too.
    """

    publisher: str | None = None
    form: str | None = None
    ticker: str | None = None
    kind: str | None = None
    language: str | None = None
    names: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, str]:
        """What was asked for, by column."""
        return {name: value for name, value in asdict(self).items() if name in COLUMNS and value is not None}

    def mask(self, segment: Segment, first: int, last: int) -> NDArray[np.bool_]:
        """Which of the segment's rows [first, last) belong to documents that pass."""
        rows = segment.passages.documents[first:last]
        chosen: NDArray[np.bool_] = segment.live[rows]
        asked = self.as_json()
        if not asked:
            return chosen
        documents, inverse = np.unique(rows, return_inverse=True)
        passing = np.ones(len(documents), np.bool_)
        for name in asked:
            passing &= self._passes(name, segment, documents)
        return chosen & passing[inverse]

    def _passes(self, name: str, segment: Segment, documents: NDArray[np.uint32]) -> NDArray[np.bool_]:
        wanted = str(getattr(self, name)).casefold()
        values = segment.documents.values(name, documents)
        if name != "ticker":
            return np.array([value is not None and value.casefold() == wanted for value in values], np.bool_)
        companies = segment.documents.values("company", documents)
        pairs = zip(values, companies, strict=True)
        return np.array([self._is_named(wanted, ticker, company) for ticker, company in pairs], np.bool_)

    def _is_named(self, wanted: str, ticker: str | None, company: str | None) -> bool:
        if ticker is not None:
            stated = ticker.casefold()
            # BESI is BESI.AS; BRK.A is not BRK.B
            if wanted in {stated, stated.partition(".")[0]} or name_key(stated.partition(".")[0]) in self.names:
                return True
        return company is not None and name_key(company) in self.names


NO_FILTER = Filter()


def unheld(index: Index, where: Filter) -> list[tuple[str, str]]:
    """For each value that no live document of the archive has: what was asked, and which there are."""
    found = []
    for name, value in where.as_json().items():
        if not any(_holds(segment, Filter(**{name: value}, names=where.names)) for segment in index.segments):
            found.append((f"{name} {value!r}", _nearest(_counts(index, name), value)))
    return found


def _holds(segment: Segment, where: Filter) -> bool:
    return bool(where.mask(segment, 0, len(segment.passages)).any())


def _counts(index: Index, name: str) -> Counter[str]:
    columns = [zip(s.documents.column(name), s.live.tolist(), strict=True) for s in index.segments]
    return Counter(value for column in columns for value, live in column if live and value)


def _nearest(counts: Counter[str], value: str) -> str:
    """The values that come near; where none does, those that the most documents have."""
    folded: dict[str, str] = {held.casefold(): held for held in sorted(counts)}
    inside = [held for key, held in folded.items() if value.casefold() in key]
    near = [folded[key] for key in get_close_matches(value.casefold(), list(folded), _NEAREST)]
    if named := list(dict.fromkeys([*near, *inside]))[:_NEAREST]:
        return f"nearest: {', '.join(named)}"
    if not counts:
        return "no document of this archive states one"
    common = sorted(counts, key=lambda held: (-counts[held], held))[:_COMMON]
    more = f" and {len(counts) - _COMMON} more" if len(counts) > _COMMON else ""
    return f"the archive has: {', '.join(common)}{more}"
