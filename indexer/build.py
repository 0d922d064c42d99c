"""`evidence index`: sources to a committed index. The outline of the whole operation.

Incremental by content: a record whose bytes and metadata are held costs a hash. What is committed stays,
whatever happens to the process afterwards. No byte of a document is parsed in this process.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evidence.corpus.errors import DocumentError, UsageError
from evidence.corpus.invisible import strip_invisible
from evidence.corpus.metadata import MetadataFile
from evidence.corpus.records import Record
from evidence.corpus.revisits import capture_keys
from evidence.corpus.values import Status
from evidence.corpus.walking import find_files
from evidence.indexer.document_rows import Source
from evidence.indexer.embedder import Embedder, Vectors
from evidence.indexer.failures import Failure
from evidence.indexer.intake import Intake, place
from evidence.indexer.passages import pack
from evidence.indexer.runs import AT_REST, WHILE_ADDING
from evidence.indexer.segment import CutDocument
from evidence.indexer.store import Index
from evidence.indexer.wire import Sentenced, written
from evidence.indexer.workers import Workers
from evidence.indexer.writer import Writer, open_writer

# A segment is committed at this many passages: to embed them again is what a crash can cost, and they are enough to
# be sorted by length.
COMMIT_PASSAGES = 2048
# Passages embedded between two signs of life: some seconds, and many batches for every thread.
_STEP_PASSAGES = 256


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Bytes are those of source files; of `passages_read`, `passages` are embedded."""

    files: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    documents: int = 0
    skipped: int = 0
    repeated: int = 0
    recaptured: int = 0
    failed: int = 0
    deleted: int = 0
    passages_read: int = 0
    passages: int = 0


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: documents added, held already (`skipped`) and failed, and passages embedded.

    `repeated` counts what the sources hold again; `recaptured`, of the skipped, what was captured earlier than was
    known; `deleted` what the sources hold and was deleted from the index, or forgotten.
    """

    added: int
    skipped: int
    repeated: int
    recaptured: int
    failures: tuple[Failure, ...]
    passages: int
    snapshot: int
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: paths of documents it would add, and counts as an Outcome's."""

    new: tuple[str, ...]
    skipped: int
    repeated: int
    failures: tuple[Failure, ...]
    deleted: int = 0


def build_index(
    root: Path,
    sources: Sequence[Path],
    embedder: Embedder,
    stated: MetadataFile | None = None,
    on_progress: OnProgress = lambda progress: None,
    workers: Workers | None = None,
    records: str | None = None,
) -> Outcome:
    """Adds every new document under `sources` to the index at `root`, making it where there is none.

    Without `workers` it starts one and ends it. `records` as `open_writer`.

    Raises UsageError when there is no file, StoreError subclasses for the index; a document that cannot be
    read is a Failure of the outcome, and the run goes on.
    """
    files = _files(sources)
    with open_writer(root, embedder, records) as writer, _borrowed(workers) as readers:
        steps = _Steps(on_progress)
        run = _Run(writer, embedder, Intake(files, steps, readers), steps)
        for file, record, read in readers.read(run.intake.new_records(stated)):
            run.add(file, record, read)
            if run.waiting >= COMMIT_PASSAGES:
                run.commit()
                writer.merge(WHILE_ADDING)
        run.commit()
        writer.merge(AT_REST)
        return run.outcome()


def plan_index(
    index: Index | None,
    sources: Sequence[Path],
    stated: MetadataFile | None = None,
    workers: Workers | None = None,
) -> Plan:
    """What `build_index` would do to this index, or to a new one, with nothing written."""
    steps, new = _Steps(), dict[str, str]()
    files = _files(sources)
    with _borrowed(workers) as readers:
        intake = Intake(files, steps, readers)
        if index is not None:
            intake.hold(index)
        for file, record, read in readers.read(intake.new_records(stated)):
            if isinstance(read, DocumentError):
                intake.fail(read, file)
            elif record.id in new or intake.is_held(record.id):
                intake.count_again(record)
            else:
                new[record.id] = written(record.path)
    done = steps.progress
    return Plan(tuple(new.values()), done.skipped, done.repeated, tuple(intake.failures), done.deleted)


@contextmanager
def _borrowed(workers: Workers | None) -> Iterator[Workers]:
    """The caller's, who will end them; or one for this run."""
    if workers is not None:
        yield workers
        return
    with Workers() as own:
        yield own


