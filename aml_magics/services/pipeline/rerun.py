"""Runs a pipeline again from a step: what had completed before it is taken over as it is."""

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


def rerun(store: Store, record: RunRecord, step: str | None = None) -> RunRecord:
    """Submit the pipeline of a run again, with the same parameters and code.

    Args:
        step: the id of a step, which runs again with all that follow it; None for those that have not completed.

    Raises:
        PipelineError: the run is none of a pipeline, has not ended, or has no such step.
    """
    asked = pipeline_of(store, record)
    if not record.status.is_terminal:
        raise PipelineError(
            f"Pipeline {record.name!r} ({record.id}) is {record.status}; cancel it, or wait for its end, to run it again."
        )
    steps = asked.graph.definition.steps
    again = set() if step is None else _followers(steps, step)
    done = {
        one.step.id: one.kept.reused_from or one.run.id
        for one in step_results(store, record)
        if one.run.status is RunStatus.COMPLETED and one.step.id not in again
    }
    return submit(
        store,
        record.experiment,
        asked.graph,
        parameters=asked.parameters,
        continue_on_step_failure=asked.continue_on_step_failure,
        tags=record.tags,
        pipeline_id=asked.pipeline_id,
        description=record.description,
        rerun_of=record.id,
        takes_over=done,
    )


def _followers(steps: Sequence[StepDefinition], first: str) -> set[str]:
    """A step and all that wait for it, directly or not."""
    known = {one.id: one.name for one in steps}
    if first not in known:
        raise PipelineError(
            f"The pipeline has no step with the id {first!r:.60}.{did_you_mean(first, known)} "
            f"It has: {', '.join(f'{id_} ({name})' for id_, name in known.items())}."
        )
    found = {first}
    while True:
        more = {one.id for one in steps if one.before & found} - found
        if not more:
            return found
        found |= more
