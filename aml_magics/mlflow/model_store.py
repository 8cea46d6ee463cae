"""MLflow 3's logged models.

A logged model's files are files of its run, its metadata is a property of the run. Registered models are those of
:mod:`aml_magics.mlflow.registry_store`.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from mlflow.store.entities.paged_list import PagedList
from mlflow.utils.search_utils import SearchUtils

from aml_magics.errors import ExperimentNotFoundError
from aml_magics.mlflow import lifecycle as life
from aml_magics.mlflow.failure import invalid, missing, raising_mlflow_errors
from aml_magics.mlflow.model_metric import metrics_of_model, metrics_of_models
from aml_magics.mlflow.tag import PRIVATE, Tags
from aml_magics.mlflow.workspace import InWorkspace, find_experiment, open_experiment
from aml_magics.records.artifact import check_artifact_name
from aml_magics.services.run import artifact as artifacts
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import run as runs
from aml_magics.services.run.mlflow import files_uri, set_system_tags
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_MODEL: Final = f"{PRIVATE}model."
_MOST: Final = 100


class ModelStore(InWorkspace):
    """The logged models of the tracking store; MLflow 2 does not call it."""

    @raising_mlflow_errors
    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: Any = None,
        params: Any = None,
        model_type: str | None = None,
    ) -> Any:
        """Create a model of a run; its files come later.

        Outside of MLflow's runs the model belongs to the enclosing run, such as a cell's or a submitted
        one; without any, to a run that is created for it and ends at once.
        """
        from mlflow.utils.validation import _validate_logged_model_name  # MLflow 2 has none

        _validate_logged_model_name(name)
        store = self._store
        if source_run_id is not None:
            run = runs.get(store, source_run_id)
        else:
            folder = check_artifact_name(name or "model")
            run = life.enclosing_run(store) or self._run_for(experiment_id, folder)
        now = int(time.time() * 1000)
        model_id = f"m-{uuid.uuid4().hex}"
        values = {
            "name": name or "model",
            "folder": _free_folder(store, run, check_artifact_name(name or "model")),
            "status": "PENDING",
            "created": now,
            "changed": now,
            "type": model_type,
            "tags": {tag.key: tag.value for tag in tags or ()},
            "params": {one.key: one.value for one in params or ()},
        }
        _put(store, run, model_id, values)
        return self.get_logged_model(model_id)

    @raising_mlflow_errors
    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> Any:
        """Get a model by id."""
        run, values = self._found(model_id)
        if values.get("deleted") and not allow_deleted:
            raise missing(f"Model {model_id!r} is deleted.")
        experiment = experiments.get(self._store, run.experiment)
        points = metrics_of_model(self._store, model_id)
        return _entity(self._store, run, experiment.id, model_id, values, points)

    @raising_mlflow_errors
    def finalize_logged_model(self, model_id: str, status: Any) -> Any:
        """Record whether logging the model succeeded."""
        self._change(model_id, status=str(getattr(status, "value", status)))
        return self.get_logged_model(model_id)

    @raising_mlflow_errors
    def set_logged_model_tags(self, model_id: str, tags: Any) -> None:
        """Set tags of a model."""
        _, values = self._found(model_id)
        self._change(model_id, tags={**values["tags"], **{tag.key: tag.value for tag in tags}})

    @raising_mlflow_errors
    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a model."""
        _, values = self._found(model_id)
        if key not in values["tags"]:
            raise missing(f"Model {model_id!r} has no tag {key!r}.")
        self._change(model_id, tags={k: v for k, v in values["tags"].items() if k != key})

    @raising_mlflow_errors
    def log_logged_model_params(self, model_id: str, params: Any) -> None:
        """Set parameters of a model; one that is there does not change."""
        _, values = self._found(model_id)
        known, new = values["params"], {one.key: one.value for one in params}
        for name, text in new.items():
            if known.get(name, text) != text:
                raise invalid(
                    f"Parameter {name!r:.80} of model {model_id!r} is {known[name]!r:.200} and cannot become {text!r:.200}."
                )
        self._change(model_id, params={**known, **new})

    @raising_mlflow_errors
    def delete_logged_model(self, model_id: str) -> None:
        """Mark a model as deleted; its files stay with the run."""
        self._change(model_id, deleted=True)

    def _run_for(self, experiment_id: str, model: str) -> RunRecord:
        """The run for a model that no run has made."""
        store = self._store
        experiment = open_experiment(store, experiment_id)
        run = life.start(
            store,
            experiment.name,
            None,
            Tags(description=f"Keeps model {model!r}, which was logged outside a run."),
        )
        return runs.complete(store, run)

    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Record a model in the run's tag ``mlflow.log-model.history``, as MLflow 2 does."""
        run = runs.get(self._store, run_id)
        history = "mlflow.log-model.history"
        noted = json.loads(run.properties.get(history, "[]"))
        noted.append(json.loads(json.dumps(mlflow_model.to_dict(), default=str)))
        set_system_tags(self._store, run, {history: json.dumps(noted)})

    @raising_mlflow_errors
    def search_logged_models(
        self,
        experiment_ids: list[str],
        filter_string: str | None = None,
        datasets: Any = None,
        max_results: int | None = None,
        order_by: Any = None,
        page_token: str | None = None,
    ) -> Any:
        """Models that match MLflow's filter, newest first, one page."""
        from mlflow.utils.search_utils import SearchLoggedModelsUtils

        found = [
            model for experiment_id in experiment_ids for model in self._models_of(experiment_id)
        ]
        chosen = SearchLoggedModelsUtils.filter_logged_models(found, filter_string, datasets)
        ordered = SearchLoggedModelsUtils.sort(chosen, order_by)
        return PagedList(*SearchUtils.paginate(ordered, page_token, max_results or _MOST))

    def _models_of(self, experiment_id: str) -> Iterator[Any]:
        try:
            experiment = find_experiment(self._store, experiment_id)
        except ExperimentNotFoundError:  # as MLflow's own stores do
            return
        found = search(self._store, experiment=experiment.name, include_children=True)
        points = metrics_of_models(found)
        for run in found:
            for model_id, values in models_of(run).items():
                if not values.get("deleted"):
                    of = points.get(model_id, [])
                    yield _entity(self._store, run, experiment.id, model_id, values, of)

    def _found(self, model_id: str) -> tuple[RunRecord, dict[str, Any]]:
        name = f"{_MODEL}{model_id}"
        for run in search(self._store, properties=name, include_children=True):
            return run, json.loads(run.properties[name])
        raise missing(f"There is no model {model_id!r} in workspace {self._store.record.name!r}.")

    def _change(self, model_id: str, **values: Any) -> None:
        run, before = self._found(model_id)
        _put(self._store, run, model_id, {**before, **values, "changed": int(time.time() * 1000)})


