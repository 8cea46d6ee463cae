"""The supervisor of a service: listens, hands connections to replicas, and makes true what the catalogue says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, StoreError, StoreGoneError
from aml_magics.records.owner import HEARTBEAT
from aml_magics.records.service import ServiceError, ServiceState
from aml_magics.services.process import pid_lock
from aml_magics.services.service import lock
from aml_magics.services.service.collection import move_collected
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.log import INIT_MARK, log_path, rotate
from aml_magics.services.service.process import STATUS
from aml_magics.workers.supervisor.answer import answer
from aml_magics.workers.supervisor.group import Group
from aml_magics.workers.supervisor.listener import Listener
from aml_magics.workers.supervisor.version import Version

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine, Mapping

    import sqlalchemy as sa

    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store

_TICK: Final = 0.1
_SOON: Final = 0.25
_SECOND: Final = 1.0
_MINUTE: Final = 60.0
_GRACE: Final = 10.0


class Supervisor:
    """Serves one service until it is stopped or deleted, or until nothing can answer any more."""

    def __init__(self, store: Store, name: str, handle: int) -> None:
        self._store, self._name, self._handle = store, name, handle
        self._since = time.time()
        self._record: ServiceRecord | None = None
        self._revisions: list[Revision] = []
        self._versions: dict[str, Version] = {}
        self._leaving: list[Group] = []
        self._listener: Listener | None = None
        self._port = 0
        self._ended = asyncio.Event()
        self._look = asyncio.Event()
        self._changed = asyncio.Event()
        self._is_stopping = False
        self._told: tuple[Any, ...] = ()
        self._status = b""
        self._served = 0  # requests, as they were told
        self._written = 0.0
        self._past = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> int:
        """Serve; returns the newest revision that was looked at."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        pid_lock.write_pid(self._handle)
        await self._reconcile()
        if not self._ended.is_set():
            for work in (
                self._follow(),
                self._report(),
                self._watch(),
                self._beat(),
                self._collect(),
            ):
                self._spawn(work)
            await self._ended.wait()
        await self._leave()
        return 0 if self._record is None else self._record.revision

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _say(self, text: str) -> None:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        os.write(2, f"{stamp} {text}\n".encode("utf-8", "replace"))

    # -- signals --------------------------------------------------------------------------

    def _hang_up(self) -> None:
        for group in self._groups():
            group.read_keys()
        self._look.set()

    def _stop(self) -> None:
        self._is_stopping = True
        self._ended.set()

    # -- what the catalogue says ----------------------------------------------------------

    async def _follow(self) -> None:
        while True:
            await self._look.wait()
            self._look.clear()
            try:
                await self._reconcile()
            except StoreGoneError as error:  # with it went what would stop this process
                self._say(str(error))
                self._stop()
            except StoreError as error:  # what runs goes on; the heartbeat looks again
                self._say(str(error))

    async def _reconcile(self) -> None:
        """Start and end groups so that each version runs its newest revision."""
        found = await asyncio.to_thread(self._read)
        if found is None:
            self._stop()
            return
        self._record, self._revisions = found
        revisions = self._revisions
        if self._listener is None and not self._listen(self._record, revisions):
            await self._write(ServiceState.FAILED, self._port_error(revisions))
            self._ended.set()
            return
        traffic = {one.version: one for one in self._record.traffic}
        for name in self._versions.keys() - traffic.keys():
            self._leaving += self._versions.pop(name).leave()
        for name, one in traffic.items():
            newest = max(
                (each for each in revisions if each.version == name), key=lambda each: each.number
            )
            version = self._versions.setdefault(name, Version(one))
            version.traffic = one
            if version.needs(newest.number):
                self._leaving += version.renew(self._begin(newest))
        self._changed.set()

    def _read(self) -> tuple[ServiceRecord, list[Revision]] | None:
        """The service and its revisions, owned by this process; None if it should not run."""
        store = self._store
        store.identity.check_fully()

        def work(connection: sa.Connection) -> tuple[ServiceRecord, list[Revision]] | None:
            record = store.services.get(connection, self._name, locked=True)
            if record is None or not record.is_wanted:
                return None
            if not lock.is_kept(store, record, self._handle):
                return None  # another service of the same name
            owner = store.owners.ensure(connection, store.owner)
            if record.owner != owner:
                values = {"owner": owner, "host": store.owner.host}
                store.services.change(connection, record.key, values)
            return record, store.services.revisions(connection, record.key)

        return store.catalogue.transact(work)

    def _begin(self, revision: Revision) -> Group:
        assert self._record is not None  # noqa: S101 -- it was read just now
        os.write(2, f"{INIT_MARK}{revision.number} of {self._name} ---\n".encode())
        log = log_path(self._store, self._record)
        group = Group(revision, log, self._changed.set, self._dispatch, self._say)
        self._spawn(group.start(self._store, self._record))
        return group

    def _groups(self) -> list[Group]:
        return [*self._leaving, *(one for each in self._versions.values() for one in each.groups())]

    # -- connections ----------------------------------------------------------------------

    def _listen(self, record: ServiceRecord, revisions: list[Revision]) -> bool:
        """Listen on the port that was asked for, else on that of before, else on any."""
        asked = _asked_port(revisions)
        ports = [asked] if asked else [record.port, 0]
        try:
            self._listener = Listener(ports, self._dispatch, self._say)
        except OSError:
            return False
        self._port = self._listener.port
        return True

    @staticmethod
    def _port_error(revisions: list[Revision]) -> ServiceError:
        return ServiceError(
            "PortInUse",
            f"Port {_asked_port(revisions)} is taken by another program: end that, or deploy with another port.",
        )

    def _dispatch(self, connection: socket.socket) -> None:
        """Hand a connection to a replica of a version that is due, else of any."""
        due = self._due()
        for version in ([due] if due else []) + [
            one for one in self._versions.values() if one is not due
        ]:
            if version.take(connection):
                return
        self._spawn(answer(connection, 503, is_begun=False))

    def _due(self) -> Version | None:
        versions = list(self._versions.values())
        if len(versions) < 2:
            return versions[0] if versions else None
        given = sum(one.traffic.percent for one in versions if not one.traffic.is_default)
        shares = [
            100.0 - given if one.traffic.is_default else one.traffic.percent for one in versions
        ]
        return random.choices(versions, shares)[0] if sum(shares) > 0 else versions[0]  # noqa: S311 -- a share

    # -- what is watched and told ---------------------------------------------------------

    async def _watch(self) -> None:
        looked = 0.0
        while True:
            await asyncio.sleep(_TICK)
            for group in self._groups():
                group.watch()
            self._forget_gone()
            now = time.monotonic()
            if now - looked >= _SECOND:
                looked = now
                self._write_status()
                if self._record is not None:
                    rotate(log_path(self._store, self._record))
            elif now - self._written >= _SOON and self._requests() != self._served:
                self._write_status()

    def _requests(self) -> int:
        return self._past + sum(one.requests for one in self._groups())

    def _forget_gone(self) -> None:
        for group in [one for one in self._leaving if one.is_empty]:
            self._past += group.requests
            self._leaving.remove(group)

    async def _beat(self) -> None:
        store = self._store
        while True:
            await asyncio.sleep(HEARTBEAT)
            # the next one may succeed; the lock shows that it lives
            with contextlib.suppress(StoreError):
                await asyncio.to_thread(
                    store.catalogue.transact,
                    lambda connection: store.owners.beat(connection, store.owner.id),
                )
            self._look.set()

    async def _collect(self) -> None:
        while True:
            await asyncio.sleep(_MINUTE)
            await asyncio.to_thread(self._move_collected)

    def _move_collected(self) -> None:
        """Move what replicas collected to the datastore; what cannot be moved stays, and is moved later."""
        try:
            if self._record is not None:
                move_collected(self._store, self._record)
        except AmlError as error:
            self._say(f"What was collected waits here: {error}")

    async def _report(self) -> None:
        """Write the state to the catalogue whenever it has changed."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            for version in self._versions.values():
                self._leaving += version.settle()
                older = next(
                    (one for one in self._revisions if one.number == version.fallback), None
                )
                if older is not None:
                    version.fall_back(self._begin(older))
            # Before the state is written: what fails meanwhile must be written, too, before the end.
            is_over = all(one.is_over for one in self._versions.values())
            try:
                await self._write(*self._state())
            except StoreError as error:
                self._say(str(error))
                await asyncio.sleep(_SECOND)
                self._changed.set()
                is_over = False
            self._write_status()
            if self._versions and is_over:
                self._ended.set()

    def _state(self) -> tuple[ServiceState, ServiceError | None]:
        versions = list(self._versions.values())
        failed = next((one.failure for one in versions if one.failure is not None), None)
        if failed is not None:
            return ServiceState.FAILED, failed
        if any(one.is_under_way for one in versions):
            return ServiceState.TRANSITIONING, None
        silent = next((one for one in versions if one.is_silent), None)
        if silent is not None:
            return ServiceState.UNHEALTHY, silent.error
        return ServiceState.HEALTHY, None

    async def _write(self, state: ServiceState, error: ServiceError | None) -> None:
        record = self._record
        if record is None or self._is_stopping:
            return
        serving = {name: one.serving for name, one in self._versions.items()}
        told = (state, error, record.revision, self._port, tuple(serving.items()))
        if told == self._told:
            return
        values = {"state": state, "error": error, "port": self._port or record.port}
        if not await asyncio.to_thread(self._change, record, values, serving):
            self._look.set()  # there is a newer revision, or it is to stop
            return
        self._told = told

    def _change(
        self, record: ServiceRecord, values: dict[str, Any], serving: Mapping[str, int]
    ) -> bool:
        store = self._store

        def work(connection: sa.Connection) -> bool:
            now = store.services.get(connection, record.name, locked=True)
            if now is None or now.key != record.key or not now.is_wanted:
                return False
            traffic = tuple(
                replace(one, revision=serving.get(one.version) or one.revision)
                for one in now.traffic
            )
            expected = {"revision": record.revision, "is_wanted": True}
            return store.services.change(
                connection, now.key, {**values, "traffic": traffic}, expected=expected
            )

        return store.catalogue.transact(work)

    def _write_status(self) -> None:
        if self._record is None:
            return
        groups = self._groups()
        content: dict[str, Any] = {
            "state": self._state()[0],
            "revision": self._record.revision,
            "port": self._port,
            "since": self._since,
            "requests": self._requests(),
            "replicas": [replica for one in groups for replica in one.describe()],
        }
        text = json.dumps(content).encode()
        if text == self._status:
            return
        self._status = text
        self._served, self._written = content["requests"], time.monotonic()
        path = service_folder(self._store, self._record) / STATUS
        timed = json.dumps({**content, "time": time.time()}).encode()
        temporary = path.with_name(f".{STATUS}")
        with contextlib.suppress(OSError):  # a full disk must not end a service
            temporary.write_bytes(timed)
            temporary.replace(path)

    # -- the end --------------------------------------------------------------------------

    async def _leave(self) -> None:
        """Take no more connections, let replicas answer what they have, and end them."""
        if self._listener is not None:
            self._listener.close()
        groups = self._groups()
        self._versions, self._leaving = {}, []
        for group in groups:
            group.drain()
        deadline = time.monotonic() + _GRACE
        while any(not one.is_empty for one in groups):
            if time.monotonic() > deadline:
                for group in groups:
                    group.kill()
            await asyncio.sleep(0.01)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._move_collected)


def _asked_port(revisions: list[Revision]) -> int:
    """The port that the newest revision asks for; 0 if it takes any."""
    newest = max(revisions, key=lambda one: one.number)
    port = newest.deployment.requested.get("port")
    return port if isinstance(port, int) else 0
