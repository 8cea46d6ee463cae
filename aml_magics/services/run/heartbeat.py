"""Looking after the runs of this process while they are open.

One daemon thread a store: it moves points into the catalogue, tells that the process lives, sees
requests to cancel, and now and then sets the status of runs whose process is gone. It starts with
the first run and ends when none is open. What it cannot do now it tries again; the journals hold.
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
from aml_magics.services.run.ending import end
from aml_magics.services.run.ingest import ingest_live, let_go
from aml_magics.services.run.recovery import recover

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

TICK: Final = 0.25
LOOK: Final = 0.5
LONGEST_PAUSE: Final = 10.0
_log = logging.getLogger("aml_magics")
_closed_at_exit: weakref.WeakSet[Store] = weakref.WeakSet()


def keep(store: Store) -> None:
    """Have the runs of this process looked after; called when one is started."""
    with store.lock:
        if store not in _closed_at_exit:
            _closed_at_exit.add(store)
            # what keeps a log imports this, and at exit it is too late to
            import concurrent.futures.thread  # noqa: F401

            atexit.register(close_runs, store)
        if not is_kept(store):
            keeper = KeeperThread(store)
            store.keeper = keeper
            keeper.start()


def is_kept(store: Store) -> bool:
    """Whether a thread looks after the runs of this process, and so tells that it lives."""
    keeper = store.keeper
    return isinstance(keeper, KeeperThread) and keeper.is_needed and keeper.is_alive()


def close_runs(store: Store) -> None:
    """End what the process leaves open when it exits: nobody else can say how those runs went."""
    if store.keeper is not None:
        store.keeper.stop()
    for key in list(store.clocks):
        reason = "The process ended before run.complete() was called."
        try:
            end(store, key, RunStatus.FAILED, reason=reason, error=RunError("NotCompleted", reason))
        except (StoreError, OSError) as error:  # the next to open the workspace ends them
            _log.warning("a run could not be ended: %s", error)
    retired = store.retired[:]
    if retired:
        with contextlib.suppress(StoreError):  # a mark that stays is one small row
            store.catalogue.transact(lambda connection: store.marks.forget(connection, retired))


class KeeperThread(threading.Thread):
    """The thread that looks after the open runs of a store's process."""

    def __init__(self, store: Store) -> None:
        super().__init__(name=f"aml_magics-{store.record.name}", daemon=True)
        self.is_needed = True
        self._store = store
        self._stopped = threading.Event()
        self._seen: dict[int, tuple[int, int]] = {}
        self._missed: set[int] = set()
        self._looked = 0.0
        self._beaten = time.monotonic()
        self._complained = False

    def stop(self) -> None:
        """End the thread and wait for its last round."""
        self._stopped.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join(timeout=5)

    def run(self) -> None:
        """Look after runs until there are none."""
        pause = TICK
        while not self._stopped.wait(pause):
            try:
                self._round()
                pause = TICK
                self._complained = False
            except StoreGoneError as error:
                self._lose(error)
                return
            except (StoreError, OSError) as error:
                if self._has_lost(error):
                    return
                pause = min(pause * 2, LONGEST_PAUSE)
                if not self._complained:
                    _log.warning("points stay in their journals for now: %s", error)
                self._complained = True
            if self._may_end():
                return

    def _may_end(self) -> bool:
        store = self._store
        with store.lock:
            if store.clocks or store.writers:
                return False
            self.is_needed = False
            return True

    def _has_lost(self, error: StoreError | OSError) -> bool:
        """Whether something failed since the store is gone, which a database that was emptied does not say."""
        if isinstance(error, StoreUnavailableError):
            return False
        try:
            with self._store.catalogue.read() as connection:
                self._store.identity.verify(connection)
        except StoreGoneError as gone:
            self._lose(gone)
            return True
        except (StoreError, OSError):
            return False  # what failed is told
        return False

    def _lose(self, error: StoreGoneError) -> None:
        with self._store.lock:
            self.is_needed = False
        self._store.lose(error)
        _log.warning("%s", error)

    def _round(self) -> None:
        self._store.identity.look()
        failed = self._ingest()
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            self._let_go_of_journals()
            self._look_at_runs()
        if now - self._beaten >= HEARTBEAT:
            self._beaten = now
            store = self._store
            store.catalogue.transact(self._beat)
            recover(store)
        if failed is not None:
            raise failed

    def _beat(self, connection: sa.Connection) -> None:
        self._store.identity.verify(connection)
        self._store.owners.beat(connection, self._store.owner.id)

    def _ingest(self) -> StoreError | OSError | None:
        """Read in what was logged; what fails for one run does not keep the others waiting."""
        failed: StoreError | OSError | None = None
        for key, writer in list(self._store.writers.items()):
            written = (writer.part, writer.written)
            if written == self._seen.get(key) or not writer.written or writer.closed:
                continue
            try:
                ingest_live(self._store, writer)
                self._seen[key] = written
            except StoreUnavailableError:
                raise
            except (StoreError, OSError) as error:
                failed = error
        return failed

    def _run(self, key: int) -> RunRecord | None:
        with self._store.catalogue.read() as connection:
            return next(iter(self._store.runs.by_keys(connection, [key])), None)

    def _let_go_of_journals(self) -> None:
        """What is written to a file that was removed is lost, and must be said."""
        for writer in list(self._store.writers.values()):
            if not writer.is_in_place():
                writer.lose(
                    JournalError(
                        f"The journal {writer.path} was removed or replaced while it was written: what was logged in "
                        "the last second is lost, and nothing more is kept. Start a new run."
                    )
                )

    def _look_at_runs(self) -> None:
        """See which runs are to be canceled, and which are no longer this process's."""
        store = self._store
        ours = set(
            store.clocks
        )  # before the catalogue is asked, so that what begins meanwhile is not missed
        with store.catalogue.read() as connection:
            open_runs = store.runs.open_of(connection, store.owner.id)
        missed = ours.difference(key for key, _, _ in open_runs)
        for key in (
            missed & self._missed
        ):  # twice: at the first time this process may just have ended it
            self._let_go(key)
        self._missed = missed
        for key, status, asked in open_runs:
            if not asked or status is not RunStatus.CANCEL_REQUESTED:
                continue
            handler = store.cancel_handlers.get(key)
            if handler is not None:
                try:
                    handler()
                except Exception:  # noqa: BLE001 -- a face's own code; the thread looks after other runs too
                    _log.exception("the handler that cancels a run failed; it is called again")
            else:
                run = self._run(key)
                reason = (run and run.reason) or "Canceled by the user."
                end(store, key, RunStatus.CANCELED, reason=reason)

    def _let_go(self, key: int) -> None:
        """A run that another process has ended or resumed, or that was deleted."""
        store, run = self._store, self._run(key)
        writer = store.writers.get(key)
        if not store.has_open(key) or (writer is not None and writer.closed):
            return  # this process has ended it, or is about to
        if run is None:
            what = "was deleted"
        elif run.ended is None:
            what = "goes on in another process, which resumed it"
        else:
            what = f"was ended by another process: it is {run.status} ({run.reason or 'no reason is given'})"
        why = f"Run {run.name if run else key!r} {what}. Nothing more is logged to it from here; start a new run."
        _log.warning("%s", why)
        let_go(store, key, RunFinishedError(why))
