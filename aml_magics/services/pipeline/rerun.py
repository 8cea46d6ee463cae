"""Runs a pipeline again from one of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import PipelineError, did_you_mean
from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import pipeline_of, submit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def rerun(store: Store, record: RunRecord, step_id: str | None = None) -> RunRecord:
    """Run a pipeline again from a step: the new run takes over what has completed and does not wait for that step.

    Args:
        step_id: None for all that has not completed.

    Raises:
        PipelineError: the run is none of a pipeline, or has no such step.
    """
    asked = pipeline_of(store, record)
    steps = asked.graph.definition.steps
    ids = [one.id for one in steps]
    if step_id is not None and step_id not in ids:
        names = ", ".join(f"{one.id} ({one.name})" for one in steps[:20])
        raise PipelineError(
            f"Run {record.name!r} has no step {step_id!r:.60}.{did_you_mean(step_id, ids)} It has: {names}."
        )
    again = set() if step_id is None else _behind(steps, step_id)
    takes_over = {
        one.step.id: one.kept.reused_from or one.run.id
        for one in step_results(store, record)
        if one.step.id not in again and one.run.status is RunStatus.COMPLETED
    }
    return submit(
        store,
        record.experiment,
        asked.graph,
        parameters=asked.parameters,
        continue_on_step_failure=asked.continue_on_step_failure,
        regenerate_outputs=True,  # who runs a step again does not want its earlier outputs
        tags=record.tags,
        pipeline_id=asked.pipeline_id,
        rerun_of=record.id,
        takes_over=takes_over,
    )


def _behind(steps: Sequence[StepDefinition], step_id: str) -> set[str]:
    """A step and all that wait for it."""
    found, count = {step_id}, 0
    while len(found) > count:
        count = len(found)
        found |= {one.id for one in steps if one.before & found}
    return found
