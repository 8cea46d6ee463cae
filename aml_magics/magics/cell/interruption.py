"""What interrupts a cell: the user, Jupyter before it restarts the kernel, or a cancel from elsewhere."""

from __future__ import annotations

import _thread
import atexit
import signal
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError
from aml_magics.magics.failure import complain
from aml_magics.services.run.cancel import correct_reason
from aml_magics.services.run.open_runs import open_runs

if TYPE_CHECKING:
    from ipykernel.kernelbase import Kernel
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


INTERRUPTED: Final = "Interrupted by the user."
RESTARTED: Final = "The kernel was restarted."
SHUT_DOWN: Final = "The kernel was shut down."

_PATIENCE: Final = 0.25
"""Seconds in which the request to end the kernel is awaited after an interrupt."""

_TOGETHER: Final = 1.0
"""An interrupt and a request that was sent within so many seconds of it are one act."""


class Interruption:
    """Interrupts the cell of a run, once, when the run is asked to be canceled; tells why one was interrupted.

    Args:
        store: where the run is kept.
        record: the run; its cell runs in the calling thread.
    """

    def __init__(self, store: Store, record: RunRecord) -> None:
        self._store = store
        self._record = record
        self.was_asked = False

    def start(self) -> None:
        """Listen, where the cell can be interrupted: signals reach the main thread alone."""
        if threading.current_thread() is threading.main_thread():
            open_runs(self._store).set_cancel_handler(self._record.key, self._interrupt)

    def stop(self) -> None:
        """Listen no longer."""
        open_runs(self._store).remove_cancel_handler(self._record.key)

    def reason(self, shell: InteractiveShell) -> str:
        """Why the cell was interrupted, just now.

        Jupyter interrupts a kernel before it asks it to end, and the request comes a moment later by
        another thread. Where it comes later than that, the reason is corrected when the kernel ends.
        """
        interrupted = time.time()
        give_up = time.monotonic() + _PATIENCE
        while (kernel := _kernel(shell)) is not None:
            reason = _end_of(kernel, interrupted)
            if reason is not None:
                return reason
            if time.monotonic() > give_up:
                atexit.register(self._correct, kernel, interrupted)
                break
            time.sleep(0.01)
        return INTERRUPTED

    def end_of_kernel(self, shell: InteractiveShell) -> str | None:
        """What ends the kernel, where it was asked to end."""
        kernel = _kernel(shell)
        return None if kernel is None else _end_of(kernel, time.time())

    def _correct(self, kernel: Kernel, interrupted: float) -> None:
        reason = _end_of(kernel, interrupted)
        if reason is None:
            return
        try:
            correct_reason(self._store, self._record, reason, INTERRUPTED)
        except AmlError as error:
            complain(f"run {self._record.name!r} keeps the reason {INTERRUPTED!r}", error)

    def _interrupt(self) -> None:
        if self.was_asked:
            return
        self.was_asked = True
        if hasattr(signal, "pthread_kill"):
            # A real signal also ends a `time.sleep` or a read that the cell waits in.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            _thread.interrupt_main()


def _kernel(shell: InteractiveShell) -> Kernel | None:
    """The kernel of a shell; None in a terminal, and in kernels of others."""
    from ipykernel.kernelbase import (
        Kernel,
    )  # a kernel has it; a terminal pays for it when interrupted

    kernel = getattr(shell, "kernel", None)
    return kernel if isinstance(kernel, Kernel) else None


def _end_of(kernel: Kernel, interrupted: float) -> str | None:
    """Which end of the kernel an interrupt belongs to; None if to none."""
    request = kernel.get_parent("control")  # type: ignore[no-untyped-call]
    header = request.get("header", {})
    if header.get("msg_type") != "shutdown_request":
        return None
    sent = header.get("date")
    if isinstance(sent, datetime) and sent.timestamp() > interrupted + _TOGETHER:
        return None
    return RESTARTED if request["content"].get("restart") else SHUT_DOWN
