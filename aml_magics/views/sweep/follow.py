"""A subscription to a sweep: the whole of it, then the trials that are new or changed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from aml_magics.errors import RunNotFoundError
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.sweep.sweep import SweepSubject, SweepTrialView, SweepView, sweep_view
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store

PAUSE: Final = 0.5
"""Seconds between two reads of the store."""

COST: Final = 10
"""A read takes at most one part in this many of the time, however many trials there are."""


class TrialsEvent(TypedDict):
    """A sweep as it is now, with only those trials that are new or changed."""

    type: Literal["trials"]
    token: str
    view: SweepView


SweepEvent = ViewEvent[SweepView] | TrialsEvent | EndEvent | GoneEvent


class SweepSubscription:
    """Follows a sweep to its end.

    Args:
        token: the state that the listener already has.
    """

    def __init__(self, store: Store, subject: SweepSubject, token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._run = subject.run
        self._token = token or ""
        self._view: SweepView | None = None
        self._told: dict[int, SweepTrialView] = {}
        self._next_read = 0.0

    def next(self) -> list[SweepEvent]:
        """Events since the last call; reads at most twice a second."""
        began = time.monotonic()
        if self.is_over or began < self._next_read:
            return []
        recover_now_and_then(self._store)
        try:
            view = sweep_view(self._store, self._run)
        except RunNotFoundError as error:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": str(error)}]
        now = time.monotonic()
        self._next_read = now + max(PAUSE, COST * (now - began))
        return self._changes(view)

    def whole(self) -> list[SweepEvent]:
        """One event with the sweep as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token, "view": to_data(self._view)}]

    def _changes(self, view: SweepView) -> list[SweepEvent]:
        is_first = self._view is None
        known, before = self._token, self._told
        self._view = view
        # the time that is left is another at each read; alone it is no news
        self._token = token_of(replace(view, seconds_left=None))
        self._told = {one.number: one for one in view.trials}
        events: list[SweepEvent] = []
        if self._token != known:
            changed = tuple(one for one in view.trials if before.get(one.number) != one)
            if is_first or len(before) > len(self._told):
                events += self.whole()
            else:
                some = to_data(replace(view, trials=changed))
                events.append({"type": "trials", "token": self._token, "view": some})
        if view.is_terminal and view.done == view.there:
            self.is_over = True
            events.append({"type": "end", "token": self._token})
        return events


@subscription
def sweep(store: Store, subject: SweepSubject, token: str | None) -> SweepSubscription:
    """A sweep with its trials."""
    return SweepSubscription(store, subject, token)
