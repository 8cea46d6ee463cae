"""MLflow's experiments as ours; a deleted one is archived."""

from __future__ import annotations

import logging
from typing import Any

from mlflow.entities import ViewType
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking import SEARCH_MAX_RESULTS_DEFAULT, SEARCH_MAX_RESULTS_THRESHOLD
from mlflow.utils.search_utils import SearchExperimentsUtils, SearchUtils
from mlflow.utils.validation import _validate_experiment_tag

from aml_magics.errors import AlreadyExistsError, ExperimentNotFoundError, RunStateError
from aml_magics.mlflow.entity import experiment_entity
from aml_magics.mlflow.failure import invalid, missing, raising_mlflow_errors
from aml_magics.mlflow.workspace import (
    InWorkspace,
    archived,
    find_experiment,
    open_experiment,
)
from aml_magics.services.run import experiment as experiments

_ARCHIVED = {ViewType.ACTIVE_ONLY: False, ViewType.DELETED_ONLY: True, ViewType.ALL: None}
_NEWEST_FIRST = ["creation_time DESC", "experiment_id ASC"]
_log = logging.getLogger("aml_magics")


class ExperimentStore(InWorkspace):
    """The experiments of the tracking store."""

    @raising_mlflow_errors
    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Any:
        """Experiments that match MLflow's filter, newest first, one page."""
        most = checked_page(max_results)
        check_view(view_type)
        store = self._store
        found = [
            experiment_entity(store, one)
            for one in experiments.list_experiments(store, archived=_ARCHIVED[view_type])
        ]
        chosen = SearchExperimentsUtils.filter(found, filter_string)
        ordered = SearchExperimentsUtils.sort(chosen, order_by or _NEWEST_FIRST)
        return PagedList(*SearchUtils.paginate(ordered, page_token, most))

    @raising_mlflow_errors
    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Any = None
    ) -> str:
        """Create an experiment and return its id; a name may not be that of an archived one."""
        store = self._store
        if any(
            one.name == str(name).strip()
            for one in experiments.list_experiments(store, archived=None)
        ):
            raise AlreadyExistsError(
                f"There is an experiment {name!r} already; use mlflow.set_experiment({name!r})."
            )
        if artifact_location:
            _log.warning(
                "artifact_location=%r is not used: the files of runs are kept with the workspace, in %s",
                artifact_location,
                store.blobs.url,
            )
        record = experiments.ensure(store, name)
        if tags:
            experiments.set_tags(store, record, {tag.key: str(tag.value) for tag in tags})
        return record.id

    @raising_mlflow_errors
    def get_experiment(self, experiment_id: str) -> Any:
        """Get an experiment by id, archived or not."""
        return experiment_entity(self._store, find_experiment(self._store, experiment_id))

    @raising_mlflow_errors
    def get_experiment_by_name(self, experiment_name: str) -> Any:
        """Get an experiment by name, or None."""
        try:
            record = experiments.get(self._store, experiment_name)
        except ExperimentNotFoundError:
            return None
        return experiment_entity(self._store, record)

    @raising_mlflow_errors
    def delete_experiment(self, experiment_id: str) -> None:
        """Archive an experiment; its runs stay."""
        record = find_experiment(self._store, experiment_id)
        if record.archived is not None:
            raise missing(f"Experiment {record.name!r} is archived already.")
        experiments.archive(self._store, record)

    @raising_mlflow_errors
    def restore_experiment(self, experiment_id: str) -> None:
        """Reactivate an archived experiment."""
        record = find_experiment(self._store, experiment_id)
        if record.archived is None:
            raise missing(
                f"Experiment {record.name!r} is not archived; there is nothing to restore."
            )
        experiments.archive(self._store, record, back=True)

    @raising_mlflow_errors
    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Rename an experiment."""
        record = find_experiment(self._store, experiment_id)
        if record.archived is not None:
            raise RunStateError(archived(record))
        experiments.rename(self._store, record, new_name)

    @raising_mlflow_errors
    def set_experiment_tag(self, experiment_id: str, tag: Any) -> None:
        """Set a tag of an experiment."""
        _validate_experiment_tag(tag.key, tag.value)
        record = open_experiment(self._store, experiment_id)
        experiments.set_tags(self._store, record, {**record.tags, tag.key: str(tag.value)})

    @raising_mlflow_errors
    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment."""
        record = open_experiment(self._store, experiment_id)
        if key not in record.tags:
            raise missing(f"Experiment {record.name!r} has no tag {key!r:.80}.")
        kept = {name: text for name, text in record.tags.items() if name != key}
        experiments.set_tags(self._store, record, kept)


def check_view(view_type: object) -> None:
    """Check which of the active and the deleted are asked for."""
    if view_type not in _ARCHIVED:
        raise invalid(
            f"The view is {view_type!r:.60}; give ViewType.ACTIVE_ONLY, DELETED_ONLY or ALL of mlflow.entities."
        )


def checked_page(max_results: object) -> int:
    """Check MLflow's limit for ``max_results`` and return it."""
    if not isinstance(max_results, int) or not 1 <= max_results <= SEARCH_MAX_RESULTS_THRESHOLD:
        raise invalid(
            f"max_results is {max_results!r}; give a whole number from 1 to {SEARCH_MAX_RESULTS_THRESHOLD:,}."
        )
    return max_results
