"""The run log checked: bytes against digests, each entry against the one before, the end against memory.

The chain has no key. It shows what was changed by accident or by hand; whoever can write to the folder can also
write a whole new chain, or cut the newest entries off. That shows against a head remembered elsewhere alone: every
report has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import digest
from evidence.runlog.entry import NOTHING, Entry, numbered
from evidence.runlog.log import RunLog, is_in_place, named_files, read_entry

# How many of a log's missing entries are named one by one.
_NAMED = 20


@dataclass(slots=True)
class Checked:
    """What a log holds and a line for each thing that is wrong with it. `head` is that of the newest entry.

    `leftover` says that there is the payload of a next entry: a writer died before its entry was written.
    """

    head: str = NOTHING
    entries: int = 0
    erased: int = 0
    leftover: bool = False
    problems: list[str] = field(default_factory=list)


def check_log(log: RunLog, remembered: Sequence[str] = ()) -> Checked:
    """Reads all of the log. `remembered` are heads that it once had, each of which must be an entry's still."""
    checked = Checked()
    entries = _check_chain(log, checked)
    _check_payloads(log, entries, checked)
    checked.problems += [f"{path} does not belong to a run log" for path in _foreign(log)]
    heads = {NOTHING, *(head for head, _ in entries.values())}
    checked.problems += [
        f"the remembered head {head} is no entry's: entries were cut off, put in another order or replaced"
        for head in remembered
        if head not in heads
    ]
    return checked


def _check_chain(log: RunLog, checked: Checked) -> dict[int, tuple[str, Entry | None]]:
    """Entries by number, with the heads in their names; None for one that cannot be read."""
    entries: dict[int, tuple[str, Entry | None]] = {}
    expected, previous = 1, NOTHING
    for number, head, path in named_files(log.chain):
        if number in entries:
            checked.problems.append(f"run {numbered(number)}: there is a second entry, {path}")
            continue
        checked.problems += _missing(expected, number)
        entry = _read(path, number, head, checked)
        if entry is not None and entry.previous != previous and number == expected:
            checked.problems.append(f"run {numbered(number)}: it does not follow the entry before it")
        entries[number] = head, entry
        expected, previous = number + 1, head
    checked.entries, checked.head = len(entries), previous
    return entries


def _missing(expected: int, number: int) -> list[str]:
    named = [
        f"run {numbered(gone)}: its entry is missing" for gone in range(expected, min(number, expected + _NAMED))
    ]
    return named + (
        [f"and {number - expected - _NAMED} entries more are missing"] if number > expected + _NAMED else []
    )


def _read(path: Path, number: int, head: str, checked: Checked) -> Entry | None:
    try:
        entry = read_entry(path, head)
    except SegmentError as error:
        checked.problems.append(f"run {numbered(number)}: {error}")
        return None
    if entry.number != number:
        checked.problems.append(f"run {numbered(number)}: {path} is the entry of run {numbered(entry.number)}")
    return entry


def _check_payloads(log: RunLog, entries: dict[int, tuple[str, Entry | None]], checked: Checked) -> None:
    sound = [entry for _, entry in entries.values() if entry is not None]
    erased = {number: entry.number for entry in sound for number in entry.erases if number < entry.number}
    files = {(number, sha256): path for number, sha256, path in named_files(log.payloads)}
    for entry in sound:
        path = files.pop((entry.number, entry.payload), None)
        run = f"run {numbered(entry.number)}"
        if entry.number in erased:
            checked.erased += 1
            if path is not None:
                checked.problems.append(
                    f"{run}: its payload is here, which run {numbered(erased[entry.number])} erased"
                )
        elif path is None:
            checked.problems.append(f"{run}: its payload is missing, and no run has erased it")
        elif digest(path.read_bytes()) != entry.payload:
            checked.problems.append(f"{run}: its payload {path} is not what was recorded")
    # whoever asks meanwhile appends: what has come since the chain was read is not looked at
    since = {number for number, _, _ in named_files(log.chain)} - entries.keys()
    last = max([*entries, *since], default=0)
    checked.leftover = any(number == last + 1 for number, _ in files)
    checked.problems += [
        f"run {numbered(number)}: no entry names the payload {path}"
        for (number, _), path in files.items()
        if number != last + 1 and number not in since
    ]


def _foreign(log: RunLog) -> list[Path]:
    """What lies among the records and is named like none of them, half-written or whole."""
    files = [
        path for root in (log.chain, log.payloads) if root.is_dir() for path in root.rglob("*") if path.is_file()
    ]
    if log.folder.is_dir():
        files += set(log.folder.iterdir()) - {log.chain, log.payloads, *log.beside}
    return sorted(path for path in files if not _is_ours(path.with_name(path.name.removesuffix(".tmp"))))


def _is_ours(path: Path) -> bool:
    """A number has one spelling: with a zero more it is another file."""
    number = path.name.partition("-")[0]
    return is_in_place(path) and number == numbered(int(number))