def _files(sources: Sequence[Path]) -> list[Path]:
    files = find_files(sources)
    if not files:
        raise UsageError(
            f"nothing to index: no file in {', '.join(map(str, sources))}",
            "hidden files and *.meta.json do not count as documents",
        )
    return files


class _Steps:
    """Adds steps up to a Progress; `bytes_at` is set, the others are counted."""

    def __init__(self, on_progress: OnProgress = lambda progress: None) -> None:
        self.progress = Progress()
        self._on_progress = on_progress

    def __call__(self, *, bytes_at: int | None = None, **steps: int) -> None:
        done = {name: getattr(self.progress, name) + step for name, step in steps.items()}
        if bytes_at is not None:
            done["bytes_done"] = bytes_at
        self.progress = replace(self.progress, **done)
        self._on_progress(self.progress)


class _Run:
    """One run's state: what waits for its vectors, and how far it is."""

    def __init__(self, writer: Writer, embedder: Embedder, intake: Intake, steps: _Steps) -> None:
        self._writer = writer
        self._embedder = embedder
        self._steps = steps
        self._waiting: dict[str, CutDocument] = {}
        self._written: set[str] = set()
        # ids that a segment holds by a later capture
        self._anew: set[str] = set()
        self.intake = intake
        self.intake.continue_from(writer)
        self._steps(bytes_total=self.intake.bytes_total)
        self.waiting = 0

    def add(self, file: Path, record: Record, read: Sentenced | DocumentError) -> None:
        """Cuts one document that was read; its original is durable before anything refers to it."""
        try:
            cut = self._cut(file, record, read)
        except DocumentError as error:
            self.intake.fail(error, file)
            return
        self._writer.originals.put(record.data)
        self.intake.replace(file, record)
        later = self._waiting.pop(record.id, None)
        if later is None and (self.intake.is_held(record.id) or record.id in self._written):
            self._anew.add(record.id)
        if later is not None or record.id in self._anew:
            self.intake.count_again(record)
        self._waiting[record.id] = cut
        more = len(cut.passages) - (len(later.passages) if later else 0)
        self.waiting += more
        self._steps(passages_read=more)

    def _cut(self, file: Path, record: Record, read: Sentenced | DocumentError) -> CutDocument:
        if isinstance(read, DocumentError):
            raise read
        document = replace(read.document, path=written(record.path))
        breaks = [mark.start for mark in document.marks]
        counts = self._embedder.count_pieces, self._embedder.piece_spans
        passages = pack(document.text, read.sentences, breaks, *counts)
        if not passages:
            raise DocumentError(record.path, Status.NO_TEXT, "it holds no words")
        keys = tuple(capture_keys(record.capture)) if record.capture else ()
        return CutDocument(document, tuple(passages), Source(place(file, record), record.media, keys))

    def commit(self) -> None:
        """Embeds what waits and makes it part of the index."""
        cut, anew = list(self._waiting.values()), self._anew
        vectors = self._embed([strip_invisible(text) for one in cut for text in one.texts()])
        self._writer.commit(cut, vectors, self.intake.all_failures(), self.intake.withdrawn, frozenset(anew))
        self._steps(documents=len(cut) - len(anew), recaptured=sum(map(self.intake.is_held, anew - self._written)))
        self._written.update(self._waiting)
        self._waiting, self._anew, self.waiting = {}, set(), 0

    def outcome(self) -> Outcome:
        done = self._steps.progress
        return Outcome(
            added=done.documents,
            skipped=done.skipped,
            repeated=done.repeated,
            recaptured=done.recaptured,
            failures=tuple(self.intake.failures),
            passages=done.passages_read,
            snapshot=self._writer.manifest.number,
            deleted=done.deleted,
        )

    def _embed(self, texts: list[str]) -> Vectors:
        """Longest first, so that batches are of like length; a text that stands twice is embedded once."""
        distinct = sorted(set(texts), key=lambda text: (-len(text), text))
        row = {text: number for number, text in enumerate(distinct)}
        vectors = np.zeros((len(distinct), self._embedder.dimensions), np.float32)
        for start in range(0, len(distinct), _STEP_PASSAGES):
            step = distinct[start : start + _STEP_PASSAGES]
            vectors[start : start + len(step)] = self._embedder.encode(step)
            self._steps(passages=len(step))
        return vectors[[row[text] for text in texts]]
