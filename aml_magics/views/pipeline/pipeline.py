"""The run of a pipeline: its steps, how far each is, and what it depends on."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.errors import NotFoundError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.pipeline.definition import FromStep
from aml_magics.records.pipeline.pipeline import STEP_RUN, StepDecision
from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.views.text.encoding import JsonScalar, json_value
from aml_magics.views.text.format import count_text, iso, seconds_text, short_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aml_magics.records.pipeline.definition import ParameterDefinition
    from aml_magics.records.pipeline.pipeline import PipelineRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.result import StepResult
    from aml_magics.store.store import Store

OriginKind = Literal["pipeline", "endpoint", "schedule", "rerun"]
MOST_STEPS: Final = 2_000
"""Steps of a view, the first in the order of the pipeline."""


@dataclass(frozen=True, slots=True)
class PipelineSubject:
    """The run of a pipeline, or of one of its steps, by its full id."""

    run: str


@dataclass(frozen=True, slots=True)
class PipelineStepView:
    """A step of a run: ``id`` is its own in the pipeline, ``run`` the id of its run.

    ``reuse`` says in a line why it was reused or not, empty while that is not decided; ``reused_from`` is the run
    whose outputs it has. ``seconds`` is how long it took, None until it has ended. ``inputs`` and ``outputs`` are names.
    """

    id: str
    run: str
    name: str
    kind: str
    status: str
    decision: str
    reuse: str
    reused_from: str | None
    target: str
    started: str | None
    seconds: float | None
    tries: int
    reason: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PipelineEdgeView:
    """What the step ``target`` gets of the step ``source``; without an output it only waits for it."""

    source: str
    output: str | None
    target: str
    input: str | None


@dataclass(frozen=True, slots=True)
class PipelineParameterView:
    """A parameter with the value of this run; paths and datasets are JSON."""

    name: str
    type: str
    value: JsonScalar
    default: JsonScalar


@dataclass(frozen=True, slots=True)
class PipelineOriginView:
    """What a run came of; what is gone since is left out."""

    kind: OriginKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PipelineView:
    """The run of a pipeline with its steps in order; ``more`` of them are left out.

    ``total`` counts its steps, ``done`` those that have ended, of which ``reused`` were; ``running`` and ``failed`` as
    they are called. ``seconds`` is how long it took, None until it has ended.
    """

    workspace: str
    id: str
    short_id: str
    name: str
    description: str
    experiment: str
    status: str
    is_terminal: bool
    reason: str
    created: str | None
    started: str | None
    ended: str | None
    seconds: float | None
    goes_on_after_failure: bool
    makes_all_again: bool
    total: int
    done: int
    reused: int
    running: int
    failed: int
    parameters: tuple[PipelineParameterView, ...]
    origins: tuple[PipelineOriginView, ...]
    steps: tuple[PipelineStepView, ...]
    edges: tuple[PipelineEdgeView, ...]
    more: int


def pipeline_view(store: Store, run: RunRecord | str) -> PipelineView:
    """The view of a pipeline's run; the run of a step leads to that of its pipeline.

    Args:
        run: the record, or its id.

    Raises:
        RunNotFoundError: no run has the id.
        PipelineError: the run is none of a pipeline.
    """
    record = runs.get(store, run if isinstance(run, str) else run.id)
    if record.type == STEP_RUN and record.parent is not None:
        record = runs.get(store, record.parent)
    asked = pipeline_of(store, record)
    found = step_results(store, record)
    return pipeline_view_of(store.record.name, record, asked, found, _origins(store, asked))


def pipeline_view_of(
    workspace: str,
    record: RunRecord,
    asked: PipelineRunRecord,
    found: Sequence[StepResult],
    origins: Sequence[PipelineOriginView],
) -> PipelineView:
    """The view from what was read already."""
    shown = found[:MOST_STEPS]
    statuses = [one.run.status for one in found]
    seconds = record.duration
    return PipelineView(
        workspace=workspace,
        id=record.id,
        short_id=short_id(record.id),
        name=record.name,
        description=record.description,
        experiment=record.experiment,
        status=str(record.status),
        is_terminal=record.status.is_terminal,
        reason=record.reason or (record.error.message if record.error else ""),
        created=iso(record.created),
        started=iso(record.started),
        ended=iso(record.ended),
        seconds=None if seconds is None else round(seconds, 3),
        goes_on_after_failure=asked.continue_on_step_failure,
        makes_all_again=asked.regenerate_outputs,
        total=len(found),
        done=sum(one.is_terminal for one in statuses),
        reused=sum(one.is_reused for one in found),
        running=sum(_is_running(one) for one in statuses),
        failed=sum(one is RunStatus.FAILED for one in statuses),
        parameters=tuple(_parameter(one, asked) for one in asked.graph.definition.parameters),
        origins=tuple(origins),
        steps=tuple(_step(one) for one in shown),
        edges=tuple(_edges(shown)),
        more=len(found) - len(shown),
    )


def progress_text(view: PipelineView) -> str:
    """How far a pipeline is, in one line: ``4 of 6 steps have ended, 2 reused, 1 goes on``."""
    parts = [
        count_text(view.total, "step")
        if view.is_terminal
        else f"{view.done:,} of {count_text(view.total, 'step')} have ended",
        f"{view.reused:,} reused" if view.reused else "",
        f"{view.failed:,} failed" if view.failed else "",
        f"{view.running:,} {'goes' if view.running == 1 else 'go'} on" if view.running else "",
        f"took {seconds_text(view.seconds)}" if view.seconds is not None else "",
    ]
    return ", ".join(filter(None, parts))


def origin_text(view: PipelineView) -> str:
    """What a run came of, in one line; empty if somebody submitted it."""
    words = {
        "pipeline": "published pipeline",
        "endpoint": "endpoint",
        "schedule": "schedule",
        "rerun": "run again from a step of",
    }
    return ", ".join(f"{words[one.kind]} {one.name}" for one in view.origins)


def _step(one: StepResult) -> PipelineStepView:
    run, step, kept = one.run, one.step, one.kept
    return PipelineStepView(
        id=step.id,
        run=run.id,
        name=step.name,
        kind=STEPS.load(step.kind).title,
        status=str(run.status),
        decision=str(kept.decision),
        reuse="" if kept.decision is StepDecision.SKIPPED else kept.reuse_note,
        reused_from=kept.reused_from,
        target=run.target,
        started=iso(run.started),
        seconds=None if run.duration is None else round(run.duration, 3),
        tries=kept.tries,
        reason=run.reason or (run.error.message if run.error else ""),
        inputs=tuple(each.name for each in step.inputs),
        outputs=tuple(each.name for each in step.outputs),
    )


def _edges(found: Sequence[StepResult]) -> Iterator[PipelineEdgeView]:
    """The edges between steps that are shown; one that also passes data is not told twice."""
    there = {one.step.id for one in found}
    for one in found:
        fed = set()
        for each in one.step.inputs:
            if isinstance(each.origin, FromStep) and each.origin.step in there:
                fed.add(each.origin.step)
                yield PipelineEdgeView(each.origin.step, each.origin.output, one.step.id, each.name)
        for before in one.step.run_after:
            if before in there and before not in fed:
                yield PipelineEdgeView(before, None, one.step.id, None)


def _parameter(one: ParameterDefinition, asked: PipelineRunRecord) -> PipelineParameterView:
    value = asked.parameters.get(one.name, one.default)
    return PipelineParameterView(one.name, one.type, _plain(value), _plain(one.default))


def _plain(value: object) -> JsonScalar:
    plain = json_value(value)
    return json.dumps(plain) if isinstance(plain, list | dict) else plain


def _is_running(status: RunStatus) -> bool:
    waits = (RunStatus.NOT_STARTED, RunStatus.QUEUED)
    return not status.is_terminal and status not in waits


def _origins(store: Store, asked: PipelineRunRecord) -> list[PipelineOriginView]:
    finders: list[tuple[OriginKind, str | None, Callable[[str], str]]] = [
        ("schedule", asked.schedule_id, lambda id_: schedule.get(store, id_).name),
        ("endpoint", asked.endpoint_id, lambda id_: endpoint.get(store, id_=id_).name),
        ("pipeline", asked.pipeline_id, lambda id_: published.get(store, id_).name),
        ("rerun", asked.rerun_of, lambda id_: runs.get(store, id_).name),
    ]
    found = []
    for kind, id_, name_of in finders:
        if id_ is not None:
            with contextlib.suppress(NotFoundError):  # it may be gone by now
                found.append(PipelineOriginView(kind, id_, name_of(id_)))
    return found
