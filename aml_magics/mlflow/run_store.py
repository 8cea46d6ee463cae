"""MLflow's runs as ours, with parameters, tags and metrics."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities import RunStatus, ViewType
from mlflow.store.entities.paged_list import PagedList
from mlflow.utils.search_utils import SearchUtils
from mlflow.utils.validation import (
    _validate_batch_log_data,
    _validate_batch_log_limits,
    _validate_dataset_inputs,
    _validate_param_keys_unique,
)

from aml_magics.errors import ExperimentNotFoundError, RunCanceledError
from aml_magics.mlflow import lifecycle as life
from aml_magics.mlflow.entity import history_of, run_entity, run_info
from aml_magics.mlflow.experiment_store import check_view, checked_page
from aml_magics.mlflow.failure import invalid, missing, raising_mlflow_errors
from aml_magics.mlflow.latest_metric import latest_metrics
from aml_magics.mlflow.lineage import add_inputs, add_outputs
from aml_magics.mlflow.model_metric import note_model_metrics
from aml_magics.mlflow.point import write_points
from aml_magics.mlflow.tag import SYSTEM, Tags, classified_tags, tags_of
from aml_magics.mlflow.workspace import InWorkspace, find_experiment, open_experiment
from aml_magics.records.status import RunStatus as Status
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import metric as metrics
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage import deletion
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.services.run.mlflow import remove_system_tags, set_system_tags
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.search import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.records.run import RunRecord

LOOK: Final = 0.5
"""Seconds for which the state of another process's run is cached."""


