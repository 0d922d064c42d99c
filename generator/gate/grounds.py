"""What a sentence can stand on: the quotes of a finding, and what stands over them in the archive. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evidence.generator.values import Finding


@dataclass(frozen=True, slots=True)
class Ground:
    """The quotes of one finding. Title, section and filer (a company and its ticker) may name a subject that the
    quotes do not; `publisher` is who says it, and `published` the day that its `yesterday` is counted from."""

    quotes: tuple[str, ...]
    title: str | None = None
    section: str | None = None
    filer: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None

    @property
    def text(self) -> str:
        """All quoted words."""
        return "\n".join(self.quotes)


def grounds_of(findings: Sequence[Finding]) -> dict[int, Ground]:
    """By the findings' numbers, which are what sentences cite."""
    return {finding.number: _ground(finding) for finding in findings}


def _ground(finding: Finding) -> Ground:
    document = finding.document
    dated = document.published
    return Ground(
        quotes=tuple(quote.text for quote in finding.quotes),
        title=document.title,
        section=document.locate(finding.quotes[0].start).section,
        filer=tuple(filter(None, (document.company, document.ticker))),
        publisher=document.publisher,
        published=_day(dated.as_json()) if dated else None,
    )


def read_grounds(report: Mapping[str, Any]) -> dict[int, Ground]:
    """The same from a report's JSON object alone. Raises KeyError, TypeError or ValueError for a missing part."""
    sources = {source["id"]: source for source in report["sources"]}
    grounds = {}
    for row in report["findings"]:
        source = {**sources[row["source"]["id"]], **row["source"]}
        grounds[int(row["id"])] = Ground(
            quotes=tuple(quote["text"] for quote in row["quotes"]),
            title=source["title"],
            section=source["section"],
            filer=tuple(filter(None, (source["company"], source["ticker"]))),
            publisher=source["publisher"],
            published=_day(row["published"]) if row["published"] else None,
        )
    return grounds


def _day(published: Mapping[str, str]) -> date | None:
    """The day of publication on its page's clock; None where it is not known to the day."""
    first, last = (datetime.fromisoformat(published[end]).date() for end in ("earliest", "latest"))
    return first if first == last else None
