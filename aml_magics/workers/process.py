"""A process of a run: its launcher, its log, and how it ended."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.services.run.log import log_path, process_log_path
from aml_magics.store.files.log_times import LogClock
from aml_magics.workers.failure import error_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from aml_magics.records.distribution import Process
    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.launcher.launcher import Launcher

_CRASHES: Final = frozenset((signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL))
"""Signals of a process that nobody else brought down; what others do because of it comes later."""

_NAMED: Final = 3


class ScriptProcess:
    """One of the processes of a run; ``code`` is its exit code, negative for a signal, None while it goes on."""

    def __init__(
        self, store: Store, record: RunRecord, process: Process, launcher: Launcher
    ) -> None:
        self.process = process
        self.launcher = launcher
        is_first = process.rank == 0
        self.log: Path = (
            log_path(store, record)
            if is_first
            else process_log_path(store, record, process.log_suffix)
        )
        self.clock = LogClock(self.log)
        self.code: int | None = None
        self._failed_at = 0.0

    def reap(self) -> int:
        """Note and return the exit code of the process, which has ended."""
        try:
            code = os.waitstatus_to_exitcode(os.waitpid(self.launcher.pid, 0)[1])
        except ChildProcessError:  # the thread that cancels has reaped it
            code = -signal.SIGKILL
        self.code, self._failed_at = code, time.time()
        return code

    def error(self, variables: Mapping[str, str], count: int) -> RunError:
        """Why it failed.

        Args:
            variables: its environment variables, whose secrets are masked.
            count: the number of processes.
        """
        error = error_of(self.code or 0, self.log, variables)
        if error.code != "ExitCode" and (self.code or 0) > 0:
            # an exception is printed some time before the process has gone
            self._failed_at = min(self._failed_at, self.log.stat().st_mtime)
        return self.named(error, count)

    def named(self, error: RunError, count: int) -> RunError:
        """An error of this process, with its name where there are several."""
        if count == 1:
            return error
        title = f"{self.process.title[0].upper()}{self.process.title[1:]}"
        return replace(error, message=f"{title} of {count}: {error.message}")

    def failed_before(self) -> tuple[bool, float]:
        """A key: of processes that fail together the least one is the cause."""
        return -(self.code or 0) not in _CRASHES, self._failed_at


def names_of(processes: Sequence[ScriptProcess]) -> str:
    """Some processes for people, such as ``rank 1, rank 3``."""
    names = [one.process.title for one in processes[:_NAMED]]
    more = len(processes) - _NAMED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
