"""The loop of a pipeline: releases the steps whose inputs are there, and looks how the others end."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.job.submission import forget_files
from aml_magics.services.pipeline.result import EXECUTION_LOG
from aml_magics.services.pipeline.secret import forget_secrets
from aml_magics.services.process.wake_up import WakeUp, wake
from aml_magics.services.run.artifact import add_file
from aml_magics.services.run.cancel import BY_USER
from aml_magics.services.run.ending import current, end
from aml_magics.services.run.log import LOG_NAME, log_path
from aml_magics.services.run.open_runs import open_runs
from aml_magics.workers.pipeline.steps import Steps
from aml_magics.workers.retry import retry

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.run import RunRecord
    from aml_magics.services.process.controller import ControllerLock
    from aml_magics.store.store import Store
    from aml_magics.workers.pipeline.steps import StepState

TICK: Final = 0.02
CALM_TICK: Final = 0.05
"""A step ends unseen for as long, and a look costs less than a millisecond."""

CALM_SECONDS: Final = 10.0


class Controller:
    """Controls one run of a pipeline.

    Args:
        record: the pipeline's run, owned by this process.
        lock: held for the life of this process.
        say_line: writes a line to the log of the run.
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
        self._steps = Steps(store, record, say_line)
        self._canceled = threading.Event()
        self._changed = time.monotonic()
        self._is_due = True
        self._end: tuple[RunStatus, str, RunError | None] | None = None

    def work(self) -> bool:
        """Control the pipeline until all of its steps have ended; False if the workspace is gone.

        Raises:
            StoreError: the store cannot be used any more.
        """
        try:
            self.begin()
            with WakeUp(self._store.folder, self._record.id) as wake_up:
                while not retry(self.round, lambda _: self._lock.is_in_place):
                    if not self._lock.is_in_place:
                        return False
                    is_calm = time.monotonic() - self._changed > CALM_SECONDS
                    wake_up.wait(CALM_TICK if is_calm else TICK)
        finally:
            error = sys.exception()  # it goes on to end this process
            if isinstance(error, Exception) and not isinstance(error, StoreError):
                self._steps.cancel_all(f"The controller failed: {error}")
        return True

    def begin(self) -> None:
        """Read what earlier controllers have done, and listen to requests to cancel."""
        open_runs(self._store).set_cancel_handler(self._record.key, self._cancel)
        self._steps.begin()

    def _cancel(self) -> None:
        self._canceled.set()
        wake(self._store.folder, self._record.id)

    def round(self) -> bool:
        """One look at everything; True if nothing is left to do."""
        steps = self._steps
        if steps.look():
            self._changed, self._is_due = time.monotonic(), True
        self._check_end()
        if self._end is not None:
            steps.cancel_all(self._end[1])
        elif self._is_due:  # and stays so if the store refuses what follows
            steps.skip_behind_failed()
            while steps.release():
                steps.skip_behind_failed()
            self._is_due = False
        return steps.are_over

    def _check_end(self) -> None:
        """Note why the pipeline ends before all of its steps were run."""
        if self._end is not None:
            return
        if self._canceled.is_set():
            reason = current(self._store, self._record.id).reason or BY_USER
            self._end = RunStatus.CANCELED, reason, None
        elif not self._steps.asked.continue_on_step_failure:
            bad = self._steps.bad
            if bad:
                self._end = _outcome_of(bad)
        if self._end is not None:
            self._steps.say(self._end[1])

    def finish(self) -> None:
        """End the run of the pipeline; its log is closed."""
        store, record, steps = self._store, self._record, self._steps
        status, reason, error = self._end or _final_outcome(steps)

        def end_it() -> None:
            self._keep_log()
            end(store, record.key, status, reason=reason[:300], error=error)
            store.catalogue.transact(
                lambda connection: forget_secrets(store, connection, record.key), durable=True
            )

        retry(end_it, lambda _: self._lock.is_in_place)
        open_runs(store).remove_cancel_handler(record.key)
        for run_id in (record.id, *steps.run_ids):
            forget_files(store, run_id)

    def _keep_log(self) -> None:
        """Keep the log under Azure's name, too; before the run ends, so that who waits for that finds it."""
        store, record = self._store, self._record
        log = log_path(store, record)
        if log.exists():
            kept = add_file(store, record, EXECUTION_LOG, log)
            same = replace(kept, name=LOG_NAME)
            store.catalogue.transact(
                lambda connection: store.artifacts.put(connection, record.key, [same])
            )


def _final_outcome(steps: Steps) -> tuple[RunStatus, str, RunError | None]:
    """The status of a pipeline whose steps have all ended, with its reason and error."""
    if not steps.bad:
        return RunStatus.COMPLETED, "", None
    status, reason, error = _outcome_of(steps.bad)
    more = f" ({len(steps.bad)} steps did not complete)" if len(steps.bad) > 1 else ""
    return status, f"{reason[:250]}{more}", error


def _outcome_of(bad: list[StepState]) -> tuple[RunStatus, str, RunError | None]:
    """How a pipeline ends with steps that failed or were canceled: the first failure is told."""
    first = next((one for one in bad if one.status is RunStatus.FAILED), bad[0])
    if first.status is not RunStatus.FAILED:
        reason = f"Step {first.name!r} was canceled."
        return RunStatus.CANCELED, reason, None
    why = first.reason or "no reason is known"
    error = first.error
    found = RunError(
        "StepFailed", f"step {first.name!r} failed: {why}", error.traceback if error else ""
    )
    return RunStatus.FAILED, found.message[:300], found
