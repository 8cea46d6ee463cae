"""The steps that are sweeps: each submits one below its run, and ends as that does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AlreadyExistsError, AmlError, RunNotFoundError, StoreError
from aml_magics.records.data.data_use import OutputResult
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.data.input import keep_data
from aml_magics.services.job.source import Source
from aml_magics.services.job.submission import SCRIPT_RUN, PreparedRun
from aml_magics.services.pipeline.parameter import filled
from aml_magics.services.pipeline.release import job_of_step
from aml_magics.services.pipeline.submission import give_variables, is_script
from aml_magics.services.pipeline.sweep_output import keep_sweep_outputs, sweep_id
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.ending import current, end
from aml_magics.services.sweep import submission
from aml_magics.services.sweep.request import SweepRequest

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataUse
    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import PipelineRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.pipeline.steps import StepState

_LONGEST_REASON: Final = 300
_FIELDS: Final = {one.name for one in fields(SweepRequest)}


class StepSweeps:
    """The sweeps of a pipeline's steps.

    Args:
        pipeline_id: the id of the pipeline's run.
    """

    def __init__(self, store: Store, asked: PipelineRunRecord, pipeline_id: str) -> None:
        self._store = store
        self._graph = asked.graph
        self._values = asked.parameters
        self._pipeline_id = pipeline_id

    def submit(self, one: StepState) -> None:
        """Submit the sweep of a step, unless it is there."""
        store, template = self._store, self._graph.templates[one.step.id]
        job = job_of_step(store, one.step, one.run)
        record = replace(
            one.run, type=SCRIPT_RUN, name="", properties=template.run["properties"], params={}
        )
        _, datasets = keep_data(store, job.data)
        kept = Source(template.source_id, template.files, ())
        trial = replace(job, run_key=0, data=_of_trial(one.step, job.data))
        prepared = PreparedRun(record, trial, kept, template.parts, datasets)
        wanted = request_of(filled(one.step, self._values).settings, sweep_id(one.run.id))
        with suppress(AlreadyExistsError):  # by a controller that was killed just after
            submission.submit_prepared(store, wanted, prepared, self._give, parent=one.run)

    def _give(self, run_id: str) -> None:
        give_variables(self._store, self._pipeline_id, run_id)

    def look(self, one: StepState) -> None:
        """Submit the sweep of a step unless it is there, and end the step when it has ended.

        Raises:
            SweepError: a setting breaks its rule.
        """
        sweep = self._sweep(one)
        if sweep is None:  # also where a controller was killed just before
            self.submit(one)
        elif sweep.status in TERMINAL:
            self._end(one, sweep)

    def _end(self, one: StepState, sweep: RunRecord) -> None:
        status, reason, error = sweep.status, sweep.reason, sweep.error
        if status is RunStatus.COMPLETED:
            try:
                keep_sweep_outputs(self._store, one.step, one.run, sweep)
            except StoreError:
                raise  # it is tried again
            except AmlError as problem:
                found = RunError.of(
                    problem
                )  # the message suffices; the traceback would be internal
                status, error = RunStatus.FAILED, RunError(found.code, found.message)
                reason = problem.message[:_LONGEST_REASON]
        end(self._store, one.run.key, status, reason=reason, error=error, ours=False)

    def cancel(self, one: StepState, reason: str) -> None:
        """Cancel the sweep of a step, if it is one."""
        sweep = None if is_script(one.step) else self._sweep(one)
        if sweep is not None and sweep.status not in TERMINAL:
            cancel(self._store, sweep, reason)

    def _sweep(self, one: StepState) -> RunRecord | None:
        with suppress(RunNotFoundError):
            return current(self._store, sweep_id(one.run.id))
        return None


def _of_trial(step: StepDefinition, data: DataUse) -> DataUse:
    """The data of a trial: what it writes is registered under no name, as the best one's outputs become the step's."""
    made = {one.name for one in step.outputs if one.training_output is not None}
    unnamed = (OutputResult(),)
    outputs = tuple(
        replace(one, results=unnamed if one.results else ())  # without results it is a bare path
        for one in data.outputs
        if one.name not in made
    )
    return replace(data, outputs=outputs)


def request_of(settings: dict[str, Any], run_id: str) -> SweepRequest:
    """The request that a step's settings are: the fields of a ``SweepRequest`` as plain JSON.

    Raises:
        SweepError: a setting breaks its rule.
    """
    policy = settings.get("policy")
    given = {
        name: value
        for name, value in settings.items()
        if name in _FIELDS and name not in ("sampler", "policy", "goal")
    }
    return SweepRequest(
        sampler=Named(**settings["sampler"]),
        policy=None if policy is None else Named(**policy),
        goal=Goal(settings["goal"]),
        run_id=run_id,
        **given,
    )
