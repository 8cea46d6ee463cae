"""Lets steps run once what they wait for is there; each change is one compare-and-set."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.records.run import LOST
from aml_magics.records.status import RunStatus
from aml_magics.services.data.input import note_inputs
from aml_magics.services.job.submission import is_here
from aml_magics.services.pipeline.binding import job_of
from aml_magics.services.pipeline.reuse import written_files
from aml_magics.services.pipeline.submission import (
    PlannedStep,
    decide,
    give_variables,
    is_script,
    reused_properties,
    takes_variables,
)
from aml_magics.services.process.job_secret import forget_within
from aml_magics.services.run.ending import end_unstarted
from aml_magics.services.run.log import continue_log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.records.job import JobRecord
    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import PipelineRunRecord, StepRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.binding import Maker
    from aml_magics.store.store import Store

_LEAVE_SECONDS: Final = 15.0
"""So long is waited for a worker of which nobody here can say whether it lives."""

_SETTLE_SECONDS: Final = 1.0
"""So long after a worker was found dead, others who found it too may be ending what it left, by the run's id."""


def planned_release(
    store: Store,
    asked: PipelineRunRecord,
    step: StepDefinition,
    kept: StepRunRecord,
    run: RunRecord,
    makers: Mapping[str, Maker],
) -> PlannedStep:
    """Bind a waiting step to its inputs, and decide whether it is reused.

    Raises:
        DataNotFoundError: a step before it wrote no file to an output that is read as a dataset.
    """
    job = job_of_step(store, step, run)
    template = asked.graph.templates[step.id]
    planned = PlannedStep(step, template, run, job, [], kept)
    decide(store, planned, makers, asked)
    return planned


def job_of_step(store: Store, step: StepDefinition, run: RunRecord) -> JobRecord:
    """The job of a step's run.

    Raises:
        PipelineError: it is gone.
    """
    with store.catalogue.read() as connection:
        job = store.jobs.get(connection, run.key)
    if job is None:
        raise PipelineError(f"The job of step {step.name!r} is gone; submit the pipeline again.")
    return job


def release(store: Store, steps: Sequence[PlannedStep], pipeline_id: str) -> set[int]:
    """Queue steps, or end those that are reused; returns the keys of those that were not canceled meanwhile."""
    for one in steps:
        if one.reused is None and takes_variables(store, one):
            give_variables(store, pipeline_id, one.record.id)

    def work(connection: sa.Connection) -> set[int]:
        return {one.record.key for one in steps if _release(store, connection, one)}

    return store.catalogue.transact(work, durable=True)


def _release(store: Store, connection: sa.Connection, one: PlannedStep) -> bool:
    key, waiting = one.record.key, [RunStatus.NOT_STARTED]
    now = time.time()
    if one.reused is not None:
        to, values = RunStatus.COMPLETED, {"started": now, "ended": now, "duration": 0.0}
    elif is_script(one.step):
        to, values = RunStatus.QUEUED, {}
    else:
        to, values = RunStatus.RUNNING, {"started": now}
    if not store.runs.move(connection, key, to, values, expected=waiting):
        return False
    store.pipeline_runs.set_step(connection, one.kept)
    store.jobs.replace(connection, one.job)
    note_inputs(store, connection, key, one.job.data, one.datasets)
    if one.reused is not None:
        store.fields.put(connection, key, "property", reused_properties(one.reused))
        forget_within(store, connection, key)
    return True


def is_left(store: Store, run: RunRecord, seconds: float) -> bool:
    """Whether the worker of a failed try has gone, so that nothing is taken away from another.

    Args:
        seconds: since the failure was seen.
    """
    is_lost = run.error is not None and run.error.code == LOST
    if is_lost and seconds < _SETTLE_SECONDS:
        return False
    with store.catalogue.read() as connection:
        owner = store.owners.get(connection, [run.owner or ""]).get(run.owner or "")
    return owner is None or seconds > _LEAVE_SECONDS or store.owners.is_alive(owner) is False


def retry_step(
    store: Store,
    asked: PipelineRunRecord,
    step: StepDefinition,
    kept: StepRunRecord,
    run: RunRecord,
    pipeline_id: str,
) -> StepRunRecord:
    """Let a step whose try failed be run again, as another attempt of its run."""
    if is_here(store, run.target):
        give_variables(store, pipeline_id, run.id)
    continue_log(store, run)
    again = replace(kept, tries=kept.tries + 1)
    job = job_of(step, asked.graph.templates[step.id], asked.parameters)

    def work(connection: sa.Connection) -> None:
        values = {
            "owner": None,
            "reason": "",
            "error": None,
            "attempt": run.attempt + 1,
        }
        queued = RunStatus.QUEUED  # else it was canceled meanwhile
        if store.runs.move(connection, run.key, queued, values, expected=[queued]):
            there = store.jobs.get(connection, run.key)
            data = job.data if there is None else there.data
            # its end has masked the secrets of the job
            store.jobs.replace(connection, replace(job, run_key=run.key, data=data))
            store.pipeline_runs.set_step(connection, again)

    store.catalogue.transact(work, durable=True)
    return again


def count_written(
    store: Store, step: StepDefinition, kept: StepRunRecord, run: RunRecord
) -> StepRunRecord:
    """Note how many files a completed step wrote: outputs of which some are gone later are not reused."""
    names = {one.name for one in step.outputs}
    if kept.decision is not StepDecision.QUEUED or names <= set(kept.written):
        return kept
    counts = {one.name: len(written_files(store, run.id, one.part)) for one in step.outputs}
    counted = replace(kept, written=counts)
    store.catalogue.transact(lambda connection: store.pipeline_runs.set_step(connection, counted))
    return counted


def skip(store: Store, steps: Sequence[tuple[StepRunRecord, str]]) -> set[int]:
    """Cancel steps that have not started, each with its reason; returns the keys of those that had not."""
    reasons = {one.run_key: reason for one, reason in steps}

    def note(connection: sa.Connection, ended: set[int]) -> None:
        for one, _ in steps:
            if one.run_key in ended:
                skipped = replace(one, decision=StepDecision.SKIPPED)
                store.pipeline_runs.set_step(connection, skipped)

    return end_unstarted(store, reasons, RunStatus.CANCELED, note)
