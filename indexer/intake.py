"""What of the sources is new: records that are held cost a hash, corrected statements withdraw the old ones.

The same bytes captured twice are one document, captured when they were first: an earlier capture is read anew, for
its date is bounded by it, and takes the place of what was held.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from evidence.corpus.errors import DocumentError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import MetadataFile
from evidence.corpus.records import Record, Revisit
from evidence.corpus.sources import read_all
from evidence.indexer.failures import Failure
from evidence.indexer.holdings import Bodies, Holdings, take_stock
from evidence.indexer.store import Index
from evidence.indexer.wire import written
from evidence.indexer.workers import Workers
from evidence.indexer.writer import Writer


class Intake:
    """One run's bookkeeping over its files, in order: what is held, withdrawn, failed. `on_step` hears of each."""

    def __init__(self, files: Sequence[Path], on_step: Callable[..., None], workers: Workers) -> None:
        self._files = files
        self._workers = workers
        self._on_step = on_step
        self._sizes = {path: _size(path) for path in files}
        self._held = Holdings()
        self._deleted: frozenset[str] = frozenset()
        self._forgotten: frozenset[str] = frozenset()
        self._before: frozenset[str] = frozenset()
        self._bodies: Bodies | None = None
        self._old_failures: list[Failure] = []
        self.bytes_total = sum(self._sizes.values())
        self.withdrawn: set[str] = set()
        self.failures: list[Failure] = []

    def continue_from(self, writer: Writer) -> None:
        """Takes over what the index holds; failures of files that are visited again are told anew."""
        self.hold(writer.index())
        self.withdrawn = set(writer.manifest.withdrawn)
        visited = {written(path.resolve()) for path in self._files}
        self._old_failures = [f for f in writer.failures() if f.file not in visited and Path(f.file).exists()]

    def hold(self, index: Index) -> None:
        """Documents that are held already."""
        self._held = take_stock(index)
        self._before = frozenset(self._held.captured)
        self._bodies = Bodies(index)
        self._deleted = frozenset(index.deleted)
        self._forgotten = frozenset(one.original for one in index.deleted.values() if one.forgotten)

    def is_held(self, document_id: str) -> bool:
        """Whether the index held it before this run."""
        return document_id in self._before

    def new_records(self, stated: MetadataFile | None) -> Iterator[tuple[Path, Record]]:
        """Records that the index does not hold, or not of so early a capture, with their files."""
        starts = dict(zip(self._files, accumulate(self._sizes.values(), initial=0), strict=False))
        split, fetch = self._workers.split, self._workers.fetch
        for path, record in read_all(self._files, stated, split, fetch, self._kept):
            if isinstance(record, DocumentError):
                self.fail(record, path)
                continue
            self._on_step(bytes_at=starts[path] + (record.position or self._sizes[path]))
            if self._is_deleted(record):
                self._on_step(deleted=1)
            elif self._is_news(record):
                self._held.captured[record.id] = record.captured_by
                yield path, record
            else:
                self.replace(path, record)
                self.count_again(record)
        self._on_step(bytes_at=self.bytes_total, files=len(self._files))

    def count_again(self, record: Record) -> None:
        """Counts a document that adds none: held before this run, or met in it a second time."""
        self._on_step(**{"skipped" if self.is_held(record.id) else "repeated": 1})

    def replace(self, file: Path, record: Record) -> None:
        """The same bytes at the same place with other metadata: the user has corrected what was stated."""
        at = (place(file, record), digest(record.data))
        earlier = self._held.places.get(at, record.id)
        if earlier != record.id:
            self.withdrawn.add(earlier)
        self.withdrawn.discard(record.id)
        self._held.places[at] = record.id

    def fail(self, error: DocumentError, file: Path) -> None:
        """Counts a document that cannot be read."""
        self.failures.append(
            Failure(written(error.path), error.status, written(error.reason), written(file.resolve()))
        )
        self._on_step(failed=1)

    def all_failures(self) -> list[Failure]:
        """This run's, and those of earlier runs that this one did not look at."""
        return [*self._old_failures, *self.failures]

    def _is_deleted(self, record: Record) -> bool:
        """Of what was forgotten the bytes are known, whatever is stated about them now."""
        return record.id in self._deleted or (bool(self._forgotten) and digest(record.data) in self._forgotten)

    def _is_news(self, record: Record) -> bool:
        if record.id not in self._held.captured:
            return True
        return _is_earlier(record.captured_by, self._held.captured[record.id])

    def _kept(self, revisit: Revisit) -> Sequence[Record]:
        return self._bodies.find(revisit) if self._bodies is not None else ()


def place(file: Path, record: Record) -> str:
    """Where a record lies, however the path to it was spelt."""
    return written(str(file.resolve()) + record.path.removeprefix(str(file)))


def _is_earlier(captured: datetime | None, held: datetime | None) -> bool:
    return captured is not None and (held is None or captured < held)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
