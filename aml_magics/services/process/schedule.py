"""The process that looks after the schedules of a workspace: one a machine, by a lock.

It is no part of the scheduler, which forks and so must have one thread, and ends when idle; submitting a pipeline
starts threads and processes. It is started on demand, and again by whoever opens the workspace if it was killed: what
is due lies in the catalogue. It ends when this machine looks after no active schedule.
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

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from aml_magics.store.store import Store

PROGRAM: Final = ("-m", "aml_magics.workers.schedule")
_FAILED_PAUSE: Final = 60.0
_LONGEST_LOG: Final = 1_000_000
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, float] = weakref.WeakKeyDictionary()


class ScheduleLock(SchedulerLock):
    """The lock of the process of schedules; as that of the scheduler.

    Args:
        handle: the lock as passed by another process, already held.
    """

    def __init__(self, store: Store, handle: int = NONE) -> None:
        super().__init__(store, handle)
        self._path = store.folder / "schedules.lock"


def ensure_schedules(store: Store) -> None:
    """Start the process of schedules unless it runs; a failure is logged, and schedules wait."""
    lock = ScheduleLock(store)
    try:
        if not lock.acquire():
            return
        log = messages(store)
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            os.truncate(log, 0)
        # it inherits the held lock, so that it is never free in between
        process = start_process(store, PROGRAM, log, lock.handle)
    except OSError as error:
        _note_failure(store, str(error))
        return
    finally:
        lock.release()
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(process, store), name="aml_magics-schedules", daemon=True
    ).start()


def revive_schedules(store: Store) -> None:
    """Start the process of schedules if one is active here; scripts leave that to others.

    After a failure there is a pause.
    """
    failed = _failed.get(store)
    if JOB_VARIABLE in os.environ or (
        failed is not None and time.monotonic() - failed < _FAILED_PAUSE
    ):
        return
    with store.catalogue.read() as connection:
        is_needed = store.schedules.is_any_here(connection, socket.gethostname())
    if is_needed:
        ensure_schedules(store)


def is_looked_after(store: Store) -> bool:
    """Whether the process of schedules runs on this machine."""
    lock = ScheduleLock(store)
    if not lock.acquire():
        return True
    lock.release()
    return False


def messages(store: Store) -> Path:
    """Where the process says what went wrong."""
    return store.folder / "schedules.log"


def _await(process: subprocess.Popen[bytes], store: Store) -> None:
    code = process.wait()
    if code > 0:  # it was not killed but failed
        _note_failure(store, f"it ended with code {code}; {messages(store)} says why")


def _note_failure(store: Store, why: str) -> None:
    _failed[store] = time.monotonic()
    _log.warning("Schedules wait, since their process could not be started: %s.", why)
