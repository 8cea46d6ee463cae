"""Canceling a cell from elsewhere: another process asks, and the cell is interrupted."""

from __future__ import annotations

import _thread
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


class Interruption:
    """Interrupts the cell of a run, once, when the run is asked to be canceled.

    Args:
        store: where the run is kept.
        record: the run; its cell runs in the calling thread.
    """

    def __init__(self, store: Store, record: RunRecord) -> None:
        self._store = store
        self._key = record.key
        self.was_asked = False

    def start(self) -> None:
        """Listen, where the cell can be interrupted: signals reach the main thread alone."""
        if threading.current_thread() is threading.main_thread():
            self._store.cancel_handlers[self._key] = self._interrupt

    def stop(self) -> None:
        """Listen no longer."""
        self._store.cancel_handlers.pop(self._key, None)

    def _interrupt(self) -> None:
        if self.was_asked:
            return
        self.was_asked = True
        if hasattr(signal, "pthread_kill"):
            # A real signal also ends a `time.sleep` or a read that the cell waits in.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            _thread.interrupt_main()
