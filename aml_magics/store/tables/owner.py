"""The table of owners: the processes that own runs, and which of them are alive."""

from __future__ import annotations

import os
import socket
import time
import uuid
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.owner import SILENCE, OwnerRecord
from aml_magics.store.catalogue.schema import owner as table
from aml_magics.store.catalogue.schema import run
from aml_magics.store.owner_lock import OwnerLocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.store.catalogue.catalogue import Catalogue

_FIELDS: Final = ("id", "host", "boot", "pid", "started", "heartbeat", "machine", "namespace")
_COLUMNS: Final = [table.c[name] for name in (*_FIELDS, "uptime")]
_UNSEEN: Final = "unseen"
"""The namespace if /proc belongs to another one, where this pid is another process."""

_INITIAL: Final = "pid:[4026531836]"
"""The namespace outside of all containers, as Linux numbers it."""


class OwnerTable:
    """Processes that own runs, with their last heartbeat by the database's clock if it has one.

    Args:
        folder: the workspace's folder, which holds a lock file per live owner.
    """

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.locks = OwnerLocks(folder / "owners")
        self._catalogue = catalogue
        self._committed: dict[str, int] = {}
        catalogue.forget_with(self._forget)

    def _forget(self) -> None:
        self._committed = {}

    def ensure(self, connection: sa.Connection, owner: OwnerRecord) -> int:
        """The key of the owner; a new one is added."""
        committed = self._committed
        if owner.id in committed:
            return committed[owner.id]
        find = sa.select(table.c.key).where(table.c.id == owner.id)
        key = connection.scalar(find)
        if key is not None:
            committed[owner.id] = key  # not cached below: that transaction may be rolled back
        else:
            if owner.id == this_process().id:  # before others can see the row
                self.locks.hold(owner.id)
            row = {
                "id": owner.id,
                "host": owner.host,
                "boot": owner.boot,
                "pid": owner.pid,
                "started": owner.started,
                "heartbeat": self.now(connection),
                "machine": owner.machine,
                "namespace": owner.namespace,
                "uptime": time.monotonic(),
            }
            connection.execute(self._catalogue.upsert(table).on_conflict_do_nothing(), row)
            key = connection.scalar(find)
        return int(key)  # type: ignore[arg-type]

    def beat(self, connection: sa.Connection, id_: str) -> None:
        """Record a heartbeat."""
        values = {"heartbeat": self.now(connection), "uptime": time.monotonic()}
        connection.execute(sa.update(table).where(table.c.id == id_).values(values))

    def with_open_runs(self, connection: sa.Connection) -> list[OwnerRecord]:
        """Owners of runs that have not ended."""
        ours = (
            sa.select(run.c.owner).where(run.c.ended.is_(None), run.c.owner.is_not(None)).distinct()
        )
        return self._read(connection, table.c.key.in_(ours))

    def get(self, connection: sa.Connection, ids: Iterable[str]) -> dict[str, OwnerRecord]:
        """Owners by id."""
        return {one.id: one for one in self._read(connection, table.c.id.in_(ids))}

    def by_keys(self, connection: sa.Connection, keys: Iterable[int]) -> dict[int, OwnerRecord]:
        """Owners by the key of their row."""
        now = self.now(connection)
        rows = connection.execute(sa.select(table.c.key, *_COLUMNS).where(table.c.key.in_(keys)))
        return {row.key: _record(row, now) for row in rows}

    def _read(self, connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[OwnerRecord]:
        now = self.now(connection)
        rows = connection.execute(sa.select(*_COLUMNS).where(where))
        return [_record(row, now) for row in rows]

    def is_alive(self, owner: OwnerRecord) -> bool | None:
        """Whether the owner's process runs; None if unknown: then it counts as silent, never as dead.

        In this PID namespace the pid decides. Elsewhere its lock does: in another container, before a reboot,
        or under another host name.
        """
        here = this_process()
        # The pid is the best evidence, but only in the same namespace and boot: a container has its own pids, and
        # a reboot reassigns them. The start time distinguishes a process from one that reuses its pid.
        if _is_of_this_boot(owner, here) and owner.namespace == here.namespace != _UNSEEN:
            return process_start(owner.pid) == owner.started
        is_held = self.locks.is_held(owner.id)
        if is_held is not None or owner.host != here.host:
            return is_held
        if not owner.namespace:  # written by an earlier version without locks
            if owner.boot == here.boot and process_start(owner.pid) == owner.started:
                return True
            return False if owner.silent > SILENCE else None
        return False if _is_of_earlier_boot(owner, here) else None

    def now(self, connection: sa.Connection) -> float:
        """The time of a heartbeat; machines that share a PostgreSQL use its clock."""
        if self._catalogue.is_sqlite:
            return time.time()
        return float(connection.scalar(sa.text("select extract(epoch from clock_timestamp())")))


@cache
def _this(pid: int) -> OwnerRecord:
    return OwnerRecord(
        id=uuid.uuid4().hex[:12],
        host=socket.gethostname(),
        boot=boot_id(),
        pid=pid,
        started=process_start(pid) or 0.0,
        machine=_machine_id(),
        namespace=_namespace(pid),
    )


def this_process() -> OwnerRecord:
    """The owner record of this process; a forked child has its own."""
    return _this(os.getpid())


@cache
def boot_id() -> str:
    """An id that changes with each boot of the machine."""
    kernel = Path("/proc/sys/kernel/random/boot_id")
    if kernel.exists():
        return kernel.read_text().strip()
    import psutil

    return str(psutil.boot_time())


def process_start(pid: int) -> float | None:
    """The start time of a process in its system's units, or None if it does not exist."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # a zombie keeps its pid but no longer runs
        return None if fields[0] in "ZX" else float(fields[19])
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def _machine_id() -> str:
    """The id of this machine, or empty; containers of one image may share it."""
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            found = path.read_text().strip()
        except OSError:
            continue
        if len(found) == 32:  # "uninitialized" in an image that was not booted yet
            return found
    return ""


def _namespace(pid: int) -> str:
    """The PID namespace of this process; empty if the system has none."""
    try:
        is_seen = str(Path("/proc/self").readlink()) == str(pid)
        return str(Path("/proc/self/ns/pid").readlink()) if is_seen else _UNSEEN
    except OSError:
        return ""


def _is_of_this_boot(owner: OwnerRecord, here: OwnerRecord) -> bool:
    return owner.host == here.host and owner.boot == here.boot


def _is_of_earlier_boot(owner: OwnerRecord, here: OwnerRecord) -> bool:
    """Whether the owner ran on this machine before a reboot.

    The machine id decides, and only outside of containers: containers of one image may share an id.
    """
    is_same_machine = owner.machine == here.machine != "" and owner.boot != here.boot
    return is_same_machine and owner.namespace == here.namespace == _INITIAL


def _record(row: Any, now: float) -> OwnerRecord:  # noqa: ANN401 -- a row of the table
    found = OwnerRecord(**{name: getattr(row, name) for name in _FIELDS})
    silent = now - row.heartbeat
    if row.uptime is not None and _is_of_this_boot(found, this_process()):
        silent = time.monotonic() - row.uptime  # setting the clock must not make owners silent
    return replace(found, silent=silent)
