"""MLflow's tracking store: runs logged to ``aml-magics://NAME`` are runs of that workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.store.tracking.abstract_store import AbstractStore

from aml_magics.mlflow.experiment_store import ExperimentStore
from aml_magics.mlflow.failure import raising_mlflow_errors
from aml_magics.mlflow.model_store import ModelStore
from aml_magics.mlflow.run_store import RunStore
from aml_magics.mlflow.trace_store import TraceStore
from aml_magics.mlflow.workspace import open_store
from aml_magics.services.run.mlflow import place_of

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord


class AmlTrackingStore(ExperimentStore, RunStore, ModelStore, TraceStore, AbstractStore):
    """The tracking store of a workspace.

    Args:
        store_uri: ``aml-magics://NAME``.
        artifact_uri: not used; the files of runs are kept with the workspace.

    Raises:
        MlflowException: the address is malformed, or there is no such workspace.
    """

    @raising_mlflow_errors
    def __init__(self, store_uri: str, artifact_uri: str | None = None) -> None:
        super().__init__()
        del artifact_uri
        self._workspace = place_of(store_uri).workspace
        self._seen: dict[str, tuple[RunRecord, float]] = {}
        open_store(self._workspace)
