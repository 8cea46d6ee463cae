"""Following a table of runs: all of it, then the rows that changed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.views.run.table import run_table_view
from aml_magics.views.text.plain import plain
from aml_magics.views.text.token import token_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import RunVersion
    from aml_magics.views.run.query import RunQuery
    from aml_magics.views.run.table import RunRowView
    from aml_magics.views.screen.follow import Message

PAUSE: Final = 1.0
"""Seconds between two looks at the store."""


class RunTableFollower:
    """Follows the runs that meet a query; it never ends.

    Args:
        store: where they are kept.
        query: which they are.
        token: the state that is known already.

    Raises:
        InvalidFilterError: a filter, order or status that cannot be read.
        RunNotFoundError: the parent is not there.
    """

    is_over: Final = False

    def __init__(self, store: Store, query: RunQuery, token: str | None = None) -> None:
        self._store = store
        self._query = query
        self._token = token or ""
        self._mark: RunVersion | None = None
        self._versions: dict[int, RunVersion] | None = None
        self._rows: dict[int, RunRowView] = {}
        self._ids: dict[int, str] = {}
        self._more = 0
        self._next_look = 0.0
        query.keys(store, limit=1)  # so that a query that cannot be read is refused at once

    def next(self) -> list[Message]:
        """What happened since the last call, a look a second."""
        from aml_magics.services.run.recovery import recover_now_and_then
        from aml_magics.store.tables.version import catalogue_version

        if time.monotonic() < self._next_look:
            return []
        self._next_look = time.monotonic() + PAUSE
        recover_now_and_then(self._store)
        mark = catalogue_version(self._store.catalogue, time.time_ns())
        if mark is not None:
            mark = (*mark, *self._store.runs.verdicts.items())
            if mark == self._mark:
                return []
        messages = self._looked()
        self._mark = mark
        return messages

    def whole(self) -> list[Message]:
        """The runs that were told, as they are now."""
        from aml_magics.services.run.search import records_of

        if self._versions is None:
            return []
        records = records_of(self._store, list(self._versions))
        view = run_table_view(self._store, records, rows=len(records), more=self._more)
        return [{"type": "view", "token": self._token, "view": plain(view)}]

    def _looked(self) -> list[Message]:
        keys, more = self._query.keys(self._store)
        with self._store.catalogue.read() as connection:
            found = self._store.runs.versions(connection, keys, is_row=True)
        now = {key: found[key] for key in keys if key in found}
        before = self._versions
        is_same = before is not None and list(before.items()) == list(now.items())
        if is_same and more == self._more:
            return []
        token = token_of([[list(stamp) for stamp in now.values()], more])
        if before is not None:
            messages = self._change(before, now, token, more)
        elif token == self._token:
            self._ids = {key: stamp[0] for key, stamp in now.items()}
            messages = []
        else:
            messages = [self._whole(list(now), token, more)]
        # only now: where the store did not answer, a later call tells it
        self._versions, self._token, self._more = now, token, more
        return messages

    def _whole(self, keys: list[int], token: str, more: int) -> Message:
        from aml_magics.services.run.search import records_of

        records = records_of(self._store, keys)
        view = run_table_view(self._store, records, rows=len(records), more=more)
        self._rows = {record.key: row for record, row in zip(records, view.rows, strict=True)}
        self._ids = {record.key: record.id for record in records}
        return {"type": "view", "token": token, "view": plain(view)}

    def _change(
        self, before: dict[int, RunVersion], now: dict[int, RunVersion], token: str, more: int
    ) -> list[Message]:
        from aml_magics.services.run.search import records_of

        changed = [key for key, stamp in now.items() if before.get(key) != stamp]
        records = records_of(self._store, changed)
        view = run_table_view(self._store, records, rows=len(records))
        rows = []
        for record, row in zip(records, view.rows, strict=True):
            known = self._rows.get(record.key)
            # time alone is no news
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
        told: Message = {"type": "rows", "token": token, "rows": plain(rows), "removed": removed}
        return [{**told, "order": order, "more": more}]
