"""What runs now in the workspaces of this user, and what has just ended."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.errors import AmlError
from aml_magics.server.desk import home_desk
from aml_magics.server.stream import StreamHandler

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LATELY: Final = 86_400.0
MOST_WORKSPACES: Final = 20
PAUSE: Final = 1.0
LOST: Final = 600.0
"""Seconds for which a listener that was away is told of runs that ended meanwhile."""

MOST_RUNS: Final = 200
_USED: Final = ("catalogue.db", "catalogue.db-wal", "journals", "workspace.json")
_log = logging.getLogger("aml_magics")


class ActivityTeller:
    """Tells of running runs.

    Args:
        token: of the last event that the listener had: runs that ended since are told once more.
    """

    is_over: Final = False

    def __init__(self, token: str | None = None) -> None:
        now = time.time()
        since = float(token) if token and token.replace(".", "", 1).isdigit() else now
        self._since = max(since, now - LOST)
        self._next_look = 0.0
        self._seen: dict[Path, float] = {}
        self._running: dict[Path, dict[str, dict[str, Any]]] = {}
        self._told: list[str] | None = None
        self._complained: set[Path] = set()
        # one that falls on the edge of two looks is found by both
        self._endings: deque[tuple[Path, str, float | None]] = deque(maxlen=MOST_RUNS)

    def next(self) -> list[dict[str, Any]]:
        """What changed since the last call, a look a second."""
        if time.monotonic() < self._next_look:
            return []
        self._next_look = time.monotonic() + PAUSE
        now = time.time()
        finished: list[dict[str, Any]] = []
        used = used_lately(now)
        for folder in [known for known in self._running if known not in used]:
            del self._running[folder]
        for folder, when in used.items():
            is_seen = self._seen.get(folder) == when and (folder / _USED[0]).exists()
            if is_seen and not self._running.get(folder):
                continue
            try:
                finished += self._look(folder)
                # a moment of the clock of files may hold two changes
                self._seen[folder] = when if now - when > 1 else 0.0
                self._complained.discard(folder)
            except (AmlError, OSError, ValueError, LookupError) as error:
                self._complain(folder, error)
        state = [f"{run['id']} {run['status']}" for run in self._all()]
        if state == self._told and not finished:
            self._since = now
            return []
        self._told = state
        self._since = now
        told = {"type": "activity", "token": f"{now:.3f}", "running": self._all()}
        return [{**told, "runs": told["running"], "finished": finished}]

    def _all(self) -> list[dict[str, Any]]:
        return [run for runs in self._running.values() for run in runs.values()]

    def _look(self, folder: Path) -> list[dict[str, Any]]:
        """Note what runs in a workspace, and return what has ended in it."""
        from aml_magics.services.recover import recover_now_and_then
        from aml_magics.services.search import records_of
        from aml_magics.services.workspace import open_folder
        from aml_magics.store.schema import run as table

        store = open_folder(folder)
        before = self._running.get(folder, {})
        if before:
            recover_now_and_then(store)
        ended_since = table.c.ended > self._since
        with store.catalogue.read() as connection:
            keys = store.runs.keys_where(connection, table.c.ended.is_(None), limit=MOST_RUNS)
            ended = store.runs.keys_where(connection, ended_since, limit=MOST_RUNS)
        self._running[folder] = {
            record.id: _told_of(store, record) for record in records_of(store, keys)
        }
        finished = []
        for record in records_of(store, ended):
            ending = (folder, record.id, record.ended)
            if record.status.is_terminal and ending not in self._endings:
                self._endings.append(ending)
                finished.append({**_told_of(store, record), "reason": record.reason})
        return finished

    def _complain(self, folder: Path, error: Exception) -> None:
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


def _told_of(store: Store, record: RunRecord) -> dict[str, Any]:
    from aml_magics.views.identifier import short_id
    from aml_magics.views.moment import iso
    from aml_magics.views.run import elapsed

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


class ActivityHandler(StreamHandler):
    """The stream of what runs."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """All of it at once, then again at each change."""
        await self.tell(ActivityTeller(self.known), lambda teller: home_desk.ask(teller.next))
