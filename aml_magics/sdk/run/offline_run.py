"""The run of code outside of submitted runs, kept like any other."""

from __future__ import annotations

import atexit
import opcode
import os
import sys
import threading
import time
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import __main__
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL
from aml_magics.sdk.run import context
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.session import LAST_RESORT, default_experiment, is_interactive
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.process.exit_code import forget_exit_code, note_at_exit
from aml_magics.services.run import run as runs
from aml_magics.services.run.artifact import keep_outputs
from aml_magics.store.tables.owner import this_process
from aml_magics.warnings import QuarantineWarning

if TYPE_CHECKING:
    from types import FrameType

    from aml_magics.records.run import RunRecord

_FOLDERS: Final = ("outputs", "logs")


class _OfflineRun(Run):
    """A run that ``Run.get_context()`` started; old code tests for this class by name."""

    _place: Path | None
    """The folder in which a script writes ``outputs`` and ``logs``; None in a kernel."""

    @classmethod
    def start(cls) -> Self:
        """Start the run of this process."""
        workspace = Workspace.from_config()
        script = getattr(__main__, "__file__", None)
        named = default_experiment() or (Path(script).stem if script else LAST_RESORT)
        record = runs.start(workspace.store, named, run_id=f"OfflineRun_{uuid.uuid4()}")
        run = cls._of(workspace, record)
        context.keep_offline(run)
        # registered after the store's own hook, so it comes first
        atexit.register(_Ending(run, interactive=is_interactive()))
        return run

    def _attach(self, workspace: Workspace, record: RunRecord, outputs: str | None) -> None:
        super()._attach(workspace, record, outputs)
        self._place = None
        if not is_interactive():  # in a kernel, files in ./outputs may be of any of its runs
            self._place = Path.cwd()
            self._began = _process_began()  # what it wrote before it asked is its, too

    def _keep_outputs(self) -> None:
        if self._place is None or self._record.status in TERMINAL:
            return
        for name in _FOLDERS:
            folder = self._place / name
            keep_outputs(self._workspace.store, self._record, folder, self._began)


class _Ending:
    """Ends the run of this process when the process does.

    Args:
        interactive: in an interactive process, exceptions do not fail the run.
    """

    def __init__(self, run: _OfflineRun, *, interactive: bool) -> None:
        self._run = run
        self._process = os.getpid()
        self._interactive = interactive
        self._script = _script_frame()
        self._is_noted = not interactive and note_at_exit(run._workspace.store, run.id)

    def __call__(self) -> None:
        """End the run, then warn if its files could not be kept."""
        if os.getpid() != self._process:
            return
        problem = self._keep_files()
        self._end()
        if problem is not None:
            warnings.warn(
                f"Files in {' and '.join(_FOLDERS)} are not kept with run {self._run.id} ({problem}); "
                "call run.complete() at the end of the script to keep them.",
                QuarantineWarning,
                stacklevel=2,
            )

    def _keep_files(self) -> Exception | None:
        """Keep the script's files; return the error if that fails.

        At exit Python starts no more threads, which the client of an object store may need.
        """
        try:
            self._run._keep_outputs()
        except Exception as error:  # noqa: BLE001 -- of whatever client of an object store
            return error
        finally:
            self._run._place = None
        return None

    def _end(self) -> None:
        """End as Completed, or Failed with the exception that ended the script.

        After ``sys.exit`` the exit code is not known yet: the run stays open, and the next process that
        opens the workspace ends it by the recorded code.
        """
        run, store = self._run, self._run._workspace.store
        if run.record.status not in TERMINAL:
            # Python sets `last_value` for an uncaught exception, but not for SystemExit.
            error = getattr(sys, "last_value", None)
            if self._interactive or _has_returned(self._script):
                run.complete()
            elif error is not None:
                run.fail_with(RunError.of(error))
            elif self._is_noted:
                runs.leave(store, run._record)
                return
            else:
                run.complete()
        forget_exit_code(store, run.id)


def _process_began() -> float:
    """When this process began, in seconds since the epoch; psutil rounds that to a second on Linux."""
    started = this_process().started
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return started
    # On Linux `started` is clock ticks since boot, as in /proc/PID/stat.
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
    return time.time() - age


def _script_frame() -> FrameType | None:
    """The outermost frame of the main thread: the script's, or that of the program that runs it."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _has_returned(frame: FrameType | None) -> bool:
    """Whether a frame ended without an exception, judging by its last instruction."""
    if frame is None:
        return True
    return opcode.opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN_")
