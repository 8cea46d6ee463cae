"""A subscription to the run of a pipeline: the whole of it, then the steps that changed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from aml_magics.errors import RunNotFoundError
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.pipeline.pipeline import (
    PipelineStepView,
    PipelineSubject,
    PipelineView,
    pipeline_view,
)
from aml_magics.views.pipeline.pipelines import PipelinesView, pipelines_view
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store

PAUSE: Final = 0.4
"""Seconds between two reads of the store."""

LIST_PAUSE: Final = 2.0
"""The same for the lists of all pipelines."""

COST: Final = 10
"""A read takes at most one part in this many of the time, however many steps there are."""


class StepsEvent(TypedDict):
    """A pipeline as it is now, with only those steps that changed, and without what stays as it is."""

    type: Literal["steps"]
    token: str
    view: PipelineView


PipelineEvent = ViewEvent[PipelineView] | StepsEvent | EndEvent | GoneEvent


class PipelineSubscription:
    """Follows the run of a pipeline to its end.

    Args:
        token: the state that the listener already has.
    """

    def __init__(self, store: Store, subject: PipelineSubject, token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._run = subject.run
        self._token = token or ""
        self._view: PipelineView | None = None
        self._told: dict[str, PipelineStepView] = {}
        self._next_read = 0.0

    def next(self) -> list[PipelineEvent]:
        """Events since the last call; reads a few times a second at most."""
        began = time.monotonic()
        if self.is_over or began < self._next_read:
            return []
        recover_now_and_then(self._store)
        try:
            view = pipeline_view(self._store, self._run)
        except RunNotFoundError as error:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": str(error)}]
        now = time.monotonic()
        self._next_read = now + max(PAUSE, COST * (now - began))
        return self._changes(view)

    def whole(self) -> list[PipelineEvent]:
        """One event with the pipeline as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token, "view": to_data(self._view)}]

    def _changes(self, view: PipelineView) -> list[PipelineEvent]:
        known, before, is_first = self._token, self._told, self._view is None
        self._view = view
        self._token = token_of(view)
        self._told = {one.id: one for one in view.steps}
        events: list[PipelineEvent] = []
        if self._token != known:
            changed = tuple(one for one in view.steps if before.get(one.id) != one)
            if is_first or set(before) != set(self._told):
                events += self.whole()
            else:
                some = to_data(replace(view, steps=changed, edges=(), parameters=()))
                events.append({"type": "steps", "token": self._token, "view": some})
        if view.is_terminal:
            self.is_over = True
            events.append({"type": "end", "token": self._token})
        return events


class PipelinesSubscription:
    """Follows what pipelines, endpoints and schedules there are, and the latest runs; it never ends."""

    is_over = False

    def __init__(self, store: Store, token: str | None) -> None:
        self._store = store
        self._token = token or ""
        self._view: PipelinesView | None = None
        self._next_read = 0.0

    def next(self) -> list[ViewEvent[PipelinesView]]:
        """One event if something changed since the last call."""
        began = time.monotonic()
        if began < self._next_read:
            return []
        recover_now_and_then(self._store)
        self._view = pipelines_view(self._store)
        now = time.monotonic()
        self._next_read = now + max(LIST_PAUSE, COST * (now - began))
        known, self._token = self._token, token_of(self._view)
        return self.whole() if self._token != known else []

    def whole(self) -> list[ViewEvent[PipelinesView]]:
        """One event with the lists as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token, "view": to_data(self._view)}]


@subscription
def pipeline(store: Store, subject: PipelineSubject, token: str | None) -> PipelineSubscription:
    """The run of a pipeline with its steps."""
    return PipelineSubscription(store, subject, token)


@subscription
def pipelines(store: Store, token: str | None) -> PipelinesSubscription:
    """What pipelines there are."""
    return PipelinesSubscription(store, token)
