from __future__ import annotations

import contextlib
import signal
import threading
import time

import pytest

from aml_magics.workers.cancellation import run_in_thread


class CanceledError(Exception):
    pass


def raise_canceled(*_):
    raise CanceledError


def test_what_work_gives_or_raises_comes_here():
    assert run_in_thread(lambda: 7, contextlib.nullcontext) == 7
    with pytest.raises(ValueError, match="broken"):
        run_in_thread(lambda: int("broken"), contextlib.nullcontext)


def test_a_request_to_cancel_does_not_wait_for_the_work():
    before = signal.signal(signal.SIGUSR1, raise_canceled)
    go_on, is_waiting = threading.Event(), threading.Event()

    def work():
        is_waiting.set()
        go_on.wait()

    def interrupt(thread):
        is_waiting.wait()
        time.sleep(0.1)  # until this thread waits, too
        signal.pthread_kill(thread, signal.SIGUSR1)

    canceler = threading.Thread(target=interrupt, args=[threading.get_ident()])
    canceler.start()
    try:
        with pytest.raises(CanceledError):
            run_in_thread(work, contextlib.nullcontext)
    finally:
        go_on.set()
        canceler.join()
        signal.signal(signal.SIGUSR1, before)
