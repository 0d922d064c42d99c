"""Ctrl-C while C code calls back waits for it and is not lost."""

import signal
from threading import Thread

import pytest

from evidence.generator.writing.interrupts import interrupts_wait


def test_an_interrupt_is_answered_at_the_end_of_the_block() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), interrupts_wait():
        signal.raise_signal(signal.SIGINT)
        reached.append("the end")
    assert reached == ["the end"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_of_the_block_comes_first() -> None:
    with pytest.raises(ValueError, match="broken"), interrupts_wait():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("broken")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_nothing_is_changed() -> None:
    seen = []

    def work() -> None:
        with interrupts_wait():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
