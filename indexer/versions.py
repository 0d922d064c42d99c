"""Which documents are versions of one page: captured at different times under one address. Pure.

What one crawl brought under an address at one time, as the items of a feed or the parts of a submission, are
different documents and not versions. Without an address or a time of capture there is none to tell.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Captured:
    """A document by its id, the address it was captured under, and when, in microseconds since 1970."""

    id: str
    url: str | None
    captured: int | None


def link_versions(documents: Iterable[Captured]) -> dict[str, tuple[str, ...]]:
    """Each document of a page that was captured more than once, to all of its versions, the earliest first."""
    pages: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in documents:
        if one.url and one.captured is not None:
            pages[one.url].append((one.captured, one.id))
    versions: dict[str, tuple[str, ...]] = {}
    for captures in pages.values():
        times = [time for time, _ in captures]
        if len(captures) > 1 and len(set(times)) == len(times):
            told = tuple(name for _, name in sorted(captures))
            versions |= dict.fromkeys(told, told)
    return versions
