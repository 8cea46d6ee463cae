"""A subscription to a comparison: sent whole whenever one of its runs changed, until all have ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.services.run.search import records_of
from aml_magics.views.compare.compare import CompareView, compare_view
from aml_magics.views.compare.subject import CompareSubject
from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import Version

CompareEvent = ViewEvent[CompareView] | EndEvent | GoneEvent

PAUSE: Final = 1.0
"""Seconds between two reads of the store."""

MANY: Final = 50
LONG_PAUSE: Final = 4.0
"""The same for more than so many runs, whose view is large."""


class CompareSubscription:
    """Follows a comparison. One of named runs ends with the last of them; one of a query never does.

    Args:
        token: the state that the listener already has.
    """

    def __init__(self, store: Store, subject: CompareSubject, token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._subject = subject
        self._keys, self._more = subject.keys(store)
        self._token = token or ""
        self._versions: dict[int, Version] | None = None
        self._next_read = 0.0

    def next(self) -> list[CompareEvent]:
        """Events since the last call; reads at most once a second, of many runs more rarely."""
        if self.is_over or time.monotonic() < self._next_read:
            return []
        pause = LONG_PAUSE if len(self._keys) > MANY else PAUSE
        self._next_read = time.monotonic() + pause
        recover_now_and_then(self._store)
        is_query = self._subject.query is not None
        keys, more = self._subject.keys(self._store) if is_query else (self._keys, 0)
        with self._store.catalogue.read() as connection:
            found = self._store.runs.versions(connection, keys, is_row=True)
        if found == self._versions and (keys, more) == (self._keys, self._more):
            return []
        self._keys, self._more = keys, more
        events = self._changes(found, is_query=is_query)
        self._versions = found
        return events

    def whole(self) -> list[CompareEvent]:
        """One event with the current comparison."""
        records = self._records(self._versions or {})
        return [self._whole(records, self._token)] if records else []

    def _changes(self, found: Mapping[int, Version], *, is_query: bool) -> list[CompareEvent]:
        records = self._records(found)
        if not records and not is_query:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": "The runs were deleted."}]
        events: list[CompareEvent] = []
        token = token_of([[found.get(key) for key in self._keys], self._more])
        if token != self._token:
            events.append(self._whole(records, token))
            self._token = token
        if not is_query and all(record.status.is_terminal for record in records):
            self.is_over = True
            events.append({"type": "end", "token": token})
        return events

    def _records(self, found: Mapping[int, Version]) -> list[RunRecord]:
        return records_of(self._store, [key for key in self._keys if key in found])

    def _whole(self, records: list[RunRecord], token: str) -> ViewEvent[CompareView]:
        view = compare_view(self._store, records, goals=self._subject.goals, more=self._more)
        return {"type": "view", "token": token, "view": to_data(view)}


@subscription
def compare(store: Store, subject: CompareSubject, token: str | None) -> CompareSubscription:
    """A comparison: sent whole when one of its runs changed, until the last of named runs has ended."""
    return CompareSubscription(store, subject, token)
