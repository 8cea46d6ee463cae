"""The tables of jobs and of the source files of submitted runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.job import JobRecord, SourceFile
from aml_magics.records.status import RunStatus
from aml_magics.store.catalogue.schema import job as table
from aml_magics.store.catalogue.schema import run, source_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_WAITING = (str(RunStatus.QUEUED), str(RunStatus.CANCEL_REQUESTED))


class JobTable:
    """Jobs by the key of their run."""

    def add(self, connection: sa.Connection, job: JobRecord) -> None:
        """Add the job of a new run."""
        details = asdict(job)
        row = {"run": details.pop("run_key"), "host": details.pop("host")}
        connection.execute(sa.insert(table), {**row, "details": json.dumps(details)})

    def get(self, connection: sa.Connection, run_key: int) -> JobRecord | None:
        """The job of a run, or None if it was not submitted."""
        row: Any = connection.execute(sa.select(table).where(table.c.run == run_key)).one_or_none()
        if row is None:
            return None
        details = json.loads(row.details)
        return JobRecord.of_dict({**details, "run_key": row.run, "host": row.host})

    def replace(self, connection: sa.Connection, job: JobRecord) -> None:
        """Replace a job; the database file keeps no trace of its old content, which may hold secrets."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        details = asdict(job)
        key = details.pop("run_key")
        del details["host"]
        connection.execute(
            sa.update(table).where(table.c.run == key).values(details=json.dumps(details))
        )

    def waiting(self, connection: sa.Connection, host: str) -> list[tuple[int, bool]]:
        """Queued runs of a machine, first in first out: key, and whether cancellation was requested."""
        query = (
            sa.select(run.c.key, run.c.cancel_requested)
            .join(table, table.c.run == run.c.key)
            .where(table.c.host == host, run.c.owner.is_(None), run.c.ended.is_(None))
            .where(run.c.status.in_(_WAITING))
            .order_by(run.c.key)
        )
        return [(key, bool(asked)) for key, asked in connection.execute(query)]

    def started(self, connection: sa.Connection, host: str) -> list[int]:
        """Runs of a machine that a worker has claimed and that have not ended."""
        query = (
            sa.select(run.c.key)
            .join(table, table.c.run == run.c.key)
            .where(table.c.host == host, run.c.owner.is_not(None), run.c.ended.is_(None))
        )
        return list(connection.scalars(query))


class SourceTable:
    """The files of submitted folders, by the key of their run."""

    def add(self, connection: sa.Connection, run_key: int, files: Sequence[SourceFile]) -> None:
        """Add the files of a new run."""
        if files:
            connection.execute(
                sa.insert(source_file), [{"run": run_key, **asdict(one)} for one in files]
            )

    def of(self, connection: sa.Connection, run_key: int) -> list[SourceFile]:
        """The files of a run, by name."""
        columns = (
            source_file.c.name,
            source_file.c.digest,
            source_file.c.size,
            source_file.c.mode,
        )
        query = sa.select(*columns).where(source_file.c.run == run_key)
        return [SourceFile(*row) for row in connection.execute(query.order_by(source_file.c.name))]
