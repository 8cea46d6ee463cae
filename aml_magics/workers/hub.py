"""``python -m aml_magics.workers.hub FOLDER LOCK``: begins the submitted runs of a workspace, each in its turn.

The hub has no run of its own. For each it forks a worker, which has all it needs imported already and
goes on in its own session whatever becomes of the hub.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError
from aml_magics.records.owner import HEARTBEAT
from aml_magics.records.status import RunStatus
from aml_magics.services.ending import end
from aml_magics.services.queue import HubLock, slots
from aml_magics.services.recover import recover
from aml_magics.services.workspace import open_folder
from aml_magics.workers.job import work_on

if TYPE_CHECKING:
    from aml_magics.store.store import Store

TICK: Final = 0.03
IDLE_TICK: Final = 0.1
IDLE_SECONDS: Final = 60.0
TRIES: Final = 3
_log = logging.getLogger("aml_magics.hub")


class Hub:
    """The queue of one workspace on this machine."""

    def __init__(self, store: Store, lock: HubLock) -> None:
        self._store = store
        self._lock = lock
        self._host = socket.gethostname()
        self._workers: dict[int, int] = {}
        self._tries: dict[int, int] = {}
        self._busy = time.monotonic()
        self._recovered = time.monotonic()

    def serve(self) -> None:
        """Begin runs until there has been nothing to do for a minute."""
        while time.monotonic() - self._busy < IDLE_SECONDS:
            try:
                self._round()
            except (
                StoreError,
                OSError,
            ) as error:  # the queue lies in the store, and is still there
                _log.warning("the queue waits: %s", error)
                time.sleep(1.0)
            quiet = time.monotonic() - self._busy
            time.sleep(TICK if quiet < 5 else IDLE_TICK)

    def _round(self) -> None:
        self._reap()
        store = self._store
        with store.catalogue.read() as connection:
            waiting = store.jobs.waiting(connection, self._host)
            started = set(store.jobs.started(connection, self._host))
        beginning = set(self._workers.values())
        taken = len(started | beginning)
        if waiting or taken:
            self._busy = time.monotonic()
        for key, is_canceled in waiting:
            if key in beginning:
                continue
            if is_canceled:
                end(store, key, RunStatus.CANCELED, reason="Canceled while it waited.", ours=False)
            elif taken < slots():
                self._begin(key)
                taken += 1
        if time.monotonic() - self._recovered >= HEARTBEAT:
            self._recovered = time.monotonic()
            recover(store)

    def _begin(self, key: int) -> None:
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] > TRIES:
            reason = f"No worker could be started for it in {TRIES} tries; hub.log in {self._store.folder} says more."
            end(self._store, key, RunStatus.FAILED, reason=reason, ours=False)
            return
        worker = os.fork()
        if worker == 0:
            self._be_worker(key)
        self._workers[worker] = key

    def _be_worker(self, key: int) -> None:
        """In the forked child: do the run and end this process, whatever happens."""
        code = 1
        try:
            self._lock.release()
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            work_on(self._store, key)
            code = 0
        except BaseException:  # noqa: BLE001 -- nobody is left to raise it to
            _log.exception("the worker of run %d failed", key)
        finally:
            logging.shutdown()
            os._exit(code)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while self._workers:
                worker, _ = os.waitpid(-1, os.WNOHANG)
                if worker == 0:
                    return
                self._workers.pop(worker, None)


def main(folder: str, handle: str) -> None:
    """Serve the queue of a workspace, with the lock that who started this process handed over."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    store = open_folder(Path(folder))
    lock = HubLock(store, int(handle))
    hub = Hub(store, lock)
    # A run that is queued in the moment in which the lock goes would wait for nobody: so look again.
    while lock.acquire():
        hub.serve()
        lock.release()
        with store.catalogue.read() as connection:
            if not store.jobs.waiting(connection, socket.gethostname()):
                return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
