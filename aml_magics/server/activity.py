"""The active runs in the workspaces of this user, and which ended ones were edited."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.executor import HomeExecutor, executor_of
from aml_magics.server.stream import StreamHandler
from aml_magics.store.home import workspaces
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aml_magics.views.text.encoding import Event
    from aml_magics.views.workspace.activity import (
        ActiveRunView,
        ActivityEvent,
        RunEditView,
        WorkspaceActivity,
    )

T = TypeVar("T")
LATELY: Final = 86_400.0
MOST_WORKSPACES: Final = 20
PAUSE: Final = 1.0
PATIENCE: Final = 2.0
"""Seconds to wait for a workspace; then the others are sent without it."""

_USED: Final = ("catalogue.db", "catalogue.db-wal", "journals", "workspace.json")
_log = logging.getLogger("aml_magics")

_executor: Final = HomeExecutor(threads=1)
"""A dedicated thread, since it waits for the databases."""


class ActivitySubscription:
    """Sends all active runs and the latest edits of ended ones at each change.

    Args:
        token: the state that the listener already has.
    """

    is_over: Final = False

    def __init__(self, token: str | None = None) -> None:
        self._token = token
        self._known: tuple[list[ActiveRunView], list[RunEditView]] | None = None
        self._next_read = 0.0
        # A read continues in the workspace's own thread while a database does not answer; so it is
        # stored with the time of the last change before it began, and with its start time.
        self._reads: dict[Path, tuple[float, float, Future[WorkspaceActivity]]] = {}
        self._seen: dict[Path, float] = {}
        self._found: dict[Path, WorkspaceActivity] = {}
        self._complained: set[Path] = set()

    def next(self) -> list[Event]:
        """Changes since the last call; reads once a second."""
        if time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + PAUSE
        now = time.time()
        used = used_lately(now)
        for folder in [known for known in self._found if known not in used]:
            del self._found[folder]
        due = {folder: when for folder, when in used.items() if self._is_due(folder, when)}
        wait([self._begin(folder, when, now) for folder, when in due.items()], PATIENCE)
        for folder in list(self._reads):
            self._end(folder)
        runs = [run for found in self._found.values() for run in found.runs]
        edits = [edit for found in self._found.values() for edit in found.edits]
        token = token_of([[[run.id, run.status] for run in runs], to_data(edits)])
        self._known, is_news, self._token = (runs, edits), token != self._token, token
        return self.whole() if is_news else []

    def whole(self) -> list[Event]:
        """The active runs and the edits as of the last call of :meth:`next`."""
        if self._known is None or self._token is None:
            return []
        runs, edits = self._known
        event: ActivityEvent = {
            "type": "activity",
            "token": self._token,
            "runs": to_data(runs),
            "edits": to_data(edits),
        }
        return [event]

    def _is_due(self, folder: Path, when: float) -> bool:
        if folder in self._reads:  # it has not answered yet
            return False
        is_seen = self._seen.get(folder) == when and (folder / _USED[0]).exists()
        return not is_seen or self._has_active(folder)

    def _begin(self, folder: Path, when: float, now: float) -> Future[WorkspaceActivity]:
        recovers = self._has_active(folder)
        read = executor_of(folder.name).submit(partial(self._read, folder, recovers=recovers))
        self._reads[folder] = when, now, read
        return read

    def _end(self, folder: Path) -> None:
        """Take the result of a read, if it has finished."""
        when, begun, read = self._reads[folder]
        if not read.done():
            return
        del self._reads[folder]
        error = read.exception()
        if error is not None:
            self._complain(folder, error)
            return
        self._found[folder] = read.result()
        # File timestamps are coarse: read again if changed within the last second.
        self._seen[folder] = when if begun - when > 1 else 0.0
        self._complained.discard(folder)

    def _has_active(self, folder: Path) -> bool:
        return folder in self._found and bool(self._found[folder].runs)

    def _read(self, folder: Path, *, recovers: bool) -> WorkspaceActivity:
        # loads the database's client
        from aml_magics.views.workspace.activity import workspace_activity

        return workspace_activity(folder, recovers=recovers)

    def _complain(self, folder: Path, error: BaseException) -> None:
        self._found.pop(folder, None)
        if folder not in self._complained:
            self._complained.add(folder)
            _log.warning("what runs in %s cannot be read: %s", folder, error)


def used_lately(now: float) -> dict[Path, float]:
    """Folders of workspaces used within a day, with the time of use; the latest first."""
    found = {
        folder: max(map(_changed, (folder / name for name in _USED))) for folder in workspaces()
    }
    lately = sorted(
        ((when, folder) for folder, when in found.items() if now - when < LATELY), reverse=True
    )
    return {folder: when for when, folder in lately[:MOST_WORKSPACES]}


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Activity:
    """The active runs as a subject of a feed."""

    async def subscribe(self, token: str | None) -> ActivitySubscription:
        """A subscription that continues from the state of a token."""
        return ActivitySubscription(token)

    def run(self, work: Callable[[], T]) -> Awaitable[T]:
        """Run ``work`` in a thread."""
        return _executor.run(work)


class ActivityHandler(StreamHandler):
    """The event stream of active runs."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Send all active runs at once, then again at each change."""
        await self.stream(Activity())
