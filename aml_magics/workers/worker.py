"""The worker of one submitted run: prepares it, executes its script, and records its true end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

# The blob store imports these when it is opened. Here the scheduler does it, once, and not each worker.
import fsspec.core
import fsspec.implementations.local  # noqa: F401

from aml_magics.errors import AmlError, StoreError, StoreFullError
from aml_magics.records.data.data_use import words_with
from aml_magics.records.distribution import processes_of
from aml_magics.records.run import RunError
from aml_magics.records.secret import byte_masker
from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.records.value import plain_text
from aml_magics.services.job import attachment, submission
from aml_magics.services.job.attachment import Seal
from aml_magics.services.job.submission import FAILURE_FILE
from aml_magics.services.process.wake_up import wake
from aml_magics.services.run.artifact import add_file
from aml_magics.services.run.ending import end
from aml_magics.services.run.log import (
    LOG_NAME,
    appended_log,
    driver_log,
    first_driver_log,
)
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.run import claim
from aml_magics.workers import tree
from aml_magics.workers.cancellation import Cancellation, run_in_thread
from aml_magics.workers.data import Data
from aml_magics.workers.distribution import mpi_note
from aml_magics.workers.execution import Execution, is_there
from aml_magics.workers.failure import line_of, plain_line
from aml_magics.workers.launcher.launcher import Launcher, adopt_orphans
from aml_magics.workers.log_mask import LogMask, secret_mask
from aml_magics.workers.preparation import Preparation
from aml_magics.workers.process import ScriptProcess
from aml_magics.workers.retry import retry
from aml_magics.workers.uploads import FOLDERS, LiveLog, Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.standby import WorkerProcess

ROOM_SECONDS: Final = 60.0
"""Seconds to wait for room on a full disk for a script's output."""

_UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: RunStatus
    reason: str = ""
    error: RunError | None = None


def work_on(
    store: Store,
    key: int,
    *,
    standing_by: WorkerProcess | None = None,
    python: str = "",
    is_away: bool = False,
    seal: str = "",
) -> None:
    """Execute a queued run, unless another worker has claimed it or it was canceled.

    Args:
        standing_by: this process as its scheduler sees it, which says when to begin.
        python: on a cluster, the interpreter for a run that names none: its own is of another machine.
        is_away: whether others do not see the files of this machine, so that the log goes to the store as it grows.
        seal: opens the attachment of the run, if it has one in the stores.
    """
    adopt_orphans()
    try:
        record, job = _queued(store, key)
    except _UNREADABLE as error:
        if standing_by is None or standing_by.is_to_begin():
            _refuse(store, key, error)
        return
    if python:
        job = replace(job, python=python)
    launchers: list[Launcher] = []
    # before the first thread of this process, which comes with the claim
    for _ in processes_of(job.distribution):
        launchers.append(Launcher(launchers))
    preparation = Preparation(store, record, job)
    if standing_by is not None and not standing_by.has_answer():
        preparation.begin_ahead()
    is_to_begin = standing_by is None or standing_by.is_to_begin()
    if standing_by is not None:
        preparation.share_machine(standing_by.at_once * len(launchers))
    claimed = claim(store, key, is_prepared=preparation.is_done) if is_to_begin else None
    if claimed is None:
        preparation.leave()
        for one in reversed(launchers):
            one.leave()
        return
    leave_slot = None if standing_by is None else standing_by.leave_slot
    opened = Seal.of_text(seal) if seal else None
    Worker(
        store,
        claimed,
        job,
        preparation,
        launchers,
        is_away=is_away,
        seal=opened,
        leave_slot=leave_slot,
    ).work()


def _queued(store: Store, key: int) -> tuple[RunRecord, JobRecord]:
    """A run and its job; raises one of _UNREADABLE if the job cannot be read."""
    with store.catalogue.read() as connection:
        [record] = store.runs.by_keys(connection, [key])
        job = store.jobs.get(connection, key)
    if job is None:
        raise ValueError("there is none")
    return record, job


def _refuse(store: Store, key: int, error: Exception) -> None:
    """End a run whose job cannot be read."""
    record = claim(store, key)
    if record is None:
        return
    reason = (
        f"Its job cannot be read ({error}): it is damaged, or of another version of aml_magics."
    )
    end(store, key, RunStatus.FAILED, reason=reason, error=RunError("UnreadableJob", reason))
    submission.forget_files(store, record.id)


