"""A subscription to a view that is read whole, now and then, and of which only what changed is told."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from aml_magics.errors import RunNotFoundError
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store

V = TypeVar("V")

COST: Final = 10
"""A read takes at most one part in this many of the time, however much there is to read."""


class FollowedView(ABC, Generic[V]):
    """Follows a view until it is over, or its run is gone.

    Args:
        token: the state that the listener already has.
    """

    pause: ClassVar[float]
    """Seconds between two reads of the store, at least."""

    def __init__(self, store: Store, token: str | None) -> None:
        self.is_over = False
        self._store = store
        self._token = token or ""
        self._view: V | None = None
        self._next_read = 0.0

    @abstractmethod
    def read(self) -> V:
        """Read it; raises RunNotFoundError where its run is gone."""

    def lasting(self, view: V) -> object:
        """What is news when it changes; all of it, unless a part is another at each read."""
        return view

    def changed(self, before: V, view: V) -> dict[str, Any] | None:
        """The event without ``token`` that tells only what changed; None if all of it is to be told."""
        del before, view
        return None

    def has_ended(self, view: V) -> bool:
        """Whether nothing follows."""
        del view
        return False

    def events(self) -> list[Any]:
        """Events since the last call, for the ``next`` of a subscription: its annotation is the contract."""
        began = time.monotonic()
        if self.is_over or began < self._next_read:
            return []
        recover_now_and_then(self._store)
        try:
            view = self.read()
        except RunNotFoundError as error:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": str(error)}]
        now = time.monotonic()
        self._next_read = now + max(self.pause, COST * (now - began))
        events = self._news(view)
        if self.has_ended(view):
            self.is_over = True
            events.append({"type": "end", "token": self._token})
        return events

    def whole(self) -> list[Any]:
        """One event with all of it as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token, "view": to_data(self._view)}]

    def _news(self, view: V) -> list[Any]:
        known, before = self._token, self._view
        self._view, self._token = view, token_of(self.lasting(view))
        if self._token == known:
            return []
        some = None if before is None else self.changed(before, view)
        return self.whole() if some is None else [{**some, "token": self._token}]
