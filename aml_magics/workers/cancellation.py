"""A request to cancel the run of this process: how it reaches whatever goes on."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from aml_magics.workers import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

Result = TypeVar("Result")


class CanceledError(Exception):
    """The thread that works on a run was interrupted by a request to cancel it."""


class Cancellation:
    """Takes a request to cancel from the heartbeat's thread to the main thread, which works on the run.

    What the main thread does decides what ends it:

    - It waits inside :meth:`interruptible` (for an environment, a datastore): SIGUSR1 raises
      :class:`CanceledError` there. A signal is the only thing that ends a wait in C code, such as a lock,
      a read from a socket or ``waitpid``.
    - It watches the script (``is_executing``): the processes of the script are ended, and ``readable``
      wakes its ``select``.
    - It does something short: it looks at ``is_requested`` afterwards.

    Args:
        launcher: pid of the process that waits to become the script. Cancelling the preparation
            spares it, because the worker ends it in its own way.
    """

    def __init__(self, launcher: int) -> None:
        self._launcher = launcher
        self._thread = threading.get_ident()
        self._may_interrupt = False
        self._requested = threading.Event()
        self.readable, self._waking = os.pipe()
        self.is_executing = False
        signal.signal(signal.SIGUSR1, self._interrupt)

    def is_requested(self) -> bool:
        """Whether the run is to be canceled; another thread may change it at any moment."""
        return self._requested.is_set()

    def request(self) -> None:
        """Cancel the run; called by the heartbeat's thread, again until the run has ended."""
        if not self._requested.is_set():
            self._requested.set()
            os.write(self._waking, b"!")
        if self.is_executing:
            tree.end_all()  # here, because the main thread may be busy with keeping a large file
            return
        # what builds the environment need not go on, nor what waits until another has built it
        tree.end_all(but=[self._launcher])
        if self._may_interrupt:
            signal.pthread_kill(self._thread, signal.SIGUSR1)

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let a request raise in the main thread while it waits for something.

        Raises:
            CanceledError: the run is to be canceled.
        """
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
    """Do work in a thread of its own and wait for it; what it raises is raised here.

    A request to cancel ends the waiting, never the work in the middle of what it does: nothing that it
    holds stays locked. The thread ends with the process of the worker.

    Args:
        work: what to do.
        interruptible: within it a request to cancel is an exception in this thread.
    """
    found: Future[Result] = Future()

    def do() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- it is raised in the thread that waits
            found.set_exception(error)

    threading.Thread(target=do, name="aml_magics-data", daemon=True).start()
    with interruptible():
        return found.result()
