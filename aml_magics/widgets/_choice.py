"""Which run a widget shows, and of which workspace: a handle, or what magics take for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.sdk.run.experiment import Experiment


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


def workspace_of(runs: Iterable[object], experiment: Experiment | str | None) -> Workspace:
    """The workspace of an experiment or of the first handle among the runs; else this folder's."""
    if experiment is not None and not isinstance(experiment, str):
        return experiment.workspace
    handles = [one for one in runs if isinstance(one, Run)]
    return handles[0]._workspace if handles else Workspace.from_config()  # noqa: SLF001 -- as in RunWidget
