"""Submits a pipeline: its run and the runs of all its steps are written at once, and its controller is started."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import words_with
from aml_magics.records.name import EXPERIMENT, PARAMETER, PROPERTY, RUN, TAG, check_name
from aml_magics.records.pipeline.definition import FromStep
from aml_magics.records.pipeline.pipeline import (
    PIPELINE_RUN,
    STEP_RUN,
    PipelineRunRecord,
    StepDecision,
    StepRunRecord,
)
from aml_magics.records.run import RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.compute.registry import target_for
from aml_magics.services.data.input import keep_data, note_inputs, shown_data
from aml_magics.services.job import submission
from aml_magics.services.pipeline.binding import Maker, chosen_data, job_of, made_data, with_data
from aml_magics.services.pipeline.parameter import checked_values, filled, value_text
from aml_magics.services.pipeline.reuse import Reuse, find, key_of, parts_of
from aml_magics.services.pipeline.secret import check_whole, forget_secrets
from aml_magics.services.pipeline.validation import ordered
from aml_magics.services.process import queue
from aml_magics.services.process.controller import PIPELINE, ensure_controller
from aml_magics.services.process.job_secret import forget_within
from aml_magics.services.run import run as runs
from aml_magics.services.run.run import insert_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.job import JobRecord
    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import PipelineGraph, StepTemplate
    from aml_magics.store.store import Store

IS_REUSED: Final = "azureml.isreused"
REUSED_RUN: Final = "azureml.reusedrunid"
_TAKEN_OVER: Final = "taken over: it had completed in the run before"


@dataclass(slots=True)
class PlannedStep:
    """A step as it will be kept: its run, its job, and what was decided of it.

    ``step`` is as it is written, with placeholders for parameters.
    """

    step: StepDefinition
    template: StepTemplate
    record: RunRecord
    job: JobRecord
    datasets: list[DatasetRecord]
    kept: StepRunRecord
    reused: RunRecord | None = None


@dataclass(slots=True)
class _Plan:
    """All that a submission writes."""

    record: RunRecord
    asked: PipelineRunRecord
    steps: list[PlannedStep] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to run."""
        return all(one.reused is not None for one in self.steps)


def submit(
    store: Store,
    experiment: str,
    graph: PipelineGraph,
    *,
    parameters: Mapping[str, Any] | None = None,
    data_paths: Mapping[str, Any] | None = None,
    continue_on_step_failure: bool = False,
    regenerate_outputs: bool = False,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    pipeline_id: str | None = None,
    endpoint_id: str | None = None,
    schedule_id: str | None = None,
    name: str | None = None,
    description: str = "",
    parent: RunRecord | None = None,
    rerun_of: str | None = None,
    takes_over: Mapping[str, str] | None = None,
    run_id: str | None = None,
) -> RunRecord:
    """Submit a compiled pipeline; on return its run and those of its steps are on disk, and go on by themselves.

    Args:
        parameters: values by name; the others have their defaults.
        data_paths: those that are paths of datastores.
        regenerate_outputs: whether no step is reused.
        takes_over: ids of runs by the ids of steps, whose outputs these steps take as they are.
        run_id: the id of the run, a new one if None.

    Raises:
        AlreadyExistsError: there is a run of that id.
        PipelineError: a parameter is unknown, or of another type; or the graph has forgotten its secrets.
        InvalidNameError: a name breaks its rule.
        NotFoundError: a dataset that a parameter names is not there.
    """
    check_whole(graph)
    values = checked_values(graph.definition, parameters, data_paths)
    asked = PipelineRunRecord(
        run_key=0,
        host=socket.gethostname(),
        graph=graph,
        parameters=values,
        continue_on_step_failure=(
            continue_on_step_failure or graph.definition.continue_on_step_failure
        ),
        regenerate_outputs=regenerate_outputs,
        pipeline_id=pipeline_id,
        endpoint_id=endpoint_id,
        schedule_id=schedule_id,
        rerun_of=rerun_of,
    )
    record = _record(experiment, asked, name, description, parent, tags or {}, properties or {})
    plan = _Plan(record if run_id is None else replace(record, id=run_id), asked)
    _plan_steps(store, plan, takes_over or {})
    return _begin(store, plan, parent)


def _begin(store: Store, plan: _Plan, parent: RunRecord | None) -> RunRecord:
    """Write all that is planned, and let it go on by itself."""
    with contextlib.ExitStack() as undo:
        if not plan.is_over:
            _keep_variables(store, plan, undo)
        record = store.catalogue.transact(
            lambda connection: _insert(store, connection, plan, parent), durable=True
        )
        undo.pop_all()
    if not plan.is_over:
        queue.ensure_scheduler(store)
        ensure_controller(store, PIPELINE, record.id)
    return record


