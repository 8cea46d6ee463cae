"""The run of code that is part of no submitted run: kept like any other."""

from __future__ import annotations

import atexit
import os
import sys
import traceback
from pathlib import Path

import __main__
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL
from aml_magics.sdk import context
from aml_magics.sdk.run import Run
from aml_magics.sdk.session import is_interactive
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
            text = "".join(traceback.format_exception(error))
            self.fail_with(RunError(type(error).__name__, str(error), text))


def start_offline() -> Run:
    """Start the run of this process."""
    workspace = Workspace.from_config()
    record = runs.start(workspace.store, _experiment_name())
    run = _OfflineRun._of(workspace, record)
    context.keep_offline(run)
    # registered after the store's own hook, so it comes first
    atexit.register(run._end, os.getpid(), interactive=is_interactive())  # type: ignore[attr-defined]
    return run


def _experiment_name() -> str:
    chosen = os.environ.get("AML_MAGICS_EXPERIMENT")
    if chosen:
        return chosen
    notebook = os.environ.get("JPY_SESSION_NAME")  # Jupyter Server tells the kernel its notebook
    if notebook:
        return Path(notebook).stem
    script = getattr(__main__, "__file__", None)
    return Path(script).stem if script else "Default"
