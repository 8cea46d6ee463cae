"""The workspace of an address, reopened after a fork or a change of its home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import WorkspaceNotFoundError
from aml_magics.mlflow.failure import invalid
from aml_magics.records.name import WORKSPACE, check_folder_name
from aml_magics.sdk.workspace.session import LAST_RESORT, default_experiment
from aml_magics.services.run import experiment as experiments
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.home import workspace_folder

if TYPE_CHECKING:
    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.store.store import Store

UNCHOSEN: Final = "0"
"""The id of the experiment of code that has chosen none."""


class InWorkspace:
    """The base of the tracking store's parts: its workspace."""

    _workspace: str

    @property
    def _store(self) -> Store:
        return open_store(self._workspace)


def open_store(workspace: str) -> Store:
    """Open the store of a workspace; quick once it is open."""
    try:
        return workspaces.open_folder(workspace_folder(check_folder_name(workspace, WORKSPACE)))
    except WorkspaceNotFoundError:
        return workspaces.open_named(workspace)  # whose message says what is near


def find_experiment(store: Store, experiment_id: object) -> ExperimentRecord:
    """Get an experiment by id; if the code chose none, the default experiment here."""
    if experiment_id in (None, UNCHOSEN):
        return experiments.ensure(store, default_experiment() or LAST_RESORT)
    return experiments.by_id(store, str(experiment_id))


def open_experiment(store: Store, experiment_id: object) -> ExperimentRecord:
    """Get an experiment by id, for a new run or a tag.

    Raises:
        MlflowException: it is archived.
    """
    experiment = find_experiment(store, experiment_id)
    if experiment.archived is not None:
        raise invalid(archived(experiment))
    return experiment


def archived(experiment: ExperimentRecord) -> str:
    """What to say of an experiment that is archived."""
    return f"Experiment {experiment.name!r} is archived; restore_experiment({experiment.id!r}) brings it back."
