"""Cancellation of this process's run: delivers the request to whatever is in progress."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from aml_magics.workers import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager

Result = TypeVar("Result")


class CanceledError(Exception):
    """A cancel request interrupted the thread that works on a run."""


class Cancellation:
    """Passes a cancel request from the heartbeat's thread to the main thread.

    The effect depends on the main thread's state:

    - It waits inside :meth:`interruptible` (for an environment, a datastore): SIGUSR1 raises
      :class:`CanceledError` there. A signal is the only thing that ends a wait in C code, such as a lock,
      a read from a socket or ``waitpid``.
    - It watches the script (``is_executing``): the processes of the script are ended, and ``readable``
      wakes its ``select``.
    - It does something short: it checks ``is_requested`` afterwards.

    Args:
        launchers: pids of the processes that wait to become the script. Cancelling the preparation
            spares them, because the worker ends them in its own way.
    """

    def __init__(self, launchers: Collection[int]) -> None:
        self._launchers = launchers
        self._thread = threading.get_ident()
        self._may_interrupt = False
        self._requested = threading.Event()
        self.readable, self._waking = os.pipe()
        self.is_executing = False
        signal.signal(signal.SIGUSR1, self._interrupt)

    def is_requested(self) -> bool:
        """Whether the run is to be canceled; another thread may set it at any time."""
        return self._requested.is_set()

    def request(self) -> None:
        """Cancel the run; the heartbeat's thread calls it repeatedly until the run has ended."""
        if not self._requested.is_set():
            self._requested.set()
            os.write(self._waking, b"!")
        if self.is_executing:
            tree.end_all()  # here, because the main thread may be busy storing a large file
            return
        # stop building the environment, or waiting for another process to build it
        tree.end_all(but=self._launchers)
        if self._may_interrupt:
            signal.pthread_kill(self._thread, signal.SIGUSR1)

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let a request raise CanceledError in the main thread while it waits."""
        self._may_interrupt = True
        try:
            if self.is_requested():
                raise CanceledError
            yield
        finally:
            self._may_interrupt = False

    def _interrupt(self, *_: object) -> None:
        if self._may_interrupt:
            self._may_interrupt = False
            raise CanceledError


def run_in_thread(
    work: Callable[[], Result], interruptible: Callable[[], AbstractContextManager[None]]
) -> Result:
    """Run work in a thread and wait for it; its exception is raised here.

    A cancel request ends the wait, never the work in the middle of a step, so no lock stays held. The thread
    ends with the process of the worker, which exits by ``os._exit``.

    Args:
        interruptible: in its context a cancel request raises in this thread.
    """
    executor = ThreadPoolExecutor(1, thread_name_prefix="aml_magics-data")
    found = executor.submit(work)
    executor.shutdown(wait=False)  # its thread ends after its work
    with interruptible():
        return found.result()
