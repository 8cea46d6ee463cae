"""The tables of sweeps and their trials."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa

from aml_magics.records.sweep.sweep import SweepRecord, TrialRecord
from aml_magics.store.catalogue.schema import run
from aml_magics.store.catalogue.sweep_schema import sweep as table
from aml_magics.store.catalogue.sweep_schema import trial
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

_DETAILS: Final = [one.name for one in fields(SweepRecord) if one.name not in ("run_key", "host")]


class SweepProgress(NamedTuple):
    """How many trials a sweep has, how many of them have ended, and the ends of those ones' metrics."""

    there: int
    done: int
    lowest: float | None
    highest: float | None


class SweepTable:
    """Sweeps by the key of their run; trials by number."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._claim = catalogue.upsert(trial).on_conflict_do_nothing().returning(trial.c.number)

    def add(self, connection: sa.Connection, record: SweepRecord) -> None:
        """Add the sweep of a new run."""
        details = msgspec.json.encode({name: getattr(record, name) for name in _DETAILS})
        row = {"run": record.run_key, "host": record.host, "details": details.decode()}
        connection.execute(sa.insert(table), row)

    def get(self, connection: sa.Connection, run_key: int) -> SweepRecord | None:
        """The sweep of a run, None if it is none."""
        row: Any = connection.execute(sa.select(table).where(table.c.run == run_key)).one_or_none()
        if row is None:
            return None
        details = {**json.loads(row.details), "run_key": row.run, "host": row.host}
        return msgspec.convert(details, SweepRecord)

    def open_here(self, connection: sa.Connection, host: str) -> list[tuple[int, str]]:
        """The sweeps of a machine that have not ended: key and id of their runs."""
        query = (
            sa.select(run.c.key, run.c.id)
            .join(table, table.c.run == run.c.key)
            .where(table.c.host == host, run.c.ended.is_(None), run.c.deleted.is_(None))
        )
        return [(key, id_) for key, id_ in connection.execute(query)]

    def among(self, connection: sa.Connection, keys: Sequence[int], host: str) -> set[int]:
        """Those of these runs that are sweeps of a machine."""
        return {
            key
            for some in in_pieces(keys)
            for key in connection.scalars(
                sa.select(table.c.run).where(table.c.run.in_(some), table.c.host == host)
            )
        }

    def claim(self, connection: sa.Connection, run_key: int, new: TrialRecord) -> bool:
        """Take a trial's number, with its values; False if it is taken."""
        row = {"sweep": run_key, "number": new.number, "sample": json.dumps(new.values)}
        return connection.scalar(self._claim, row) is not None

    def count(
        self, connection: sa.Connection, run_key: int, number: int, metric: float | None
    ) -> None:
        """Note that a trial has ended, and its best metric."""
        where = (trial.c.sweep == run_key) & (trial.c.number == number)
        values = {"is_done": True, "metric": metric}
        connection.execute(sa.update(trial).where(where).values(values))

    def progress(self, connection: sa.Connection, run_key: int) -> SweepProgress:
        """How far a sweep is."""
        count, metric = sa.func.count(), trial.c.metric
        query = sa.select(
            count, count.filter(trial.c.is_done), sa.func.min(metric), sa.func.max(metric)
        ).where(trial.c.sweep == run_key)
        return SweepProgress(*connection.execute(query).one())

    def trials(self, connection: sa.Connection, run_key: int) -> list[TrialRecord]:
        """The trials of a sweep, by number."""
        query = sa.select(trial).where(trial.c.sweep == run_key).order_by(trial.c.number)
        return [
            TrialRecord(row.number, json.loads(row.sample), bool(row.is_done), row.metric)
            for row in connection.execute(query)
        ]
