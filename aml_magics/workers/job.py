"""The worker of one submitted run: prepares it, executes its script, and ends it truly."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import shutil
import signal
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics.errors import AmlError, StoreError, StoreFullError, StoreUnavailableError
from aml_magics.records.data_use import words_with
from aml_magics.records.owner import SILENCE
from aml_magics.records.run import RunError
from aml_magics.records.secret import byte_masker
from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.records.value import plain_text
from aml_magics.services.job import submission
from aml_magics.services.job.submission import FAILURE_FILE
from aml_magics.services.run.artifact import add_file
from aml_magics.services.run.ending import end
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME, appended_log, log_path
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.run import claim
from aml_magics.workers import tree
from aml_magics.workers.data import Data
from aml_magics.workers.failure import error_of, line_of, plain_line
from aml_magics.workers.log_mask import LogMask, mask_log
from aml_magics.workers.patience import persistently
from aml_magics.workers.preparation import Preparation
from aml_magics.workers.seat import Seat, adopt_orphans
from aml_magics.workers.uploads import FOLDERS, Uploads
from aml_magics.workers.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOOK: Final = 0.5
GONE_SECONDS: Final = 5.0
"""For so long a workspace may be out of sight before the scripts of its runs are ended."""

ROOM_SECONDS: Final = 60.0
"""For so long room is waited for to keep what a script wrote; the copy of its folder takes room too."""

_UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError)
_log = logging.getLogger("aml_magics.worker")


class _CanceledError(Exception):
    """Raised in the thread that prepares a run, where it waits for something."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    status: RunStatus
    reason: str = ""
    error: RunError | None = None


def work_on(store: Store, key: int) -> None:
    """Execute a run that waits; nothing happens where another worker has it, or it was canceled."""
    adopt_orphans()
    seat = Seat()  # before the first thread of this process
    record = claim(store, key)
    if record is None:
        seat.leave()
        return
    try:
        with store.catalogue.read() as connection:
            job = store.jobs.get(connection, key)
        if job is None:
            raise ValueError("there is none")
    except _UNREADABLE as error:
        seat.leave()
        reason = (
            f"Its job cannot be read ({error}): it is damaged, or of another version of aml_magics."
        )
        end(store, key, RunStatus.FAILED, reason=reason, error=RunError("UnreadableJob", reason))
        submission.forget_files(store, record.id)
        return
    Worker(store, record, job, seat).work()


