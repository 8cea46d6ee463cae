"""The run of code that is part of no submitted run: kept like any other."""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

import __main__
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL
from aml_magics.sdk import context
from aml_magics.sdk.run import Run
from aml_magics.sdk.session import LAST_RESORT, default_experiment, is_interactive
from aml_magics.sdk.workspace import Workspace
from aml_magics.services import run as runs


class _OfflineRun(Run):
    """A run that ``Run.get_context()`` started; old code tests for this class by name."""

    def _end(self, process: int, *, interactive: bool) -> None:
        """At the end of the process: Completed, or Failed with the exception that ended the script."""
        if os.getpid() != process or self.record.status in TERMINAL:
            return
        # a kernel has shown its exceptions to a person and gone on; a script ended with its one
        error = None if interactive else getattr(sys, "last_value", None)
        if error is None:
            self.complete()
        else:
            self.fail_with(RunError.of(error))


def start_offline() -> Run:
    """Start the run of this process."""
    workspace = Workspace.from_config()
    script = getattr(__main__, "__file__", None)
    named = default_experiment() or (Path(script).stem if script else LAST_RESORT)
    record = runs.start(workspace.store, named)
    run = _OfflineRun._of(workspace, record)
    context.keep_offline(run)
    # registered after the store's own hook, so it comes first
    atexit.register(run._end, os.getpid(), interactive=is_interactive())  # type: ignore[attr-defined]
    return run
