"""Changes of an index that leave a record: the run log must have room before, and has the record after.

What a record says is kept in the index as well, beside the ids. A process that dies between the two has told nobody
that the change was made, and repeating the command records it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from evidence.indexer import changes
from evidence.indexer.changes import Compacted, Forgotten
from evidence.indexer.layout import Layout
from evidence.indexer.repair import Repaired
from evidence.indexer.repair import repair as mend
from evidence.indexer.snapshots import check_format
from evidence.indexer.store import Index
from evidence.indexer.sweeping import Swept
from evidence.indexer.writer import Writer, locked, open_writer
from evidence.recording import Recorder
from evidence.runlog.log import RunLog
from evidence.settings import Settings

Clock = Callable[[], datetime]


@contextmanager
def _changing(settings: Settings, clock: Clock) -> Iterator[tuple[Writer, Recorder]]:
    with open_writer(settings.index) as writer:
        recorder = Recorder(RunLog(settings.runs or writer.layout.runs), clock)
        recorder.log.reserve()
        yield writer, recorder


def delete(settings: Settings, ids: Sequence[str], reason: str, clock: Clock) -> tuple[list[str], int]:
    """`changes.delete`, recorded; with the number of the newest snapshot, as of the others."""
    with _changing(settings, clock) as (writer, recorder):
        deleted = changes.delete(writer, ids, reason, clock())
        recorder.record(writer.index(), "delete", {"documents": sorted(set(ids)), "reason": reason})
        return deleted, writer.manifest.number


def restore(settings: Settings, ids: Sequence[str], clock: Clock) -> tuple[list[str], int]:
    """`changes.restore`, recorded."""
    with _changing(settings, clock) as (writer, recorder):
        missing = changes.restore(writer, ids)
        recorder.record(writer.index(), "restore", {"documents": sorted(set(ids))})
        return missing, writer.manifest.number


def compact(settings: Settings, clock: Clock) -> tuple[Compacted, int]:
    """`changes.compact`, recorded."""
    with _changing(settings, clock) as (writer, recorder):
        done = changes.compact(writer)
        recorder.record(writer.index(), "compact", asdict(done))
        return done, writer.manifest.number


def collect(settings: Settings, keep: int, clock: Clock) -> tuple[Swept, int]:
    """`changes.collect`, recorded."""
    with _changing(settings, clock) as (writer, recorder):
        swept = changes.collect(writer, keep)
        recorder.record(writer.index(), "gc", {"keep": keep, **asdict(swept)})
        return swept, writer.manifest.number


def repair(settings: Settings, copy: str | None, clock: Clock) -> Repaired:
    """`repair.repair`, recorded."""
    check_format(Layout(settings.index))
    with locked(settings.index) as layout:
        log = RunLog(settings.runs or layout.runs)
        log.reserve()
        done = mend(layout, Path(copy) if copy else None)
        Recorder(log, clock).record(Index.open(settings.index), "repair", asdict(done))
        return done


def forget(settings: Settings, ids: Sequence[str], reason: str, clock: Clock) -> tuple[Forgotten, int]:
    """`changes.forget`, recorded; what other records say of the documents is erased with them, in the index's own
    run log, too, where another one is named."""
    with _changing(settings, clock) as (writer, recorder):
        done = changes.forget(writer, ids, reason, clock())
        said = {"documents": list(done.ids), "reason": reason}
        recorder.record_erasure(writer.index(), "forget", said, done.ids)
        own = RunLog(writer.layout.runs)
        if own.folder.resolve() != recorder.log.folder.resolve() and own.payloads.is_dir():
            Recorder(own, clock).erase(writer.index(), "forget", said, done.ids)
        return done, writer.manifest.number
