"""The replicas of one revision: started, watched, started again, as many as are needed."""

from __future__ import annotations

import asyncio
import math
import signal
import time
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.service import ServiceError
from aml_magics.workers.supervisor.preparation import PreparationError, Prepared, prepare
from aml_magics.workers.supervisor.replica import DRAINING, GONE, READY, STARTING, Replica

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store

MOST_FAILURES: Final = 10
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_QUIET: Final = 30.0
"""Seconds of less work after which a replica that autoscale added ends."""

_SLACK: Final = 5.0
"""Seconds over a limit that the replica itself watches, after which it counts as hanging."""


class Group:
    """The replicas of one revision.

    Args:
        changed: called when a replica comes or goes, or when the group fails.
        released: called with a connection that needs another replica.
        say: writes a line to the service's log.
    """

    def __init__(
        self,
        revision: Revision,
        log: Path,
        changed: Callable[[], None],
        released: Callable[[socket.socket], None],
        say: Callable[[str], object],
    ) -> None:
        self.revision = revision
        self.error: ServiceError | None = None
        self.is_failed = False
        self.was_ready = False
        self.is_draining = False
        self.restarts = 0
        self._deployment = revision.deployment
        self._log, self._say = log, say
        self._changed, self._released = changed, released
        self._replicas: list[Replica] = []
        self._prepared: Prepared | None = None
        self._wanted = max(1, self._deployment.scaling.minimum)
        self._failures = 0
        self._starting = 0  # restarts that wait for their time
        self._answered = 0  # by replicas that are gone
        self._enough_since = time.monotonic()
        self._scaled = 0.0
        self._loop = asyncio.get_running_loop()

    # -- what it is -----------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The number of the revision."""
        return self.revision.number

    def ready(self) -> list[Replica]:
        """The replicas that take connections."""
        return [one for one in self._replicas if one.state == READY]

    @property
    def is_full(self) -> bool:
        """Whether as many are ready as the revision starts with."""
        return len(self.ready()) >= max(1, self._deployment.scaling.minimum)

    @property
    def is_empty(self) -> bool:
        """Whether no process is left."""
        return not self._replicas

    @property
    def requests(self) -> int:
        """How many requests it has answered."""
        return self._answered + sum(one.requests for one in self._replicas)

    def describe(self) -> list[dict[str, Any]]:
        """The replicas, as ``status.json`` has them."""
        found = []
        for one in self._replicas:
            busy, waiting, _, _ = one.numbers.counts()
            found.append({
                "pid": one.pid,
                "revision": self.number,
                "version": self.revision.version,
                "state": one.state,
                "since": one.since,
                "restarts": self.restarts,
                "busy": busy,
                "waiting": waiting,
                "memory": one.memory(),
            })  # fmt: skip
        return found

    # -- its life -------------------------------------------------------------------------

    async def start(self, store: Store, record: ServiceRecord) -> None:
        """Prepare the revision and start its replicas; a failure is noted."""
        try:
            self._prepared = await asyncio.to_thread(
                prepare, store, record, self.revision, self._say
            )
        except PreparationError as error:
            self._fail(error.error)
            return
        if self.is_draining:
            self._prepared.held.close()
            return
        for _ in range(self._wanted):
            self._add()

    def take(self, connection: socket.socket) -> bool:
        """Give a connection to the least busy replica; False if there is none."""
        ready = self.ready()
        return bool(ready) and min(ready, key=lambda one: one.load).take(connection)

    def drain(self) -> None:
        """Let all replicas answer what they have, and end."""
        self.is_draining = True
        for one in self._replicas:
            one.drain()
        self._close_if_empty()

    def kill(self) -> None:
        """End all replicas now."""
        self.is_draining = True
        for one in self._replicas:
            one.kill()

    def read_keys(self) -> None:
        """Let all replicas read the keys again."""
        for one in self._replicas:
            one.read_keys()

    def _add(self) -> None:
        if self.is_draining or self.is_failed or self._prepared is None:
            return
        try:
            one = Replica(
                self._prepared, self.number, self._log, self._replica_changed, self._released
            )
        except OSError as error:  # no memory, no process, a folder that was removed
            self._lost(ServiceError("ReplicaNotStarted", f"No process could be started: {error}."))
            self._changed()
            return
        self._replicas.append(one)

    def _fail(self, error: ServiceError) -> None:
        self.is_failed, self.error = True, error
        self._say(f"{error.code}: {error.message}")
        self.kill()
        self._close_if_empty()
        self._changed()

    def _close_if_empty(self) -> None:
        if self.is_empty and self._prepared is not None:
            self._prepared.held.close()

    def _replica_changed(self, one: Replica) -> None:
        if one.state == READY:
            self.was_ready = True
            self.error = None
        elif one.is_stuck and one.state == DRAINING:
            why = f"run() does not end in process {one.pid}; another one takes its place."
            self._lost(ServiceError("ScoringTimeout", why), has_answered=one.has_answered)
        elif one.state == GONE:
            self._gone(one)
        self._changed()

    def _gone(self, one: Replica) -> None:
        self._answered += one.requests
        self._replicas.remove(one)
        was_planned = self.is_draining or one.is_stuck or one.drained > 0
        has_answered = one.has_answered
        one.numbers.close()
        if was_planned:
            self._close_if_empty()
            return
        self._lost(_error_of(one), has_answered=has_answered)

    def _lost(self, error: ServiceError, *, has_answered: bool = False) -> None:
        """Start another replica, later after each one that ended without an answer.

        The revision fails if none was ever ready, or if that goes on and no other replica is left.
        """
        if not self.was_ready:
            self._fail(error)
            return
        self.error = error
        self._say(f"{error.code}: {error.message}")
        self.restarts += 1
        self._failures = 0 if has_answered else min(self._failures + 1, MOST_FAILURES)
        if self._failures == MOST_FAILURES and not self.ready():
            self._fail(ServiceError(
                "CrashLoop",
                f"{MOST_FAILURES} processes in a row ended without an answer, the last one so: {error.message}",
            ))  # fmt: skip
            return
        pause = min(_FIRST_PAUSE * 2 ** (self._failures - 1), _LONGEST_PAUSE)
        self._starting += 1
        self._loop.call_later(pause if self._failures else 0.0, self._start_now)

    def _start_now(self) -> None:
        self._starting -= 1
        self._add()

    # -- what is watched ------------------------------------------------------------------

    def watch(self) -> None:
        """Kill what hangs or takes too much memory; add and drain replicas as there is work."""
        limits = self._deployment.limits
        now = time.monotonic()
        for one in list(self._replicas):
            silent = one.numbers.since_tick()
            if one.state == STARTING and now - one.started > limits.init + _SLACK:
                one.failure = {
                    "code": "InitTimeout",
                    "message": f"init() did not return in {limits.init:g} s.",
                }
                one.kill()
            elif one.state == READY and silent is not None and silent > limits.scoring + _SLACK:
                one.kill(f"it did not answer for {silent:.0f} s", 504)
            elif limits.memory is not None and (used := one.memory()) > limits.memory:
                one.kill(f"it took {used:,} bytes of memory, and {limits.memory:,} are allowed")
            elif one.state == DRAINING and self._may_end(one, now):
                one.kill(status=504 if one.is_stuck else 500)
        if self.was_ready and not self.is_draining and not self.is_failed:
            self._scale(now)

    def _may_end(self, one: Replica, now: float) -> bool:
        """Whether a draining replica is ended from outside: stuck and done, or too late."""
        limits = self._deployment.limits
        if one.is_stuck and not one.connections:
            return True
        return now - one.drained > limits.scoring + limits.wait + _SLACK

    def _scale(self, now: float) -> None:
        scaling = self._deployment.scaling
        if scaling.maximum <= scaling.minimum or now - self._scaled < scaling.refresh:
            return
        self._scaled = now
        ready = self.ready()
        work = sum(one.load[0] for one in ready)
        room = max(1, self._deployment.limits.concurrent) * scaling.target / 100
        wanted = min(max(math.ceil(work / room), scaling.minimum, 1), scaling.maximum)
        alive = len([one for one in self._replicas if one.state in (STARTING, READY)])
        if wanted >= alive:
            self._enough_since = now
        for _ in range(wanted - alive - self._starting):
            self._add()
        if wanted < len(ready) and now - self._enough_since > _QUIET:
            min(ready, key=lambda one: one.load).drain()


def _error_of(one: Replica) -> ServiceError:
    """Why a replica ended."""
    if one.failure is not None:
        trace = one.failure.get("traceback", "")
        return ServiceError(
            one.failure.get("code", "ReplicaFailed"),
            one.failure.get("message", ""),
            (trace,) if trace else (),
        )
    if one.killed_for:
        return ServiceError("ReplicaKilled", f"Process {one.pid} was ended: {one.killed_for}.")
    code = one.code or 0
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    return ServiceError(
        "ReplicaExited",
        f"Process {one.pid} of revision {one.revision} ended {how}; the log says more.",
    )
