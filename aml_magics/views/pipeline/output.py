"""The notebook outputs of pipelines, kept small because they are saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.contract.question import output
from aml_magics.views.pipeline.pipeline import PipelineSubject, PipelineView, pipeline_view
from aml_magics.views.pipeline.pipelines import PipelinesView, pipelines_view
from aml_magics.views.pipeline.static import pipeline_page, pipelines_page
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.pipeline.pipeline import PipelineStepView
    from aml_magics.views.text.encoding import JsonScalar

PIPELINE: Final = "application/vnd.aml-magics.pipeline+json"
PIPELINES: Final = "application/vnd.aml-magics.pipelines+json"
_STEPS: Final = 200
_ROWS: Final = 50
_TEXT: Final = 400


@output
def pipeline(store: Store, subject: PipelineSubject) -> Output:
    """The output of a pipeline's run as it is now."""
    return pipeline_output(pipeline_view(store, subject.run))


@output
def pipelines(store: Store) -> Output:
    """The output of what pipelines there are."""
    return pipelines_output(pipelines_view(store))


def pipeline_output(view: PipelineView) -> Output:
    """The output of a view of a pipeline's run."""
    return Output(
        PIPELINE,
        lambda: snapshot_of(view.workspace, fitting(lambda share: _few(view, share))),
        lambda: pipeline_page(view),
    )


def pipelines_output(view: PipelinesView) -> Output:
    """The output of a view of all pipelines."""
    return Output(
        PIPELINES,
        lambda: snapshot_of(view.workspace, fitting(lambda share: _few_rows(view, share))),
        lambda: pipelines_page(view),
    )


def _few(view: PipelineView, share: int) -> PipelineView:
    """The pipeline with its first steps; a live host fetches the others."""
    text = _TEXT // share
    steps = tuple(_small(one, text) for one in view.steps[: _STEPS // share])
    there = {one.id for one in steps}
    return replace(
        view,
        description=clipped(view.description, text),
        reason=clipped(view.reason, text),
        parameters=tuple(
            replace(one, value=_cut(one.value, text), default=_cut(one.default, text))
            for one in view.parameters[: _ROWS // share]
        ),
        steps=steps,
        edges=tuple(one for one in view.edges if {one.source, one.target} <= there),
        more=view.more + len(view.steps) - len(steps),
    )


def _small(one: PipelineStepView, text: int) -> PipelineStepView:
    return replace(one, reuse=clipped(one.reuse, text), reason=clipped(one.reason, text))


def _cut(value: JsonScalar, text: int) -> JsonScalar:
    return clipped(value, text) if isinstance(value, str) else value


def _few_rows(view: PipelinesView, share: int) -> PipelinesView:
    rows, text = _ROWS // share, _TEXT // share
    return replace(
        view,
        runs=view.runs[:rows],
        more=view.more or len(view.runs) > rows,
        published=tuple(
            replace(one, description=clipped(one.description, text))
            for one in view.published[:rows]
        ),
        endpoints=tuple(
            replace(one, description=clipped(one.description, text))
            for one in view.endpoints[:rows]
        ),
        schedules=tuple(
            replace(
                one, description=clipped(one.description, text), problem=clipped(one.problem, text)
            )
            for one in view.schedules[:rows]
        ),
    )