def models_of(run: RunRecord) -> dict[str, dict[str, Any]]:
    """Metadata of a run's models, by id."""
    return {
        name.removeprefix(_MODEL): json.loads(text)
        for name, text in run.properties.items()
        if name.startswith(_MODEL)
    }


def _free_folder(store: Store, run: RunRecord, name: str) -> str:
    """The folder for a model: its name, numbered if the run has that folder already."""
    taken = {values["folder"] for values in models_of(run).values()}
    taken |= {one.name.split("/")[0] for one in artifacts.files(store, run)}
    tried, number = name, 1
    while tried in taken:
        number += 1
        tried = f"{name}-{number}"
    return tried


def _put(store: Store, run: RunRecord, model_id: str, values: dict[str, Any]) -> None:
    set_system_tags(store, run, {f"{_MODEL}{model_id}": json.dumps(values, default=str)})


def _entity(
    store: Store,
    run: RunRecord,
    experiment_id: str,
    model_id: str,
    values: dict[str, Any],
    metrics: list[Any],
) -> Any:
    from mlflow.entities import LoggedModel, LoggedModelStatus

    return LoggedModel(
        experiment_id=experiment_id,
        model_id=model_id,
        name=values["name"],
        artifact_location=files_uri(store, run.id, values["folder"]),
        creation_timestamp=values["created"],
        last_updated_timestamp=values["changed"],
        model_type=values["type"],
        source_run_id=run.id,
        status=LoggedModelStatus(values["status"]),
        tags=dict(values["tags"]),
        params=dict(values["params"]),
        metrics=metrics,
    )
