"""Following a comparison: sent whole when a run of it changed, until all have ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.text.plain import plain
from aml_magics.views.text.token import token_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import RunVersion
    from aml_magics.views.screen.follow import Message

FEWEST: Final = 2
MOST: Final = 20
PAUSE: Final = 1.0
"""Seconds between two looks at the store."""


def compared(store: Store, ids: Sequence[str]) -> list[RunRecord]:
    """The runs of a comparison, each once.

    Raises:
        UsageError: fewer than two or more than twenty.
        RunNotFoundError: one of them is not there.
    """
    from aml_magics.services.run import run

    wanted = list(dict.fromkeys(ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise UsageError(
            f"A comparison is of {FEWEST} to {MOST} different runs, not of {len(wanted)}; pick others in the table."
        )
    return [run.get(store, id_) for id_ in wanted]


class CompareFollower:
    """Follows some runs beside each other.

    Args:
        store: where they are kept.
        ids: their whole ids.
        token: the state that is known already.

    Raises:
        UsageError: fewer than two or more than twenty runs.
        RunNotFoundError: one of them is not there.
    """

    def __init__(self, store: Store, ids: Sequence[str], token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._keys = [record.key for record in compared(store, ids)]
        self._token = token or ""
        self._versions: dict[int, RunVersion] | None = None
        self._next_look = 0.0

    def next(self) -> list[Message]:
        """What happened since the last call, a look a second."""
        from aml_magics.services.run.recovery import recover_now_and_then
        from aml_magics.services.run.search import records_of

        if self.is_over or time.monotonic() < self._next_look:
            return []
        self._next_look = time.monotonic() + PAUSE
        recover_now_and_then(self._store)
        with self._store.catalogue.read() as connection:
            found = self._store.runs.versions(connection, self._keys, is_row=True)
        if found == self._versions:
            return []
        records = records_of(self._store, [key for key in self._keys if key in found])
        if not records:
            self.is_over = True
            return [{"type": "gone", "token": self._token, "message": "The runs were deleted."}]
        messages: list[Message] = []
        token = token_of([found.get(key) for key in self._keys])
        if token != self._token:
            messages.append(self._told(records, token))
            self._token = token
        if all(record.status.is_terminal for record in records):
            self.is_over = True
            messages.append({"type": "end", "token": token})
        self._versions = found
        return messages

    def whole(self) -> list[Message]:
        """The comparison as it is now."""
        from aml_magics.services.run.search import records_of

        there = self._versions or {}
        records = records_of(self._store, [key for key in self._keys if key in there])
        return [self._told(records, self._token)] if records else []

    def _told(self, records: list[RunRecord], token: str) -> Message:
        return {"type": "view", "token": token, "view": plain(compare_view(self._store, records))}
