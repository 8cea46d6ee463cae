"""The table of owners, and who this process is."""

from __future__ import annotations

import os
import socket
import time
import uuid
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.records.owner import OwnerRecord
from aml_magics.store.schema import owner as table
from aml_magics.store.schema import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.store.catalogue import Catalogue


class OwnerTable:
    """Processes that own runs, with their last sign of life by the database's clock where it has one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._committed: dict[str, int] = {}
        catalogue.forget_with(self._forget)

    def _forget(self) -> None:
        self._committed = {}

    def ensure(self, connection: sa.Connection, owner: OwnerRecord) -> int:
        """The key of the owner, added where it is new."""
        committed = self._committed
        if owner.id in committed:
            return committed[owner.id]
        find = sa.select(table.c.key).where(table.c.id == owner.id)
        key = connection.scalar(find)
        if key is not None:
            committed[owner.id] = key  # not so below: that transaction may be rolled back
        else:
            row = {
                "id": owner.id,
                "host": owner.host,
                "boot": owner.boot,
                "pid": owner.pid,
                "started": owner.started,
                "heartbeat": self.now(connection),
            }
            connection.execute(self._catalogue.upsert(table).on_conflict_do_nothing(), row)
            key = connection.scalar(find)
        return int(key)  # type: ignore[arg-type]

    def beat(self, connection: sa.Connection, id_: str) -> None:
        """Record that the owner lives."""
        connection.execute(
            sa.update(table).where(table.c.id == id_).values(heartbeat=self.now(connection))
        )

    def with_open_runs(self, connection: sa.Connection) -> list[tuple[OwnerRecord, float]]:
        """Owners of runs that have not ended, each with the seconds since its last heartbeat."""
        columns = [table.c[name] for name in ("id", "host", "boot", "pid", "started", "heartbeat")]
        ours = (
            sa.select(run.c.owner).where(run.c.ended.is_(None), run.c.owner.is_not(None)).distinct()
        )
        now = self.now(connection)
        rows = connection.execute(sa.select(*columns).where(table.c.key.in_(ours)))
        return [(OwnerRecord(*row), now - row.heartbeat) for row in rows]

    def get(self, connection: sa.Connection, ids: Iterable[str]) -> dict[str, OwnerRecord]:
        """Owners by id."""
        columns = [table.c[name] for name in ("id", "host", "boot", "pid", "started", "heartbeat")]
        return {
            row.id: OwnerRecord(*row)
            for row in connection.execute(sa.select(*columns).where(table.c.id.in_(ids)))
        }

    def now(self, connection: sa.Connection) -> float:
        """The clock that heartbeats are told by: one for all machines that share a PostgreSQL."""
        if self._catalogue.is_sqlite:
            return time.time()
        return float(connection.scalar(sa.text("select extract(epoch from clock_timestamp())")))


@cache
def _this(pid: int) -> OwnerRecord:
    return OwnerRecord(
        uuid.uuid4().hex[:12], socket.gethostname(), boot_id(), pid, process_start(pid) or 0.0
    )


def this_process() -> OwnerRecord:
    """The owner that this process is; a forked child is another one."""
    return replace(_this(os.getpid()), heartbeat=time.time())


@cache
def boot_id() -> str:
    """What tells this boot of the machine from the next."""
    kernel = Path("/proc/sys/kernel/random/boot_id")
    if kernel.exists():
        return kernel.read_text().strip()
    import psutil

    return str(psutil.boot_time())


def process_start(pid: int) -> float | None:
    """When a process started, as its system counts it, or None where there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # a zombie holds its pid but runs no more
        return None if fields[0] in "ZX" else float(fields[19])
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(owner: OwnerRecord) -> bool | None:
    """Whether the owner's process runs; None where it is on another machine and cannot be asked."""
    if owner.host != socket.gethostname():
        return None
    return owner.boot == boot_id() and process_start(owner.pid) == owner.started
