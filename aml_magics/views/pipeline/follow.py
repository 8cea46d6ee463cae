"""A subscription to the run of a pipeline: the whole of it, then the steps that changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.followed import FollowedView
from aml_magics.views.contract.question import subscription
from aml_magics.views.pipeline.pipeline import (
    PipelineSubject,
    PipelineView,
    pipeline_view,
)
from aml_magics.views.pipeline.pipelines import PipelinesView, pipelines_view
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from aml_magics.store.store import Store


class StepsEvent(TypedDict):
    """A pipeline as it is now, with only those steps that changed, and without what stays as it is."""

    type: Literal["steps"]
    token: str
    view: PipelineView


PipelineEvent = ViewEvent[PipelineView] | StepsEvent | EndEvent | GoneEvent


class PipelineSubscription(FollowedView[PipelineView]):
    """Follows the run of a pipeline to its end."""

    pause = 0.4

    def __init__(self, store: Store, subject: PipelineSubject, token: str | None = None) -> None:
        super().__init__(store, token)
        self._run = subject.run

    def next(self) -> list[PipelineEvent]:
        """Events since the last call; reads a few times a second at most."""
        return self.events()

    def read(self) -> PipelineView:
        """The pipeline with its steps."""
        return pipeline_view(self._store, self._run)

    def changed(self, before: PipelineView, view: PipelineView) -> dict[str, Any] | None:
        """The steps that changed; all, where others are there."""
        told = {one.id: one for one in before.steps}
        if set(told) != {one.id for one in view.steps}:
            return None
        steps = tuple(one for one in view.steps if told[one.id] != one)
        some = replace(view, steps=steps, edges=(), parameters=())
        return {"type": "steps", "view": to_data(some)}

    def has_ended(self, view: PipelineView) -> bool:
        """Whether the run has."""
        return view.is_terminal


class PipelinesSubscription(FollowedView[PipelinesView]):
    """Follows what pipelines, endpoints and schedules there are, and the latest runs; it never ends."""

    pause = 2.0

    def next(self) -> list[ViewEvent[PipelinesView]]:
        """One event if something changed since the last call."""
        return self.events()

    def read(self) -> PipelinesView:
        """The lists."""
        return pipelines_view(self._store)


@subscription
def pipeline(store: Store, subject: PipelineSubject, token: str | None) -> PipelineSubscription:
    """The run of a pipeline with its steps."""
    return PipelineSubscription(store, subject, token)


@subscription
def pipelines(store: Store, token: str | None) -> PipelinesSubscription:
    """What pipelines there are."""
    return PipelinesSubscription(store, token)