def _record(
    experiment: str,
    asked: PipelineRunRecord,
    name: str | None,
    description: str,
    parent: RunRecord | None,
    tags: Mapping[str, Any],
    properties: Mapping[str, Any],
) -> RunRecord:
    shown = {
        "azureml.runsource": PIPELINE_RUN,
        "runSource": "SDK",
        "runType": "SDK",
        "azureml.parameters": json.dumps(asked.parameters),
        "azureml.continue_on_step_failure": str(asked.continue_on_step_failure),
        "azureml.pipelineComponent": "pipelinerun",
        **({"azureml.pipelineid": asked.pipeline_id} if asked.pipeline_id else {}),
        **properties,
    }
    params = {one: value_text(value) for one, value in asked.parameters.items()}
    now = time.time()
    return RunRecord(
        key=0,
        id=str(uuid.uuid4()),
        experiment=check_name(experiment, EXPERIMENT).strip(),
        number=0,
        name="" if name is None else check_name(name, RUN),
        status=RunStatus.PREPARING,
        created=now,
        started=now,  # its first steps may begin before its controller
        type=PIPELINE_RUN,
        description=plain_text(description or asked.graph.definition.description),
        parent=parent.id if parent else None,
        params=plain_fields(params, PARAMETER),
        tags=plain_fields(tags, TAG),
        properties=plain_fields(shown, PROPERTY),
    )


# -- steps --------------------------------------------------------------------------------------


def _plan_steps(store: Store, plan: _Plan, takes_over: Mapping[str, str]) -> None:
    """Plan all steps in order, and decide of those whose inputs are there."""
    makers: dict[str, Maker] = {}
    taken = {one.id: one for one in runs.existing(store, list(takes_over.values()))}
    for position, step in enumerate(ordered(plan.asked.graph.definition)):
        planned = _planned(store, plan, step, position)
        original = taken.get(takes_over.get(step.id, ""))
        if original is not None:
            _reuse(planned, Reuse(original, _TAKEN_OVER))
        elif step.before <= set(makers):
            decide(store, planned, makers, plan.asked)
        if planned.reused is not None:
            makers[step.id] = Maker(planned.reused, planned.step)
        plan.steps.append(planned)


def decide(
    store: Store, planned: PlannedStep, makers: Mapping[str, Maker], asked: PipelineRunRecord
) -> None:
    """Bind a step to what others have made, and decide whether it is reused."""
    made = made_data(store, planned.step, makers)
    if made:
        data, datasets = keep_data(store, with_data(planned.job, made).data)
        planned.job = replace(planned.job, data=data)
        planned.datasets = datasets
    parts = parts_of(store, planned.step, planned.template, planned.job, asked.parameters, makers)
    found = find(store, planned.step, parts, is_forced=asked.regenerate_outputs)
    planned.kept = replace(
        planned.kept,
        reuse_parts=parts,
        reuse_key=key_of(parts) if planned.step.allow_reuse else None,
        decision=StepDecision.QUEUED,
        tries=1,
    )
    _reuse(planned, found)


def _reuse(planned: PlannedStep, found: Reuse) -> None:
    planned.reused = found.original
    planned.kept = replace(planned.kept, reuse_note=found.note)
    if found.original is not None:
        planned.kept = replace(
            planned.kept,
            decision=StepDecision.REUSED,
            reused_from=found.original.id,
            tries=0,
        )


def _planned(store: Store, plan: _Plan, step: StepDefinition, position: int) -> PlannedStep:
    values = plan.asked.parameters
    template = plan.asked.graph.templates[step.id]
    job = job_of(step, template, values)
    chosen = chosen_data(store, step, values)
    data, datasets = keep_data(store, with_data(job, chosen).data)
    job = replace(job, data=data)
    shown = shown_data(data, datasets) | {
        one.part.placeholder: one.name for one in step.inputs if isinstance(one.origin, FromStep)
    }
    record = _step_record(plan, filled(step, values), template, words_with(job.arguments, shown))
    kept = StepRunRecord(0, 0, step.id, position)
    return PlannedStep(step, template, record, job, datasets, kept)


def _step_record(
    plan: _Plan, step: StepDefinition, template: StepTemplate, words: list[str]
) -> RunRecord:
    target = template.run["target"]
    properties = {
        **template.run["properties"],
        "azureml.runsource": STEP_RUN,
        "azureml.nodeid": step.id,
        "azureml.pipelinerunid": plan.record.id,
        "azureml.moduleid": str(
            uuid.uuid5(uuid.NAMESPACE_OID, f"{template.source_id} {step.name}")
        ),
        "azureml.moduleName": step.name,
        "StepType": STEPS.load(step.kind).type,
        "ComputeTargetType": template.run["properties"].get("_azureml.ComputeTargetType", ""),
    }
    return RunRecord(
        key=0,
        id=str(uuid.uuid4()),
        experiment=plan.record.experiment,
        number=0,
        name=check_name(step.name, RUN),
        status=RunStatus.NOT_STARTED,
        created=plan.record.created,
        type=STEP_RUN,
        parent=plan.record.id,
        target=step.target or target,
        params=plain_fields(submission.arguments_as_params(words), PARAMETER),
        properties=plain_fields(properties, PROPERTY),
    )


