"""The tables of the runs of pipelines and of their steps."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.pipeline.pipeline import (
    PipelineGraph,
    PipelineRunRecord,
    StepDecision,
    StepRunRecord,
)
from aml_magics.records.status import RunStatus
from aml_magics.store.catalogue.pipeline_schema import pipeline_run as table
from aml_magics.store.catalogue.pipeline_schema import step_run
from aml_magics.store.catalogue.schema import run
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS: Final = ("host", "pipeline_id", "schedule_id")
_DETAILS: Final = [
    one.name for one in fields(PipelineRunRecord) if one.name not in ("run_key", "graph", *_COLUMNS)
]
_MOST_REUSABLE: Final = 10
_JSON: Final = ("reuse_parts", "written")


class PipelineRunTable:
    """Runs of pipelines by the key of their run, and step runs by theirs."""

    def add(
        self, connection: sa.Connection, record: PipelineRunRecord, steps: Sequence[StepRunRecord]
    ) -> None:
        """Add what a new run was asked for, and its steps."""
        row = {name: getattr(record, name) for name in _COLUMNS}
        written = {**row, "run": record.run_key, "details": _details(record)}
        connection.execute(sa.insert(table), written)
        if steps:
            connection.execute(sa.insert(step_run), [_row(one) for one in steps])

    def get(self, connection: sa.Connection, run_key: int) -> PipelineRunRecord | None:
        """What a run was asked for, None if it is none of a pipeline."""
        row: Any = connection.execute(sa.select(table).where(table.c.run == run_key)).one_or_none()
        if row is None:
            return None
        details = json.loads(row.details)
        graph = PipelineGraph.of_dict(details.pop("graph"))
        columns = {name: getattr(row, name) for name in _COLUMNS}
        return PipelineRunRecord(run_key=row.run, graph=graph, **columns, **details)

    def set_graph(self, connection: sa.Connection, record: PipelineRunRecord) -> None:
        """Replace the graph of a run; the database file keeps no trace of the old one, which may hold secrets."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        change = sa.update(table).where(table.c.run == record.run_key)
        connection.execute(change.values(details=_details(record)))

    def open_here(self, connection: sa.Connection, host: str) -> list[str]:
        """The ids of a machine's runs of pipelines that have not ended."""
        query = sa.select(run.c.id).join(table, table.c.run == run.c.key)
        query = query.where(table.c.host == host, run.c.ended.is_(None), run.c.deleted.is_(None))
        return list(connection.scalars(query.order_by(run.c.key)))

    def among(self, connection: sa.Connection, keys: Sequence[int], host: str) -> set[int]:
        """Those of these runs that are of pipelines of a machine."""
        return {
            key
            for some in in_pieces(keys)
            for key in connection.scalars(
                sa.select(table.c.run).where(table.c.run.in_(some), table.c.host == host)
            )
        }

    def of_pipeline(self, connection: sa.Connection, pipeline_id: str) -> list[int]:
        """The keys of the runs of a published pipeline, newest first."""
        return self._keys(connection, table.c.pipeline_id == pipeline_id)

    def of_schedule(self, connection: sa.Connection, schedule_id: str) -> list[int]:
        """The keys of the runs that a schedule started, newest first."""
        return self._keys(connection, table.c.schedule_id == schedule_id)

    def _keys(self, connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[int]:
        query = sa.select(table.c.run).join(run, run.c.key == table.c.run)
        query = query.where(where, run.c.deleted.is_(None))
        return list(connection.scalars(query.order_by(table.c.run.desc())))

    # -- steps ----------------------------------------------------------------------------------

    def steps(self, connection: sa.Connection, pipeline_key: int) -> list[StepRunRecord]:
        """The step runs of a pipeline's run, in the order of the pipeline."""
        query = sa.select(step_run).where(step_run.c.pipeline == pipeline_key)
        rows = connection.execute(query.order_by(step_run.c.position)).mappings()
        return [_step(row) for row in rows]

    def counts(
        self, connection: sa.Connection, keys: Sequence[int]
    ) -> dict[int, dict[tuple[RunStatus, StepDecision], int]]:
        """How many steps of each of these pipelines have a status and a decision."""
        found: dict[int, dict[tuple[RunStatus, StepDecision], int]] = {}
        columns = (step_run.c.pipeline, run.c.status, step_run.c.decision)
        query = sa.select(*columns, sa.func.count()).join(run, run.c.key == step_run.c.run)
        for some in in_pieces(keys):
            counted = query.where(step_run.c.pipeline.in_(some), run.c.deleted.is_(None))
            for key, status, decision, count in connection.execute(counted.group_by(*columns)):
                found.setdefault(key, {})[RunStatus(status), StepDecision(decision)] = count
        return found

    def step(self, connection: sa.Connection, run_key: int) -> StepRunRecord | None:
        """The step of a run, None if it is none."""
        query = sa.select(step_run).where(step_run.c.run == run_key)
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _step(row)

    def tries(self, connection: sa.Connection, record: StepRunRecord) -> int:
        """How often a step is run at most, as its pipeline says; 0 if that is gone."""
        asked = self.get(connection, record.pipeline_key)
        steps = () if asked is None else asked.graph.definition.steps
        return next((1 + one.retries for one in steps if one.id == record.step), 0)

    def to_try_again(self, connection: sa.Connection, keys: Sequence[int]) -> list[int]:
        """Those of these step runs of which a try has failed, and that wait for the next."""
        failed = run.c.status == str(RunStatus.QUEUED), run.c.owner.is_not(None)
        return [
            key
            for some in in_pieces(keys)
            for key in connection.scalars(sa.select(run.c.key).where(run.c.key.in_(some), *failed))
        ]

    def set_step(self, connection: sa.Connection, record: StepRunRecord) -> None:
        """Replace what is kept of a step run."""
        row = _row(record)
        key = row.pop("run")
        connection.execute(sa.update(step_run).where(step_run.c.run == key).values(row))

    def reusable(self, connection: sa.Connection, reuse_key: str) -> list[StepRunRecord]:
        """The latest Completed step runs that have this key and really ran."""
        return self._executed(connection, step_run.c.reuse_key == reuse_key, limit=_MOST_REUSABLE)

    def earlier(self, connection: sa.Connection, name: str, limit: int) -> list[StepRunRecord]:
        """The latest Completed step runs of a step's name that really ran."""
        return self._executed(connection, run.c.name == name, limit=limit)

    def _executed(
        self, connection: sa.Connection, *where: sa.ColumnElement[bool], limit: int
    ) -> list[StepRunRecord]:
        query = sa.select(step_run).join(run, run.c.key == step_run.c.run)
        query = query.where(
            *where,
            step_run.c.decision == str(StepDecision.QUEUED),
            run.c.status == str(RunStatus.COMPLETED),
            run.c.deleted.is_(None),
        )
        ordered = query.order_by(step_run.c.run.desc()).limit(limit)
        return [_step(row) for row in connection.execute(ordered).mappings()]


def _details(record: PipelineRunRecord) -> str:
    details = {name: getattr(record, name) for name in _DETAILS}
    return json.dumps({**details, "graph": record.graph.to_dict()})


def _row(record: StepRunRecord) -> dict[str, Any]:
    row = asdict(record)
    row["run"], row["pipeline"] = row.pop("run_key"), row.pop("pipeline_key")
    row["decision"] = str(record.decision)
    return {**row, **{name: json.dumps(row[name]) for name in _JSON}}


def _step(row: sa.RowMapping) -> StepRunRecord:
    found: dict[str, Any] = {**row}
    found["run_key"], found["pipeline_key"] = found.pop("run"), found.pop("pipeline")
    found["decision"] = StepDecision(row["decision"])
    return StepRunRecord(**{**found, **{name: json.loads(found[name]) for name in _JSON}})
