"""Which run a widget shows: a handle, or what magics take for one."""

from __future__ import annotations

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import run as runs


def run_of(run: object, workspace: Workspace | None, caller: str) -> Run:
    """The handle of a run.

    Args:
        run: a handle, a name, an id, the start of one, or ``last``.
        workspace: where to look; by default this folder's.
        caller: the name of the widget, for the error.

    Raises:
        InvalidArgumentError: it is none of these.
        RunNotFoundError: no run is called so.
    """
    if isinstance(run, Run):
        return run
    if not isinstance(run, str):
        raise InvalidArgumentError(
            f"{caller} takes a Run, or the name or id of one, not {type(run).__name__} ({run!r:.60})."
        )
    place = workspace or Workspace.from_config()
    return Run.get(place, runs.find(place.store, run).id)
