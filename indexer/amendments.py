"""Which filing an amendment amends, among the documents that are there. Pure; both are kept.

A filing is known by its accession number, and all documents of one share its links. A second 10-K/A amends the
first, which amends the 10-K.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.corpus.values import Document

_SUFFIX = "/A"
# An amendment without a period is taken for one of the last filing of its form, if that is no older than this.
MAX_DAYS_BETWEEN = 365
# Forms that several people file about one company: an amendment is of its own filer's.
_BY_OTHERS = re.compile(r"[345]|144|SC .*")


@dataclass(frozen=True, slots=True)
class Amendment:
    """The document that is amended; `assumed` where the filings do not settle which one it is."""

    original: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Amendments:
    """Both directions, by document id: what a document amends, and the documents that amend it, in their order."""

    amends: dict[str, Amendment]
    amended_by: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Filing:
    """One filing: its documents, the main one first."""

    ids: tuple[str, ...]
    amendment: bool
    period: str | None
    filed: str | None
    order: tuple[str, str, str]


def link_amendments(documents: Iterable[Document]) -> Amendments:
    """The latest earlier filing of the same company, form and period is what an amendment amends.

    Where either has no period it is the last one within a year, and assumed; so it is where two originals of one
    period could be meant, or where a day of filing is not known. Periods that differ are never linked.
    """
    amends: dict[str, Amendment] = {}
    amended_by: dict[str, list[str]] = defaultdict(list)
    for filings in _groups(documents).values():
        for filing, original, assumed in _links(sorted(filings, key=lambda filing: filing.order)):
            amends.update(dict.fromkeys(filing.ids, Amendment(original.ids[0], assumed)))
            for known in original.ids:
                amended_by[known].append(filing.ids[0])
    return Amendments(
        dict(sorted(amends.items())), {known: tuple(later) for known, later in sorted(amended_by.items())}
    )


def _groups(documents: Iterable[Document]) -> dict[tuple[str, str, str], list[_Filing]]:
    """Filings that can amend each other: same company, base form and, where that matters, filer."""
    by_accession: dict[tuple[str, str, str, str], list[Document]] = defaultdict(list)
    for document in documents:
        filing = document.filing
        if filing is None or not filing.cik or not document.form:
            continue
        form = _plain(document.form)
        base = form.removesuffix(_SUFFIX)
        filer = (document.publisher or "").casefold() if _BY_OTHERS.fullmatch(base) else ""
        key = (filing.cik.lstrip("0"), base, filer, filing.accession or document.id)
        by_accession[key].append(document)
    groups: dict[tuple[str, str, str], list[_Filing]] = defaultdict(list)
    for (cik, base, filer, _), parts in by_accession.items():
        groups[cik, base, filer].append(_filing(parts))
    return groups


def _plain(form: str) -> str:
    """`SCHEDULE 13D/A` is what EDGAR has called `SC 13D/A` since December 2024."""
    return re.sub(r"^SCHEDULE ", "SC ", " ".join(form.upper().split()))


def _filing(parts: Sequence[Document]) -> _Filing:
    """Parts of a submission are numbered in its order, the main document first."""
    parts = sorted(parts, key=lambda part: (len(part.path), part.path, part.id))
    said = [part.filing for part in parts if part.filing is not None]
    filed = next((filing.filed for filing in said if filing.filed), None) or _published(parts)
    amendment = any(_plain(part.form or "").endswith(_SUFFIX) for part in parts)
    # of one day the original comes first; without a day an original is old and an amendment new
    order = (filed or ("9999" if amendment else ""), "2" if amendment else "1", said[0].accession or parts[0].id)
    period = next((filing.period for filing in said if filing.period), None)
    return _Filing(tuple(part.id for part in parts), amendment, period, filed, order)


def _published(parts: Sequence[Document]) -> str | None:
    return next((part.published.earliest.date().isoformat() for part in parts if part.published), None)


def _links(filings: Iterable[_Filing]) -> Iterator[tuple[_Filing, _Filing, bool]]:
    """Amendment, what it amends, and whether that is assumed; from filings of one group in their order."""
    last: _Filing | None = None
    last_without_period: _Filing | None = None
    by_period: dict[str, _Filing] = {}
    originals: dict[str, int] = defaultdict(int)
    for filing in filings:
        if filing.amendment:
            same = by_period.get(filing.period) if filing.period else None
            near = last_without_period if filing.period else last
            if same is not None:
                unsettled = originals[filing.period or ""] > 1 or None in {filing.filed, same.filed}
                yield filing, same, unsettled
            elif near is not None and _is_near(near, filing):
                yield filing, near, True
        if filing.period:
            by_period[filing.period] = filing
            originals[filing.period] += not filing.amendment
        else:
            last_without_period = filing
        last = filing


def _is_near(earlier: _Filing, later: _Filing) -> bool:
    if earlier.filed is None or later.filed is None:
        return False
    return (date.fromisoformat(later.filed) - date.fromisoformat(earlier.filed)).days <= MAX_DAYS_BETWEEN
