"""The queue of submitted runs on this machine: N slots, first come first served.

A hub is one process a workspace and machine; it is started when it is needed, gives each run a worker
of its own, and ends when there is nothing to do. It holds a lock while it lives, so there is one.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.store.home import HOME_VARIABLE, home

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

SLOTS_VARIABLE: Final = "AML_MAGICS_SLOTS"
NONE: Final = -1


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


def position(store: Store, record: RunRecord) -> int | None:
    """The place of a run that waits, counted from 1; None where it does not wait on this machine."""
    with store.catalogue.read() as connection:
        waiting = store.jobs.waiting(connection, socket.gethostname())
    keys = [key for key, _ in waiting]
    return keys.index(record.key) + 1 if record.key in keys else None


def ensure_hub(store: Store) -> None:
    """Start a hub for the workspace unless one is there."""
    lock = HubLock(store)
    if not lock.acquire():
        return
    # The lock goes over to the hub as it is, so that there is no moment in which nobody holds it.
    with (store.folder / "hub.log").open("ab") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "aml_magics.workers.hub", str(store.folder), str(lock.handle)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=store.folder,
            env={**os.environ, HOME_VARIABLE: str(home())},
            pass_fds=[lock.handle],
            start_new_session=True,
        )
    lock.release()
    # Somebody has to take note of its end, or it would stay as a zombie of this process.
    threading.Thread(target=hub.wait, name="aml_magics-hub", daemon=True).start()


def revive(store: Store) -> None:
    """Start a hub where runs wait on this machine and the last hub is gone."""
    with store.catalogue.read() as connection:
        is_needed = bool(store.jobs.waiting(connection, socket.gethostname()))
    if is_needed:
        ensure_hub(store)


class HubLock:
    """The lock that a workspace's hub holds on this machine, and that the system frees when it dies.

    Args:
        store: the workspace.
        handle: the lock as another process handed it over, held already.
    """

    def __init__(self, store: Store, handle: int = NONE) -> None:
        self._path = store.folder / "hub.lock"
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
        self.handle = handle
        return True

    def release(self) -> None:
        """Let go of the lock; it is free when no other process that it was handed to holds it."""
        if self.handle != NONE:
            os.close(self.handle)
            self.handle = NONE
