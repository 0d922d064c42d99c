"""The run log on disk: entries and payloads, appended by one process at a time, never changed.

    RUNS/chain/0000/000012-<head>.json         entries, each under the SHA-256 of its bytes
    RUNS/payloads/0000/000012-<sha256>.json    what each says
    RUNS/lock                                  flock, of its own: an index that is being written can be asked
    RUNS/reserved                              room for the record of a change that is being made

The payload is durable before its entry, the entry before anybody sees the answer. A process that dies between
leaves one payload that no entry names: nothing was acknowledged, and whoever writes next sweeps it away. More than
that one, or payloads without a chain, is what is left where entries were removed: nothing is written over it.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from evidence.corpus.disk import DISK, Disk
from evidence.corpus.errors import Locked, NotFound, RecordError, SegmentError
from evidence.corpus.hashing import digest
from evidence.runlog.entry import NOTHING, Entry, numbered, parse_run_id

# Files a folder: listing one costs a millisecond, and a log of a million runs has a thousand.
_A_FOLDER = 1000
# A record takes milliseconds. Whoever waits that long waits for a process that was stopped.
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.005
# What the record of a change may take; random, so that no file system makes it smaller.
_RESERVED_BYTES = 1 << 16

NAME = re.compile(r"(\d{6,12})-([0-9a-f]{64})\.json")

# From the number, and the head before it, to the entry and its payload's bytes.
Draft = Callable[[int, str], tuple[Entry, bytes]]


class RunLog:
    """The records under one folder, which is made by the first of them."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self.folder = folder
        self.disk = disk
        self.chain = folder / "chain"
        self.payloads = folder / "payloads"

    @property
    def beside(self) -> tuple[Path, ...]:
        """What else may lie in the folder."""
        return self.folder / "lock", self.folder / "reserved", self.folder / "reserved.tmp"

    def require_writable(self) -> None:
        """Before work whose record could not be kept raises RecordError; SegmentError for a damaged last entry."""
        with self._opened_lock():
            self._last()

    def reserve(self) -> None:
        """Room for one record, for a change that cannot be taken back where the disk is full after it."""
        self.require_writable()
        self._write(self.folder / "reserved", os.urandom(_RESERVED_BYTES))

    def append(self, draft: Draft) -> Entry:
        """Makes the next record durable. Raises RecordError, Locked, or SegmentError for a damaged last entry."""
        with self._alone():
            last = self._last()
            number, head = (last.number + 1, last.head) if last else (1, NOTHING)
            self._require_end(number)
            if last is None:
                self._settle_folders()
            self._sweep(number)
            entry, payload = draft(number, head)
            self.disk.remove(self.folder / "reserved")
            self._write(_place(self.payloads, entry.number, entry.payload), payload)
            self._write(_place(self.chain, entry.number, entry.head), entry.to_bytes())
            for erased in entry.erases:
                self._remove(self.payloads, erased)
            return entry

    def erase(self, numbers: Sequence[int]) -> None:
        """Removes payloads without a record: of a log that none can be added to, for it is damaged."""
        with self._alone():
            for number in numbers:
                self._remove(self.payloads, number)

    def naming(self, needles: Sequence[str]) -> list[int]:
        """Numbers of the payloads in whose bytes one of these stands."""
        wanted = [needle.encode() for needle in needles]
        held = ((number, path) for number, _, path in named_files(self.payloads))
        return sorted({number for number, path in held if any(needle in path.read_bytes() for needle in wanted)})

    def entries(self) -> Iterator[Entry]:
        """Every entry, the oldest first, none of them compared with its neighbours. Raises SegmentError."""
        for _, head, path in named_files(self.chain):
            yield read_entry(path, head)

    def readable(self) -> Iterator[tuple[int, str, Callable[[], Entry]]]:
        """Number and head of each file of the chain, the oldest first, and what reads it or raises SegmentError."""
        for number, head, path in named_files(self.chain):
            yield number, head, partial(read_entry, path, head)

    def latest(self) -> Iterator[Entry]:
        """Every entry, the newest first. Raises SegmentError."""
        for folder in reversed(_folders(self.chain)):
            for _, head, path in reversed(_files(folder)):
                yield read_entry(path, head)

    def find(self, run_id: str) -> Entry:
        """The entry of a run's id or number. Raises NotFound or SegmentError."""
        wanted = parse_run_id(run_id)
        if wanted is not None:
            number, start = wanted
            for path in sorted((self.chain / _folder_of(number)).glob(f"{numbered(number)}-{start or ''}*.json")):
                if match := NAME.fullmatch(path.name):
                    return read_entry(path, match[2])
        raise NotFound(
            f"no run {run_id} in {self.folder}", "`evidence logs` lists the runs; --runs names their folder"
        )

    def payload(self, entry: Entry) -> dict[str, Any] | None:
        """What the record says; None when there is no payload. Raises SegmentError for one that was changed."""
        path = _place(self.payloads, entry.number, entry.payload)
        if not path.is_file():
            return None
        data = path.read_bytes()
        if digest(data) != entry.payload:
            raise SegmentError(f"{path} is not what was recorded", _DAMAGED)
        row: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
        return row

    def _last(self) -> Entry | None:
        return next(self.latest(), None)

    def _require_end(self, number: int) -> None:
        """Raises SegmentError when payloads say that there were entries from this number on."""
        newest = next((_files(folder)[-1][0] for folder in reversed(_folders(self.payloads)) if _files(folder)), 0)
        if newest > number:
            raise SegmentError(f"{self.chain}: entries up to run {numbered(newest)} are missing", _DAMAGED)

    def _settle_folders(self) -> None:
        """Before the first record: a process that died may have made folders that are not on the disk yet."""
        for folder in (self.folder, *self.folder.absolute().parents):
            # a folder that may not be opened was not made by us
            with suppress(OSError):
                self.disk.sync_folder(folder)

    def _sweep(self, number: int) -> None:
        """Removes what a writer left that died before its entry of this number was whole."""
        for root in (self.payloads, self.chain):
            self._remove(root, number)

    def _remove(self, root: Path, number: int) -> None:
        folder = root / _folder_of(number)
        if gone := list(folder.glob(f"{numbered(number)}-*")):
            for path in gone:
                path.unlink()
            self.disk.sync_folder(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._opened_lock() as lock:
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while not _taken(lock):
                if time.monotonic() > deadline:
                    raise Locked(
                        f"the run log {self.folder} has been held by another process for {_PATIENCE_SECONDS:.0f} s",
                        "is a process that was writing to it stopped?",
                    )
                time.sleep(_PAUSE_SECONDS)
            yield

    @contextmanager
    def _opened_lock(self) -> Iterator[TextIO]:
        try:
            if self.payloads.is_dir() and not self.chain.is_dir() and any(self.payloads.iterdir()):
                raise SegmentError(f"{self.chain} is missing, and there are payloads", _DAMAGED)
            for folder in (self.chain, self.payloads):
                self.disk.make_folder(folder)
            lock = (self.folder / "lock").open("a", encoding="ascii")
        except OSError as error:
            raise self._unwritable(error) from error
        with lock:
            yield lock

    def _write(self, path: Path, data: bytes) -> None:
        try:
            self.disk.make_folder(path.parent)
            if not any(path.parent.iterdir()):
                # a process that died may have made it
                self.disk.sync_folder(path.parent.parent)
            self.disk.replace(path, data)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> RecordError:
        return RecordError(
            f"no run record can be written to {self.folder}, so nothing is shown or done: {error.strerror}",
            "--runs DIR or $EVIDENCE_RUNS names a folder to write to; an index on read-only media needs one",
        )


_DAMAGED = "`evidence logs verify` names all that is wrong; keep this folder, and begin a new log with --runs"


def read_entry(path: Path, head: str) -> Entry:
    """The entry of a file that is named after this head. Raises SegmentError when it is not what was written."""
    try:
        data = path.read_bytes()
        row = json.loads(data) if digest(data) == head else None
    except (OSError, ValueError) as error:
        raise SegmentError(f"{path} cannot be read: {error}", _DAMAGED) from error
    if not isinstance(row, dict):
        raise SegmentError(f"{path} is not what was recorded", _DAMAGED)
    entry = Entry.from_row(row, str(path))
    if entry.to_bytes() != data:
        raise SegmentError(f"{path} is not as this program writes it", _DAMAGED)
    return entry


def named_files(root: Path) -> Iterator[tuple[int, str, Path]]:
    """Number, digest and path of each file under the chain's or the payloads' folder that is named as one."""
    for folder in _folders(root):
        yield from _files(folder)


def is_in_place(path: Path) -> bool:
    """Whether a file of the chain or of the payloads lies where one of its name is written."""
    match = NAME.fullmatch(path.name)
    return match is not None and path.parent.name == _folder_of(int(match[1]))


def _folders(root: Path) -> list[Path]:
    return (
        sorted((p for p in root.glob("*") if p.name.isdecimal()), key=lambda p: int(p.name))
        if root.is_dir()
        else []
    )


def _files(folder: Path) -> list[tuple[int, str, Path]]:
    matches = ((NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), match[2], path) for match, path in matches if match)


def _folder_of(number: int) -> str:
    return f"{number // _A_FOLDER:04d}"


def _place(root: Path, number: int, sha256: str) -> Path:
    return root / _folder_of(number) / f"{numbered(number)}-{sha256}.json"


def _taken(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
