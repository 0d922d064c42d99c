"""Two reports side by side: what was asked otherwise, which quotes only one of them has, and why."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.corpus.errors import NotFound, SegmentError
from evidence.corpus.values import Document
from evidence.differences import differences, first_named
from evidence.indexer.store import Index
from evidence.verifying import window_of

Report = Mapping[str, Any]
Quoted = tuple[str, int, int]

_WINDOW = ("first_instant", "last_instant", "first_day", "last_day", "min_grade", "known_instant")
# What else a report says; a finding's number and its other quotes are its report's own.
_REST = tuple("key_findings contradictions gaps near_misses coverage cut analysis plan unplanned".split())
_OF_ONE_REPORT = frozenset({"id", "quotes", "query", "relevance"})
# Models that decide what is found.
_RANKING = ("embedder", "reranker")


@dataclass(frozen=True, slots=True)
class Only:
    """A quote that one of two reports has, with the number of its finding there, and why the other has it not."""

    finding: str
    document_id: str
    publisher: str | None
    title: str | None
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`asked`: a line for each thing that was not the same before anything was searched; the model's sentences; and
    `judged`: a line for what else is not the same, of the quotes that both have or of the rest of the reports.
    """

    asked: tuple[str, ...]
    only_first: tuple[Only, ...]
    only_second: tuple[Only, ...]
    sentences_first: tuple[str, ...]
    sentences_second: tuple[str, ...]
    judged: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both say the same; when they were made is no difference."""
        return not any(getattr(self, name) for name in self.__slots__)


def compare_reports(first: Report, second: Report, at: Callable[[int], Index]) -> Comparison:
    """`at` opens a snapshot by its number, or raises NotFound where it is not kept."""
    held = [_snapshot(report, at) for report in (first, second)]
    said = [[sentence["text"] for sentence in report["analysis"]["sentences"]] for report in (first, second)]
    return Comparison(
        asked=tuple(_asked(first, second)),
        only_first=tuple(_only(first, second, held[0], held[1])),
        only_second=tuple(_only(second, first, held[1], held[0])),
        sentences_first=tuple(text for text in said[0] if text not in said[1]),
        sentences_second=tuple(text for text in said[1] if text not in said[0]),
        judged=first_named(list(_judged(first, second))),
    )


def _judged(first: Report, second: Report) -> Iterator[str]:
    """Findings are compared whole where the quotes are the same, else those of the quotes that both have."""
    own, other = ({quote: finding for quote, (_, finding) in _quotes(report).items()} for report in (first, second))
    if own.keys() == other.keys():
        yield from differences("findings", first["findings"], second["findings"])
    else:
        for quote in sorted(own.keys() & other.keys()):
            told = (_without(finding, _OF_ONE_REPORT) for finding in (own[quote], other[quote]))
            yield from differences(f"finding {own[quote]['id']}", *told)
    for part in _REST:
        yield from differences(part, first.get(part), second.get(part))


def _without(row: Report, keys: Container[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _snapshot(report: Report, at: Callable[[int], Index]) -> Index | None:
    try:
        return at(report["snapshot"])
    except (NotFound, SegmentError):
        return None


def _asked(first: Report, second: Report) -> Iterator[str]:
    if first["query"] != second["query"]:
        yield f"question: {first['query']!r}, then {second['query']!r}"
    for key in _WINDOW:
        if first["window"][key] != second["window"][key]:
            yield f"window, {key}: {first['window'][key]}, then {second['window'][key]}"
    for key in ("filters", "snapshot", "seed", "subject", "lens"):
        if first.get(key) != second.get(key):
            yield f"{key}: {first.get(key)}, then {second.get(key)}"
    for role in {**first["models"], **second["models"]}:
        was, now = (report["models"].get(role) for report in (first, second))
        if (was and was["sha256"]) != (now and now["sha256"]):
            yield f"{role}: {_model(was)}, then {_model(now)}"
    if first["entities"]["sha256"] != second["entities"]["sha256"]:
        yield "entities.toml: another one"
    asked = [set(report["search_queries"]) for report in (first, second)]
    yield from (f"only the first asks: {query}" for query in sorted(asked[0] - asked[1]))
    yield from (f"only the second asks: {query}" for query in sorted(asked[1] - asked[0]))


def _model(row: Mapping[str, str] | None) -> str:
    return f"{row['name']} ({row['sha256'][:12]})" if row else "none"


def _quotes(report: Report) -> dict[Quoted, tuple[Report, Report]]:
    """Each quote by its place, with its finding."""
    return {
        (quote["document_id"], quote["start"], quote["end"]): (quote, finding)
        for finding in report["findings"]
        for quote in finding["quotes"]
    }


def _only(own: Report, other: Report, held: Index | None, elsewhere: Index | None) -> Iterator[Only]:
    there = _quotes(other)
    for place, (quote, finding) in _quotes(own).items():
        if place not in there:
            source = finding["source"]
            yield Only(
                finding=finding["id"],
                document_id=quote["document_id"],
                publisher=source["publisher"],
                title=source["title"],
                text=quote["text"],
                why=_why(finding, quote["document_id"], own, other, held, elsewhere),
            )


def _why(
    finding: Report, document_id: str, own: Report, other: Report, held: Index | None, elsewhere: Index | None
) -> str:
    """The first reason that holds for the other report's not having it, from the archive to the ranking."""
    document = held and _document(held, document_id)
    if elsewhere is None:
        gone = f"snapshot {other['snapshot']} of the other is not kept, so it cannot be told whether it held this"
    else:
        gone = _absent(document_id, own, other, elsewhere)
    if elsewhere is not None and gone:
        return gone
    if document and not window_of(other["window"]).holds(document.dated, document.known):
        return "the document is not inside the other's window"
    for name, value in other["filters"].items():
        if name in finding["source"] and (finding["source"][name] or "").casefold() != value.casefold():
            return f"the other asks for {name} {value} alone"
    if finding["query"] not in other["search_queries"]:
        return f"the other does not ask: {finding['query']}"
    if gone:
        return gone
    models = [role for role in _RANKING if own["models"].get(role) != other["models"].get(role)]
    if models:
        return f"the other has another {' and '.join(models)}"
    if own["entities"] != other["entities"]:
        return "the other has another entities.toml"
    if own["snapshot"] != other["snapshot"]:
        return "the other's snapshot holds it and ranks other passages before it"
    return "the other chose other passages before it"


def _absent(document_id: str, own: Report, other: Report, elsewhere: Index) -> str:
    number = other["snapshot"]
    if _document(elsewhere, document_id) is None:
        new = own["snapshot"] > number
        return (
            f"a new document: snapshot {number} did not hold it" if new else f"snapshot {number} holds it no more"
        )
    if document_id in elsewhere.withdrawn:
        return f"in snapshot {number} the document is withdrawn: what was stated of it was corrected"
    if document_id in elsewhere.deleted:
        return f"in snapshot {number} the document is deleted"
    return ""


def _document(index: Index, document_id: str) -> Document | None:
    try:
        return index.document(document_id)
    except (NotFound, SegmentError):
        return None
