"""Answers to a screen's questions about pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.pipeline.rerun import rerun
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
