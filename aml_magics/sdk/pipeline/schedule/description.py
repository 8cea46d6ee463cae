"""What a schedule is: its properties."""

from __future__ import annotations

from aml_magics.records.pipeline.pipeline import ScheduleRecord
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger
from aml_magics.sdk.pipeline.kept import Kept
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence
from aml_magics.services.pipeline.schedule import when_of


class ScheduleDescription(Kept[ScheduleRecord]):
    """The properties of a schedule, as they were when it was read or changed last."""

    @property
    def pipeline_id(self) -> str | None:
        """The id of the published pipeline; None if it runs an endpoint."""
        return self._record.pipeline_id

    @property
    def pipeline_endpoint_id(self) -> str | None:
        """The id of the endpoint; None if it runs a published pipeline."""
        return self._record.endpoint_id

    @property
    def status(self) -> str:
        """``Active`` or ``Disabled``."""
        return str(self._record.status)

    @property
    def recurrence(self) -> ScheduleRecurrence | None:
        """How often it runs; None if it follows a datastore."""
        when = when_of(self._record)
        return ScheduleRecurrence._of(when) if isinstance(when, Recurrence) else None

    @property
    def datastore_name(self) -> str | None:
        """The datastore that it follows, if any."""
        trigger = self._trigger
        return None if trigger is None else trigger.datastore

    @property
    def polling_interval(self) -> int | None:
        """Minutes between two looks at the datastore."""
        trigger = self._trigger
        return None if trigger is None else trigger.polling_interval

    @property
    def path_on_datastore(self) -> str | None:
        """The folder that it looks at; None if it is the root."""
        trigger = self._trigger
        return None if trigger is None else trigger.path or None

    @property
    def data_path_parameter_name(self) -> str | None:
        """The parameter that gets the path of a changed file."""
        trigger = self._trigger
        return None if trigger is None else trigger.parameter or None

    @property
    def continue_on_step_failure(self) -> bool | None:
        """Whether steps that do not need a failed one run on; None if the pipeline says so."""
        chosen: bool | None = self._record.details["continue_on_step_failure"]
        return chosen

    @property
    def _trigger(self) -> Trigger | None:
        when = when_of(self._record)
        return when if isinstance(when, Trigger) else None

    def __repr__(self) -> str:
        runs = (
            f"Pipeline Id: {self.pipeline_id}"
            if self.pipeline_id
            else f"Pipeline Endpoint Id: {self.pipeline_endpoint_id}"
        )
        when = when_of(self._record)
        return f"Schedule(Name: {self.name}, Id: {self.id}, Status: {self.status}, {runs}, {when})"
