"""The queue of submitted runs on this machine: N slots, first come first served.

A scheduler is one process a workspace and machine; it is started when it is needed, gives each run a worker
of its own, and ends when there is nothing to do. It holds a lock while it lives, so there is one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.store.home import HOME_VARIABLE, home
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

SLOTS_VARIABLE: Final = "AML_MAGICS_SLOTS"
NONE: Final = -1
SCHEDULER: Final = ("-m", "aml_magics.workers.scheduler")
_FAILED_PAUSE: Final = 60.0
_LONGEST_LOG: Final = 1_000_000
# of the process that submits: a script must not take itself for it, nor the scheduler for a part of a run
_NOT_INHERITED: Final = ("JPY_", "AZUREML_RUN", JOB_VARIABLE, "PYDEVD_", "MPLBACKEND")
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, float] = weakref.WeakKeyDictionary()


def inherited_variables() -> dict[str, str]:
    """The environment variables of this process that are not its alone."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)
    }


def slots() -> int:
    """How many runs go on at once: ``AML_MAGICS_SLOTS``, else one for each core.

    Raises:
        UsageError: the variable is no whole number above 0.
    """
    chosen = os.environ.get(SLOTS_VARIABLE)
    if chosen is None:
        return os.cpu_count() or 1
    if not chosen.isdecimal() or int(chosen) < 1:
        raise UsageError(
            f"{SLOTS_VARIABLE} is how many runs go on at once, a whole number above 0, not {chosen!r}."
        )
    return int(chosen)


@retried
def position(store: Store, record: RunRecord) -> int | None:
    """The place of a run that waits, counted from 1; None where it does not wait on this machine."""
    with store.catalogue.read() as connection:
        waiting = store.jobs.waiting(connection, socket.gethostname())
    keys = [key for key, _ in waiting]
    return keys.index(record.key) + 1 if record.key in keys else None


def ensure_scheduler(store: Store) -> None:
    """Start a scheduler for the workspace unless one is there; where that fails the runs wait, and it is told."""
    lock = SchedulerLock(store)
    try:
        if not lock.acquire():
            return
        # The lock goes over to the scheduler as it is, so that there is no moment in which nobody holds it.
        scheduler = _start(store, lock.handle)
    except OSError as error:
        _failed[store] = time.monotonic()
        _log.warning("Submitted runs wait, since no scheduler could be started for them: %s", error)
        return
    finally:
        lock.release()
    # Somebody has to take note of its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(scheduler, store), name="aml_magics-scheduler", daemon=True
    ).start()


def _start(store: Store, lock: int) -> subprocess.Popen[bytes]:
    path = store.folder / "scheduler.log"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "ab") as log:
        if os.fstat(handle).st_size > _LONGEST_LOG:
            os.truncate(handle, 0)
        return subprocess.Popen(
            [sys.executable, *SCHEDULER, str(store.folder), str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=store.folder,
            env={**inherited_variables(), HOME_VARIABLE: str(home())},
            pass_fds=[lock],
            start_new_session=True,
        )


def _await(scheduler: subprocess.Popen[bytes], store: Store) -> None:
    code = scheduler.wait()
    if code > 0:  # it was not killed: it could not do its work
        _failed[store] = time.monotonic()
        _log.warning(
            "Submitted runs wait, since their scheduler ended with code %d; %s says why.",
            code,
            store.folder / "scheduler.log",
        )


def revive(store: Store) -> None:
    """Start a scheduler where runs wait on this machine and the last scheduler is gone.

    A script leaves that to its worker: a scheduler should not run in the environment of a script. After a
    failure it is tried again a while later, however often somebody looks.
    """
    failed = _failed.get(store)
    if JOB_VARIABLE in os.environ or (
        failed is not None and time.monotonic() - failed < _FAILED_PAUSE
    ):
        return
    with store.catalogue.read() as connection:
        is_needed = bool(store.jobs.waiting(connection, socket.gethostname()))
    if is_needed:
        ensure_scheduler(store)


class SchedulerLock:
    """The lock that a workspace's scheduler holds on this machine, and that the system frees when it dies.

    Args:
        store: the workspace.
        handle: the lock as another process handed it over, held already.
    """

    def __init__(self, store: Store, handle: int = NONE) -> None:
        self._path = store.folder / "scheduler.lock"
        self.handle = handle

    def acquire(self) -> bool:
        """Take the lock unless it is ours already; False where another process has it."""
        if self.handle != NONE:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError:
            os.close(handle)
            raise
        self.handle = handle
        return True

    @property
    def is_in_place(self) -> bool:
        """Whether the lock that is held is the one that others would ask for: its folder may be gone."""
        try:
            return os.path.samestat(os.fstat(self.handle), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let go of the lock; it is free when no other process that it was handed to holds it."""
        if self.handle != NONE:
            os.close(self.handle)
            self.handle = NONE