# -- writing ------------------------------------------------------------------------------------


def _keep_variables(store: Store, plan: _Plan, undo: contextlib.ExitStack) -> None:
    """Keep the environment of this process once, for the controller to hand on to each step."""
    undo.callback(submission.forget_files, store, plan.record.id)
    submission.write_variables(store, plan.record.id)
    for one in plan.steps:
        if one.kept.decision is StepDecision.QUEUED and takes_variables(store, one):
            undo.callback(submission.forget_files, store, one.record.id)
            give_variables(store, plan.record.id, one.record.id)


def give_variables(store: Store, pipeline_id: str, run_id: str) -> None:
    """Link the environment that a pipeline keeps for one of its steps, whose worker takes it."""
    source = submission.variables_path(store, pipeline_id)
    to = submission.variables_path(store, run_id)
    if source.exists():
        to.unlink(missing_ok=True)
        os.link(source, to)


def takes_variables(store: Store, one: PlannedStep) -> bool:
    """Whether the worker of a step takes the environment of the submitting process."""
    return is_script(one.step) and submission.is_here(store, one.record.target)


def is_script(step: StepDefinition) -> bool:
    """Whether a step is one script, no sweep."""
    return STEPS.load(step.kind).execution == "script"


def _insert(
    store: Store, connection: sa.Connection, plan: _Plan, parent: RunRecord | None
) -> RunRecord:
    record, is_added = insert_run(store, connection, plan.record, parent)
    if not is_added:  # an earlier try was committed although it failed
        return record
    now = time.time()
    steps = [_insert_step(store, connection, one, record, now) for one in plan.steps]
    store.pipeline_runs.add(connection, replace(plan.asked, run_key=record.key), steps)
    if plan.is_over:
        record = _end_reused(store, connection, record, now)
        forget_secrets(store, connection, record.key)
    return record


def _insert_step(
    store: Store, connection: sa.Connection, planned: PlannedStep, parent: RunRecord, now: float
) -> StepRunRecord:
    new = planned.record
    is_waiting = planned.kept.decision is StepDecision.WAITING
    if not is_waiting and planned.reused is None and is_script(planned.step):
        new = replace(new, status=RunStatus.QUEUED)
    if planned.reused is not None:
        new = replace(new, properties={**new.properties, **reused_properties(planned.reused)})
    # it cannot go away meanwhile, and a parameter may have chosen another
    target_for(store, new.target, planned.job.nodes, connection)
    record, _ = insert_run(store, connection, new, parent)
    store.jobs.add(connection, replace(planned.job, run_key=record.key))
    store.sources.add(connection, record.key, planned.template.files)
    store.documents.put(connection, record.key, planned.template.parts)
    note_inputs(store, connection, record.key, planned.job.data, planned.datasets)
    if planned.reused is not None:
        _end_reused(store, connection, record, now)
        forget_within(store, connection, record.key)
    return replace(planned.kept, run_key=record.key, pipeline_key=parent.key)


def reused_properties(original: RunRecord) -> dict[str, str]:
    """What the properties of a reused step say, with Azure's names."""
    return {
        IS_REUSED: "true",
        REUSED_RUN: original.id,
        "azureml.reusednodeid": original.properties.get("azureml.nodeid", ""),
        "azureml.reusedpipelinerunid": original.properties.get("azureml.pipelinerunid", ""),
    }


def _end_reused(
    store: Store, connection: sa.Connection, record: RunRecord, now: float
) -> RunRecord:
    values = {"started": now, "ended": now, "duration": 0.0}
    store.runs.move(connection, record.key, RunStatus.COMPLETED, values, expected=[record.status])
    return replace(record, status=RunStatus.COMPLETED, **values)  # type: ignore[arg-type]


def pipeline_of(store: Store, record: RunRecord) -> PipelineRunRecord:
    """What the run of a pipeline was asked for.

    Raises:
        PipelineError: it is no run of a pipeline.
    """
    with store.catalogue.read() as connection:
        found = store.pipeline_runs.get(connection, record.key)
    if found is None:
        raise PipelineError(
            f"Run {record.name!r} ({record.id}) is no run of a pipeline; `%aml runs` shows the type of each run."
        )
    return found
