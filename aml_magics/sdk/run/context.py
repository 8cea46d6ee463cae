"""Which run ``Run.get_context()`` gives: that of the cell, else one for the whole process."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aml_magics.sdk.run.run import Run

RUN_VARIABLE: Final = "AZUREML_RUN_ID"
WORKSPACE_VARIABLE: Final = "AML_MAGICS_WORKSPACE"

_lock = threading.Lock()
_entered: list[Run] = []
_offline: dict[int, Run] = {}


def enter(run: Run) -> None:
    """Make a run the one that code asks for, in every thread, until it is left."""
    with _lock:
        _entered.append(run)


def leave(run: Run) -> None:
    """Go back to the run before."""
    with _lock:
        if run in _entered:
            _entered.remove(run)


def current() -> Run | None:
    """The run that was entered last, or that of the process, or None."""
    with _lock:
        return _entered[-1] if _entered else _offline.get(os.getpid())


def submitted() -> tuple[str, str] | None:
    """The workspace and the id of the run that this process was submitted as; None outside of any."""
    name, run_id = os.environ.get(WORKSPACE_VARIABLE), os.environ.get(RUN_VARIABLE)
    return (name, run_id) if name and run_id else None


def keep_offline(run: Run) -> None:
    """Make a run that of the whole process."""
    with _lock:
        _offline[os.getpid()] = run


def forget_offline() -> None:
    """Let the next request make a new one."""
    with _lock:
        _offline.pop(os.getpid(), None)
