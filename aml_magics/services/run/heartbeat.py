"""The heartbeat: one thread for each store while this process has open runs.

Four times a second it moves new points from the journals into the catalogue; twice a second it checks which
runs are to be canceled or no longer belong to this process; every ``HEARTBEAT`` seconds it writes
that the process lives, and recovers runs of dead processes. It starts with the first run and ends when none is
open. Failures are retried after increasing pauses: the journals hold the points until then.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
import time
import weakref
from typing import TYPE_CHECKING, Final

from aml_magics.errors import (
    JournalError,
    RunFinishedError,
    StoreError,
    StoreGoneError,
    StoreUnavailableError,
)
from aml_magics.records.owner import HEARTBEAT
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.run.cancel import obey
from aml_magics.services.run.ending import end
from aml_magics.services.run.ingest import ingest_live, let_go
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store

TICK: Final = 0.25
LOOK: Final = 0.5
LONGEST_PAUSE: Final = 10.0
_log = logging.getLogger("aml_magics")
_closed_at_exit: weakref.WeakSet[Store] = weakref.WeakSet()


def start_heartbeat(store: Store) -> None:
    """Start the heartbeat unless it runs; called whenever a run or a journal is opened."""
    runs = open_runs(store)
    with runs.lock:
        if store not in _closed_at_exit:
            _closed_at_exit.add(store)
            # `keep_log` needs it, and Python cannot import it at exit
            import concurrent.futures.thread  # noqa: F401

            atexit.register(close_runs, store)
        if not is_beating(store):
            runs.heartbeat = HeartbeatThread(store)
            runs.heartbeat.start()


def is_beating(store: Store) -> bool:
    """Whether the heartbeat runs, which shows others that this process lives."""
    thread = open_runs(store).heartbeat
    return isinstance(thread, HeartbeatThread) and thread.is_needed and thread.is_alive()


def stop_heartbeat(store: Store) -> None:
    """Stop the heartbeat and wait for its last round; open runs stay open."""
    thread = open_runs(store).heartbeat
    if isinstance(thread, HeartbeatThread):
        thread.stop()


def close_runs(store: Store) -> None:
    """End this process's open runs at its exit: no other process knows their outcome."""
    stop_heartbeat(store)
    runs = open_runs(store)
    for key in runs.keys():  # noqa: SIM118 -- not a dict's
        reason = "The process ended before run.complete() was called."
        try:
            end(store, key, RunStatus.FAILED, reason=reason, error=RunError("NotCompleted", reason))
        except (StoreError, OSError) as error:  # recovery ends them at the next opening
            _log.warning("a run could not be ended: %s", error)
    retired = runs.retired()
    if retired:
        with contextlib.suppress(StoreError):  # a leftover mark is one small row
            store.catalogue.transact(lambda connection: store.marks.forget(connection, retired))


