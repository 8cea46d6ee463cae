"""Answers to a screen's questions about pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.services.pipeline.rerun import rerun
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.services.run import run as runs
from aml_magics.views.contract.question import question
from aml_magics.views.pipeline.difference import PipelineDifferenceView, difference_view
from aml_magics.views.pipeline.pipeline import PipelineSubject, PipelineView, pipeline_view
from aml_magics.views.pipeline.pipelines import PipelinesView, pipelines_view

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class PipelineRerunQuestion:
    """The run of a pipeline, and the step from which it runs again; None for what has not completed."""

    run: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineDifferenceQuestion:
    """Two runs of pipelines."""

    run: str
    other: str


@dataclass(frozen=True, slots=True)
class PipelineActiveQuestion:
    """A published pipeline, an endpoint or a schedule, and whether it may be used from now on."""

    kind: Literal["published", "endpoint", "schedule"]
    id: str
    is_active: bool


@question
def pipeline(store: Store, asked: PipelineSubject) -> PipelineView:
    """The run of a pipeline with its steps."""
    return pipeline_view(store, asked.run)


@question
def pipelines(store: Store) -> PipelinesView:
    """What pipelines there are, and their latest runs."""
    return pipelines_view(store)


@question
def pipeline_difference(store: Store, asked: PipelineDifferenceQuestion) -> PipelineDifferenceView:
    """Which steps of two runs differ, and in what."""
    return difference_view(store, asked.run, asked.other)


@question(changes=True)
def pipeline_rerun(store: Store, asked: PipelineRerunQuestion) -> PipelineView:
    """The new run, which takes over what had completed."""
    return pipeline_view(store, rerun(store, runs.get(store, asked.run), asked.step))


@question(changes=True)
def pipeline_set_active(store: Store, asked: PipelineActiveQuestion) -> PipelinesView:
    """All pipelines, after one was enabled or disabled."""
    status = PipelineStatus.ACTIVE if asked.is_active else PipelineStatus.DISABLED
    if asked.kind == "published":
        published.set_status(store, asked.id, status)
    elif asked.kind == "endpoint":
        endpoint.set_status(store, endpoint.get(store, id_=asked.id), status)
    else:
        schedule.edit(store, asked.id, ScheduleEdit(status=status))
    return pipelines_view(store)
