"""The controllers of sweeps on this machine: one process a sweep, by a lock.

A controller that was killed is started again by whoever looks at the workspace next: the sweep lies in the catalogue.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING, Final

from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.process.queue import NONE, SchedulerLock, start_process
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from aml_magics.store.store import Store

CONTROLLER: Final = ("-m", "aml_magics.workers.sweep")
_FOLDER: Final = "sweeps"
_FAILED_PAUSE: Final = 60.0
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, dict[str, float]] = weakref.WeakKeyDictionary()


class ControllerLock(SchedulerLock):
    """The lock of a sweep's controller; as that of the scheduler.

    Args:
        handle: the lock as passed by another process, already held.
    """

    def __init__(self, store: Store, run_id: str, handle: int = NONE) -> None:
        super().__init__(store, handle)
        make_private(store.folder / _FOLDER)
        self._path = store.folder / _FOLDER / f"{run_id}.lock"

    def forget(self) -> None:
        """Remove the lock of a sweep that has ended, and the controller's own messages if it has none."""
        self._path.unlink(missing_ok=True)
        messages = self._path.with_suffix(".log")
        if messages.exists() and not messages.stat().st_size:
            messages.unlink()


def ensure_controller(store: Store, run_id: str) -> None:
    """Start the controller of a sweep unless it runs; a failure is logged, and the sweep waits."""
    lock = ControllerLock(store, run_id)
    try:
        if not lock.acquire():
            return
        # The controller inherits the held lock, so that it is never free in between.
        controller = start_process(store, CONTROLLER, _messages(store, run_id), lock.handle, run_id)
    except OSError as error:
        _note_failure(store, run_id, str(error))
        return
    finally:
        lock.release()
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(controller, store, run_id), name="aml_magics-sweep", daemon=True
    ).start()


def revive_controllers(store: Store) -> None:
    """Start the controllers of this machine's open sweeps that have none.

    Scripts leave that to their worker, as with the scheduler. After a failure there is a pause.
    """
    if JOB_VARIABLE in os.environ:
        return
    with store.catalogue.read() as connection:
        found = store.sweeps.open_here(connection, socket.gethostname())
    failed = _failed.get(store, {})
    for _, run_id in found:
        if time.monotonic() - failed.get(run_id, -_FAILED_PAUSE) >= _FAILED_PAUSE:
            ensure_controller(store, run_id)


def _await(controller: subprocess.Popen[bytes], store: Store, run_id: str) -> None:
    code = controller.wait()
    if code > 0:  # it was not killed but failed
        _note_failure(
            store, run_id, f"it ended with code {code}; {_messages(store, run_id)} says why"
        )


def _note_failure(store: Store, run_id: str, why: str) -> None:
    _failed.setdefault(store, {})[run_id] = time.monotonic()
    _log.warning("Sweep %s waits, since its controller could not be started: %s.", run_id, why)


def _messages(store: Store, run_id: str) -> Path:
    return store.folder / _FOLDER / f"{run_id}.log"
