"""The loop of a sweep: submits trials, counts those that ended, and ends those that the policy does not want."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.records.status import RunStatus
from aml_magics.services.job.submission import forget_files
from aml_magics.services.process.wake_up import WakeUp, wake
from aml_magics.services.run.artifact import add_file
from aml_magics.services.run.cancel import BY_USER
from aml_magics.services.run.ending import current, end
from aml_magics.services.run.log import LOG_NAME, log_path
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.sweep.result import HYPERDRIVE_LOG, sweep_of
from aml_magics.workers.retry import retry
from aml_magics.workers.sweep.sampling import Sampling
from aml_magics.workers.sweep.termination import Termination
from aml_magics.workers.sweep.trials import Trials
from aml_magics.workers.sweep.verdict import early_failure, final_outcome, missing_metric, note_best

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.services.process.controller import ControllerLock
    from aml_magics.store.store import Store

TICK: Final = 0.025
CALM_TICK: Final = 0.2
CALM_SECONDS: Final = 10.0


class Controller:
    """Controls one sweep.

    Args:
        record: the sweep's run, owned by this process.
        lock: held for the life of this process.
        say_line: writes a line to the sweep's log.

    Raises:
        DependencyError: its sampler needs a package that is not installed.
    """

    def __init__(
        self,
        store: Store,
        record: RunRecord,
        lock: ControllerLock,
        say_line: Callable[[str], None],
    ) -> None:
        self._store = store
        self._record = record
        self._lock = lock
        self._sweep = sweep_of(store, record)
        self._trials = Trials(store, record, self._sweep, say_line)
        self._sampling = Sampling(self._sweep, self._trials)
        self._termination = Termination(store, self._sweep, self._trials)
        self._canceled = threading.Event()
        self._began = time.monotonic() - max(0.0, time.time() - (record.started or time.time()))
        self._changed = time.monotonic()
        self._has_warned = False
        self._end: tuple[RunStatus, str, RunError | None] | None = None

    def work(self) -> bool:
        """Control the sweep until all of its trials have ended; False if the workspace is gone.

        Raises:
            StoreError: the store cannot be used any more.
        """
        self.begin()
        with WakeUp(self._store.folder, self._record.id) as wake_up:
            while not retry(self.round, lambda _: self._lock.is_in_place):
                if not self._lock.is_in_place:
                    return False
                is_calm = time.monotonic() - self._changed > CALM_SECONDS
                wake_up.wait(CALM_TICK if is_calm else TICK)
        return True

    def begin(self) -> None:
        """Read what earlier controllers have done, and listen to requests to cancel."""
        open_runs(self._store).set_cancel_handler(self._record.key, self._cancel)
        self._trials.begin()

    def _cancel(self) -> None:
        self._canceled.set()
        wake(self._store.folder, self._record.id)

    def round(self) -> bool:
        """One look at everything; True if nothing is left to do."""
        trials = self._trials
        if trials.count_ended():
            self._changed = time.monotonic()
        if self._end is None:
            self._check_end()
        if self._end is not None:
            trials.cancel_all(self._end[1])
            return not trials.active
        self._termination.look()
        if self._sampling.fill():
            self._changed = time.monotonic()
        return self._sampling.is_over and not trials.active

    def _check_end(self) -> None:
        """Note why the sweep ends before all of its trials were run."""
        if self._canceled.is_set():
            reason = current(self._store, self._record.id).reason or BY_USER
            self._stop(RunStatus.CANCELED, reason)
            return
        minutes = self._sweep.max_minutes
        if time.monotonic() - self._began > 60 * minutes:
            self._stop(
                RunStatus.COMPLETED, f"It took longer than max_duration_minutes={minutes:g}."
            )
            return
        needs_metric = self._sampling.learns or self._termination.ends_trials
        failure = early_failure(self._sweep, self._trials, needs_metric=needs_metric)
        if failure is not None:
            self._stop(RunStatus.FAILED, f"{failure.code}: {failure.message}", failure)
        elif not self._has_warned:
            self._warn()

    def _warn(self) -> None:
        """Say, once and while the sweep goes on, that its trials do not log the primary metric."""
        missing = missing_metric(self._sweep, self._trials)
        if missing is None:
            return
        store, key = self._store, self._record.key
        self._trials.say("CONTROLLER", missing.message)
        store.catalogue.transact(
            lambda connection: store.runs.set(connection, key, {"reason": missing.message[:300]})
        )
        self._has_warned = True

    def _stop(self, status: RunStatus, reason: str, error: RunError | None = None) -> None:
        self._end = status, reason[:300], error
        self._trials.say("CONTROLLER", reason)

    def finish(self) -> None:
        """End the run of the sweep; its log is closed."""
        store, record = self._store, self._record
        status, reason, error = self._end or final_outcome(self._sweep, self._trials)

        def end_it() -> None:
            note_best(store, record, self._trials)
            self._keep_log()
            end(store, record.key, status, reason=reason, error=error)

        retry(end_it, lambda _: self._lock.is_in_place)
        open_runs(store).remove_cancel_handler(record.key)
        forget_files(store, record.id)

    def _keep_log(self) -> None:
        """Keep the log under Azure's name, too; before the run ends, so that who waits for that finds it."""
        store, record = self._store, self._record
        log = log_path(store, record)
        if log.exists():
            kept = add_file(store, record, HYPERDRIVE_LOG, log)
            same = replace(kept, name=LOG_NAME)
            store.catalogue.transact(
                lambda connection: store.artifacts.put(connection, record.key, [same])
            )
