"""Causes of an interrupt: the user, Jupyter before a kernel restart, or a cancel from elsewhere."""

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

_REQUEST_SECONDS: Final = 0.25
"""How long to wait after an interrupt for a request to end the kernel."""

_SAME_ACT_SECONDS: Final = 1.0
"""A request sent within this many seconds of an interrupt belongs to it."""


class Interruption:
    """Interrupts a cell when another process cancels its run; tells why a cell was interrupted.

    Args:
        record: the run; its cell runs in the calling thread.

    Attributes:
        is_cancel: whether the cell was interrupted to cancel its run.
    """

    def __init__(self, store: Store, record: RunRecord) -> None:
        self._store = store
        self._record = record
        self.is_cancel = False

    def start(self) -> None:
        """Wait for a cancel in the main thread; Python handles signals in no other."""
        if threading.current_thread() is threading.main_thread():
            open_runs(self._store).set_cancel_handler(self._record.key, self._interrupt)

    def stop(self) -> None:
        """Stop waiting."""
        open_runs(self._store).remove_cancel_handler(self._record.key)

    def reason(self, shell: InteractiveShell) -> str:
        """Return why the cell was interrupted just now.

        Jupyter interrupts a kernel and then sends it the request to end, which another thread receives
        some milliseconds later. If it comes later still, the reason is corrected when the kernel ends.
        """
        interrupted = time.time()
        give_up = time.monotonic() + _REQUEST_SECONDS
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
        """Return why the kernel ends, or None if nobody requested it."""
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
        if self.is_cancel:
            return
        self.is_cancel = True
        if hasattr(signal, "pthread_kill"):
            # A real signal also ends a `time.sleep` or a read that the cell waits in.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            _thread.interrupt_main()


def _kernel(shell: InteractiveShell) -> Kernel | None:
    """The kernel of a shell; None in a terminal, and in kernels of other makers."""
    from ipykernel.kernelbase import (
        Kernel,
    )  # a kernel has it; a terminal pays for it when interrupted

    kernel = getattr(shell, "kernel", None)
    return kernel if isinstance(kernel, Kernel) else None


def _end_of(kernel: Kernel, interrupted: float) -> str | None:
    """The reason for an interrupt, if it belongs to a request to end the kernel."""
    request = kernel.get_parent("control")  # type: ignore[no-untyped-call]
    header = request.get("header", {})
    if header.get("msg_type") != "shutdown_request":
        return None
    sent = header.get("date")
    if isinstance(sent, datetime) and sent.timestamp() > interrupted + _SAME_ACT_SECONDS:
        return None
    return RESTARTED if request["content"].get("restart") else SHUT_DOWN
