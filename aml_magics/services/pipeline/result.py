"""What came of a pipeline: its steps with their runs and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.services.pipeline.binding import Maker
from aml_magics.services.pipeline.parameter import filled
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run.ending import current
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import StepRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

EXECUTION_LOG: Final = "logs/azureml/executionlogs.txt"
"""Azure's name of a pipeline's log."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step of a run: ``step`` has the values of parameters, ``note`` says why it was reused or not."""

    step: StepDefinition
    kept: StepRunRecord
    run: RunRecord

    @property
    def is_reused(self) -> bool:
        """Whether its outputs are those of an earlier run."""
        return self.kept.decision is StepDecision.REUSED


@retried
def step_results(store: Store, record: RunRecord) -> list[StepResult]:
    """The steps of a pipeline's run in the order of the pipeline; one whose run was deleted is left out.

    Raises:
        PipelineError: it is no run of a pipeline.
    """
    asked = pipeline_of(store, record)
    with store.catalogue.read() as connection:
        kept = store.pipeline_runs.steps(connection, record.key)
        runs = store.runs.by_keys(connection, [one.run_key for one in kept])
    by_key = {run.key: run for run in runs}
    definitions = {one.id: one for one in asked.graph.definition.steps}
    return [
        StepResult(filled(definitions[one.step], asked.parameters), one, by_key[one.run_key])
        for one in kept
        if one.run_key in by_key
    ]


def step_result(store: Store, record: RunRecord) -> StepResult:
    """The step of a run.

    Raises:
        PipelineError: it is no step of a pipeline.
    """
    with store.catalogue.read() as connection:
        kept = store.pipeline_runs.step(connection, record.key)
    if kept is None or record.parent is None:
        raise PipelineError(
            f"Run {record.name!r} ({record.id}) is no step of a pipeline; the steps of one are its children."
        )
    asked = pipeline_of(store, current(store, record.parent))
    [step] = [one for one in asked.graph.definition.steps if one.id == kept.step]
    return StepResult(filled(step, asked.parameters), kept, record)


def maker_of(store: Store, step: StepDefinition, kept: StepRunRecord, run: RunRecord) -> Maker:
    """The run that really made the outputs of a step: the original's, if it was reused."""
    original = run if kept.reused_from is None else current(store, kept.reused_from)
    return Maker(original, step)
