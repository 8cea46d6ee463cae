"""The execution of a run's script, from start to exit code."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psutil

from aml_magics.errors import RunFinishedError, StoreError, StoreUnavailableError
from aml_magics.records.owner import SILENCE
from aml_magics.records.status import RunStatus
from aml_magics.services.run.open_runs import open_runs
from aml_magics.workers import tree
from aml_magics.workers.distribution import filled, ports_of, variables_of
from aml_magics.workers.process import ScriptProcess, names_of
from aml_magics.workers.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from aml_magics.records.distribution import Distribution, Process
    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.cancellation import Cancellation

POLL_SECONDS: Final = 0.5
LOG_SECONDS: Final = 0.1
"""How often the log is looked at: so exact are the times of what a script prints."""

GONE_SECONDS: Final = 5.0
"""Seconds a workspace may be unreachable before the scripts of its runs are ended."""

SETTLE_SECONDS: Final = 0.3
"""Seconds that processes have to fail by themselves, after one has."""

LATE_SECONDS: Final = 5.0
"""Seconds after the end of a process in which others may end without a word."""

_log = logging.getLogger("aml_magics.worker")


@dataclass(frozen=True, slots=True)
class ScriptEnd:
    """How a script ended: its exit code, and of a failed one the error of the process that failed first."""

    code: int
    error: RunError | None = None
    process: Process | None = None


class Execution:
    """Executes the script of one run, in one process or several, and watches it.

    Args:
        processes: their launchers become the script.
        cancellation: wakes the watch when the run is to be canceled.
    """

    def __init__(
        self,
        store: Store,
        record: RunRecord,
        processes: Sequence[ScriptProcess],
        cancellation: Cancellation,
    ) -> None:
        self._store = store
        self._record = record
        self._processes = processes
        self._cancellation = cancellation
        self._variables: Mapping[str, str] = {}
        self._watched: dict[int, ScriptProcess] = {}
        self._ended_at = 0.0
        self._told = ""
        self._stopped_since: float | None = None
        self._gone_since: float | None = None

    def start(
        self,
        words: Sequence[str],
        folder: Path,
        variables: Mapping[str, str],
        distribution: Distribution | None = None,
    ) -> None:
        """Set the run to Running, if it is not, and execute the script in the launchers."""
        store, key = self._store, self._record.key
        values = {"started": time.time()}
        if self._record.status is not RunStatus.RUNNING:
            store.catalogue.transact(
                lambda connection: store.runs.move(
                    connection, key, RunStatus.RUNNING, values, expected=[RunStatus.PREPARING]
                ),
                durable=True,
            )
        open_runs(store).begin(key, is_new=True)  # the run's duration counts from here
        self._cancellation.is_executing = True
        self._variables = variables
        ports = [] if distribution is None else ports_of(distribution)
        for one in self._processes:
            own, line = dict(variables), list(words)
            if distribution is not None:
                own |= variables_of(distribution, one.process, ports, variables)
                line = filled(words, own)
            one.launcher.execute(self._record.id, line, folder, own, one.log)

    def wait(self, max_seconds: float | None, look_after: Callable[[], None]) -> ScriptEnd | None:
        """Wait for the script to end, or end it when its run is canceled.

        A process that fails ends the others, and the last one that serves nobody ends the servers.

        Args:
            max_seconds: time limit of the script; None for no limit.
            look_after: called about twice a second. Its StoreError or OSError does not end the script.

        Returns:
            How it ended; None after the time limit.

        Raises:
            StoreUnavailableError: the workspace has been gone for five seconds.
            RunFinishedError: another process ended the run.
        """
        usage = Usage(self._store, self._record)
        deadline = None if max_seconds is None else time.monotonic() + max_seconds
        next_look = time.monotonic() + POLL_SECONDS
        # A pidfd lets one `select` wait for the processes, for a cancel request and
        # for the next check, without a thread or SIGCHLD.
        self._watched = {os.pidfd_open(one.launcher.pid): one for one in self._processes}
        try:
            while True:
                left = LOG_SECONDS if deadline is None else deadline - time.monotonic()
                if self._has_canceled(max(0.0, min(LOG_SECONDS, left))):
                    tree.end_all()
                    return ScriptEnd(-signal.SIGTERM)
                if (end := self._end()) is not None:
                    return end
                if deadline is not None and time.monotonic() >= deadline:
                    tree.end_all()
                    return None
                if time.monotonic() < next_look:
                    continue
                next_look = time.monotonic() + POLL_SECONDS
                self._check_workspace()
                self._check_owner()
                try:
                    look_after()
                    usage.sample()
                    self._report_if_stopped()
                    self._report_if_late()
                except (StoreError, OSError) as error:  # no reason to end the script
                    _log.info("%s is not looked after now: %s", self._record.id, error)
        finally:
            for handle in self._watched:
                os.close(handle)
            for one in self._processes:
                one.clock.look()
                one.clock.close()

    def _has_canceled(self, seconds: float) -> bool:
        """Wait a moment for an end or a request, note those that ended, and tell whether to cancel."""
        readable = self._cancellation.readable
        ready, _, _ = select.select([*self._watched, readable], [], [], seconds)
        for one in self._processes:
            one.clock.look()
        if readable in ready:
            return True
        for handle in ready:
            self._watched.pop(handle).reap()
            os.close(handle)
            self._ended_at = time.monotonic()
        return False

    def _end(self) -> ScriptEnd | None:
        """How the script ended, as soon as that is known."""
        if any(one.code for one in self._processes):
            return self._failed()
        if all(one.process.is_server for one in self._watched.values()):
            if self._watched:
                tree.end_all()
            return ScriptEnd(0)
        return None

    def _failed(self) -> ScriptEnd:
        """End the processes that are left; the one that failed first tells why.

        Others often fail in the same moment, because it is gone. They get a moment to say so.
        """
        deadline = time.monotonic() + SETTLE_SECONDS
        while self._watched and (left := deadline - time.monotonic()) > 0:
            if self._has_canceled(left):
                break
        if self._watched:
            tree.end_all()
        count = len(self._processes)
        failed = [one for one in self._processes if one.code]
        errors = {one: one.error(self._variables, count) for one in failed}
        first = min(failed, key=ScriptProcess.failed_before)
        return ScriptEnd(first.code or 0, errors[first], first.process)

    def _check_owner(self) -> None:
        """Raise where the heartbeat has found that another process ended the run: the script has no use any more."""
        if not open_runs(self._store).has(self._record.key):
            raise RunFinishedError(
                f"Run {self._record.id} was ended by another process; its script is ended, too."
            )

    def _check_workspace(self) -> None:
        if is_there(self._store):
            self._gone_since = None
            return
        self._gone_since = self._gone_since or time.monotonic()
        if time.monotonic() - self._gone_since > GONE_SECONDS:
            raise StoreUnavailableError(f"The workspace in {self._store.folder} is gone.")

    def _report_if_stopped(self) -> None:
        """Set the run to NotResponding while a process is stopped (SIGSTOP), and back to Running."""
        stopped = [one for one in self._watched.values() if _is_stopped(one.launcher.pid)]
        if stopped:
            self._stopped_since = self._stopped_since or time.monotonic()
            if time.monotonic() - self._stopped_since > SILENCE:
                is_one = len(self._processes) == 1
                who = "Its script" if is_one else f"Of its processes {names_of(stopped)}"
                self._move(RunStatus.RUNNING, RunStatus.NOT_RESPONDING, f"{who} is stopped.")
            return
        if self._stopped_since is not None:
            self._move(RunStatus.NOT_RESPONDING, RunStatus.RUNNING, self._told)
            self._stopped_since = None  # last, so that a failed store is tried again

    def _report_if_late(self) -> None:
        """Say which processes go on a while after others have ended: they may wait for those."""
        left = [one for one in self._watched.values() if not one.process.is_server]
        others = len(self._processes) - len(self._watched)
        if not others or time.monotonic() - self._ended_at < LATE_SECONDS:
            return
        said = f"{others} of {len(self._processes)} processes have ended; it waits for {names_of(left)}."
        if said != self._told:
            self._move(RunStatus.RUNNING, RunStatus.RUNNING, said)
            self._told = said

    def _move(self, before: RunStatus, after: RunStatus, reason: str) -> None:
        store, key = self._store, self._record.key
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, key, after, {"reason": reason}, expected=[before]
            )
        )


def _is_stopped(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_STOPPED
    return False


def is_there(store: Store) -> bool:
    """Whether the workspace still exists; its folder may have been removed or recreated."""
    try:
        store.identity.check()
    except StoreError:
        return False
    return True
