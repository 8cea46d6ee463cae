"""The execution of a run's script, from start to exit code."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import time
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics.errors import StoreError, StoreUnavailableError
from aml_magics.records.owner import SILENCE
from aml_magics.records.status import RunStatus
from aml_magics.services.run.log import log_path
from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.files.log_times import LogClock
from aml_magics.workers import tree
from aml_magics.workers.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.cancellation import Cancellation
    from aml_magics.workers.launcher import Launcher

POLL_SECONDS: Final = 0.5
LOG_SECONDS: Final = 0.1
"""How often the log is looked at: so exact are the times of what a script prints."""

GONE_SECONDS: Final = 5.0
"""Seconds a workspace may be unreachable before the scripts of its runs are ended."""

_log = logging.getLogger("aml_magics.worker")


class Execution:
    """Executes the script of one run and watches it.

    Args:
        launcher: the process that becomes the script.
        cancellation: wakes the watch when the run is to be canceled.
    """

    def __init__(
        self, store: Store, record: RunRecord, launcher: Launcher, cancellation: Cancellation
    ) -> None:
        self._store = store
        self._record = record
        self._launcher = launcher
        self._cancellation = cancellation
        self._clock = LogClock(log_path(store, record))
        self._stopped_since: float | None = None
        self._gone_since: float | None = None

    def start(self, words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        """Set the run to Running and execute the script in the launcher."""
        store, key = self._store, self._record.key
        values = {"started": time.time()}
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, RunStatus.RUNNING, values, expected=[RunStatus.PREPARING]
            ),
            durable=True,
        )
        open_runs(store).begin(key, is_new=True)  # the run's duration counts from here
        self._cancellation.is_executing = True
        log = log_path(store, self._record)
        self._launcher.execute(self._record.id, words, folder, variables, log)

    def wait(self, max_seconds: float | None, look_after: Callable[[], None]) -> int | None:
        """Wait for the script to end, or end it when its run is canceled.

        Args:
            max_seconds: time limit of the script; None for no limit.
            look_after: called about twice a second. Its StoreError or OSError does not end the script.

        Returns:
            The exit code, negative for a signal; None after the time limit.

        Raises:
            StoreUnavailableError: the workspace has been gone for five seconds.
        """
        usage = Usage(self._store, self._record)
        deadline = None if max_seconds is None else time.monotonic() + max_seconds
        next_look = time.monotonic() + POLL_SECONDS
        # A pidfd lets one `select` wait for the process, for a cancel request and
        # for the next check, without a thread or SIGCHLD.
        script = os.pidfd_open(self._launcher.pid)
        try:
            while True:
                left = LOG_SECONDS if deadline is None else deadline - time.monotonic()
                pause = max(0.0, min(LOG_SECONDS, left))
                ready, _, _ = select.select([script, self._cancellation.readable], [], [], pause)
                self._clock.look()
                if self._cancellation.readable in ready:
                    tree.end_all()
                    return -signal.SIGTERM
                if script in ready:
                    return self._exit_code()
                if deadline is not None and time.monotonic() >= deadline:
                    tree.end_all()
                    return None
                if time.monotonic() < next_look:
                    continue
                next_look = time.monotonic() + POLL_SECONDS
                self._check_workspace()
                try:
                    look_after()
                    usage.sample()
                    self._report_if_stopped()
                except (StoreError, OSError) as error:  # no reason to end the script
                    _log.info("%s is not looked after now: %s", self._record.id, error)
        finally:
            os.close(script)
            self._clock.look()
            self._clock.close()

    def _exit_code(self) -> int:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._launcher.pid, 0)[1])
        except ChildProcessError:  # the thread that cancels has reaped it
            return -signal.SIGKILL

    def _check_workspace(self) -> None:
        if is_there(self._store):
            self._gone_since = None
            return
        self._gone_since = self._gone_since or time.monotonic()
        if time.monotonic() - self._gone_since > GONE_SECONDS:
            raise StoreUnavailableError(f"The workspace in {self._store.folder} is gone.")

    def _report_if_stopped(self) -> None:
        """Set the run to NotResponding while its script is stopped (SIGSTOP), and back to Running."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(self._launcher.pid).status() == psutil.STATUS_STOPPED:
                self._stopped_since = self._stopped_since or time.monotonic()
                if time.monotonic() - self._stopped_since > SILENCE:
                    self._move(
                        RunStatus.RUNNING, RunStatus.NOT_RESPONDING, "Its script is stopped."
                    )
                return
        if self._stopped_since is not None:
            self._move(RunStatus.NOT_RESPONDING, RunStatus.RUNNING, "")
            self._stopped_since = None  # last, so that a failed store is tried again

    def _move(self, before: RunStatus, after: RunStatus, reason: str) -> None:
        store, key = self._store, self._record.key
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, after, {"reason": reason}, expected=[before]
            )
        )


def is_there(store: Store) -> bool:
    """Whether the workspace still exists; its folder may have been removed or recreated."""
    try:
        store.identity.check()
    except StoreError:
        return False
    return True
