"""``python -m aml_magics.workers.scheduler FOLDER LOCK``: starts the queued runs of a workspace in order.

Each compute target has a queue of its own and room for the runs that its nodes hold. The scheduler executes no run itself. It forks a worker for each, which has all imports loaded already and
continues in its own session whatever happens to the scheduler. The queue of a cluster is served by a process of
its own (``workers/cluster``), which it starts: a connection to Dask needs threads, and a process that forks has none.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import selectors
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreTooNewError, UsageError
from aml_magics.records.compute import LOCAL
from aml_magics.records.owner import HEARTBEAT
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.compute.cluster import cluster_kind
from aml_magics.services.job.cleanup import clean_up
from aml_magics.services.process.code_stamp import code_stamp
from aml_magics.services.process.controller import CLUSTER, start_controller
from aml_magics.services.process.fan_out import width
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.process.queue import SCHEDULER, SchedulerLock, slots
from aml_magics.services.run.ending import end
from aml_magics.services.run.mlflow import find_in_packages
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.store.catalogue.migration import ensure_schema
from aml_magics.workers.forked import NOT_NOW, become_worker
from aml_magics.workers.launcher.preload import preload
from aml_magics.workers.rehearsal import rehearse
from aml_magics.workers.standby import WorkerProcess
from aml_magics.workers.worker import work_on

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection, Iterable, Mapping

    import sqlalchemy as sa

    from aml_magics.records.job import QueuedJob
    from aml_magics.store.store import Store

TICK: Final = 0.03
IDLE_TICK: Final = 0.1
IDLE_SECONDS: Final = 60.0
TRIES: Final = 3
MOST_TOLD: Final = 20
TOLD_SECONDS: Final = 0.3
"""How often at most the places in the queues are told: with each run all of them change."""
PAUSE: Final = 1.0
AHEAD: Final = 2
"""Runs of a target whose workers stand by: two scripts may end in the same moment."""

_log = logging.getLogger("aml_magics.scheduler")


class Scheduler:
    """The queue of one workspace on this machine."""

    def __init__(self, store: Store, lock: SchedulerLock) -> None:
        self._store = store
        self._lock = lock
        self._host = socket.gethostname()
        self._workers: dict[int, WorkerProcess] = {}
        self._standing_by: dict[int, WorkerProcess] = {}
        self._tries: dict[int, int] = {}
        self._places: dict[int, str] = {}
        self._told = 0.0
        self._has_rehearsed = False
        self._submitters: dict[str, subprocess.Popen[bytes]] = {}
        self._submitted: dict[str, float] = {}
        self._code = code_stamp()
        self._busy = time.monotonic()
        self._looked = -HEARTBEAT
        self._paused = 0.0
        self._said = ""

    def serve(self) -> bool:
        """Start runs until idle for a minute; False if the workspace is gone."""
        while time.monotonic() - self._busy < IDLE_SECONDS:
            if not self._lock.is_in_place:
                return False
            try:
                self._round()
                self._look_around()
            except StoreTooNewError as error:
                self._complain(error)
                return False
            except Exception as error:  # noqa: BLE001 -- the queue lies in the store, and is still there
                self._complain(error)
                time.sleep(PAUSE)
            quiet = time.monotonic() - self._busy
            self._wait(TICK if quiet < 5 else IDLE_TICK)
        return True

    def _wait(self, seconds: float) -> None:
        """Wait, but not after a worker has left its slot or ended."""
        with selectors.DefaultSelector() as talking:
            for one in self._workers.values():
                if one.handle >= 0:
                    talking.register(one.handle, selectors.EVENT_READ, one)
            for key, _ in talking.select(seconds):
                key.data.hear()

    def _complain(self, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if said != self._said:  # log it once, not each second
            _log.warning("the queue waits: %s", said)
        self._said = said

    def _round(self) -> None:
        self._reap()
        store = self._store
        with store.catalogue.read() as connection:
            waiting = store.jobs.waiting(connection, self._host)
            started = store.jobs.started(connection, self._host)
            pools = {one.target for one in [*waiting, *started] if one.target != LOCAL}
            targets = store.computes.named(connection, pools) if pools else []
        room = {one.name: one.max_nodes for one in targets}
        clusters = {one.name for one in targets if cluster_kind(one) is not None}
        beginning = {one.job.run_key: one.job for one in self._workers.values() if one.is_told}
        taking = {**{one.run_key: one for one in started}, **beginning}
        if waiting or taking:
            self._busy = time.monotonic()
        slots = self._slots()
        for key in self._finishing()[:slots]:
            taking.pop(key, None)
        room |= {LOCAL: slots}
        free = Room(room, taking.values())
        at_once = _at_once([*waiting, *taking.values()], room, clusters)
        staying = []
        for one in waiting:
            if one.run_key in beginning:
                continue
            if one.is_canceled:
                reason = "Canceled while it waited."
                end(store, one.run_key, RunStatus.CANCELED, reason=reason, ours=False)
            elif not free.is_known(one):
                self._end_without_target(one)
            elif one.target in clusters:
                continue
            elif time.monotonic() >= self._paused and free.take(one):
                self._renew_if_replaced()
                self._begin(one, self._sharing(one, at_once, room[one.target]))
            else:
                staying.append(one)
        self._stand_by(staying)
        self._tell_places(staying)
        self._start_submitters(clusters)

    def _start_submitters(self, clusters: Iterable[str]) -> None:
        """Have the process that serves each of these clusters; it stays while runs are there."""
        for name in clusters:
            if time.monotonic() - self._submitted.get(name, -PAUSE) < PAUSE:
                continue
            self._submitted[name] = time.monotonic()
            started = start_controller(self._store, CLUSTER, name)
            if started is not None:
                self._submitters[name] = started

    def _finishing(self) -> list[int]:
        """The runs whose script has ended while their worker goes on; the next script need not wait for that."""
        return [one.job.run_key for one in self._workers.values() if one.is_finishing]

    def _end_without_target(self, job: QueuedJob) -> None:
        """A target is not deleted while runs wait for it, but its catalogue can be restored from a backup."""
        reason = f"Its compute target {job.target!r} is gone; submit it again to another."
        error = RunError("ComputeTargetGone", reason)
        end(self._store, job.run_key, RunStatus.FAILED, reason=reason, error=error, ours=False)

    def _tell_places(self, waiting: list[QueuedJob]) -> None:
        """Write the first positions of each queue to the status reasons of their runs."""
        if time.monotonic() - self._told < TOLD_SECONDS:
            return
        self._told = time.monotonic()
        last: Counter[str] = Counter()
        places = {}
        for one in waiting:
            last[one.target] += 1
            if last[one.target] <= MOST_TOLD:
                queue = "the queue" if one.target == LOCAL else f"the queue of {one.target!r}"
                places[one.run_key] = f"Place {last[one.target]} in {queue}."
        news = {key: text for key, text in places.items() if self._places.get(key) != text}
        self._places = places
        store = self._store

        def work(connection: sa.Connection) -> None:
            for key, reason in news.items():
                values, queued = {"reason": reason}, RunStatus.QUEUED
                store.runs.move(connection, key, queued, values, expected=[queued])

        if news:
            store.catalogue.transact(work)

    def _slots(self) -> int:
        try:
            return slots()
        except UsageError as error:  # submission reports it; the queue continues
            self._complain(error)
            return os.cpu_count() or 1

    def _look_around(self) -> None:
        """Periodically recover runs of dead workers and check for a newer schema."""
        if time.monotonic() - self._looked < HEARTBEAT:
            return
        self._looked = time.monotonic()
        ensure_schema(self._store.catalogue, may_make=False)
        recover(self._store)
        clean_up(self._store)

    def _renew_if_replaced(self) -> None:
        """Re-execute as a newly installed version; workers stay children of this process."""
        now = code_stamp()
        if now in (self._code, None):
            return
        _log.warning("aml_magics was replaced: the scheduler starts anew")
        os.set_inheritable(self._lock.handle, True)
        os.execv(  # noqa: S606 -- this very program
            sys.executable,
            [sys.executable, *SCHEDULER, str(self._store.folder), str(self._lock.handle)],
        )

    def _begin(self, job: QueuedJob, at_once: int) -> None:
        key = job.run_key
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] > TRIES:
            reason = f"No worker could be started for it in {TRIES} tries; scheduler.log in {self._store.folder} says more."
            end(self._store, key, RunStatus.FAILED, reason=reason, ours=False)
            return
        worker = self._standing_by.pop(key, None) or self._fork(job)
        worker.tell(at_once)
        if not self._has_rehearsed:  # after the first run has begun, which need not wait for it
            self._has_rehearsed = True
            rehearse(self._store, key)
            find_in_packages()
            gc.freeze()  # a collection in a worker would copy the pages of all that it inherits

    def _sharing(self, job: QueuedJob, at_once: int, room: int) -> int:
        """Beside how many runs, with itself, one begins: also those of its pipeline or sweep that are still to come."""
        return (
            at_once if at_once >= room else max(at_once, min(width(self._store, job.run_key), room))
        )

    def _stand_by(self, waiting: list[QueuedJob]) -> None:
        """Fork the workers of each target's next runs ahead, so that they begin as soon as there is room."""
        ahead: Counter[str] = Counter()
        following = {}
        for one in waiting:
            ahead[one.target] += 1
            if ahead[one.target] <= AHEAD:
                following[one.run_key] = one
        for key in self._standing_by.keys() - following.keys():
            self._standing_by.pop(key).close()
        for key, one in following.items():
            if key not in self._standing_by and time.monotonic() >= self._paused:
                self._standing_by[key] = self._fork(one)

    def _fork(self, job: QueuedJob) -> WorkerProcess:
        preload.look(self._store, job.run_key)
        worker = WorkerProcess(job)
        if worker.pid == 0:
            become_worker(job.run_key, lambda: self._execute(worker))
        self._workers[worker.pid] = worker
        return worker

    def _execute(self, worker: WorkerProcess) -> None:
        """In the forked child."""
        self._lock.release()
        for one in self._workers.values():
            one.close()  # or one that stands by would not see the scheduler end
        work_on(self._store, worker.job.run_key, standing_by=worker)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                worker, status = os.waitpid(-1, os.WNOHANG)
                if worker == 0:
                    return
                ended = self._workers.pop(worker, None)
                if ended is None:
                    continue
                ended.close()
                if not ended.is_told:
                    # it was not sent away, so another may end in the same way
                    if self._standing_by.get(ended.job.run_key) is ended:
                        del self._standing_by[ended.job.run_key]
                        self._paused = time.monotonic() + PAUSE
                    continue
                key = ended.job.run_key
                code = os.waitstatus_to_exitcode(status)
                if code == NOT_NOW:  # does not count as an attempt; retry a little later
                    self._tries[key] = self._tries.get(key, 1) - 1
                    self._paused = time.monotonic() + PAUSE
                elif code == 0:
                    self._tries.pop(key, None)


