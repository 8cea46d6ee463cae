"""The tables of jobs and of the source files of submitted runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.job import JobRecord, QueuedJob, SourceFile
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
        row = {name: details.pop(name) for name in ("host", "nodes")}
        row["run"] = details.pop("run_key")
        connection.execute(sa.insert(table), {**row, "details": json.dumps(details)})

    def get(self, connection: sa.Connection, run_key: int) -> JobRecord | None:
        """The job of a run, or None if it was not submitted."""
        row: Any = connection.execute(sa.select(table).where(table.c.run == run_key)).one_or_none()
        if row is None:
            return None
        details = json.loads(row.details)
        return JobRecord.of_dict(
            {**details, "run_key": row.run, "host": row.host, "nodes": row.nodes}
        )

    def replace(self, connection: sa.Connection, job: JobRecord) -> None:
        """Replace a job; the database file keeps no trace of its old content, which may hold secrets."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        details = asdict(job)
        key = details.pop("run_key")
        del details["host"], details["nodes"]
        connection.execute(
            sa.update(table).where(table.c.run == key).values(details=json.dumps(details))
        )

    def waiting(self, connection: sa.Connection, host: str) -> list[QueuedJob]:
        """Queued runs of a machine, first in first out."""
        query = _queued(host).where(run.c.owner.is_(None), run.c.ended.is_(None))
        query = query.where(run.c.status.in_(_WAITING)).order_by(run.c.key)
        return [_job(row) for row in connection.execute(query)]

    def started(self, connection: sa.Connection, host: str) -> list[QueuedJob]:
        """Runs of a machine that a worker has claimed and that have not ended."""
        query = _queued(host).where(run.c.owner.is_not(None), run.c.ended.is_(None))
        return [_job(row) for row in connection.execute(query)]

    def of_target(
        self, connection: sa.Connection, target: str, host: str, *, since: float
    ) -> list[QueuedJob]:
        """The runs of a target on a machine that have not ended, or after a time; first in first out."""
        open_or_recent = sa.or_(run.c.ended.is_(None), run.c.ended >= since)
        query = _queued(host).where(_elsewhere, run.c.target == target, open_or_recent)
        # a step of a pipeline that waits for others waits for no node
        query = query.where(run.c.status != str(RunStatus.NOT_STARTED))
        return [_job(row) for row in connection.execute(query.order_by(run.c.key))]

    def open_on(self, connection: sa.Connection, target: str) -> list[int]:
        """The keys of a target's runs on all machines that have not ended."""
        query = sa.select(run.c.key).where(_elsewhere, run.c.target == target)
        return list(connection.scalars(query.where(run.c.ended.is_(None)).order_by(run.c.key)))

    def wider_than(self, connection: sa.Connection, target: str, nodes: int) -> list[int]:
        """The keys of a target's runs that wait on some machine and take more nodes than these."""
        query = sa.select(run.c.key).join(table, table.c.run == run.c.key)
        query = query.where(_elsewhere, run.c.target == target, table.c.nodes > nodes)
        query = query.where(run.c.ended.is_(None), run.c.owner.is_(None))
        return list(connection.scalars(query.order_by(run.c.key)))


_elsewhere = run.c.target != sa.literal_column("'local'")  # as the condition of the index says it


def _queued(host: str) -> sa.Select[Any]:
    columns = (run.c.key, run.c.target, run.c.owner, run.c.cancel_requested)
    times = (run.c.started, run.c.ended)
    joined = sa.select(*columns, *times, table.c.nodes).join(table, table.c.run == run.c.key)
    return joined.where(table.c.host == host)


def _job(row: Any) -> QueuedJob:  # noqa: ANN401 -- a row of the query
    return QueuedJob(
        run_key=row.key,
        target=row.target,
        nodes=row.nodes,
        is_waiting=row.owner is None and row.ended is None,
        is_canceled=bool(row.cancel_requested),
        began=row.started,
        ended=row.ended,
    )


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
