"""An interrupt that waits: raised inside of a callback that C code calls, it would be printed and forgotten."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Ctrl-C inside of the block is answered at its end, by whoever answered it before. Elsewhere than in the main
    thread nothing waits, for there it never comes.
    """
    answering = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(answering):
        yield
        return
    came: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, answering)
    if came:
        answering(signal.SIGINT, came[0])
