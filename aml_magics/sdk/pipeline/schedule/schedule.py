"""Schedules: when a published pipeline or an endpoint runs by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Trigger
from aml_magics.sdk import handles
from aml_magics.sdk.pipeline.pipeline import written_parameters
from aml_magics.sdk.pipeline.schedule.description import ScheduleDescription
from aml_magics.sdk.pipeline.schedule.recurrence import (
    POLLING_INTERVAL,
    ScheduleRecurrence,
    recurrence_of,
    timing,
)
from aml_magics.services.pipeline import schedule as schedules
from aml_magics.services.pipeline.schedule import NO_CATCH_UP, ScheduleEdit, ScheduleRequest
from aml_magics.services.pipeline.schedule_yaml import read_yaml
from aml_magics.services.run.run import existing

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping

    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.pipeline.schedule import CatchUp, When


class Schedule(ScheduleDescription):
    """When a published pipeline or an endpoint runs by itself: at times, or when files of a datastore change.

    ``Schedule.create`` makes one, ``Schedule.get`` finds one. A schedule goes on without this process: this machine looks
    after it until it is disabled. Each time it is due one run starts, whatever is killed meanwhile.

    Args:
        id: the schedule's id; all else is read.

    Raises:
        PipelineNotFoundError: there is none of that id.
    """

    def __init__(
        self,
        workspace: Workspace,
        id: str,
        name: str | None = None,
        description: str | None = None,
        pipeline_id: str | None = None,
        status: str | None = None,
        recurrence: ScheduleRecurrence | None = None,
        datastore_name: str | None = None,
        polling_interval: int | None = None,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
        _schedule_provider: object = None,
        pipeline_endpoint_id: str | None = None,
    ) -> None:
        del name, description, pipeline_id, status, recurrence, datastore_name, polling_interval
        del data_path_parameter_name, continue_on_step_failure, path_on_datastore
        del pipeline_endpoint_id
        self._workspace = workspace
        self._record = schedules.get(workspace.store, id)

    # -- making and finding ---------------------------------------------------------------------

    @staticmethod
    def create(
        workspace: Workspace,
        name: str,
        pipeline_id: str,
        experiment_name: str,
        recurrence: ScheduleRecurrence | None = None,
        description: str | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        wait_for_provisioning: bool | None = False,
        wait_timeout: float | None = 3600,
        datastore: AbstractDatastore | str | None = None,
        polling_interval: int | None = POLLING_INTERVAL,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
        *,
        catch_up: CatchUp = NO_CATCH_UP,
    ) -> Schedule:
        """Make an active schedule of a published pipeline.

        Args:
            name: of the schedule; need not be unique.
            pipeline_id: of the published pipeline.
            experiment_name: the experiment of its runs.
            recurrence: how often; either this or ``datastore``.
            description: any text.
            pipeline_parameters: values by name; others have their defaults.
            wait_for_provisioning: accepted: a schedule is there at once.
            wait_timeout: accepted.
            datastore: files that are added or modified in it start a run each.
            polling_interval: minutes between two looks at the datastore.
            data_path_parameter_name: the parameter that gets the file's path.
            continue_on_step_failure: whether steps that do not need a failed one run on; as it was published if None.
            path_on_datastore: the folder that is looked at, without those below it; the root if None.
            catch_up: what becomes of slots at which nothing looked after the schedule: ``none`` runs, as in Azure, the
                ``latest``, or as many of them as this number.

        Raises:
            PipelineError: an argument breaks its rule, or the pipeline is disabled.
            PipelineNotFoundError: no published pipeline has that id.
        """
        del wait_for_provisioning, wait_timeout
        when = timing(
            recurrence, datastore, polling_interval, data_path_parameter_name, path_on_datastore
        )
        asked = ScheduleRequest(
            name=name,
            experiment=experiment_name,
            when=when,
            pipeline_id=pipeline_id,
            description=description or "",
            parameters=written_parameters(workspace, pipeline_parameters) or {},
            continue_on_step_failure=continue_on_step_failure,
            catch_up=catch_up,
        )
        return Schedule._of(workspace, schedules.create(workspace.store, asked))

    @staticmethod
    def create_for_pipeline_endpoint(
        workspace: Workspace,
        name: str,
        pipeline_endpoint_id: str,
        experiment_name: str,
        recurrence: ScheduleRecurrence | None = None,
        description: str | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        wait_for_provisioning: bool | None = False,
        wait_timeout: float | None = 3600,
        datastore: AbstractDatastore | str | None = None,
        polling_interval: int | None = POLLING_INTERVAL,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
        *,
        catch_up: CatchUp = NO_CATCH_UP,
    ) -> Schedule:
        """Make an active schedule of an endpoint; each run is of its default version then.

        Args:
            pipeline_endpoint_id: of the endpoint; all else as in :meth:`create`.

        Raises:
            PipelineError, PipelineNotFoundError: as :meth:`create`.
        """
        del wait_for_provisioning, wait_timeout
        when = timing(
            recurrence, datastore, polling_interval, data_path_parameter_name, path_on_datastore
        )
        asked = ScheduleRequest(
            name=name,
            experiment=experiment_name,
            when=when,
            endpoint_id=pipeline_endpoint_id,
            description=description or "",
            parameters=written_parameters(workspace, pipeline_parameters) or {},
            continue_on_step_failure=continue_on_step_failure,
            catch_up=catch_up,
        )
        return Schedule._of(workspace, schedules.create(workspace.store, asked))

    @staticmethod
    def get(
        workspace: Workspace,
        id: str,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> Schedule:
        """The schedule of an id; raises PipelineNotFoundError."""
        return Schedule(workspace, id)

    @staticmethod
    def list(
        workspace: Workspace,
        active_only: bool = True,
        pipeline_id: str | None = None,
        pipeline_endpoint_id: str | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[Schedule]:
        """The schedules, all or of a pipeline or an endpoint; newest first."""
        found = schedules.schedules(
            workspace.store,
            active_only=active_only,
            pipeline_id=pipeline_id,
            endpoint_id=pipeline_endpoint_id,
        )
        return [Schedule._of(workspace, one) for one in found]

    @staticmethod
    def get_all(
        workspace: Workspace,
        active_only: bool = True,
        pipeline_id: str | None = None,
        pipeline_endpoint_id: str | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[Schedule]:
        """The older name of :meth:`list`."""
        return Schedule.list(workspace, active_only, pipeline_id, pipeline_endpoint_id)

    @staticmethod
    def get_schedules_for_pipeline_id(
        workspace: Workspace,
        pipeline_id: str,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[Schedule]:
        """All schedules of a published pipeline, disabled ones too."""
        return Schedule.list(workspace, active_only=False, pipeline_id=pipeline_id)

    @staticmethod
    def get_schedules_for_pipeline_endpoint_id(
        workspace: Workspace,
        pipeline_endpoint_id: str,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[Schedule]:
        """All schedules of an endpoint, disabled ones too."""
        return Schedule.list(
            workspace, active_only=False, pipeline_endpoint_id=pipeline_endpoint_id
        )

    @staticmethod
    def load_yaml(
        workspace: Workspace,
        filename: str | Path,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> dict[str, Any]:
        """The arguments of :meth:`create` that a YAML file gives under ``Schedule:``.

        ``recurrence`` is a :class:`ScheduleRecurrence`; the name of a datastore is under ``datastore_name``.

        Raises:
            PipelineError: the file is no such YAML, or its recurrence breaks a rule.
        """
        del workspace
        found = read_yaml(Path(filename))
        given = found["recurrence"]
        return {**found, "recurrence": None if given is None else recurrence_of(given)}

    # -- changing -------------------------------------------------------------------------------

    def update(
        self,
        name: str | None = None,
        description: str | None = None,
        recurrence: ScheduleRecurrence | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        status: str | None = None,
        wait_for_provisioning: bool | None = False,
        wait_timeout: float | None = 3600,
        datastore: AbstractDatastore | str | None = None,
        polling_interval: int | None = None,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
        *,
        catch_up: CatchUp | None = None,
    ) -> None:
        """Change what is given; times that are past do not run.

        Args:
            status: ``Active`` or ``Disabled``; all else as in :meth:`create`.

        Raises:
            PipelineError: as :meth:`create`.
        """
        del wait_for_provisioning, wait_timeout
        data = (datastore, polling_interval, data_path_parameter_name, path_on_datastore)
        when: When | None = None
        if recurrence is not None or any(one is not None for one in data):
            when = self._edited_when(recurrence, *data)
        asked = ScheduleEdit(
            name=name,
            description=description,
            when=when,
            parameters=written_parameters(self._workspace, pipeline_parameters),
            status=None if status is None else _status(status),
            continue_on_step_failure=continue_on_step_failure,
            catch_up=catch_up,
        )
        self._edit(asked)

    def enable(
        self, wait_for_provisioning: bool | None = False, wait_timeout: float | None = 3600
    ) -> None:
        """Let it run again, from now on, looked after by this machine; the arguments are accepted."""
        del wait_for_provisioning, wait_timeout
        self._edit(ScheduleEdit(status=PipelineStatus.ACTIVE))

    def disable(
        self, wait_for_provisioning: bool | None = False, wait_timeout: float | None = 3600
    ) -> None:
        """Let it start no more runs; those that it has started go on. The arguments are accepted."""
        del wait_for_provisioning, wait_timeout
        self._edit(ScheduleEdit(status=PipelineStatus.DISABLED))

    def _edit(self, asked: ScheduleEdit) -> None:
        self._record = schedules.edit(self._workspace.store, self.id, asked)

    def _edited_when(
        self,
        recurrence: ScheduleRecurrence | None,
        datastore: AbstractDatastore | str | None,
        polling_interval: int | None,
        parameter: str | None,
        path: str | None,
    ) -> When:
        """When it is to run; what is not given of a trigger stays."""
        there = schedules.when_of(self._record)
        if recurrence is None and isinstance(there, Trigger):
            datastore = there.datastore if datastore is None else datastore
            polling_interval = polling_interval or there.polling_interval
            parameter = there.parameter if parameter is None else parameter
            path = there.path if path is None else path
        if polling_interval is None and recurrence is None:
            polling_interval = POLLING_INTERVAL
        return timing(recurrence, datastore, polling_interval, parameter, path)

    # -- its runs -------------------------------------------------------------------------------

    def get_last_pipeline_run(self) -> PipelineRun | None:
        """The run that it has started last, None if it has started none."""
        return next(iter(self.get_pipeline_runs()), None)

    def get_pipeline_runs(self) -> builtins.list[PipelineRun]:
        """The runs that it has started and that were not deleted, newest first."""
        store = self._workspace.store
        found = {one.id: one for one in existing(store, schedules.run_ids(store, self._record))}
        newest = sorted(found.values(), key=lambda one: one.created, reverse=True)
        return [handles.PipelineRun._of(self._workspace, one) for one in newest]


def _status(text: str) -> PipelineStatus:
    usable = (PipelineStatus.ACTIVE, PipelineStatus.DISABLED)
    if text not in usable:
        raise PipelineError(f"status is 'Active' or 'Disabled', not {described(text)}.")
    return PipelineStatus(text)