class Room:
    """The nodes that are left of each target; a target without an entry is gone."""

    def __init__(self, nodes: Mapping[str, int], taking: Iterable[QueuedJob]) -> None:
        self._left = dict(nodes)
        for one in taking:
            self._left[one.target] = self._left.get(one.target, 0) - self._width(one)
        self._known = set(nodes)

    def is_known(self, job: QueuedJob) -> bool:
        """Whether its target is there."""
        return job.target in self._known

    def take(self, job: QueuedJob) -> bool:
        """Take its nodes if they are free; else no run behind it in its queue gets any."""
        if self._left[job.target] < self._width(job):
            self._left[job.target] = 0  # or a wide run would wait for as long as narrow ones come
            return False
        self._left[job.target] -= self._width(job)
        return True

    @staticmethod
    def _width(job: QueuedJob) -> int:
        """A slot of this machine holds a whole run, with all its nodes."""
        return 1 if job.target == LOCAL else job.nodes


def _at_once(jobs: Iterable[QueuedJob], room: Mapping[str, int], apart: Collection[str]) -> int:
    """How many of these runs can share this machine: all that there is room for, those of clusters apart."""
    wanted = Counter({one.run_key: one.target for one in jobs if one.target not in apart}.values())
    return max(1, sum(min(count, room.get(target, 0)) for target, count in wanted.items()))


def main(folder: str, handle: str) -> None:
    """Serve the queue of a workspace; ``handle`` is the inherited lock of the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    os.set_inheritable(int(handle), False)  # children must not inherit the lock
    store = open_folder(Path(folder))
    lock = SchedulerLock(store, int(handle))
    scheduler = Scheduler(store, lock)
    # A run queued just as the lock is released would wait forever: so check again.
    while lock.acquire():
        if not scheduler.serve():
            return
        lock.release()
        with store.catalogue.read() as connection:
            if not store.jobs.waiting(connection, socket.gethostname()):
                return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
