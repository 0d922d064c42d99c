"""`evidence index`: sources to a committed index. The outline of the whole operation.

Incremental by content: a record whose bytes and metadata are held costs a hash. What is committed stays,
whatever happens to the process afterwards.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evidence.corpus.documents import read_document
from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import MetadataFile
from evidence.corpus.records import Record, find_files, read_records
from evidence.corpus.values import Document, Status
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.passages import pack
from evidence.indexer.segment import CutDocument
from evidence.indexer.store import Failure, Writer, open_writer

# A segment is committed at this many passages: about 100 s of embedding on two cores, so that is what a
# crash can cost, and enough passages to sort by length.
COMMIT_PASSAGES = 2048
# Passages embedded between two signs of life.
_STEP_PASSAGES = 128


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Bytes are those of source files; of `passages_read`, `passages` are embedded."""

    files: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    documents: int = 0
    skipped: int = 0
    failed: int = 0
    passages_read: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: documents added, already held (`skipped`) and failed, and passages embedded."""

    added: int
    skipped: int
    failures: tuple[Failure, ...]
    passages: int
    snapshot: int


def build_index(
    root: Path,
    sources: Sequence[Path],
    embedder: Embedder,
    stated: MetadataFile | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Outcome:
    """Adds every new document under `sources` to the index at `root`, making it where there is none.

    Raises UsageError when there is no file, StoreError subclasses for the index; a document that cannot be
    read is a Failure of the outcome, and the run goes on.
    """
    files = _files(sources)
    with open_writer(root, embedder) as writer:
        run = _Run(writer, embedder, files, on_progress)
        for record in run.new_records(stated):
            run.read(record)
            if run.waiting >= COMMIT_PASSAGES:
                run.commit()
        run.commit()
        return run.outcome()


def plan_index(
    held: set[str], sources: Sequence[Path], stated: MetadataFile | None = None
) -> tuple[list[str], int, list[Failure]]:
    """What `build_index` would do, with nothing written: new paths, count of held records, failures."""
    new: list[str] = []
    seen, skipped, failures = set(held), 0, []
    for path in _files(sources):
        for record in read_records(path, stated):
            try:
                if isinstance(record, DocumentError):
                    raise record
                if record.id in seen:
                    skipped += 1
                    continue
                seen.add(record.id)
                new.append(_written(_read(record).path))
            except DocumentError as error:
                failures.append(_failure(error, path))
    return new, skipped, failures


def _files(sources: Sequence[Path]) -> list[Path]:
    files = find_files(sources)
    if not files:
        raise UsageError(
            f"nothing to index: no file in {', '.join(map(str, sources))}",
            "hidden files and *.meta.json do not count as documents",
        )
    return files


def _read(record: Record) -> Document:
    try:
        return read_document(record)
    except DocumentError:
        raise
    except Exception as error:  # pages are hostile and parsers many: no page may stop the others
        raise DocumentError(record.path, Status.READER_FAILED, f"{type(error).__name__}: {error}") from error


def _failure(error: DocumentError, file: Path) -> Failure:
    return Failure(_written(error.path), error.status, _written(error.reason), _written(file.resolve()))


def _written(path: Path | str) -> str:
    """A path as text: what is no UTF-8 in a file's name is spelt out, for no store has a place for it."""
    return str(path).encode("utf-8", "backslashreplace").decode()


class _Run:
    """One run's state: what waits for its vectors, what failed, how far it is."""

    def __init__(
        self, writer: Writer, embedder: Embedder, files: list[Path], on_progress: Callable[[Progress], None]
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._files = files
        self._on_progress = on_progress
        self._seen = writer.held_ids()
        self._places = writer.held_places()
        self._withdrawn = set(writer.manifest.withdrawn)
        visited = {_written(path.resolve()) for path in files}
        self._old_failures = [f for f in writer.failures() if f.file not in visited and Path(f.file).exists()]
        self._file = files[0]
        self._failures: list[Failure] = []
        self._waiting: list[CutDocument] = []
        self._sizes = {path: _size(path) for path in files}
        self._progress = Progress(bytes_total=sum(self._sizes.values()))
        self.waiting = 0

    def new_records(self, stated: MetadataFile | None) -> Iterator[Record]:
        """Records that the index does not hold; the others are counted."""
        before = 0
        for path in self._files:
            self._file = path
            for record in read_records(path, stated):
                if isinstance(record, DocumentError):
                    self._fail(record)
                    continue
                self._progress = replace(self._progress, bytes_done=before + record.position)
                if record.id in self._seen:
                    self._replace(record)
                    self._advance(skipped=1)
                else:
                    self._seen.add(record.id)
                    yield record
            before += self._sizes[path]
            self._progress = replace(self._progress, bytes_done=before)
            self._advance(files=1)

    def read(self, record: Record) -> None:
        """Reads and cuts one record; its original is durable before anything refers to it."""
        try:
            document = _read(record)
            document = replace(document, path=_written(document.path))
            breaks = [mark.start for mark in document.marks]
            passages = pack(document.text, breaks, self._embedder.count_pieces, self._embedder.piece_spans)
            if not passages:
                raise DocumentError(record.path, Status.NO_TEXT, "it holds no words")
        except DocumentError as error:
            self._fail(error)
            return
        self._writer.originals.put(record.data)
        self._replace(record)
        self._waiting.append(CutDocument(document, tuple(passages), self._place(record)))
        self.waiting += len(passages)
        self._advance(passages_read=len(passages))

    def _replace(self, record: Record) -> None:
        """The same bytes at the same place with other metadata: the user has corrected what was stated."""
        place = (self._place(record), digest(record.data))
        earlier = self._places.get(place, record.id)
        if earlier != record.id:
            self._withdrawn.add(earlier)
        self._withdrawn.discard(record.id)
        self._places[place] = record.id

    def _place(self, record: Record) -> str:
        return _written(str(self._file.resolve()) + record.path.removeprefix(str(self._file)))

    def commit(self) -> None:
        """Embeds what waits and makes it part of the index."""
        texts = [text for cut in self._waiting for text in cut.texts()]
        vectors = self._embed(texts)
        self._writer.commit(self._waiting, vectors, [*self._old_failures, *self._failures], self._withdrawn)
        self._advance(documents=len(self._waiting))
        self._waiting, self.waiting = [], 0

    def outcome(self) -> Outcome:
        done = self._progress
        return Outcome(
            done.documents, done.skipped, tuple(self._failures), done.passages_read, self._writer.manifest.number
        )

    def _embed(self, texts: list[str]) -> Vectors:
        """Longest first, so that batches are of like length; a text that stands twice is embedded once."""
        distinct = sorted(set(texts), key=lambda text: (-len(text), text))
        place = {text: row for row, text in enumerate(distinct)}
        vectors = np.zeros((len(distinct), self._embedder.dimensions), np.float32)
        for start in range(0, len(distinct), _STEP_PASSAGES):
            step = distinct[start : start + _STEP_PASSAGES]
            vectors[start : start + len(step)] = self._embedder.encode(step)
            self._advance(passages=len(step))
        return vectors[[place[text] for text in texts]]

    def _fail(self, error: DocumentError) -> None:
        self._failures.append(_failure(error, self._file))
        self._advance(failed=1)

    def _advance(self, **steps: int) -> None:
        self._progress = replace(
            self._progress, **{name: getattr(self._progress, name) + step for name, step in steps.items()}
        )
        self._on_progress(self._progress)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
