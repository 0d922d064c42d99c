"""A task in a forked, contained child: its values come back as frames, its end is always told. POSIX only.

Whoever calls this has no threads and holds nothing worth stealing: the child inherits its memory.
"""

import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from evidence.corpus import sandbox
from evidence.corpus.errors import DocumentError
from evidence.corpus.sandbox import Limits
from evidence.corpus.values import Status
from evidence.indexer.wire import END, LENGTHS, BrokenFrame, Refused, pack_frame, read_raw_frame

Task = Callable[[], Iterable[Any]]

_PIPE_BYTES = 1 << 20
# What a child says by its exit status when it can say nothing else.
_OUT_OF_MEMORY = 3
# Children get descriptors below this one; the range above is not open.
_MAX_DESCRIPTOR = 1024


def contained(
    task: Task, where: str, limits: Limits, keep: int | None = None, many: bool = False
) -> Iterator[bytes]:
    """Frames of the task's values, then END; what ended the child early is a Refused before it.

    Each value has the limits' seconds; of `many` all together may take as long as they keep coming. `keep` is
    the one descriptor besides the result's that stays open.
    """
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(task, where, limits, send, keep, many)
    os.close(send)
    watch = _Watch(receive, limits)
    try:
        frame = b""
        while frame != END:
            frame = watch.frame()
            yield frame
        return
    except BrokenFrame as error:
        cause = str(error)
    finally:
        os.kill(child, signal.SIGKILL)
        _, ended = os.waitpid(child, 0)
        os.close(receive)
    yield pack_frame(_verdict(where, ended, watch, cause))
    yield END


def attempt(task: Task, where: str) -> Iterator[Any]:
    """The task's values; an error of any kind becomes a value, but for a lack of memory."""
    try:
        yield from task()
    except DocumentError as error:
        yield error
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - pages are hostile and parsers many: none may stop the others
        yield DocumentError(where, Status.READER_FAILED, f"{type(error).__name__}: {error}")


class _Watch:
    """Reads a child's frames; each must come in time, however long the reader was busy before."""

    def __init__(self, descriptor: int, limits: Limits) -> None:
        self._descriptor = descriptor
        self.limits = limits
        self._deadline = 0.0
        self.late = False

    def frame(self) -> bytes:
        self._deadline = time.monotonic() + self.limits.patience
        head, data = read_raw_frame(self._read, self.limits.result_bytes)
        return LENGTHS.pack(len(head), len(data)) + head + data

    def _read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            left = self._deadline - time.monotonic()
            if left <= 0 or not select.select([self._descriptor], [], [], left)[0]:
                self.late = True
                break
            part = os.read(self._descriptor, min(size - len(parts), _PIPE_BYTES))
            if not part:
                break
            parts += part
        return bytes(parts)


def _verdict(where: str, ended: int, watch: _Watch, cause: str) -> Refused:
    limits = watch.limits
    number = os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0
    if watch.late or number == signal.SIGXCPU:
        seconds = limits.patience if watch.late else limits.seconds
        return Refused(where, Status.TIMEOUT, f"reading it took more than {seconds} seconds")
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended) == _OUT_OF_MEMORY:
        return Refused(where, Status.OUT_OF_MEMORY, f"reading it took more than {limits.memory_bytes >> 20} MB")
    if number and number != signal.SIGKILL:
        return Refused(where, Status.CRASHED, f"the parser was ended by {signal.Signals(number).name}")
    return Refused(where, Status.CRASHED, f"the parser's result is no result: {cause}")


def _be_child(task: Task, where: str, limits: Limits, send: int, keep: int | None, many: bool) -> NoReturn:
    code = 1
    try:
        _close_all_but({send, *([] if keep is None else [keep])})
        sandbox.die_with_parent()
        sandbox.enter(limits, many)
        for value in attempt(task, where):
            _write(send, _bounded(value, where, limits))
        _write(send, END)
        code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    finally:
        os._exit(code)


def _bounded(value: Any, where: str, limits: Limits) -> bytes:
    frame = pack_frame(value)
    if len(frame) > limits.result_bytes:
        return pack_frame(Refused(where, Status.TOO_LARGE, f"its text is over {limits.result_bytes >> 20} MB"))
    return frame


def _close_all_but(kept: set[int]) -> None:
    """The three standard ones stay; the nursery has pointed them at nothing."""
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, _MAX_DESCRIPTOR)


def _write(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]
