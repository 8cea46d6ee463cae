"""A subscription to a comparison: sent whole whenever one of its runs changed, until all have ended."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.services.run import run
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.services.run.search import records_of
from aml_magics.views.compare.compare import CompareView, compare_view
from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import Version

FEWEST: Final = 2
MOST: Final = 20
PAUSE: Final = 1.0
"""Seconds between two reads of the store."""

CompareEvent = ViewEvent[CompareView] | EndEvent | GoneEvent


@dataclass(frozen=True, slots=True)
class CompareSubject:
    """Two to twenty runs by their ids, in the order of the columns."""

    runs: tuple[str, ...]


def compared(store: Store, ids: Sequence[str]) -> list[RunRecord]:
    """The runs of a comparison without duplicates; raises UsageError unless there are two to twenty."""
    wanted = list(dict.fromkeys(ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise UsageError(
            f"A comparison is of {FEWEST} to {MOST} different runs, not of {len(wanted)}; pick others in the table."
        )
    return [run.get(store, id_) for id_ in wanted]


class CompareSubscription:
    """Follows a comparison.

    Args:
        ids: full run ids.
        token: the state that the listener already has.
    """

    def __init__(self, store: Store, ids: Sequence[str], token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._keys = [record.key for record in compared(store, ids)]
        self._token = token or ""
        self._versions: dict[int, Version] | None = None
        self._next_read = 0.0

    def next(self) -> list[CompareEvent]:
        """Events since the last call; reads at most once a second."""
        if self.is_over or time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + PAUSE
        recover_now_and_then(self._store)
        with self._store.catalogue.read() as connection:
            found = self._store.runs.versions(connection, self._keys, is_row=True)
        if found == self._versions:
            return []
        records = records_of(self._store, [key for key in self._keys if key in found])
        if not records:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": "The runs were deleted."}]
        events: list[CompareEvent] = []
        token = token_of([found.get(key) for key in self._keys])
        if token != self._token:
            events.append(self._whole(records, token))
            self._token = token
        if all(record.status.is_terminal for record in records):
            self.is_over = True
            events.append({"type": "end", "token": token})
        self._versions = found
        return events

    def whole(self) -> list[CompareEvent]:
        """One event with the current comparison."""
        there = self._versions or {}
        records = records_of(self._store, [key for key in self._keys if key in there])
        return [self._whole(records, self._token)] if records else []

    def _whole(self, records: list[RunRecord], token: str) -> ViewEvent[CompareView]:
        return {"type": "view", "token": token, "view": to_data(compare_view(self._store, records))}


@subscription
def compare(store: Store, subject: CompareSubject, token: str | None) -> CompareSubscription:
    """A comparison: sent whole when one of its runs changed, until the last has ended."""
    return CompareSubscription(store, subject.runs, token)
