"""A run asked again: what was recorded of it beside what the same question gives now. Values in, values out.

Passages and quotes must be the same wherever the snapshot, the embedder and entities.toml are; a model's text is
the same with the same weights, threads and kind of processor. What may explain a difference is said beside it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.corpus.errors import NotFound, ReportError, UsageError
from evidence.corpus.hashing import canonical
from evidence.differences import differences, first_named
from evidence.generator.report import seal
from evidence.generator.values import SCHEMA
from evidence.indexer.manifest import FULL, HASH
from evidence.recording import is_recorded, machine, without_run
from evidence.runlog.entry import Entry
from evidence.runlog.log import RunLog
from evidence.runlog.payload import conceal

# What of a report a model writes, or counts what it wrote.
WRITTEN = ("analysis", "key_findings", "cut")
# What is no part of an answer, or is told as a cause.
_ASIDE = ("generated_at", "models", "entities", "run", "sha256")


@dataclass(frozen=True, slots=True)
class Recalled:
    """A run as it was: the report, what its record keeps of it, and what it was asked with.

    `body` has the form of the policy: digests in the place of texts under HASH. `manifest` is None where no record
    says which snapshot of that number was meant.
    """

    run: str
    report: dict[str, Any]
    queries: tuple[str, ...]
    llm: bool
    body: dict[str, Any]
    subject: str | None = None
    lens: str | None = None
    policy: str = FULL
    salt: str = ""
    manifest: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay gave: each difference in a line, and what was not the same on the way, `circumstances`."""

    run: str
    same: bool
    differences: tuple[str, ...]
    circumstances: tuple[str, ...]
    passages: int
    findings: int
    sentences: int


def recall(given: str | Mapping[str, Any], log: RunLog) -> Recalled:
    """A run by its id, or by its report.

    Raises NotFound for a run that is not in the log or was erased, UsageError for one of which the log keeps
    digests alone, ReportError for a report that is none or not what was answered.
    """
    if isinstance(given, str):
        entry, body = recorded_answer(given, log)
        return _from_record(entry, body, body["report"])
    if given.get("schema") != SCHEMA:
        raise ReportError("this is not an evidence report", "`ask --format json` writes one")
    known = is_recorded(given, log)
    if known is False:
        raise ReportError(
            f"this report is not what run {given['run']['id']} answered", "`evidence verify` says more"
        )
    report = without_run(given)
    if known:
        entry = log.find(given["run"]["id"])
        return _from_record(entry, log.payload(entry) or {}, report)
    if seal(dict(given)).get("sha256") != given.get("sha256"):
        raise ReportError("this report has changed since it was written", "`evidence verify` says more")
    wrote = report["models"]["generator"] is not None
    number = (given.get("run") or {}).get("id", "unrecorded")
    subject, lens = _aim(report)
    return Recalled(number, report, (), wrote, {"report": report}, subject, lens)


def recorded_answer(run: str, log: RunLog) -> tuple[Entry, dict[str, Any]]:
    """The entry and the payload of an answer that is recorded with its texts. Raises as `recall`."""
    entry = log.find(run)
    if entry.verb != "ask":
        raise UsageError(f"run {entry.id} is no answer but: {entry.verb}", "`evidence logs` lists the runs")
    body = log.payload(entry)
    if body is None:
        raise NotFound(f"what run {entry.id} answered was erased", "`evidence logs` says when")
    if entry.policy == HASH:
        raise UsageError(f"of run {entry.id} the log keeps digests alone", "give the report: evidence replay FILE")
    return entry, body


def _from_record(entry: Entry, body: dict[str, Any], report: dict[str, Any]) -> Recalled:
    given = body["given"]
    # under HASH the queries are digests; the report has them
    queries = tuple(report["search_queries"]) if given["queries"] else ()
    subject, lens = (given.get("subject"), given.get("lens")) if entry.policy == FULL else _aim(report)
    kept = (entry.policy, body["salt"], entry.manifest)
    return Recalled(entry.id, report, queries, given["llm"], body, subject, lens, *kept)


def _aim(report: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The subject that was given and the lens, as a report by itself says them: of a user's lens no path."""
    subject, lens = report.get("subject"), report.get("lens")
    given = subject["name"] if subject and subject["from"] == "given" else None
    return given, lens["name"] if lens else None


def compare(recalled: Recalled, again: Mapping[str, Any], llm: bool) -> Replayed:
    """What the same question gave now, as a record's body, beside what was recorded; without `llm`, text aside."""
    fresh = json.loads(canonical(again).decode("utf-8", "surrogatepass"))
    shown = fresh["report"]
    if recalled.policy == HASH:
        fresh = conceal(fresh, recalled.salt)
    parts = ("candidates", "calls") if llm else ("candidates",)
    aside = _ASIDE if llm else (*_ASIDE, *WRITTEN)
    lines = [*differences("", *(_without(side["report"], aside) for side in (recalled.body, fresh)))]
    for part in parts:
        if part in recalled.body:
            lines += differences(part, recalled.body[part], fresh[part])
    return Replayed(
        run=recalled.run,
        same=not lines,
        differences=first_named(lines),
        circumstances=tuple(_circumstances(recalled, shown, llm)),
        passages=len(fresh["candidates"]),
        findings=len(shown["findings"]),
        sentences=len(shown["analysis"]["sentences"]) if llm else 0,
    )


def _without(row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _circumstances(recalled: Recalled, shown: Mapping[str, Any], llm: bool) -> Iterator[str]:
    before = recalled.report
    for role in before["models"]:
        if role in {"verifier", "generator"} and not llm:
            continue
        was, now = (report["models"].get(role) for report in (before, shown))
        if (was and was["sha256"]) != (now and now["sha256"]):
            yield f"another {role}: was {_model(was)}, is {_model(now)}"
    if before["entities"]["sha256"] != shown["entities"]["sha256"]:
        yield "another entities.toml"
    then, here = recalled.body.get("machine", {}), machine()
    yield from (f"another {key}: was {then[key]}, is {here[key]}" for key in then if then[key] != here.get(key))


def _model(row: Mapping[str, str] | None) -> str:
    return f"{row['name']} ({row['sha256'][:12]})" if row else "none"
