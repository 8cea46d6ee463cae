"""Our records as MLflow's entities."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities import (
    Experiment,
    ExperimentTag,
    LifecycleStage,
    Metric,
    Param,
    Run,
    RunData,
    RunInfo,
)
from mlflow.utils.mlflow_tags import MLFLOW_USER

from aml_magics.mlflow.lineage import inputs_of, outputs_of
from aml_magics.mlflow.tag import STARTED, tags_of
from aml_magics.records.metric import MetricKind, Series
from aml_magics.records.status import RunStatus
from aml_magics.services.run.mlflow import files_uri, tracking_uri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_HAS_UUID: Final = "run_uuid" in signature(RunInfo).parameters  # MLflow 2 has the id twice
_ENDED: Final = {
    RunStatus.COMPLETED: "FINISHED",
    RunStatus.FAILED: "FAILED",
    RunStatus.CANCELED: "KILLED",
}
_WAITING: Final = frozenset(
    {
        RunStatus.NOT_STARTED,
        RunStatus.STARTING,
        RunStatus.PROVISIONING,
        RunStatus.PREPARING,
        RunStatus.QUEUED,
    }
)


def experiment_entity(store: Store, record: ExperimentRecord) -> Any:
    """An experiment; an archived one counts as deleted in MLflow."""
    stage = LifecycleStage.ACTIVE if record.archived is None else LifecycleStage.DELETED
    created = milliseconds(record.created)
    return Experiment(
        experiment_id=record.id,
        name=record.name,
        artifact_location=tracking_uri(store),
        lifecycle_stage=stage,
        tags=[ExperimentTag(name, text or "") for name, text in record.tags.items()],
        creation_time=created,
        last_update_time=created if record.archived is None else milliseconds(record.archived),
    )


def run_info(store: Store, record: RunRecord, experiment: ExperimentRecord) -> Any:
    """A run without its data; in MLflow the runs of a deleted experiment are deleted, too."""
    is_deleted = record.deleted is not None or experiment.archived is not None
    first_started = record.properties.get(STARTED)
    return RunInfo(
        **({"run_uuid": record.id} if _HAS_UUID else {}),
        run_id=record.id,
        experiment_id=experiment.id,
        user_id=record.properties.get(MLFLOW_USER, ""),
        status=_ENDED.get(record.status)
        or ("SCHEDULED" if record.status in _WAITING else "RUNNING"),
        start_time=int(first_started or milliseconds(record.started or record.created)),
        end_time=None if record.ended is None else milliseconds(record.ended),
        lifecycle_stage=LifecycleStage.DELETED if is_deleted else LifecycleStage.ACTIVE,
        artifact_uri=files_uri(store, record.id),
        run_name=record.name,
    )


def run_entity(
    store: Store, record: RunRecord, experiment: ExperimentRecord, metrics: Sequence[Any]
) -> Any:
    """A run with its data."""
    data = RunData(
        metrics=metrics,
        params=[Param(name, _text(value)) for name, value in record.params.items()],
        tags=tags_of(record),
    )
    info = run_info(store, record, experiment)
    outputs = outputs_of(record)
    if outputs is None:
        return Run(info, data, inputs_of(record))
    return Run(info, data, inputs_of(record), outputs)


def history_of(series: Series | None) -> list[Any]:
    """All numeric points of a metric; lists, tables and images are no metrics in MLflow."""
    if series is None or series.kind is not MetricKind.SCALAR:
        return []
    points = zip(series.plain(), series.times.tolist(), series.steps.tolist(), strict=True)
    return [
        Metric(series.name, float(value), milliseconds(when), step)
        for value, when, step in points
        if isinstance(value, int | float)
    ]


def milliseconds(seconds: float) -> int:
    """Seconds as MLflow's whole milliseconds."""
    return round(seconds * 1000)


def _text(value: object) -> str:
    return "" if value is None else str(value)
