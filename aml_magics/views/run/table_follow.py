"""A subscription to a table of runs: the whole table, then the rows that changed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.services.run.search import records_of
from aml_magics.store.tables.version import catalogue_version
from aml_magics.views.contract.event import ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.run.query import RunQuery
from aml_magics.views.run.table import RunRowView, RunTableView, run_table_view
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import Version

PAUSE: Final = 1.0
"""Seconds between two reads of the store."""


class RowsEvent(TypedDict):
    """Rows that are new or changed, ids of rows that left, and the order where it changed; ``more`` runs are not told of."""

    type: Literal["rows"]
    token: str
    rows: list[RunRowView]
    removed: list[str]
    order: list[str] | None
    more: int


RunTableEvent = ViewEvent[RunTableView] | RowsEvent


@dataclass(frozen=True, slots=True)
class RunTableSubject:
    """The runs that match a query."""

    query: RunQuery


class RunTableSubscription:
    """Follows the runs that match a query; it never ends.

    Args:
        token: the state that the listener already has.
    """

    is_over: Final = False

    def __init__(self, store: Store, query: RunQuery, token: str | None = None) -> None:
        self._store = store
        self._query = query
        self._token = token or ""
        # Of the whole catalogue; while it is unchanged, not even the runs' versions are read.
        self._mark: Version | None = None
        self._versions: dict[int, Version] | None = None
        self._rows: dict[int, RunRowView] = {}
        self._ids: dict[int, str] = {}
        self._more = 0
        self._groups: RunTableView | None = None
        self._next_read = 0.0
        query.keys(store, limit=1)  # refuses a malformed query at once

    def next(self) -> list[RunTableEvent]:
        """Events since the last call; reads at most once a second."""
        if time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + PAUSE
        recover_now_and_then(self._store)
        mark = catalogue_version(self._store.catalogue, time.time_ns())
        if mark is not None:
            mark = (*mark, *self._store.runs.verdicts.items())
            if mark == self._mark:
                return []
        events = self._read()
        self._mark = mark
        return events

    def whole(self) -> list[RunTableEvent]:
        """One event with the current state of the runs in the last event."""
        if self._groups is not None:
            return [{"type": "view", "token": self._token, "view": to_data(self._groups)}]
        if self._versions is None:
            return []
        records = records_of(self._store, list(self._versions))
        view = run_table_view(self._store, records, rows=len(records), more=self._more)
        return [{"type": "view", "token": self._token, "view": to_data(view)}]

    def _read(self) -> list[RunTableEvent]:
        if self._query.by:
            return self._read_groups()
        keys, more = self._query.keys(self._store)
        with self._store.catalogue.read() as connection:
            found = self._store.runs.versions(connection, keys, is_row=True)
        now = {key: found[key] for key in keys if key in found}
        before = self._versions
        is_same = before is not None and list(before.items()) == list(now.items())
        if is_same and more == self._more:
            return []
        token = token_of([[list(version) for version in now.values()], more])
        if before is not None:
            events: list[RunTableEvent] = self._change(before, now, token, more)
        elif token == self._token:
            self._ids = {key: version[0] for key, version in now.items()}
            events = []
        else:
            events = [self._whole(list(now), token, more)]
        # Last, so that after a failure above the next call finds the same change again.
        self._versions, self._token, self._more = now, token, more
        return events

    def _read_groups(self) -> list[RunTableEvent]:
        view = self._query.table(self._store)
        data = to_data(view)
        token = token_of(data)
        is_known = token == self._token
        self._groups, self._token = view, token
        return [] if is_known else [{"type": "view", "token": token, "view": data}]

    def _whole(self, keys: list[int], token: str, more: int) -> ViewEvent[RunTableView]:
        records = records_of(self._store, keys)
        view = run_table_view(self._store, records, rows=len(records), more=more)
        self._rows = {record.key: row for record, row in zip(records, view.rows, strict=True)}
        self._ids = {record.key: record.id for record in records}
        return {"type": "view", "token": token, "view": to_data(view)}

    def _change(
        self, before: dict[int, Version], now: dict[int, Version], token: str, more: int
    ) -> list[RunTableEvent]:
        changed = [key for key, version in now.items() if before.get(key) != version]
        records = records_of(self._store, changed)
        view = run_table_view(self._store, records, rows=len(records))
        rows = []
        for record, row in zip(records, view.rows, strict=True):
            known = self._rows.get(record.key)
            # The elapsed time always changes, and a screen counts it by itself.
            if known is None or replace(known, elapsed=None) != replace(row, elapsed=None):
                rows.append(row)
            self._rows[record.key] = row
            self._ids[record.key] = record.id
        gone = [key for key in self._ids if key not in now]
        removed = [self._ids.pop(key) for key in gone]
        for key in gone:
            self._rows.pop(key, None)
        order = None
        if list(before) != list(now):
            order = [self._ids[key] for key in now if key in self._ids]
        if not rows and not removed and order is None and more == self._more:
            return []
        return [
            {
                "type": "rows",
                "token": token,
                "rows": to_data(rows),
                "removed": removed,
                "order": order,
                "more": more,
            }
        ]


@subscription
def runs(store: Store, subject: RunTableSubject, token: str | None) -> RunTableSubscription:
    """A table of runs: all of it, then the rows that changed."""
    return RunTableSubscription(store, subject.query, token)
