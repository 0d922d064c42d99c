"""A parser that a document has taken over: tries what it must not be able to do, contained, and says how it went.

Every attempt is small enough to harm nothing if it should succeed: one socket, one file in a folder that is
given, at most 50 children that end at once, 4 GB that are touched by nobody. Prints one JSON object.
"""

import encodings.idna  # noqa: F401 - loaded late otherwise, when no file may be opened
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidence.corpus.errors import DocumentError
from evidence.corpus.sandbox import Limits
from evidence.corpus.values import Status
from evidence.indexer.contained import contained
from evidence.indexer.wire import END, read_frame

FOLDER = Path(sys.argv[1])


def _fork_many() -> None:
    for _ in range(50):
        if os.fork() == 0:
            os._exit(0)


ATTEMPTS: dict[str, Callable[[], Any]] = {
    "open a socket": socket.socket,
    "look up a name": lambda: socket.getaddrinfo("localhost", 80),
    "read a foreign file": (FOLDER / "secret").read_bytes,
    "see whether a file is there": (FOLDER / "secret").stat,
    "write a file": lambda: (FOLDER / "written").write_text("here"),
    "start a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "fork 50 children": _fork_many,
    "start a thread": lambda: threading.Thread(target=int).start(),
    "signal its parent": lambda: os.kill(os.getppid(), 0),
    "take 4 GB": lambda: bytearray(4 << 30),
}


def _try_all() -> Iterator[DocumentError]:
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
            outcome = "done"
        except (OSError, MemoryError, RuntimeError) as error:
            outcome = type(error).__name__
        yield DocumentError(name, Status.OK, outcome)


def _loop() -> Iterator[Any]:
    while True:
        pass


def _sleep() -> Iterator[Any]:
    time.sleep(3600)
    yield


def _crash() -> Iterator[Any]:
    os.abort()
    yield


def _take_all() -> Iterator[Any]:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def _flood() -> Iterator[DocumentError]:
    yield DocumentError("flood", Status.OK, "x" * (3 << 20))


def _lie() -> Iterator[Any]:
    # a frame that promises more than there is
    os.write(_sending(), b"\xff" * 64)
    os._exit(0)
    yield


def _sending() -> int:
    """The one descriptor beside the standard three that can be written to."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"")
        except OSError:
            continue
        return descriptor
    raise AssertionError


ENDS = {
    "endless loop": _loop,
    "endless wait": _sleep,
    "abort": _crash,
    "all memory": _take_all,
    "flood": _flood,
    "lie": _lie,
}


# On a busy machine two seconds of work take longer on the clock; only who waits is told by the clock.
LIMITS = Limits(seconds=2, memory_bytes=512 << 20, result_bytes=2 << 20, clock_seconds=60)
WAITING = replace(LIMITS, clock_seconds=2)


def _values(task: Callable[[], Iterator[Any]]) -> list[Any]:
    limits = WAITING if task is _sleep else LIMITS
    frames = list(contained(task, "probe", limits))
    assert frames.pop() == END
    left = [bytearray(frame) for frame in frames]

    def read(size: int) -> bytes:
        part, left[0] = left[0][:size], left[0][size:]
        return bytes(part)

    values = []
    while left:
        values.append(read_frame(read, 1 << 30))
        left.pop(0)
    return values


def main() -> None:
    (FOLDER / "secret").write_text("secret")
    # whatever the child prints goes nowhere, as in the nursery
    said = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    attempts = {value.path: value.reason for value in _values(_try_all)}
    ends = {name: [str(value.status) for value in _values(task)] for name, task in ENDS.items()}
    os.write(said, json.dumps({"attempts": attempts, "ends": ends}).encode())


if __name__ == "__main__":
    main()
