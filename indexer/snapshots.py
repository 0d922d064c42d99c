"""Which snapshots an index keeps: the manifests by number, and the file `newest`, by which a missing one is missed.

Snapshots are never changed. `newest` is replaced after each commit: it names a snapshot that was acknowledged, with
its digest, and the oldest that is kept. A crash may leave it one behind; it is never ahead.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence.corpus.errors import NoIndex, NotFound, SegmentError
from evidence.corpus.hashing import digest, file_digest
from evidence.indexer.layout import FORMAT, FORMATS, Layout
from evidence.indexer.manifest import RESTORE, Manifest, other_format, sealed

# A snapshot that is removed between the look at the folder and the opening is looked for again, so often at most.
_TRIES = 100


@dataclass(frozen=True, slots=True)
class Head:
    """What `newest` says: the number of a snapshot, its file's SHA-256, and the first number that is kept."""

    newest: int
    manifest: str
    first: int

    def to_bytes(self) -> bytes:
        """JSON with a digest of its own over the rest."""
        return sealed({"format": FORMAT, **asdict(self)})

    @classmethod
    def read(cls, layout: Layout) -> "Head | None":
        """None where there is none: so it is in an index of format 4. Raises SegmentError for a damaged one."""
        try:
            data = plain_bytes(layout.head)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SegmentError(f"{layout.head} cannot be read: {error.strerror}", RESTORE) from error
        try:
            row: dict[str, Any] = json.loads(data)
            head = cls(row["newest"], row["manifest"], row["first"])
            number = row["format"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SegmentError(f"{layout.head} is damaged: {error!r}", RESTORE) from error
        if number == FORMAT and head.to_bytes() != data:
            raise SegmentError(f"{layout.head} is damaged: it is not what was written", RESTORE)
        if number != FORMAT:
            raise other_format(layout.head, number)
        return head


def plain_bytes(path: Path) -> bytes:
    """What a file holds. Raises OSError, too, for a pipe or a device: reading one might never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is no plain file")
    return path.read_bytes()


def write_head(layout: Layout, head: Head) -> None:
    """Replaces what `newest` says, durably."""
    layout.disk.replace(layout.head, head.to_bytes())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A manifest that was read, with its file's digest. The open file keeps `gc` from removing it meanwhile."""

    manifest: Manifest
    sha256: str
    descriptor: int


def check_format(layout: Layout) -> int:
    """The format that is stated. Raises NoIndex where there is none, FormatError for a number that is not known,
    SegmentError for damage."""
    try:
        data = plain_bytes(layout.format)
    except OSError as error:
        # a folder whose name is too long to be one cannot be looked into
        if error.errno != errno.ENAMETOOLONG and numbers(layout):
            raise SegmentError(f"{layout.format} cannot be read: {error.strerror}", RESTORE) from error
        raise NoIndex(
            f"there is no index at {layout.root}", "`evidence index SOURCE` makes one; -i names its folder"
        ) from error
    number = data.removesuffix(b"\n").decode("ascii", "replace")
    if number not in map(str, FORMATS):
        raise other_format(layout.format, number)
    if data != f"{number}\n".encode():
        raise SegmentError(f"{layout.format} is damaged: it is not what was written", RESTORE)
    return int(number)


def numbers(layout: Layout) -> list[int]:
    """All snapshots whose files are there, ascending, also those that are on their way out."""
    found = (path for path in layout.snapshots.glob("*.json") if path.stem.isdecimal())
    return sorted(int(path.stem) for path in found if layout.snapshot(int(path.stem)) == path)


def first_kept(layout: Layout, newest: Manifest) -> int:
    """The number of the oldest snapshot that is kept."""
    head = Head.read(layout)
    held = head.first if head is not None else (numbers(layout) or [1])[0]
    return max(held, newest.first)


def open_newest(layout: Layout) -> Snapshot:
    """The newest snapshot. Raises NoIndex where nothing was committed yet, SegmentError where one is missing."""
    for _ in range(_TRIES):
        head, found = Head.read(layout), numbers(layout)
        newest = max([*found, head.newest if head else 0])
        if not newest:
            raise NoIndex(f"the index at {layout.root} holds nothing yet", "`evidence index SOURCE` fills it")
        if newest not in found and Head.read(layout) == head:
            raise SegmentError(f"{layout.snapshot(newest)} is missing: the newest snapshot was there", RESTORE)
        snapshot = _open(layout, newest)
        if snapshot is None:
            continue
        _compare(layout, head, snapshot)
        return snapshot
    raise NotFound(f"snapshots of {layout.root} are removed faster than one can be opened", "try again")


def open_number(layout: Layout, number: int) -> Snapshot:
    """One snapshot. Raises NotFound for one that is not kept any more or never was; SegmentError for damage."""
    newest = read_newest(layout)
    first = first_kept(layout, newest)
    if not first <= number <= newest.number:
        kept = f"kept are {first} to {newest.number}" if first < newest.number else f"only {first} is kept"
        raise NotFound(f"snapshot {number} is not kept in {layout.root}: {kept}", "`evidence gc` says what goes")
    snapshot = _open(layout, number)
    if snapshot is None:
        raise SegmentError(f"{layout.snapshot(number)} is missing", RESTORE)
    return snapshot


def read_newest(layout: Layout) -> Manifest:
    """The newest manifest, by `open_newest`, not held open."""
    snapshot = open_newest(layout)
    os.close(snapshot.descriptor)
    return snapshot.manifest


def read_manifest(layout: Layout, number: int) -> Manifest:
    """A manifest whose file must be there. Raises SegmentError."""
    path = layout.snapshot(number)
    try:
        data = plain_bytes(path)
    except OSError as error:
        raise SegmentError(f"{path} cannot be read: {error.strerror}", RESTORE) from error
    return _parsed(data, path, number)


@contextmanager
def removal(layout: Layout, number: int) -> Iterator[bool]:
    """Keeps readers from opening a snapshot that is to go; False where a reader has it open."""
    with layout.snapshot(number).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _open(layout: Layout, number: int) -> Snapshot | None:
    """None where it has gone, or is going."""
    path = layout.snapshot(number)
    try:
        # a pipe in a file's place is opened at once, and holds nothing
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SegmentError(f"{path} cannot be read: {error.strerror}", RESTORE) from error
    try:
        if not _held(descriptor):
            os.close(descriptor)
            return None
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read()
        return Snapshot(_parsed(data, path, number), digest(data), descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # a file system without locks: a snapshot that `gc` takes away is then told as a missing file
        pass
    return os.fstat(descriptor).st_nlink > 0


def _parsed(data: bytes, path: Path, number: int) -> Manifest:
    manifest = Manifest.from_bytes(data, path)
    if manifest.number != number:
        raise SegmentError(f"{path} is damaged: it holds snapshot {manifest.number}", RESTORE)
    return manifest


def _compare(layout: Layout, head: Head | None, snapshot: Snapshot) -> None:
    if head is None and snapshot.manifest.format == FORMAT:
        raise SegmentError(f"{layout.head} is missing", RESTORE)
    if head is not None and head.newest == snapshot.manifest.number and head.manifest != snapshot.sha256:
        raise SegmentError(
            f"{layout.snapshot(head.newest)} is damaged: it is not the one that {layout.head} names", RESTORE
        )
    if head is not None and head.newest < snapshot.manifest.number:
        _require_chain(layout, head, snapshot.manifest)


def _require_chain(layout: Layout, head: Head, newest: Manifest) -> None:
    """What a writer that died left beyond `newest` follows it, link by link; a foreign snapshot does not."""
    before = head.manifest
    for number in range(head.newest + 1, newest.number + 1):
        path = layout.snapshot(number)
        if number < newest.number and not path.exists():
            # given up since: of what comes behind it nobody can tell
            before = ""
            continue
        manifest = newest if number == newest.number else read_manifest(layout, number)
        if before and manifest.previous not in {"", before}:
            raise SegmentError(f"{path} is foreign: it does not follow the snapshot before it", RESTORE)
        before = file_digest(path)
