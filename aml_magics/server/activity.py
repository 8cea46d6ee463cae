"""What runs now in the workspaces of this user."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.executor import HomeDesk, desk_of
from aml_magics.server.stream import StreamHandler
from aml_magics.views.text.token import token_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

T = TypeVar("T")
LATELY: Final = 86_400.0
MOST_WORKSPACES: Final = 20
PAUSE: Final = 1.0
PATIENCE: Final = 2.0
"""Seconds that a workspace is waited for when it is first asked; then the others are told without it."""

MOST_RUNS: Final = 200
_USED: Final = ("catalogue.db", "catalogue.db-wal", "journals", "workspace.json")
_log = logging.getLogger("aml_magics")

_desk: Final = HomeDesk(threads=1)

Told = dict[str, Any]


class ActivityFollower:
    """Tells of running runs, all of them at each change.

    Args:
        token: the state that is known already.
    """

    is_over: Final = False

    def __init__(self, token: str | None = None) -> None:
        self._token = token
        self._told: list[Told] | None = None
        self._next_look = 0.0
        self._looks: dict[Path, tuple[float, float, Future[list[Told]]]] = {}
        self._seen: dict[Path, float] = {}
        self._running: dict[Path, list[Told]] = {}
        self._complained: set[Path] = set()

    def next(self) -> list[Told]:
        """What changed since the last call, a look a second."""
        if time.monotonic() < self._next_look:
            return []
        self._next_look = time.monotonic() + PAUSE
        now = time.time()
        used = used_lately(now)
        for folder in [known for known in self._running if known not in used]:
            del self._running[folder]
        wait(
            [
                self._begin(folder, when, now)
                for folder, when in used.items()
                if self._is_due(folder, when)
            ],
            PATIENCE,
        )
        for folder in list(self._looks):
            self._end(folder)
        told = self._all()
        token = token_of([[run["id"], run["status"]] for run in told])
        self._told, is_news, self._token = told, token != self._token, token
        return self.whole() if is_news else []

    def whole(self) -> list[Told]:
        """What runs, as it was told."""
        if self._told is None:
            return []
        return [{"type": "activity", "token": self._token, "runs": self._told}]

    def _all(self) -> list[Told]:
        return [run for runs in self._running.values() for run in runs]

    def _is_due(self, folder: Path, when: float) -> bool:
        if folder in self._looks:  # it has not answered yet
            return False
        is_seen = self._seen.get(folder) == when and (folder / _USED[0]).exists()
        return not is_seen or bool(self._running.get(folder))

    def _begin(self, folder: Path, when: float, now: float) -> Future[list[Told]]:
        """Begin to look at a workspace, in a thread of its own."""
        is_running = bool(self._running.get(folder))
        look = desk_of(folder.name).begin(partial(self._look, folder, is_running=is_running))
        self._looks[folder] = when, now, look
        return look

    def _end(self, folder: Path) -> None:
        """Note what a look has found, if it is over."""
        when, begun, look = self._looks[folder]
        if not look.done():
            return
        del self._looks[folder]
        error = look.exception()
        if error is not None:
            self._complain(folder, error)
            return
        self._running[folder] = look.result()
        # a moment of the clock of files may hold two changes
        self._seen[folder] = when if begun - when > 1 else 0.0
        self._complained.discard(folder)

    def _look(self, folder: Path, *, is_running: bool) -> list[Told]:
        """What runs in a workspace."""
        from aml_magics.services.run.recovery import recover_now_and_then
        from aml_magics.services.run.search import records_of
        from aml_magics.services.workspace.workspace import open_folder
        from aml_magics.store.tables.schema import run as table

        store = open_folder(folder)
        if is_running:
            recover_now_and_then(store)
        with store.catalogue.read() as connection:
            keys = store.runs.keys_where(connection, table.c.ended.is_(None), limit=MOST_RUNS)
        return [
            _told_of(store, record)
            for record in records_of(store, keys)
            if not record.status.is_terminal  # where the store cannot be written it may be judged so
        ]

    def _complain(self, folder: Path, error: BaseException) -> None:
        self._running.pop(folder, None)
        if folder not in self._complained:
            self._complained.add(folder)
            _log.warning("what runs in %s cannot be told: %s", folder, error)


def used_lately(now: float) -> dict[Path, float]:
    """Folders of workspaces that somebody used within a day, and when; the latest first."""
    from aml_magics.store.home import workspaces

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


def _told_of(store: Store, record: RunRecord) -> Told:
    from aml_magics.views.run.run import elapsed
    from aml_magics.views.text.identifier import short_id
    from aml_magics.views.text.timestamp import iso

    return {
        "workspace": store.record.name,
        "id": record.id,
        "short_id": short_id(record.id),
        "number": record.number,
        "name": record.name,
        "experiment": record.experiment,
        "status": str(record.status),
        "started": iso(record.started),
        "elapsed": elapsed(record),
    }


@dataclass(frozen=True)
class Activity:
    """What runs, as a subject of a feed."""

    async def follower(self, token: str | None) -> ActivityFollower:
        """What follows it from the state that a token names."""
        return ActivityFollower(token)

    def ask(self, work: Callable[[], T]) -> Awaitable[T]:
        """What ``work`` returns, done in a thread that nothing else needs: it waits for databases."""
        return _desk.ask(work)


class ActivityHandler(StreamHandler):
    """The stream of what runs."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """All of it at once, then again at each change."""
        await self.tell(Activity())
