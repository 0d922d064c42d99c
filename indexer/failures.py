"""The list of documents that could not be read: one file under its digest, which the manifest names."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from evidence.corpus.errors import SegmentError
from evidence.corpus.hashing import digest
from evidence.indexer.layout import Layout
from evidence.indexer.manifest import RESTORE, FailureEntry


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read, for `evidence failures`; `file` is the file it lies in, resolved."""

    path: str
    status: str
    reason: str
    file: str

    def as_json(self) -> dict[str, str]:
        """The contract's line."""
        return {"path": self.path, "status": self.status, "reason": self.reason}


def write_failures(layout: Layout, failures: Iterable[Failure]) -> FailureEntry | None:
    """Writes a durable list, unless it is there or empty."""
    rows = sorted(failures, key=lambda failure: failure.path)
    if not rows:
        return None
    data = b"".join(json.dumps(asdict(row), ensure_ascii=False).encode("utf-8", "replace") + b"\n" for row in rows)
    entry = FailureEntry(len(rows), digest(data))
    if not is_sound(layout, entry):
        layout.disk.replace(layout.failure_list(entry.sha256), data)
    return entry


def read_failures(layout: Layout, entry: FailureEntry | None) -> list[Failure]:
    """What could not be read, by path. Raises SegmentError for a list that is missing or damaged."""
    if entry is None:
        return []
    path = layout.failure_list(entry.sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SegmentError(f"{path} cannot be read: {error.strerror}", RESTORE) from error
    if digest(data) != entry.sha256:
        raise SegmentError(f"{path} is damaged: its SHA-256 is not the manifest's", RESTORE)
    rows: list[dict[str, Any]] = [json.loads(line) for line in data.splitlines()]
    return [Failure(**row) for row in rows]


def is_sound(layout: Layout, entry: FailureEntry) -> bool:
    """Whether the list lies there as it was written."""
    try:
        read_failures(layout, entry)
    except SegmentError:
        return False
    return True
