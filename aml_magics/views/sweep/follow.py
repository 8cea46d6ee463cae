"""A subscription to a sweep: the whole of it, then the trials that are new or changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.followed import FollowedView
from aml_magics.views.contract.question import subscription
from aml_magics.views.sweep.sweep import SweepSubject, SweepView, sweep_view
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from aml_magics.store.store import Store


class TrialsEvent(TypedDict):
    """A sweep as it is now, with only those trials that are new or changed."""

    type: Literal["trials"]
    token: str
    view: SweepView


SweepEvent = ViewEvent[SweepView] | TrialsEvent | EndEvent | GoneEvent


class SweepSubscription(FollowedView[SweepView]):
    """Follows a sweep to its end."""

    pause = 0.5

    def __init__(self, store: Store, subject: SweepSubject, token: str | None = None) -> None:
        super().__init__(store, token)
        self._run = subject.run

    def next(self) -> list[SweepEvent]:
        """Events since the last call; reads at most twice a second."""
        return self.events()

    def read(self) -> SweepView:
        """The sweep with its trials."""
        return sweep_view(self._store, self._run)

    def lasting(self, view: SweepView) -> SweepView:
        """All but the time that is left: it is another at each read, and alone no news."""
        return replace(view, seconds_left=None)

    def changed(self, before: SweepView, view: SweepView) -> dict[str, Any] | None:
        """The trials that are new or changed; all, where some are gone."""
        told = {one.number: one for one in before.trials}
        if len(told) > len(view.trials):
            return None
        trials = tuple(one for one in view.trials if told.get(one.number) != one)
        return {"type": "trials", "view": to_data(replace(view, trials=trials))}

    def has_ended(self, view: SweepView) -> bool:
        """Whether the run has, and all of its trials."""
        return view.is_terminal and view.done == view.there


@subscription
def sweep(store: Store, subject: SweepSubject, token: str | None) -> SweepSubscription:
    """A sweep with its trials."""
    return SweepSubscription(store, subject, token)
