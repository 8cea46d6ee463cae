"""MLflow's tracking store: runs logged to ``aml-magics://NAME`` are runs of that workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.store.tracking.abstract_store import AbstractStore

from aml_magics.mlflow.experiment_store import ExperimentStore
from aml_magics.mlflow.failure import not_built, raising_mlflow_errors
from aml_magics.mlflow.model_store import ModelStore
from aml_magics.mlflow.run_store import RunStore
from aml_magics.mlflow.workspace import open_store
from aml_magics.services.run.mlflow import place_of

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord


def _no_traces(self: AbstractStore, *_: Any, **__: Any) -> Any:
    """Refuse traces."""
    del self
    raise not_built(
        "Traces are not kept in a workspace of aml_magics, so there are none to find, read or change; "
        "mlflow.tracing.disable() switches tracing off, and runs, metrics, artifacts and models are here."
    )


class AmlTrackingStore(ExperimentStore, RunStore, ModelStore, AbstractStore):
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

    start_trace = search_traces = get_trace = get_trace_info = delete_traces = _no_traces
    batch_get_traces = batch_get_trace_infos = set_trace_tag = delete_trace_tag = _no_traces
    link_traces_to_run = unlink_traces_from_run = query_trace_metrics = _no_traces
    create_assessment = get_assessment = update_assessment = delete_assessment = _no_traces
