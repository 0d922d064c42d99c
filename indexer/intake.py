"""What of the sources is new: records that are held cost a hash, corrected statements withdraw the old ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from evidence.corpus.errors import DocumentError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import MetadataFile
from evidence.corpus.records import Record
from evidence.corpus.sources import read_all
from evidence.indexer.store import Failure, Writer
from evidence.indexer.wire import written
from evidence.indexer.workers import Workers


class Intake:
    """One run's bookkeeping over its files, in order: what is held, withdrawn, failed. `on_step` hears of each."""

    def __init__(self, files: Sequence[Path], on_step: Callable[..., None], workers: Workers) -> None:
        self._files = files
        self._workers = workers
        self._on_step = on_step
        self._sizes = {path: _size(path) for path in files}
        self._seen: set[str] = set()
        self._places: dict[tuple[str, str], str] = {}
        self._old_failures: list[Failure] = []
        self.bytes_total = sum(self._sizes.values())
        self.withdrawn: set[str] = set()
        self.failures: list[Failure] = []

    def continue_from(self, writer: Writer) -> None:
        """Takes over what the index holds; failures of files that are visited again are told anew."""
        self._seen = writer.held_ids()
        self._places = writer.held_places()
        self.withdrawn = set(writer.manifest.withdrawn)
        visited = {written(path.resolve()) for path in self._files}
        self._old_failures = [f for f in writer.failures() if f.file not in visited and Path(f.file).exists()]

    def hold(self, ids: Iterable[str]) -> None:
        """Documents that are held already, where nothing will be written."""
        self._seen.update(ids)

    def new_records(self, stated: MetadataFile | None) -> Iterator[tuple[Path, Record]]:
        """Records that the index does not hold, with their files; the others are counted."""
        starts = dict(zip(self._files, accumulate(self._sizes.values(), initial=0), strict=False))
        for path, record in read_all(self._files, stated, self._workers.split, self._workers.fetch):
            if isinstance(record, DocumentError):
                self.fail(record, path)
                continue
            self._on_step(bytes_at=starts[path] + (record.position or self._sizes[path]))
            if record.id in self._seen:
                self.replace(path, record)
                self._on_step(skipped=1)
            else:
                self._seen.add(record.id)
                yield path, record
        self._on_step(bytes_at=self.bytes_total, files=len(self._files))

    def replace(self, file: Path, record: Record) -> None:
        """The same bytes at the same place with other metadata: the user has corrected what was stated."""
        at = (place(file, record), digest(record.data))
        earlier = self._places.get(at, record.id)
        if earlier != record.id:
            self.withdrawn.add(earlier)
        self.withdrawn.discard(record.id)
        self._places[at] = record.id

    def fail(self, error: DocumentError, file: Path) -> None:
        """Counts a document that cannot be read."""
        self.failures.append(
            Failure(written(error.path), error.status, written(error.reason), written(file.resolve()))
        )
        self._on_step(failed=1)

    def all_failures(self) -> list[Failure]:
        """This run's, and those of earlier runs that this one did not look at."""
        return [*self._old_failures, *self.failures]


def place(file: Path, record: Record) -> str:
    """Where a record lies, however the path to it was spelt."""
    return written(str(file.resolve()) + record.path.removeprefix(str(file)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