class HeartbeatThread(threading.Thread):
    """The heartbeat thread of one store."""

    def __init__(self, store: Store) -> None:
        super().__init__(name=f"aml_magics-{store.record.name}", daemon=True)
        self.is_needed = True
        """False once it has decided to end; read and set under the lock of the open runs."""
        self._store = store
        self._runs = open_runs(store)
        self._stopped = threading.Event()
        self._ingested: dict[int, tuple[int, int]] = {}  # part and bytes, by the run's key
        self._missed: set[int] = set()
        self._looked = 0.0
        self._beaten = time.monotonic()
        self._is_failing = False

    def stop(self) -> None:
        """End the thread and wait for its last round."""
        self._stopped.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join(timeout=5)

    def run(self) -> None:
        """Run until no run is open."""
        pause = TICK
        while not self._stopped.wait(pause):
            try:
                self._round()
                pause = TICK
                self._is_failing = False
            except StoreGoneError as error:
                self._lose(error)
                return
            except (StoreError, OSError) as error:
                if self._has_lost(error):
                    return
                pause = min(pause * 2, LONGEST_PAUSE)
                if not self._is_failing:
                    _log.warning("points stay in their journals for now: %s", error)
                self._is_failing = True
            if self._may_end():
                return

    def _may_end(self) -> bool:
        # under the lock: a run that begins now is either seen here or starts a new thread
        with self._runs.lock:
            if self._runs.are_there():
                return False
            self.is_needed = False
            return True

    def _has_lost(self, error: StoreError | OSError) -> bool:
        """Whether the error means that the store is gone; an emptied database raises other errors."""
        if isinstance(error, StoreUnavailableError):
            return False
        try:
            with self._store.catalogue.read() as connection:
                self._store.identity.verify(connection)
        except StoreGoneError as gone:
            self._lose(gone)
            return True
        except (StoreError, OSError):
            return False  # the caller reports the first error
        return False

    def _lose(self, error: StoreGoneError) -> None:
        with self._runs.lock:
            self.is_needed = False
        self._runs.lose(error)
        _log.warning("%s", error)

    def _round(self) -> None:
        self._store.identity.check()
        failed = self._ingest()
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            self._refuse_removed_journals()
            self._check_runs()
        if now - self._beaten >= HEARTBEAT:
            self._beaten = now
            self._store.catalogue.transact(self._beat)
            recover(self._store)
        if failed is not None:
            raise failed

    def _beat(self, connection: sa.Connection) -> None:
        self._store.identity.verify(connection)
        self._store.owners.beat(connection, self._store.owner.id)

    def _ingest(self) -> StoreError | OSError | None:
        """Read in new points; a failing run does not delay the others."""
        failed: StoreError | OSError | None = None
        for writer in self._runs.writers():
            written = (writer.part, writer.written)
            is_known = written == self._ingested.get(writer.run_key)
            if is_known or not writer.written or writer.closed:
                continue
            try:
                ingest_live(self._store, writer)
                self._ingested[writer.run_key] = written
            except StoreUnavailableError:
                raise
            except (StoreError, OSError) as error:
                failed = error
        return failed

    def _refuse_removed_journals(self) -> None:
        """Make logging fail if the journal's file was removed: points written there are lost."""
        for writer in self._runs.writers():
            if not writer.is_in_place():
                writer.lose(
                    JournalError(
                        f"The journal {writer.path} was removed or replaced while it was written: what was logged in "
                        "the last second is lost, and nothing more is kept. Start a new run."
                    )
                )

    def _check_runs(self) -> None:
        """Find runs that are to be canceled, or no longer belong to this process."""
        store = self._store
        # before the query: a run that begins in between must not look ended
        ours = self._runs.keys()
        with store.catalogue.read() as connection:
            found = store.runs.open_of(connection, store.owner.id)
        missed = ours.difference(key for key, _, _ in found)
        # Only the second time counts: at first this process may just be ending the run itself.
        for key in missed & self._missed:
            self._let_go(key)
        self._missed = missed
        for key, status, is_asked in found:
            if is_asked and status is RunStatus.CANCEL_REQUESTED:
                obey(store, key)

    def _let_go(self, key: int) -> None:
        """Stop logging to a run that another process has ended or resumed, or that was deleted."""
        store = self._store
        writer = self._runs.writer(key)
        if not self._runs.has(key) or (writer is not None and writer.closed):
            return  # this process has ended it, or is about to
        with store.catalogue.read() as connection:
            run = next(iter(store.runs.by_keys(connection, [key])), None)
        if run is None:
            what = "was deleted"
        elif run.ended is None:
            what = "goes on in another process, which resumed it"
        else:
            what = f"was ended by another process: it is {run.status} ({run.reason or 'no reason is given'})"
        why = f"Run {run.name if run else key!r} {what}. Nothing more is logged to it from here; start a new run."
        _log.warning("%s", why)
        let_go(store, key, RunFinishedError(why))