class RunStore(InWorkspace):
    """The runs of the tracking store."""

    _seen: dict[str, tuple[RunRecord, float]]

    # -- their life ---------------------------------------------------------------------------

    @raising_mlflow_errors
    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: Any, run_name: str | None
    ) -> Any:
        """Start a run; on return it is on disk and owned by this process."""
        store = self._store
        experiment = open_experiment(store, experiment_id)
        started = life.seconds_given(start_time)
        named = classified_tags(tags or ())
        if run_name and named.name and run_name != named.name:
            raise invalid(
                f"run_name is {run_name!r:.80}, and the tag mlflow.runName is {named.name!r:.80}; give one of them."
            )
        record = life.start(store, experiment.name, run_name, named, started)
        return run_entity(store, record, experiment, ())

    @raising_mlflow_errors
    def get_run(self, run_id: str) -> Any:
        """Get a run by id, a deleted one too."""
        store = self._store
        record = self._any_run(run_id)
        experiment = experiments.get(store, record.experiment)
        last = latest_metrics(store, [record])[record.key]
        return run_entity(store, record, experiment, last)

    @raising_mlflow_errors
    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> Any:
        """End, reopen or rename a run."""
        store = self._store
        record = self._active(run_id)
        ended = life.seconds_given(end_time, even_now=record.status.is_terminal)
        if run_name:
            edit(store, [record.id], RunEdit(name=run_name))
        if run_status is not None and RunStatus.is_terminated(run_status):
            life.finish(store, record, RunStatus.to_string(run_status), ended)
        elif run_status == RunStatus.RUNNING:
            life.reopen(store, record)
        elif run_status is not None:
            life.stay(record, RunStatus.to_string(run_status))
        self._seen.pop(run_id, None)
        record = runs.get(store, run_id)
        return run_info(store, record, experiments.get(store, record.experiment))

    @raising_mlflow_errors
    def delete_run(self, run_id: str) -> None:
        """Delete an ended run with its children; they can be restored for a while."""
        deletion.delete(self._store, [run_id])
        self._seen.pop(run_id, None)

    @raising_mlflow_errors
    def restore_run(self, run_id: str) -> None:
        """Undo ``delete_run``, or another deletion; a run that is there is left as it is."""
        record = self._any_run(run_id)
        if record.deleted is not None:
            deletion.restore(self._store, [record.id])

    # -- what is logged -----------------------------------------------------------------------

    @raising_mlflow_errors
    def log_batch(
        self, run_id: str, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]
    ) -> None:
        """Log metrics, parameters and tags; all are checked before the first is kept."""
        points, given, named = _validate_batch_log_data(metrics, params, tags)
        _validate_batch_log_limits(points, given, named)
        _validate_param_keys_unique(given)
        record = self._writable(run_id)
        if given:
            self._add_params(run_id, {one.key: str(one.value) for one in given})
        write_points(self._store, record, points)
        note_model_metrics(self._store, record, points)
        if named:
            self._set_tags(record, classified_tags(named))

    @raising_mlflow_errors
    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag of a run."""
        record = self._active(run_id)
        if key not in {tag.key for tag in tags_of(record)}:
            raise missing(f"Run {record.name!r} has no tag {key!r}.")
        if key in record.tags:
            runs.remove_tags(self._store, record, [key])
        elif key in record.properties:
            remove_system_tags(self._store, record, [key])
        else:
            self._set_tags(record, Tags(description=""))  # the name and the parent stay

    @raising_mlflow_errors
    def log_inputs(self, run_id: str, datasets: Any = None, models: Any = None) -> None:
        """Record datasets and models as inputs of a run."""
        _validate_dataset_inputs(datasets or ())
        add_inputs(self._store, self._active(run_id), datasets or (), models or ())

    @raising_mlflow_errors
    def log_outputs(self, run_id: str, models: Any) -> None:
        """Record models as outputs of a run."""
        add_outputs(self._store, self._active(run_id), models or ())

    # -- reading ------------------------------------------------------------------------------

    @raising_mlflow_errors
    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> Any:
        """All points of a metric in the order of logging, optionally by pages."""
        record = self._any_run(run_id)
        points = history_of(metrics.series(self._store, record, metric_key))
        if max_results is None:
            return PagedList(points, None)
        return PagedList(*SearchUtils.paginate(points, page_token, max_results))

    @raising_mlflow_errors
    def _search_runs(
        self,
        experiment_ids: Iterable[str],
        filter_string: str | None,
        run_view_type: int,
        max_results: int,
        order_by: list[str] | None,
        page_token: str | None,
    ) -> tuple[list[Any], str | None]:
        """Runs that match MLflow's filter, newest first by default, and the next page's token."""
        most = checked_page(max_results)
        check_view(run_view_type)
        store = self._store
        found = self._runs_of(experiment_ids, run_view_type)
        # reading the metrics of all runs takes a while, and most searches ask for none of them
        needed = "metric" in f"{filter_string or ''} {' '.join(order_by or [])}".lower()
        last = latest_metrics(store, [one for one, _ in found.values()]) if needed else {}
        entities = [
            run_entity(store, record, experiment, last.get(record.key, ()))
            for record, experiment in found.values()
        ]
        chosen = SearchUtils.sort(SearchUtils.filter(entities, filter_string), order_by)
        page, token = SearchUtils.paginate(chosen, page_token, most)
        if not needed:
            shown = [found[one.info.run_id] for one in page]
            last = latest_metrics(store, [record for record, _ in shown])
            page = [run_entity(store, record, of, last[record.key]) for record, of in shown]
        return page, token

    def _runs_of(
        self, experiment_ids: Iterable[str], view: int
    ) -> dict[str, tuple[RunRecord, ExperimentRecord]]:
        """The runs of some experiments by id, with their experiment; those of an archived one count as deleted."""
        found: dict[str, tuple[RunRecord, ExperimentRecord]] = {}
        for given in experiment_ids:
            try:
                experiment = find_experiment(self._store, given)
            except ExperimentNotFoundError:  # as MLflow's own stores do
                continue
            name = experiment.name
            chosen: list[RunRecord] = []
            hidden = ViewType.DELETED_ONLY if experiment.archived is None else ViewType.ACTIVE_ONLY
            if view != hidden:
                chosen += search(self._store, experiment=name, include_children=True)
            if view != ViewType.ACTIVE_ONLY:
                chosen += deletion.deleted_runs(self._store, experiment=name)
            found |= {record.id: (record, experiment) for record in chosen}
        return found

    # -- within -------------------------------------------------------------------------------

    def _any_run(self, run_id: str) -> RunRecord:
        """The run, deleted or not."""
        gone = deletion.deleted_runs(self._store, ids=[run_id])
        return gone[0] if gone else runs.get(self._store, run_id)

    def _active(self, run_id: str) -> RunRecord:
        record = self._any_run(run_id)
        if record.deleted is not None:
            raise invalid(
                f"Run {record.name!r} is deleted; MlflowClient().restore_run({record.id!r}) brings it back."
            )
        return record

    def _writable(self, run_id: str) -> RunRecord:
        """The run, if points may be logged to it.

        MLflow logs to ended runs too. A canceled one refuses, so that a loop that still runs notices.
        """
        store = self._store
        record, when = self._seen.get(run_id, (None, 0.0))
        is_known = record is not None and (
            open_runs(store).has(record.key) or time.monotonic() - when < LOOK
        )
        if record is None or not is_known:
            record = self._active(run_id)
            self._seen[run_id] = (record, time.monotonic())
            if len(self._seen) > 100:
                self._seen.pop(next(iter(self._seen)), None)
        if record.status in (Status.CANCELED, Status.CANCEL_REQUESTED):
            raise RunCanceledError(
                f"Run {record.name!r} was canceled ({record.reason}), and nothing more is logged to it."
            )
        return record

    def _add_params(self, run_id: str, values: dict[str, str]) -> None:
        record = runs.get(self._store, run_id)
        for name, text in values.items():
            if name in record.params and str(record.params[name]) != text:
                raise invalid(
                    f"Parameter {name!r} of run {record.name!r} is {str(record.params[name])!r:.200} and cannot become {text!r:.200}; "
                    "log it under another name, or in a nested run."
                )
        new = {name: text for name, text in values.items() if name not in record.params}
        if new:
            runs.add_params(self._store, record, new)

    def _set_tags(self, record: RunRecord, tags: Tags) -> None:
        if tags.name is not None or tags.description is not None:
            change = RunEdit(name=tags.name, description=tags.description)
            edit(self._store, [record.id], change)
        if tags.own:
            runs.set_tags(self._store, record, tags.own)
        if tags.parent is not None and tags.parent != record.parent:
            tags.system[f"{SYSTEM}parentRunId"] = tags.parent
        if tags.system:
            set_system_tags(self._store, record, tags.system)
