"""The run that ``Run.get_context()`` returns: the cell's, else the process's."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

from aml_magics.sdk import handles

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace

RUN_VARIABLE: Final = "AZUREML_RUN_ID"
WORKSPACE_VARIABLE: Final = "AML_MAGICS_WORKSPACE"

_lock = threading.Lock()
_entered: list[handles.Run] = []
# By process: a forked child must not take its parent's run for its own.
_offline: dict[int, handles.Run] = {}


def enter(run: handles.Run) -> None:
    """Make a run the current one in all threads, until :func:`leave`."""
    with _lock:
        _entered.append(run)


def leave(run: handles.Run) -> None:
    """Restore the previous run."""
    with _lock:
        if run in _entered:
            _entered.remove(run)


def current() -> handles.Run | None:
    """The run entered last, or the process's run, or None."""
    with _lock:
        return _entered[-1] if _entered else _offline.get(os.getpid())


def submitted() -> tuple[str, str] | None:
    """The workspace and run id that this process was submitted as; None if it was not."""
    name, run_id = os.environ.get(WORKSPACE_VARIABLE), os.environ.get(RUN_VARIABLE)
    return (name, run_id) if name and run_id else None


def run_id_in(workspace: Workspace) -> str:
    """The id of the current run if it is of this workspace, else the empty text."""
    active = current()
    if active is not None:
        return active.id if active._workspace == workspace else ""
    named = submitted()
    return named[1] if named is not None and named[0] == workspace.name else ""


def keep_offline(run: handles.Run) -> None:
    """Make a run the one of the whole process."""
    with _lock:
        _offline[os.getpid()] = run


def workspace() -> Workspace:
    """The workspace of this process's run, else of the current folder."""
    run, named = current(), submitted()
    if run is not None:
        return run._workspace
    return handles.Workspace.get(named[0]) if named else handles.Workspace.from_config()
