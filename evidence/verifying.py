"""Checks a report against the archive, without any model: seal, window, quotes, originals, sentences."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from evidence.corpus.entities import NO_ENTITIES, Entities
from evidence.corpus.errors import EvidenceError, NotFound, ReportError, SegmentError, UsageError
from evidence.corpus.hashing import digest
from evidence.corpus.values import Document, Grade
from evidence.generator.gate.entailment import TakenOnTrust
from evidence.generator.gate.grounds import read_grounds
from evidence.generator.gate.support import judge
from evidence.generator.reading.instructions import document_flags
from evidence.generator.reading.names import Names, names_of
from evidence.generator.report import seal
from evidence.generator.values import SCHEMA, context_of, describe_source
from evidence.generator.weighing.impact import SCALE
from evidence.indexer.snapshots import first_kept
from evidence.indexer.store import Index
from evidence.retriever.window import Window, local_day, parse_window


@dataclass(frozen=True, slots=True)
class _Held:
    """The archive as it is, and as it was when the report was written, if that snapshot is kept."""

    now: Index
    then: Index

    @classmethod
    def of(cls, index: Index, snapshot: object) -> "_Held":
        try:
            return cls(index, index.at(snapshot) if isinstance(snapshot, int) else index)
        except NotFound:
            return cls(index, index)

    def document(self, document_id: str) -> Document:
        """Raises NotFound, or SegmentError for a damaged one."""
        try:
            return self.then.document(document_id)
        except NotFound:
            return self.now.document(document_id)


def verify_report(report: dict[str, Any], index: Index, entities: Entities = NO_ENTITIES) -> list[str]:
    """One line for each failed check, naming the finding or sentence; empty when all hold.

    A document is compared with what the report's own snapshot said of it: a capture that was found later changes
    what is said from then on. Whether its metadata was corrected since is told by the newest one. Sentences are
    judged with the names of the cited documents and of `entities`; a verifier that judged them is not asked again.

    Raises ReportError when this is no report of a schema that is known.
    """
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise ReportError("this is not an evidence report", f"`ask --format json` writes one, of schema {SCHEMA}")
    held = _Held.of(index, report.get("snapshot"))
    problems = _check_snapshot(report.get("snapshot"), index)
    if seal(report).get("sha256") != report.get("sha256"):
        problems.append("report: its text has changed since it was written")
    try:
        window = window_of(report["window"])
        if meant_window(report["window"], datetime.fromisoformat(report["generated_at"])) is None:
            problems.append("report: its window's ends are not what its words mean")
        for finding in report["findings"]:
            problems += [f"finding {finding['id']}: {line}" for line in _check_finding(finding, window, held)]
            problems += [
                f"finding {finding['id']}: {line}" for line in _check_impact(finding, report.get("subject"))
            ]
        problems += _check_sources(report, held)
        problems += _check_filters(report)
        problems += _check_sentences(report, _names(report, held, entities))
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        problems.append(f"report: a part is missing or malformed: {error!r}")
    return problems


def note_report(report: dict[str, Any], index: Index) -> list[str]:
    """What should be known of a report, whether it holds or not: its snapshot is gone, a source was deleted."""
    snapshot, first = report.get("snapshot"), first_kept(index.layout, index.manifest)
    notes = []
    if isinstance(snapshot, int) and snapshot < first:
        notes.append(
            f"snapshot {snapshot}, from which it was written, is no longer kept (the oldest is {first}): "
            f"it was held to snapshot {index.manifest.number}, and cannot be replayed"
        )
    for source in report.get("sources") or ():
        if isinstance(source, dict) and (gone := index.deleted.get(str(source.get("id")))):
            notes.append(f"source {gone.id} was deleted at {gone.at}: {gone.reason}")
    return notes


def _check_snapshot(number: object, index: Index) -> list[str]:
    if isinstance(number, int) and 1 <= number <= index.manifest.number:
        return []
    return [f"report: this archive never had a snapshot {number}; its newest is {index.manifest.number}"]


def meant_window(row: Mapping[str, Any], written: datetime) -> Window | None:
    """The window that its words give, to the microsecond, if it is this one; None if they give another.

    A report may be done on the day after it was asked for.
    """
    for asked in (written, written - timedelta(days=1)):
        try:
            today = local_day(asked, row["tz"])
            options = {name: row[name] for name in ("as_of", "tz", "min_grade", "known_by")}
            window = parse_window(row["since"], row["until"], today=today, **options)
        except UsageError:
            continue
        if window.as_json() == row:
            return window
    return None


def window_of(row: Mapping[str, Any]) -> Window:
    """The window that a report states, to the second. Raises KeyError, TypeError or ValueError for what is none."""
    return Window(
        since=row["since"],
        until=row["until"],
        as_of=row["as_of"],
        tz=row["tz"],
        min_grade=Grade(row["min_grade"]),
        known_by=row["known_by"],
        first_instant=datetime.fromisoformat(row["first_instant"]),
        last_instant=datetime.fromisoformat(row["last_instant"]),
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        known_instant=row["known_instant"] and datetime.fromisoformat(row["known_instant"]),
    )


def _check_finding(finding: dict[str, Any], window: Window, held: _Held) -> list[str]:
    problems = []
    documents: dict[str, Document] = {}
    if not finding["quotes"]:
        problems.append("it quotes nothing")
    for number, quote in enumerate(finding["quotes"], start=1):
        try:
            document = held.document(quote["document_id"])
        except EvidenceError as error:
            problems.append(f"quote {number}: {error}")
            continue
        documents[document.id] = document
        problems += [f"quote {number}: {line}" for line in _check_quote(quote, document, window)]
        if document.id in held.now.withdrawn:
            problems.append(f"quote {number}: what was stated of document {document.id} has since been corrected")
    for document in documents.values():
        problems += _check_description(finding, document, window)
    return problems


def _check_description(finding: dict[str, Any], document: Document, window: Window) -> list[str]:
    known = document.as_json()
    problems = []
    if known["published"] != finding["published"]:
        problems.append("its publication date is not the archive's")
    if known["dated"] != finding["dated"]:
        problems.append("the date that the window uses is not the archive's")
    if document.dated is not None and window.on_edge(document.dated) != finding["on_window_edge"]:
        problems.append("it says the wrong thing of the window's edge")
    # whether a source is primary is told by the lens, which is not in the archive
    source = {key: value for key, value in finding["source"].items() if key != "primary"}
    if describe_source(document, finding["quotes"][0]["start"]) != source:
        problems.append("its source is not described as in the archive")
    if document_flags(document) != finding["flags"]:
        problems.append("the flags of its document are not the archive's")
    return problems


def _check_impact(finding: dict[str, Any], subject: dict[str, Any] | None) -> list[str]:
    """Reports of earlier versions speak of no subject, and of no impact."""
    impact = finding.get("impact")
    if impact is None or subject is None:
        return (
            [] if (impact is None) == (subject is None) else ["an impact needs a subject, and a subject an impact"]
        )
    problems = [] if impact["level"] in SCALE else [f"its impact {impact['level']!r} is none of {', '.join(SCALE)}"]
    if not 0 <= impact["quote"] < len(finding["quotes"]):
        return [*problems, "its impact rests on a quote that it does not have"]
    quoted = finding["quotes"][impact["quote"]]["text"]
    words = re.findall("“(.*?)”", impact["rationale"])
    return [
        *problems,
        *(f"its impact rests on {word!r}, which it does not quote" for word in words if word not in quoted),
    ]


def _check_quote(quote: dict[str, Any], document: Document, window: Window) -> list[str]:
    problems = []
    start, end = quote["start"], quote["end"]
    # a slice that counts from the end or runs past it would do, too
    placed = 0 <= start < end <= len(document.text)
    if not placed or document.text[start:end] != quote["text"]:
        problems.append(f"the text is not characters {start} to {end} of document {document.id}")
    if digest(quote["text"].encode("utf-8", "surrogatepass")) != quote["sha256"]:
        problems.append("the text does not have the SHA-256 that stands beside it")
    if placed and context_of(document, start, end) != quote["context"]:
        problems.append(f"its context is not what stands around it in document {document.id}")
    if not window.holds(document.dated, document.known):
        problems.append(f"document {document.id} is not inside the window")
    return problems


def _check_sources(report: dict[str, Any], held: _Held) -> list[str]:
    problems = []
    cited: dict[str, list[str]] = {}
    for finding in report["findings"]:
        for document_id in {quote["document_id"] for quote in finding["quotes"]}:
            cited.setdefault(document_id, []).append(finding["id"])
    if {source["id"]: source["findings"] for source in report["sources"]} != cited:
        problems.append("sources: they are not the documents that the findings quote")
    for source in report["sources"]:
        try:
            document = held.document(source["id"])
            held.now.originals.get(document.original)
        except (SegmentError, NotFound) as error:
            problems.append(f"source {source['id']}: {error}")
            continue
        known = {
            **document.as_json(),
            "original": document.original,
            "flags": document_flags(document),
        }
        if known != {key: source.get(key) for key in known}:
            problems.append(f"source {source['id']}: it is not described as in the archive")
    return problems


def _check_filters(report: dict[str, Any]) -> list[str]:
    """Of a ticker the report cannot say which names it took for it, and a source does not state its language."""
    return [
        f"source {source['id']}: it is not of {name} {value}"
        for source in report["sources"]
        for name, value in report.get("filters", {}).items()
        if name in {"publisher", "form", "kind"} and (source[name] or "").casefold() != value.casefold()
    ]


def _names(report: dict[str, Any], held: _Held, entities: Entities) -> Names:
    documents = []
    for source in report["sources"]:
        with suppress(EvidenceError):  # of one that is gone its source speaks
            documents.append(held.document(source["id"]))
    return names_of(documents, entities)


def _check_sentences(report: dict[str, Any], names: Names) -> list[str]:
    """What was kept stands by itself, though it be a part of what the model wrote."""
    grounds = read_grounds(report)
    asked = TakenOnTrust() if report["models"]["verifier"] else None
    problems = []
    for number, sentence in enumerate(report["analysis"]["sentences"], start=1):
        cited = [int(number) for number in sentence["citations"]]
        verdict = judge(sentence["text"], cited, grounds, names, asked)
        if verdict.reason is not None:
            problems.append(f"sentence {number} of the analysis: {verdict.reason.value}")
        elif (verdict.about and verdict.about.as_json()) != sentence["about"]:
            problems.append(f"sentence {number} of the analysis: it says wrongly where its subject is named")
    # reports of earlier versions have none
    for number, key in enumerate(report.get("key_findings", []), start=1):
        cited = [int(named) for named in key["citations"]]
        if key["text_from"] == "model":
            reason = judge(key["text"], cited, grounds, names, asked).reason
            problems += [f"key finding {number}: {reason.value}"] if reason else []
        elif not any(
            key["text"] in quote for place in cited if place in grounds for quote in grounds[place].quotes
        ):
            problems.append(f"key finding {number}: it is not what its quotes say")
    return problems