class Worker:
    """Executes one run."""

    def __init__(self, store: Store, record: RunRecord, job: JobRecord, seat: Seat) -> None:
        self._store = store
        self._record = record
        self._job = job
        self._seat = seat
        self._is_executing = False
        self._may_interrupt = False
        self._variables: dict[str, str] = {}
        self._log_mask = LogMask(log_path(store, record), byte_masker({}))
        self._folder = store.folder / "work" / record.id
        self._place = self._folder if job.place is None else Path(job.place)
        self._uploads = Uploads(store, record, self._place, is_own=job.place is None)
        self._canceled = threading.Event()
        self._woken, self._waking = os.pipe()
        self._preparation = Preparation(store, record, job, self._folder)
        self._data = Data(store, record, job.data, self._folder, self._log)

    def work(self) -> None:
        """Do all of it; the run has ended when this returns."""
        signal.signal(signal.SIGUSR1, self._interrupt)
        self._thread = threading.get_ident()
        open_runs(self._store).set_cancel_handler(self._record.key, self._be_canceled)
        try:
            outcome = self._outcome()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is why the run failed
            outcome = self._broken(error)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._seat.pid, signal.SIGKILL)
        tree.end_all(grace=0)
        if self._is_there():
            self._finish(self._sent(outcome))

    def _outcome(self) -> Outcome:
        self._preparation.put_files()
        self._uploads.make_folders()
        words, variables = self._preparation.command(self._interruptible)
        self._data.bring(self._interruptible)
        words, variables = words_with(words, self._data.values), variables | self._data.variables
        if self._canceled.is_set():
            return self._cancellation()
        self._variables = variables
        self._log_mask = mask_log(self._store, self._record, self._job, variables)
        self._move_to_running()
        self._is_executing = True
        log = log_path(self._store, self._record)
        self._seat.execute(self._record.id, words, self._place, variables, log)
        code = self._watch()
        if self._canceled.is_set():
            return self._cancellation()
        if code is None:
            seconds = self._job.max_seconds
            return Outcome(
                RunStatus.CANCELED, f"It took longer than max_run_duration_seconds={seconds:g}."
            )
        own_word = self._said_by_script()
        if own_word is not None:
            return Outcome(RunStatus.FAILED, line_of(own_word), own_word)
        if code == 0:
            return Outcome(RunStatus.COMPLETED)
        error = error_of(code, log_path(self._store, self._record), self._variables)
        return Outcome(RunStatus.FAILED, line_of(error), error)

    def _move_to_running(self) -> None:
        store, key = self._store, self._record.key
        values = {"started": time.time()}
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, RunStatus.RUNNING, values, expected=[RunStatus.PREPARING]
            ),
            durable=True,
        )
        open_runs(store).begin(key, is_new=True)  # from now on its time counts

    # -- meanwhile ------------------------------------------------------------------------------

    def _watch(self) -> int | None:
        """Wait for the script; its exit code, or None where its time was over."""
        usage = Usage(self._store, self._record)
        script = os.pidfd_open(self._seat.pid)
        seconds = self._job.max_seconds
        deadline = None if seconds is None else time.monotonic() + seconds
        quiet_since: float | None = None
        missed_since: float | None = None
        try:
            while True:
                left = (
                    LOOK if deadline is None else min(LOOK, max(0.0, deadline - time.monotonic()))
                )
                ready, _, _ = select.select([script, self._woken], [], [], left)
                if self._woken in ready:
                    tree.end_all()
                    return 0
                if script in ready:
                    return self._exit_code()
                if deadline is not None and time.monotonic() >= deadline:
                    tree.end_all()
                    return None
                missed_since = self._missed(missed_since)
                try:
                    self._log_mask.sync()
                    self._uploads.sync()
                    usage.sample()
                    quiet_since = self._tell_if_stopped(quiet_since)
                except (StoreError, OSError) as error:  # no reason for the script to end
                    _log.info("%s is not looked after now: %s", self._record.id, error)
        finally:
            os.close(script)

    def _exit_code(self) -> int:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._seat.pid, 0)[1])
        except ChildProcessError:  # the thread that cancels took note of its end
            return -signal.SIGKILL

    def _is_there(self) -> bool:
        """Whether the workspace is; somebody may have removed its folder, or made it anew."""
        try:
            self._store.identity.look()
        except StoreError:
            return False
        return True

    def _missed(self, since: float | None) -> float | None:
        """A workspace that is gone for longer than a moment has no use for the script.

        Raises:
            StoreUnavailableError: so it is.
        """
        if self._is_there():
            return None
        since = since or time.monotonic()
        if time.monotonic() - since > GONE_SECONDS:
            raise StoreUnavailableError(f"The workspace in {self._store.folder} is gone.")
        return since

    def _tell_if_stopped(self, since: float | None) -> float | None:
        """A script that is stopped (SIGSTOP) is NotResponding after a while, and Running when it goes on."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(self._seat.pid).status() == psutil.STATUS_STOPPED:
                since = since or time.monotonic()
                if time.monotonic() - since > SILENCE:
                    self._move(
                        RunStatus.RUNNING, RunStatus.NOT_RESPONDING, "Its script is stopped."
                    )
                return since
        if since is not None:
            self._move(RunStatus.NOT_RESPONDING, RunStatus.RUNNING, "")
        return None

    def _move(self, of: RunStatus, to: RunStatus, reason: str) -> None:
        store, key = self._store, self._record.key
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, to, {"reason": reason}, expected=[of]
            )
        )

    def _be_canceled(self) -> None:
        """Called by the thread that looks after this process's runs, again until the run has ended."""
        if not self._canceled.is_set():
            self._canceled.set()
            os.write(self._waking, b"!")
        if self._is_executing:
            tree.end_all()  # not by the other thread alone: it may be busy with keeping a large file
            return
        # What builds the environment need not go on, nor what waits until another has built it.
        tree.end_all(but=[self._seat.pid])
        if self._may_interrupt:
            signal.pthread_kill(self._thread, signal.SIGUSR1)

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let a request to cancel end what this thread waits for."""
        self._may_interrupt = True
        try:
            if self._canceled.is_set():
                raise _CanceledError
            yield
        finally:
            self._may_interrupt = False

    def _interrupt(self, *_: object) -> None:
        if self._may_interrupt:
            self._may_interrupt = False
            raise _CanceledError

    # -- after ----------------------------------------------------------------------------------

    def _sent(self, outcome: Outcome) -> Outcome:
        """Send the data that the script wrote; how the run has ended then."""
        if not self._job.data:
            return outcome
        self._is_executing = False  # a request to cancel ends the sending, then
        if outcome.status is not RunStatus.CANCELED:
            try:
                self._data.send(outcome.status, self._interruptible)
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is why the run failed
                outcome = self._broken(error)
        if outcome.status is RunStatus.CANCELED:
            self._data.forget()
        return outcome

    def _cancellation(self) -> Outcome:
        with self._store.catalogue.read() as connection:
            [now] = self._store.runs.by_keys(connection, [self._record.key])
        return Outcome(RunStatus.CANCELED, now.reason or "Canceled by the user.")

    def _said_by_script(self) -> RunError | None:
        """What ``run.fail()`` in the script said."""
        path = self._folder / FAILURE_FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict):
            return None
        parts = ("code", "message", "traceback")
        return RunError(*(plain_text(found.get(part, "")) for part in parts))

    def _broken(self, error: Exception) -> Outcome:
        """The run could not be executed, for a reason that lies outside of its script."""
        if self._canceled.is_set():
            return self._cancellation()
        found = RunError.of(error)
        if isinstance(error, AmlError):  # its message says all; the traceback would be ours
            found = RunError(found.code, found.message)
        self._log(f"{found.code}: {found.message}")
        return Outcome(RunStatus.FAILED, line_of(found), found)

    def _log(self, *lines: str) -> None:
        # else it would be the log of a run of the workspace that was made anew
        if not self._is_there():
            return
        with contextlib.suppress(OSError), appended_log(self._store, self._record) as log:
            log.write("".join(f"{line}\n" for line in lines))

    def _finish(self, outcome: Outcome) -> None:
        """Keep what the script left and end the run; while the store does not take it, the run waits."""
        patience = time.monotonic() + ROOM_SECONDS

        def may_wait(error: Exception) -> bool:
            is_full = isinstance(error, StoreFullError)
            if is_full:
                self._make_room()
            is_late = is_full and time.monotonic() > patience
            return self._is_there() and not is_late and not self._canceled.is_set()

        try:
            persistently(lambda: self._uploads.sync(is_last=True, is_patient=True), may_wait)
        except StoreError:
            self._uploads.sync(is_last=True)  # now what cannot be kept is only told
        shutil.rmtree(self._folder, ignore_errors=True)  # first: the end of the run needs room, too
        if self._uploads.problems:
            self._log("", *self._uploads.told())
        persistently(lambda: self._end(outcome), lambda _: self._is_there())
        open_runs(self._store).remove_cancel_handler(self._record.key)
        self._preparation.close()
        submission.forget_files(self._store, self._record.id)

    def _make_room(self) -> None:
        """Remove what the script wrote for itself: what it wrote for its run may need that room."""
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
        self._log_mask.sync(is_last=True)
        log = log_path(store, record)
        if log.exists() and log.stat().st_size:
            # before the run has ended: who waits for that finds it there
            kept = add_file(store, record, DRIVER_LOG, log)
            same = replace(kept, name=LOG_NAME)
            store.catalogue.transact(
                lambda connection: store.artifacts.put(connection, record.key, [same])
            )
        end(
            store,
            record.key,
            outcome.status,
            reason=plain_line(outcome.reason)[:300],
            error=outcome.error,
            is_submitted=True,
            expected=ACTIVE,
        )
