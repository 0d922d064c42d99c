"""Records of what an archive was asked, shown and made to do: written before anybody sees the answer."""

import os
import platform
import pwd
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from evidence.corpus.errors import NotFound, SegmentError
from evidence.corpus.hashing import canonical, digest, file_digest
from evidence.indexer.store import Index
from evidence.runlog.entry import Entry, Who, numbered
from evidence.runlog.log import RunLog
from evidence.runlog.payload import payload_bytes, salted

_SALT_BYTES = 16
# What was done to the archive stays explained, by ids, when what it was done to is erased.
_KEPT = frozenset({"delete", "forget"})
_CPU = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Recorder:
    """Appends records to one log, for whoever this process belongs to."""

    log: RunLog
    clock: Callable[[], datetime]

    def record(self, index: Index, verb: str, said: Mapping[str, Any]) -> Entry:
        """Makes a record durable. Raises RecordError, Locked, or SegmentError for a damaged log."""
        return self._append(index, verb, said, ())

    def record_answer(self, index: Index, verb: str, said: Mapping[str, Any], report: dict[str, Any]) -> Entry:
        """The same with a report, which has no run and no seal yet, and the salted digest of it as `output`."""
        return self._append(index, verb, {**said, "report": without_run(report)}, ())

    def record_erasure(self, index: Index, verb: str, said: Mapping[str, Any], documents: Collection[str]) -> Entry:
        """The same, and removes every payload that names one of the documents; their entries stay.

        The record is durable before the first payload goes. Repeated after a crash, it removes what is left.
        """
        return self._append(index, verb, said, documents)

    def erase(self, index: Index, verb: str, said: Mapping[str, Any], documents: Collection[str]) -> None:
        """The same in a log that may be damaged: then the payloads go without a record."""
        if not (numbers := self._erasable(documents)):
            return
        try:
            self._append(index, verb, said, documents)
        except SegmentError:
            self.log.erase(numbers)

    def _append(self, index: Index, verb: str, said: Mapping[str, Any], gone: Collection[str]) -> Entry:
        manifest = index.manifest
        salt = secrets.token_hex(_SALT_BYTES)
        body = dict(said)
        if "report" in body:
            body["output"] = salted(canonical(body["report"]), salt)

        def draft(number: int, previous: str) -> tuple[Entry, bytes]:
            payload = payload_bytes(body, manifest.records, salt)
            erases = self._erasable(gone) if gone else ()
            entry = Entry(
                number=number,
                previous=previous,
                at=self.clock(),
                who=who(),
                verb=verb,
                snapshot=manifest.number,
                # under the log's lock: who forgets what it holds erases what was recorded before, and nothing after
                manifest=manifest_digest(index, manifest.number),
                policy=manifest.records,
                payload=digest(payload),
                erases=erases,
            )
            return entry, payload

        return self.log.append(draft)

    def _erasable(self, documents: Collection[str]) -> tuple[int, ...]:
        """Numbers of the records that name one of the documents, or a run that does, and are none of a deletion.

        What cannot be read of the chain is not asked: a payload under a damaged entry goes, too.
        """
        found = dict[int, str]()
        needles = sorted(documents)
        while needles:
            new = {number: self._verb_and_id(number) for number in self.log.naming(needles) if number not in found}
            kept = {number for number, (verb, _) in new.items() if verb in _KEPT}
            found.update({number: run for number, (_, run) in new.items() if number not in kept})
            # a replay says what a run said, and names that run alone
            needles = [run for number, (_, run) in new.items() if number not in kept]
        return tuple(sorted(found))

    def _verb_and_id(self, number: int) -> tuple[str, str]:
        try:
            entry = self.log.find(str(number))
        except (NotFound, SegmentError):
            return "", f"{numbered(number)}-"
        return entry.verb, entry.id


def without_run(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a record's `output` is the digest of: the report before it knew its run, and before its seal."""
    return {key: value for key, value in report.items() if key not in {"run", "sha256"}}


def is_recorded(report: Mapping[str, Any], log: RunLog) -> bool | None:
    """Whether the log's record of the report's run is of this report, to the character.

    None where that cannot be told: the log holds no record of that head, or its payload was erased.
    Raises SegmentError for a damaged record.
    """
    run = report.get("run")
    try:
        entry = log.find(str(run["id"])) if isinstance(run, dict) else None
    except (KeyError, NotFound):
        return None
    if run is None or entry is None or entry.head != run.get("head"):
        return None
    payload = log.payload(entry)
    if payload is None:
        return None
    return bool(payload.get("output") == salted(canonical(without_run(report)), payload["salt"]))


def is_of_snapshot(report: Mapping[str, Any], log: RunLog, index: Index) -> bool:
    """Whether the snapshot that a recorded report was written from is the one of its number, if that is kept."""
    entry = log.find(str(report["run"]["id"]))
    try:
        return manifest_digest(index, entry.snapshot) == entry.manifest
    except NotFound:
        return True


def manifest_digest(index: Index, number: int) -> str:
    """SHA-256 of a snapshot's manifest, which names every file of it. Raises NotFound when it is not kept."""
    try:
        return file_digest(index.layout.snapshot(number))
    except FileNotFoundError as error:
        raise NotFound(
            f"snapshot {number} of {index.layout.root} is not kept", "`gc --keep` and `forget` give old ones up"
        ) from error


def who() -> Who:
    """The account that the kernel says this process belongs to; no environment variable is believed."""
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Who(name, uid, platform.node())


def machine() -> dict[str, Any]:
    """What a model's arithmetic depends on beside its weights: two machines of one class say the same."""
    return {
        "program": version("evidence-search"),
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu(),
        "threads": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _cpu() -> str | None:
    try:
        lines = _CPU.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
