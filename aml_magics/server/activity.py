"""What runs now in the workspaces of this user, and what has just ended."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.desk import desk_of, home_desk
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

LATE: Final = 5.0
"""Seconds by which the end of a run may be seen later than it was."""

PATIENCE: Final = 2.0
"""Seconds that a workspace is waited for when it is first asked; then the others are told without it."""

MOST_RUNS: Final = 200
_USED: Final = ("catalogue.db", "catalogue.db-wal", "journals", "workspace.json")
_log = logging.getLogger("aml_magics")

Told = dict[str, Any]
Look = tuple[dict[str, Told], list[tuple[float | None, Told]]]
"""What runs in a workspace, by id, and what has ended, with the moment."""


class ActivityTeller:
    """Tells of running runs.

    Args:
        token: of the last event that the listener had: runs that ended since are told once more.
    """

    is_over: Final = False

    def __init__(self, token: str | None = None) -> None:
        self._begun = _moment(token, time.time())
        self._next_look = 0.0
        self._looks: dict[Path, tuple[float, float, Future[Look]]] = {}
        self._seen: dict[Path, float] = {}
        self._since: dict[Path, float] = {}
        self._running: dict[Path, dict[str, Told]] = {}
        self._told: list[str] | None = None
        self._complained: set[Path] = set()
        # one that ended shortly before a look is found by two
        self._endings: deque[tuple[Path, str, float | None]] = deque(maxlen=MOST_RUNS)

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
        finished = [run for folder in list(self._looks) for run in self._end(folder)]
        state = [f"{run['id']} {run['status']}" for run in self._all()]
        if state == self._told and not finished:
            return []
        self._told = state
        told = {"type": "activity", "token": f"{now:.3f}", "running": self._all()}
        return [{**told, "runs": told["running"], "finished": finished}]

    def _all(self) -> list[Told]:
        return [run for runs in self._running.values() for run in runs.values()]

    def _is_due(self, folder: Path, when: float) -> bool:
        if folder in self._looks:  # it has not answered yet
            return False
        is_seen = self._seen.get(folder) == when and (folder / _USED[0]).exists()
        return not is_seen or bool(self._running.get(folder))

    def _begin(self, folder: Path, when: float, now: float) -> Future[Look]:
        """Begin to look at a workspace, in a thread of its own."""
        since = max(self._begun, self._since.get(folder, self._begun) - LATE)
        is_running = bool(self._running.get(folder))
        look = desk_of(folder.name).begin(partial(self._look, folder, since, is_running))
        self._looks[folder] = when, now, look
        return look

    def _end(self, folder: Path) -> list[Told]:
        """Note what a look has found, if it is over, and return what has ended."""
        when, begun, look = self._looks[folder]
        if not look.done():
            return []
        del self._looks[folder]
        error = look.exception()
        if error is not None:
            self._complain(folder, error)
            return []
        self._running[folder], ended = look.result()
        # a moment of the clock of files may hold two changes
        self._seen[folder], self._since[folder] = when if begun - when > 1 else 0.0, begun
        self._complained.discard(folder)
        finished = []
        for moment, run in ended:
            ending = (folder, run["id"], moment)
            if ending not in self._endings:
                self._endings.append(ending)
                finished.append(run)
        return finished

    def _look(self, folder: Path, since: float, is_running: bool) -> Look:
        """What runs in a workspace, and what has ended in it since a moment."""
        from aml_magics.services.recover import recover_now_and_then
        from aml_magics.services.search import records_of
        from aml_magics.services.workspace import open_folder
        from aml_magics.store.schema import run as table

        store = open_folder(folder)
        if is_running:
            recover_now_and_then(store)
        ended_since = table.c.ended > since
        with store.catalogue.read() as connection:
            keys = store.runs.keys_where(connection, table.c.ended.is_(None), limit=MOST_RUNS)
            ended = store.runs.keys_where(connection, ended_since, limit=MOST_RUNS)
        running = {
            record.id: _told_of(store, record)
            for record in records_of(store, keys)
            if not record.status.is_terminal  # where the store cannot be written it may be judged so
        }
        finished = [
            (record.ended, {**_told_of(store, record), "reason": record.reason})
            for record in records_of(store, ended)
            if record.status.is_terminal
        ]
        return running, finished

    def _complain(self, folder: Path, error: BaseException) -> None:
        self._running.pop(folder, None)
        if folder not in self._complained:
            self._complained.add(folder)
            _log.warning("what runs in %s cannot be told: %s", folder, error)


def _moment(token: str | None, now: float) -> float:
    """The moment that a token names, as long as it is not long ago; now where it names none."""
    try:
        since = float(token or now)
    except ValueError:
        return now
    return min(max(since, now - LOST), now) if math.isfinite(since) else now


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
