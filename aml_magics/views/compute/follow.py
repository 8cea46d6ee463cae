"""A subscription to compute targets: sent whole when something of them changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ComputeTargetNotFoundError
from aml_magics.views.compute.computes import ComputesSubject, ComputesView, computes_view
from aml_magics.views.contract.event import GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store

PAUSE: Final = 0.5
"""Seconds between two reads."""

ComputesEvent = ViewEvent[ComputesView] | GoneEvent


class ComputesSubscription:
    """Follows all targets, or one until it is deleted."""

    def __init__(self, store: Store, subject: ComputesSubject, token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._subject = subject
        self._token = token
        self._view: ComputesView | None = None
        self._next_read = 0.0

    def next(self) -> list[ComputesEvent]:
        """Events since the last call; reads at most twice a second."""
        if self.is_over or time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + PAUSE
        try:
            self._view = computes_view(self._store, self._subject.compute)
        except ComputeTargetNotFoundError as error:
            self.is_over = True
            return [{"type": "gone", "token": "", "message": str(error)}]
        token = token_of(self._view)
        if token == self._token:
            return []
        self._token = token
        return self.whole()

    def whole(self) -> list[ComputesEvent]:
        """One event with the targets as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token or "", "view": to_data(self._view)}]


@subscription
def computes(store: Store, subject: ComputesSubject, token: str | None) -> ComputesSubscription:
    """All targets, or one."""
    return ComputesSubscription(store, subject, token)
