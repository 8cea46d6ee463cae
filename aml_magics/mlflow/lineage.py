"""Inputs and outputs of a run from MLflow's ``log_input`` and ``log_model``: datasets and models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities import Dataset, DatasetInput, InputTag, RunInputs

from aml_magics.mlflow.tag import PRIVATE
from aml_magics.services.run.mlflow import set_system_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_DATA: Final = f"{PRIVATE}datasets"
_MODELS_IN: Final = f"{PRIVATE}models.in"
_MODELS_OUT: Final = f"{PRIVATE}models.out"


def add_inputs(
    store: Store, run: RunRecord, datasets: Iterable[Any], models: Iterable[Any]
) -> None:
    """Record datasets and models as inputs of a run, without duplicates."""
    data = [
        {
            "dataset": one.dataset.to_dictionary(),
            "tags": {tag.key: tag.value for tag in one.tags},
        }
        for one in datasets
    ]
    _add(store, run, _DATA, data)
    _add(store, run, _MODELS_IN, [{"model_id": one.model_id} for one in models])


def add_outputs(store: Store, run: RunRecord, models: Iterable[Any]) -> None:
    """Record models as outputs of a run."""
    found = [{"model_id": one.model_id, "step": one.step} for one in models]
    _add(store, run, _MODELS_OUT, found)


def inputs_of(run: RunRecord) -> Any:
    """Inputs of a run."""
    data = [
        DatasetInput(
            Dataset(**one["dataset"]), [InputTag(key, text) for key, text in one["tags"].items()]
        )
        for one in _noted(run, _DATA)
    ]
    models = _noted(run, _MODELS_IN)
    if not models:
        return RunInputs(data)
    from mlflow.entities import LoggedModelInput

    return RunInputs(data, [LoggedModelInput(one["model_id"]) for one in models])


def outputs_of(run: RunRecord) -> Any:
    """Outputs of a run."""
    try:
        from mlflow.entities import LoggedModelOutput, RunOutputs
    except ImportError:
        return None
    noted = _noted(run, _MODELS_OUT)
    return RunOutputs([LoggedModelOutput(one["model_id"], one["step"]) for one in noted])


def _add(store: Store, run: RunRecord, name: str, new: list[dict[str, Any]]) -> None:
    noted = _noted(run, name)
    more = [one for one in new if one not in noted]
    if more:
        set_system_tags(store, run, {name: json.dumps([*noted, *more])})


def _noted(run: RunRecord, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.properties.get(name, "[]"))
    return found
