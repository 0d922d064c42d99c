"""The writer's side of containment: nurseries that read documents side by side, results in the order asked.

A thread waits for each nursery, so that they go on reading while the writer embeds.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Generic, Self, TypeVar

from evidence.corpus.documents import tell_language
from evidence.corpus.errors import DocumentError
from evidence.corpus.hashing import digest
from evidence.corpus.metadata import Metadata
from evidence.corpus.records import Passed, Record, Revisit
from evidence.corpus.sandbox import Limits
from evidence.corpus.sources import Wanted
from evidence.corpus.splitting import Split, holds_one, split_file
from evidence.corpus.values import Status
from evidence.indexer.wire import (
    BrokenFrame,
    End,
    FetchBodies,
    Refused,
    Sentenced,
    SplitFile,
    name_of,
    pack_frame,
    read_frame,
    written,
)

# How far reading runs ahead of what is consumed: two commits' worth of news, and never more than these bytes.
_AHEAD_RECORDS = 512
_AHEAD_BYTES = 128 << 20

Key = TypeVar("Key")


def default_jobs() -> int:
    """One reader a core that this process may use."""
    return len(os.sched_getaffinity(0))


class Workers:
    """Contained readers. None is started before it is needed; a context, for they end with it."""

    def __init__(self, jobs: int = 1, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self.limits = limits
        self._idle: SimpleQueue[Nursery] = SimpleQueue()
        self._splitter = Nursery(limits)
        self._nurseries = [Nursery(limits) for _ in range(jobs)]
        for nursery in self._nurseries:
            self._idle.put(nursery)
        self._threads = ThreadPoolExecutor(jobs, "reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for nursery in self.nurseries():
            nursery.kill()
        self._threads.shutdown(cancel_futures=True)
        for nursery in self.nurseries():
            nursery.end()

    def nurseries(self) -> "list[Nursery]":
        """All of them, started or not."""
        return [self._splitter, *self._nurseries]

    def read(self, items: Iterable[tuple[Key, Record]]) -> Iterator[tuple[Key, Record, Sentenced | DocumentError]]:
        """Each item with its document, in the order given; items are taken as far ahead as memory allows."""
        waiting: deque[_Waiting[Key]] = deque()
        held = 0
        for key, record in items:
            waiting.append(_Waiting(key, record, self._threads.submit(self._read, record)))
            held += len(record.data)
            while waiting and (len(waiting) > _AHEAD_RECORDS or held > _AHEAD_BYTES):
                held -= len(waiting[0].record.data)
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def split(self, path: Path, metadata: Metadata) -> Iterator[Split]:
        """The values that splitting a file gives, as `split_file` does; one file at a time.

        A file that is one document is only read here; one that holds several is taken apart in a contained child.
        """
        with path.open("rb") as raw:
            if holds_one(raw):
                yield from split_file(path, raw, metadata)
                return
        for value in self._splitter.ask(SplitFile(name_of(path), metadata), str(path)):
            if isinstance(value, DocumentError):
                yield DocumentError(_under(path, value.path), value.status, value.reason)
            elif isinstance(value, Passed):
                yield value
            elif isinstance(value, Record | Revisit):
                # what the user states is not the splitter's to say
                yield replace(value, path=_under(path, value.path), metadata=metadata)

    def fetch(self, path: Path, wanted: Wanted) -> Iterator[tuple[Revisit, Record | DocumentError]]:
        """What these revisits mean, out of a file, as `read_bodies` does."""
        asked = {written(revisit.path): revisit for revisits in wanted.values() for revisit in revisits}
        request = FetchBodies(name_of(path), tuple((spot, tuple(revisits)) for spot, revisits in wanted.items()))
        revisit, found = None, set()
        for value in self._splitter.ask(request, str(path)):
            if isinstance(value, Revisit):
                revisit = asked.get(value.path)
            elif revisit is not None and isinstance(value, Record | DocumentError):
                found.add(revisit.path)
                yield revisit, _as_visited(value, revisit)
        for left in asked.values():
            if left.path not in found:
                yield left, DocumentError(left.path, Status.REVISIT, f"its body could not be read in {path}")

    def _read(self, record: Record) -> Sentenced | DocumentError:
        nursery = self._idle.get()
        try:
            answer = next(iter(list(nursery.ask(record, record.path))))
        finally:
            self._idle.put(nursery)
        if not isinstance(answer, Sentenced):
            status = answer.status if isinstance(answer, DocumentError) else Status.CRASHED
            return DocumentError(
                record.path, status, getattr(answer, "reason", "the parser's result is no document")
            )
        # what a document is and where it lies is not the parser's to say
        told = tell_language(answer.document, record.metadata)
        known = replace(told, id=record.id, path=record.path, original=digest(record.data))
        return replace(answer, document=known)


def _under(path: Path, said: str) -> str:
    """A path as a contained process spelt it, as the file is called here."""
    return str(path) + said.removeprefix(written(path))


def _as_visited(value: Record | DocumentError, revisit: Revisit) -> Record | DocumentError:
    if isinstance(value, DocumentError):
        return DocumentError(revisit.path, value.status, value.reason)
    numbered = value.path.removeprefix(written(revisit.path))
    return replace(value, path=revisit.path + numbered, metadata=revisit.metadata)


class _Waiting(Generic[Key]):
    def __init__(self, key: Key, record: Record, answer: "Future[Sentenced | DocumentError]") -> None:
        self.key, self.record, self.answer = key, record, answer

    def result(self) -> tuple[Key, Record, Sentenced | DocumentError]:
        return self.key, self.record, self.answer.result()


class Nursery:
    """One nursery process, started when it is first asked, and again if it should ever die."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Record | SplitFile | FetchBodies, where: str) -> Iterator[Any]:
        """The values of one request. A nursery that dies under it costs this request only, and one whose answer
        nobody hears to its end is ended, for the rest of it would answer the next request."""
        heard = False
        try:
            process = self._started()
            _stdin(process).write(pack_frame(request))
            _stdin(process).flush()
            while not isinstance(value := read_frame(_stdout(process).read, 2 * self._limits.result_bytes), End):
                yield value.error() if isinstance(value, Refused) else value
            heard = True
        except (BrokenFrame, OSError) as error:
            self.end()
            heard = True
            yield DocumentError(where, Status.CRASHED, f"the reading process ended: {error}")
        finally:
            if not heard:
                self.end()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                # -P: modules come from the installation, never from the folder somebody stands in
                [sys.executable, "-P", "-m", "evidence.indexer.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # a process that forks has one thread
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
            _stdin(self._process).write(pack_frame(self._limits))
        return self._process

    def kill(self) -> None:
        """From any thread; who waits for an answer gets an error."""
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Ends the process and waits for it."""
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    stream and stream.close()
            self._process.wait()
            self._process = None


def _stdin(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    return process.stdin


def _stdout(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdout is not None  # noqa: S101
    return process.stdout
