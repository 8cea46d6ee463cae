"""``python -m aml_magics.workers.scheduler FOLDER LOCK``: starts the queued runs of a workspace in order.

The scheduler executes no run itself. It forks a worker for each, which has all imports loaded already and
continues in its own session whatever happens to the scheduler.
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

import aml_magics
from aml_magics.errors import StoreError, StoreTooNewError, UsageError
from aml_magics.records.owner import HEARTBEAT
from aml_magics.records.status import RunStatus
from aml_magics.services.job.cleanup import clean_up
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.process.queue import SCHEDULER, SchedulerLock, slots
from aml_magics.services.run.ending import end
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.store.catalogue.migration import ensure_schema
from aml_magics.workers.worker import work_on

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store

TICK: Final = 0.03
IDLE_TICK: Final = 0.1
IDLE_SECONDS: Final = 60.0
TRIES: Final = 3
MOST_TOLD: Final = 20
PAUSE: Final = 1.0
NOT_NOW: Final = 75
"""Exit code of a worker that could not start because the store was full or unreachable."""
_log = logging.getLogger("aml_magics.scheduler")


class Scheduler:
    """The queue of one workspace on this machine."""

    def __init__(self, store: Store, lock: SchedulerLock) -> None:
        self._store = store
        self._lock = lock
        self._host = socket.gethostname()
        self._workers: dict[int, int] = {}
        self._tries: dict[int, int] = {}
        self._places: dict[int, str] = {}
        self._code = _code_stamp()
        self._busy = time.monotonic()
        self._looked = -HEARTBEAT
        self._paused = 0.0
        self._said = ""

    def serve(self) -> bool:
        """Start runs until idle for a minute; False if the workspace is gone."""
        while time.monotonic() - self._busy < IDLE_SECONDS:
            if not self._lock.is_in_place:
                return False
            try:
                self._round()
                self._look_around()
            except StoreTooNewError as error:
                self._complain(error)
                return False
            except Exception as error:  # noqa: BLE001 -- the queue lies in the store, and is still there
                self._complain(error)
                time.sleep(PAUSE)
            quiet = time.monotonic() - self._busy
            time.sleep(TICK if quiet < 5 else IDLE_TICK)
        return True

    def _complain(self, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if said != self._said:  # log it once, not each second
            _log.warning("the queue waits: %s", said)
        self._said = said

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
        room = self._slots()
        staying = []
        for key, is_canceled in waiting:
            if key in beginning:
                continue
            if is_canceled:
                end(store, key, RunStatus.CANCELED, reason="Canceled while it waited.", ours=False)
            elif taken < room and time.monotonic() >= self._paused:
                self._renew_if_replaced()
                self._begin(key)
                taken += 1
            else:
                staying.append(key)
        self._tell_places(staying)

    def _tell_places(self, waiting: list[int]) -> None:
        """Write the first queue positions to the status reasons of their runs."""
        places = {
            key: f"Place {place} in the queue." for place, key in enumerate(waiting[:MOST_TOLD], 1)
        }
        news = {key: text for key, text in places.items() if self._places.get(key) != text}
        self._places = places
        store = self._store

        def work(connection: sa.Connection) -> None:
            for key, reason in news.items():
                values, queued = {"reason": reason}, RunStatus.QUEUED
                store.runs.move(connection, key, queued, values, expected=[queued])

        if news:
            store.catalogue.transact(work)

    def _slots(self) -> int:
        try:
            return slots()
        except UsageError as error:  # submission reports it; the queue continues
            self._complain(error)
            return os.cpu_count() or 1

    def _look_around(self) -> None:
        """Periodically recover runs of dead workers and check for a newer schema."""
        if time.monotonic() - self._looked < HEARTBEAT:
            return
        self._looked = time.monotonic()
        ensure_schema(self._store.catalogue, may_make=False)
        recover(self._store)
        clean_up(self._store)

    def _renew_if_replaced(self) -> None:
        """Re-execute as a newly installed version; workers stay children of this process."""
        now = _code_stamp()
        if now in (self._code, None):
            return
        _log.warning("aml_magics was replaced: the scheduler starts anew")
        os.set_inheritable(self._lock.handle, True)
        os.execv(  # noqa: S606 -- this very program
            sys.executable,
            [sys.executable, *SCHEDULER, str(self._store.folder), str(self._lock.handle)],
        )

    def _begin(self, key: int) -> None:
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] > TRIES:
            reason = f"No worker could be started for it in {TRIES} tries; scheduler.log in {self._store.folder} says more."
            end(self._store, key, RunStatus.FAILED, reason=reason, ours=False)
            return
        worker = os.fork()
        if worker == 0:
            self._be_worker(key)
        self._workers[worker] = key

    def _be_worker(self, key: int) -> None:
        """In the forked child: execute the run, then always end this process."""
        code = 1
        try:
            self._lock.release()
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            work_on(self._store, key)
            code = 0
        except (StoreError, OSError):
            _log.exception("the worker of run %d cannot do its work now", key)
            code = NOT_NOW
        finally:
            if sys.exception() is not None:  # no caller is left to raise it to
                _log.exception("the worker of run %d failed", key)
            logging.shutdown()
            os._exit(code)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                worker, status = os.waitpid(-1, os.WNOHANG)
                if worker == 0:
                    return
                key = self._workers.pop(worker, None)
                if key is None:
                    continue
                code = os.waitstatus_to_exitcode(status)
                if code == NOT_NOW:  # does not count as an attempt; retry a little later
                    self._tries[key] = self._tries.get(key, 1) - 1
                    self._paused = time.monotonic() + PAUSE
                elif code == 0:
                    self._tries.pop(key, None)


def _code_stamp() -> tuple[int, int] | None:
    """A version stamp of the installed package; None while it is being replaced."""
    try:
        status = Path(aml_magics.__file__).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def main(folder: str, handle: str) -> None:
    """Serve the queue of a workspace; ``handle`` is the inherited lock of the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    os.set_inheritable(int(handle), False)  # children must not inherit the lock
    store = open_folder(Path(folder))
    lock = SchedulerLock(store, int(handle))
    scheduler = Scheduler(store, lock)
    # A run queued just as the lock is released would wait forever: so check again.
    while lock.acquire():
        if not scheduler.serve():
            return
        lock.release()
        with store.catalogue.read() as connection:
            if not store.jobs.waiting(connection, socket.gethostname()):
                return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
