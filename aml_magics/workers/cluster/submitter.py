"""Sends the queued runs of one compute target to its Dask cluster, and looks after those that went there.

It keeps nothing that matters: what waits, and what a worker has claimed, lies in the catalogue. So when it, or
Dask's scheduler, was killed, the next one sends again what still waits, and leaves alone what was claimed.
"""

from __future__ import annotations

import logging
import secrets
import socket
import time
from collections import Counter
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, StoreTooNewError
from aml_magics.records.owner import SILENCE
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.compute import cluster, registry
from aml_magics.services.compute.sighting import Sighting, Sightings
from aml_magics.services.run.ending import end
from aml_magics.workers.cluster.order import Order, mismatch
from aml_magics.workers.cluster.task import execute, probe
from aml_magics.workers.forked import NOT_NOW

if TYPE_CHECKING:
    import sqlalchemy as sa
    from distributed import Client, Future

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.job import QueuedJob
    from aml_magics.records.owner import OwnerRecord
    from aml_magics.services.compute.cluster import ClusterWorker
    from aml_magics.services.process.queue import SchedulerLock
    from aml_magics.store.store import Store

TICK: Final = 0.05
LOOK: Final = 1.0
"""Seconds between two looks at the cluster and its workers, and between two attempts to reach it."""

IDLE_SECONDS: Final = 60.0
LEASE: Final = 4 * SILENCE
"""Seconds without a heartbeat after which a run is lost that Dask does not have any more."""

AWAY: Final = (OSError, RuntimeError, ValueError, KeyError, CancelledError)
"""What Dask's many parts raise while its scheduler goes away; an error of another kind ends this process, and it is started anew."""

TRIES: Final = 3
MOST_TOLD: Final = 20
_NAMED: Final = 3
_log = logging.getLogger("aml_magics.cluster")


@dataclass(slots=True)
class Sent:
    """A run that was sent, until Dask says that it has finished with it."""

    run_id: str
    future: Future[dict[str, Any]]


class Workers:
    """The workers of a cluster: which of them can take runs, and why the others cannot."""

    def __init__(self, client: Client, version: str, python: str) -> None:
        self._client = client
        self._version, self._python = version, python
        self._asked: dict[str, Future[dict[str, Any]] | None] = {}
        self._why: dict[str, str] = {}
        self.found: list[ClusterWorker] = []

    def look(self) -> None:
        """See who is there, and ask who is new."""
        self.found = cluster.workers_of(self._client)
        there = {one.address for one in self.found}
        self._why = {address: why for address, why in self._why.items() if address in there}
        self._asked = {address: one for address, one in self._asked.items() if address in there}
        for address in there - self._asked.keys():
            key = f"aml-probe-{secrets.token_hex(8)}"
            self._asked[address] = self._client.submit(
                probe, key=key, workers=[address], allow_other_workers=False, pure=False, retries=0
            )
        for address, asked in self._asked.items():
            if asked is not None and asked.done():
                self._why[address] = self._answer(asked)
                self._asked[address] = None  # else Dask would ask again when the worker leaves

    def _answer(self, asked: Future[dict[str, Any]]) -> str:
        if asked.status == "finished":
            return mismatch(
                self._version, self._python, asked.result(timeout=cluster.REACH_SECONDS)
            )
        error = asked.exception(timeout=cluster.REACH_SECONDS) if asked.status == "error" else None
        return f"it does not answer with its version ({type(error).__name__}: {error}); install aml-magics[cluster] there"

    def suitable(self, wanted: dict[str, float]) -> list[ClusterWorker]:
        """Those that can take a run which needs these resources."""
        return [one for one in self.found if self._why.get(one.address) == "" and one.slots(wanted)]

    @property
    def are_mixed(self) -> bool:
        """Whether some cannot take runs, so that Dask must be told which can."""
        return any(self._why.get(one.address) != "" for one in self.found)

    def problem(self, wanted: dict[str, float]) -> str:
        """Why none can take a run, for people."""
        if not self.found:
            return "it has no worker yet"
        if bad := [f"{address}: {why}" for address, why in self._why.items() if why]:
            more = f" And {len(bad) - _NAMED} more." if len(bad) > _NAMED else ""
            return f"no worker of it can take it: {' '.join(bad[:_NAMED])}{more}"
        if len(self._why) < len(self.found):
            return "its workers are asked for their versions"
        offers = sorted({_amounts(one.resources) for one in self.found})
        return f"a run takes {_amounts(wanted)} of a worker, and its workers have {', or '.join(offers[:_NAMED])}"