class Worker:
    """Executes one run.

    Args:
        leave_slot: called when the script and its data have ended.
    """

    def __init__(
        self,
        store: Store,
        record: RunRecord,
        job: JobRecord,
        preparation: Preparation,
        launchers: Sequence[Launcher],
        *,
        is_away: bool = False,
        seal: Seal | None = None,
        leave_slot: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._record = record
        self._job = job
        self._seal = seal
        self._leave_slot = leave_slot
        self._processes = [
            ScriptProcess(store, record, process, launcher)
            for process, launcher in zip(processes_of(job.distribution), launchers, strict=True)
        ]
        self._log_masks = [LogMask(one.log, byte_masker({})) for one in self._processes]
        self._preparation = preparation
        self._folder = preparation.folder
        self._place = self._folder if job.place is None else Path(job.place)
        self._is_away = is_away
        self._live_log = LiveLog(store, record, self._processes[0].log) if is_away else None
        self._uploads = Uploads(store, record, self._place, is_own=job.place is None)
        self._pids = [one.pid for one in launchers]
        self._cancellation = Cancellation(self._pids)
        self._data = Data(store, record, job.data, self._folder, self._log)

    def work(self) -> None:
        """Execute the run to its end."""
        open_runs(self._store).set_cancel_handler(self._record.key, self._cancellation.request)
        outcome = self._attempted(self._executed)
        for pid in self._pids:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        tree.end_all(grace=0)
        if is_there(self._store):
            outcome = self._sent(outcome)
            if self._leave_slot is not None:
                self._leave_slot()
            self._finish(outcome)

    def _attempted(self, step: Callable[[], Outcome]) -> Outcome:
        try:
            return step()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is why the run failed
            return self._broken(error)

    def _executed(self) -> Outcome:
        self._preparation.put_files()
        if self._seal is not None:
            take = partial(attachment.fetch, self._store, self._record.id, self._seal)
            run_in_thread(take, self._cancellation.interruptible)
        self._uploads.make_folders()
        words, variables = self._preparation.command(self._cancellation.interruptible)
        distribution = self._job.distribution
        is_mpi = distribution is not None and distribution.framework == "mpi"
        if is_mpi and (note := mpi_note(words[0])):
            self._log(note)
        self._data.bring(self._cancellation.interruptible)
        words, variables = words_with(words, self._data.values), variables | self._data.variables
        if self._cancellation.is_requested():
            return self._canceled()
        mask = secret_mask(self._store, self._job, variables)
        self._log_masks = [LogMask(one.log, mask) for one in self._processes]
        execution = Execution(self._store, self._record, self._processes, self._cancellation)
        execution.start(words, self._place, variables, distribution)
        end = execution.wait(self._job.max_seconds, self._look_after)
        if self._cancellation.is_requested():
            return self._canceled()
        if end is None:
            seconds = self._job.max_seconds
            return Outcome(
                RunStatus.CANCELED, f"It took longer than max_run_duration_seconds={seconds:g}."
            )
        own_error = self._error_of_script()
        if own_error is not None:
            return Outcome(RunStatus.FAILED, line_of(own_error), own_error)
        if end.error is None:
            return Outcome(RunStatus.COMPLETED)
        if end.process is not None and len(self._processes) > 1:
            name = driver_log(end.process.log_suffix)
            self._log(f"{line_of(end.error)}; the other processes were ended. See {name}.")
        return Outcome(RunStatus.FAILED, line_of(end.error), end.error)

    def _look_after(self) -> None:
        for one in self._log_masks:
            one.sync()
        if self._live_log is not None:
            self._live_log.sync()
        self._uploads.sync()

    def _sent(self, outcome: Outcome) -> Outcome:
        """Upload the script's data; returns the outcome after that."""
        if not self._job.data:
            return outcome

        def send() -> Outcome:
            self._data.send(outcome.status, self._cancellation.interruptible)
            return outcome

        self._cancellation.is_executing = False  # from here on a cancel request ends the upload
        if outcome.status is not RunStatus.CANCELED:
            outcome = self._attempted(send)
        if outcome.status is RunStatus.CANCELED:
            self._data.forget()
        return outcome

    def _canceled(self) -> Outcome:
        with self._store.catalogue.read() as connection:
            [now] = self._store.runs.by_keys(connection, [self._record.key])
        return Outcome(RunStatus.CANCELED, now.reason or "Canceled by the user.")

    def _error_of_script(self) -> RunError | None:
        """The error that the script passed to ``run.fail()``."""
        path = self._folder / FAILURE_FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict):
            return None
        parts = ("code", "message", "traceback")
        error = RunError(*(plain_text(found.get(part, "")) for part in parts))
        by = [one for one in self._processes if one.process.name == found.get("process")]
        return by[0].named(error, len(self._processes)) if by else error

    def _broken(self, error: Exception) -> Outcome:
        """The outcome of a run that failed for a reason outside of its script."""
        if self._cancellation.is_requested():
            return self._canceled()
        found = RunError.of(error)
        if isinstance(error, AmlError):  # the message suffices; the traceback would be internal
            found = RunError(found.code, found.message)
        self._log(f"{found.code}: {found.message}")
        return Outcome(RunStatus.FAILED, line_of(found), found)

    def _log(self, *lines: str) -> None:
        # else it would write to a run of the recreated workspace
        if not is_there(self._store):
            return
        with contextlib.suppress(OSError), appended_log(self._store, self._record) as say:
            for line in lines:
                say(line)

    def _finish(self, outcome: Outcome) -> None:
        """Upload the script's files and end the run; retries while the store refuses it."""
        deadline = time.monotonic() + ROOM_SECONDS

        def may_wait(error: Exception) -> bool:
            is_full = isinstance(error, StoreFullError)
            if is_full:
                self._make_room()
            is_late = is_full and time.monotonic() > deadline
            return is_there(self._store) and not is_late and not self._cancellation.is_requested()

        try:
            retry(lambda: self._uploads.sync(is_last=True, is_patient=True), may_wait)
        except StoreError:
            self._uploads.sync(is_last=True)  # now failures are only reported
        self._send_back(may_wait)
        shutil.rmtree(self._folder, ignore_errors=True)  # first: the end of the run needs room, too
        if self._uploads.problems:
            self._log("", *self._uploads.report())
        retry(lambda: self._end(outcome), lambda _: is_there(self._store))
        if self._record.parent is not None:
            wake(self._store.folder, self._record.parent)  # the controller of a sweep or a pipeline
        open_runs(self._store).remove_cancel_handler(self._record.key)
        self._preparation.close()
        submission.forget_files(self._store, self._record.id)

    def _send_back(self, may_wait: Callable[[Exception], bool]) -> None:
        """Send what the script gives back, where its notebook does not see the files of this machine."""
        if self._seal is None or not self._is_away:
            return
        send = partial(attachment.send_back, self._store, self._record, self._seal)
        try:
            retry(send, may_wait)
        except (AmlError, OSError) as error:
            self._uploads.problems.append(f"What it gives back was not sent: {error}")

    def _make_room(self) -> None:
        """Delete the script's scratch files: the run's own output may need the space."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.name in FOLDERS:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()

    def _end(self, outcome: Outcome) -> None:
        store, record = self._store, self._record
        for one in self._log_masks:
            one.sync(is_last=True)
        self._keep_logs()
        end(
            store,
            record.key,
            outcome.status,
            reason=plain_line(outcome.reason)[:300],
            error=outcome.error,
            is_submitted=True,
            expected=ACTIVE,
        )

    def _keep_logs(self) -> None:
        """Make the logs files of the run before it ends, so that waiting clients find them."""
        store, record = self._store, self._record
        first, *others = self._processes
        names = {one.log: driver_log(one.process.log_suffix) for one in others}
        names[first.log] = first_driver_log(self._job.distribution)
        kept = {
            log: add_file(store, record, name, log)
            for log, name in names.items()
            if log.exists() and log.stat().st_size
        }
        if first.log in kept:
            same = [replace(kept[first.log], name=LOG_NAME)]
            store.catalogue.transact(
                lambda connection: store.artifacts.put(connection, record.key, same)
            )