class Submitter:
    """Serves one compute target."""

    def __init__(self, store: Store, target: str, lock: SchedulerLock) -> None:
        self._store = store
        self._target = target
        self._lock = lock
        self._host = socket.gethostname()
        self._client: Client | None = None
        self._workers: Workers | None = None
        self._address: object = None
        self._sent: dict[int, Sent] = {}
        self._lost: set[int] = set()
        self._tries: Counter[int] = Counter()
        self._stuck: dict[int, float] = {}
        self._told: dict[int, str] = {}
        self._problem = ""
        self._sightings = Sightings(store, target)
        self._looked = -LOOK
        self._paused = 0.0
        self._busy = time.monotonic()

    def serve(self) -> bool:
        """Send runs until none is left for a minute; False if the workspace is gone."""
        try:
            while time.monotonic() - self._busy < IDLE_SECONDS:
                if not self._lock.is_in_place:
                    return False
                try:
                    self.round()
                except StoreTooNewError as error:
                    _log.warning("%s", error)
                    return False
                except (
                    AmlError,
                    *AWAY,
                ) as error:  # the queue lies in the store, and is still there
                    self._complain(error)
                time.sleep(TICK)
            return True
        finally:
            self._leave()

    def round(self) -> None:
        """Look once at the queue, and every second at the cluster."""
        store = self._store
        with store.catalogue.read() as connection:
            waiting = self._ours(store.jobs.waiting(connection, self._host))
            started = self._ours(store.jobs.started(connection, self._host))
            record = store.computes.get(connection, self._target)
        if waiting or started:
            self._busy = time.monotonic()
        if record is None:
            return  # the scheduler ends its runs
        is_look = time.monotonic() - self._looked >= LOOK
        if is_look and (waiting or started):
            self._looked = time.monotonic()
            self._look(record)
        self._take_back({one.run_key for one in waiting}, {one.run_key for one in started})
        self._send(record, [one for one in waiting if not one.is_canceled], started)
        if is_look:
            self._end_lost(record, started)

    def _ours(self, jobs: list[QueuedJob]) -> list[QueuedJob]:
        return [one for one in jobs if one.target == self._target]

    # -- the cluster --------------------------------------------------------------------------

    def _look(self, record: ComputeRecord) -> None:
        """See the workers of the cluster; connect to it if need be."""
        try:
            client = self._connected(record)
            if self._workers is None:
                order = Order.of(self._store, 0, "")
                self._workers = Workers(client, order.version, order.python)
            self._workers.look()
            self._problem = ""
        except AmlError as error:
            self._problem = str(error)
            self._leave()
        except AWAY as error:
            self._problem = cluster.away(record, error)
            self._leave()

    def _connected(self, record: ComputeRecord) -> Client:
        given = (record.settings, registry.credentials_of(self._store, record.name))
        if self._client is not None and (
            self._client.status != "running" or given != self._address
        ):
            self._leave()
        if self._client is None:
            self._client, self._address = cluster.connect(self._store, record), given
        return self._client

    def _leave(self) -> None:
        """Let go of the cluster; what runs there goes on."""
        client, self._client, self._workers = self._client, None, None
        self._sent = {}
        if client is not None:
            try:
                client.close(timeout=1)
            except AWAY as error:
                _log.info("the cluster did not take leave: %s", error)

    # -- what is sent -------------------------------------------------------------------------

    def _send(
        self, record: ComputeRecord, waiting: list[QueuedJob], started: list[QueuedJob]
    ) -> None:
        """Send as many runs as there is room for, in order; tell the others what they wait for."""
        wanted = dict(record.settings.get("resources") or {})
        suitable = [] if self._workers is None else self._workers.suitable(wanted)
        slots = sum(one.slots(wanted) for one in suitable)
        places = min(slots, record.max_nodes)
        problem = "" if slots else self._problem_of(wanted)
        if waiting or started:
            self._sightings.keep(self._seen(places, problem))
        free = places - len({*self._sent, *(one.run_key for one in started)})
        if time.monotonic() < self._paused:
            free = 0
        # one that was sent has a place: it waits for its worker
        left = [one for one in waiting if one.run_key not in self._sent]
        for place, one in enumerate(left):
            if problem:
                self._wait(record, one, problem, place)
            elif place < free:
                self._hand_over(one, wanted, suitable)
            elif place - max(0, free) < MOST_TOLD:
                text = f"Place {place - max(0, free) + 1} in the queue of {self._target!r}."
                self._tell(one.run_key, text)
        if not problem:
            self._stuck = {}

    def _problem_of(self, wanted: dict[str, float]) -> str:
        if self._problem or self._workers is None:
            return self._problem
        return f"Compute target {self._target!r} waits: {self._workers.problem(wanted)}."

    def _seen(self, places: int, problem: str) -> Sighting:
        found = [] if self._workers is None else self._workers.found
        return Sighting(len(found), sum(one.threads for one in found), places, problem)

    def _wait(self, record: ComputeRecord, job: QueuedJob, problem: str, place: int) -> None:
        kind = cluster.cluster_kind(record)
        patience = 0.0 if kind is None else kind.wait_seconds(record.settings)
        since = self._stuck.setdefault(job.run_key, time.monotonic())
        if time.monotonic() - since > patience:
            self._fail(job.run_key, "NoRoom", f"It waited {patience:.0f} s. {problem}")
        elif place < MOST_TOLD:
            self._tell(job.run_key, problem)

    def _hand_over(
        self, job: QueuedJob, wanted: dict[str, float], suitable: list[ClusterWorker]
    ) -> None:
        if self._client is None or self._workers is None:
            return
        key = job.run_key
        self._tries[key] += 1
        if self._tries[key] > TRIES:
            said = f"No worker of the cluster began it in {TRIES} tries; cluster.log on its workers says more."
            self._fail(key, "NotBegun", said)
            return
        with self._store.catalogue.read() as connection:
            [run] = self._store.runs.by_keys(connection, [key])
        order = Order.of(self._store, key, run.id)
        only = [one.address for one in suitable] if self._workers.are_mixed else None
        future = self._client.submit(
            execute,
            asdict(order),
            key=f"aml-{run.id}-{secrets.token_hex(4)}",  # never the result of an earlier attempt
            resources=wanted or None,
            workers=only,
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        self._sent[key] = Sent(run.id, future)

    def _take_back(self, waiting: set[int], started: set[int]) -> None:
        """Look at the runs that Dask has finished with, whatever it says of them; the store knows how they are."""
        for key, one in list(self._sent.items()):
            if not one.future.done():
                if key not in waiting | started:  # canceled before its worker claimed it
                    one.future.cancel()
                    del self._sent[key]
                continue
            del self._sent[key]
            if key in started:
                self._lost.add(key)
            elif key in waiting:
                self._judge(key, one)
        self._lost &= started
        for key in self._tries.keys() - waiting:
            del self._tries[key]
        self._told = {key: text for key, text in self._told.items() if key in waiting or not key}

    def _judge(self, key: int, sent: Sent) -> None:
        """A run that was not begun: it fails where a worker says why, or is sent again."""
        future = sent.future
        if future.status == "finished":
            answer = future.result(timeout=cluster.REACH_SECONDS)
            if refused := answer.get("refused"):
                self._fail(key, "RefusedByWorker", str(refused))
            elif answer.get("code") == NOT_NOW:  # no attempt; it is sent again a little later
                self._tries[key] -= 1
                self._paused = time.monotonic() + LOOK
            return
        if future.status == "error":
            error = future.exception(timeout=cluster.REACH_SECONDS)
            _log.warning("run %s was not begun: %s: %s", sent.run_id, type(error).__name__, error)

    # -- what is lost -------------------------------------------------------------------------

    def _end_lost(self, record: ComputeRecord, started: list[QueuedJob]) -> None:
        """End runs whose process cannot be asked, when its lease is over and Dask does not have it any more.

        If it lives nevertheless, cut off from all others, it finds that its run was ended, and ends its script.
        """
        store = self._store
        with store.catalogue.read() as connection:
            runs = store.runs.by_keys(connection, [one.run_key for one in started])
            owners = store.owners.get(connection, {run.owner for run in runs if run.owner})
        canceled = {one.run_key for one in started if one.is_canceled}
        kind = cluster.cluster_kind(record)
        patience = LEASE if kind is None else max(LEASE, kind.wait_seconds(record.settings))
        for run in runs:
            owner = owners.get(run.owner or "")
            if owner is None or owner.silent <= LEASE or store.owners.is_alive(owner) is not None:
                continue
            if run.key in canceled:
                reason = f"Canceled. {_silence(owner)}"
                end(store, run.key, RunStatus.CANCELED, reason=reason, ours=False)
            elif run.key in self._lost or owner.silent > patience:
                self._fail(run.key, "WorkerLost", _silence(owner))

    def _fail(self, key: int, code: str, reason: str) -> None:
        error = RunError(code, reason)
        end(self._store, key, RunStatus.FAILED, reason=reason[:300], error=error, ours=False)

    def _tell(self, key: int, reason: str) -> None:
        if self._told.get(key) == reason:
            return
        store, queued = self._store, RunStatus.QUEUED

        def work(connection: sa.Connection) -> None:
            store.runs.move(connection, key, queued, {"reason": reason[:300]}, expected=[queued])

        store.catalogue.transact(work)
        self._told[key] = reason

    def _complain(self, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if said != self._told.get(0):  # log it once, not each second
            _log.warning("the queue of %r waits: %s", self._target, said)
        self._told[0] = said
        time.sleep(LOOK)


def _silence(owner: OwnerRecord) -> str:
    return (
        f"Nothing was heard of its worker (pid {owner.pid} on {owner.host}) for {owner.silent:.0f} s, and the cluster does not have it "
        "any more. It is not begun a second time."
    )


def _amounts(resources: Any) -> str:  # noqa: ANN401 -- a mapping of numbers
    named = ", ".join(f"{name}={amount:g}" for name, amount in sorted(resources.items()))
    return named or "no resources"
