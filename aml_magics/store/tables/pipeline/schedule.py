"""The tables of schedules and their slots."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.pipeline.pipeline import (
    PipelineStatus,
    ScheduleRecord,
    ScheduleSlot,
    SlotState,
)
from aml_magics.store.catalogue.pipeline_schema import schedule as table
from aml_magics.store.catalogue.pipeline_schema import schedule_slot
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue


class ScheduleTable:
    """Schedules by id; a schedule's slots by their text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._claim = catalogue.upsert(schedule_slot).on_conflict_do_nothing()
        self._claim_one = self._claim.returning(schedule_slot.c.slot)
        self._add = catalogue.upsert(table).on_conflict_do_nothing(index_elements=["id"])

    def add(self, connection: sa.Connection, record: ScheduleRecord) -> ScheduleRecord:
        """Add a schedule unless its id is there; returns it with its key."""
        row = {
            "id": record.id,
            "name": record.name,
            "description": record.description,
            "status": record.status,
            "pipeline_id": record.pipeline_id,
            "endpoint_id": record.endpoint_id,
            "host": record.host,
            "created": record.created,
            "since": record.since,
            "details": json.dumps(record.details),
        }
        connection.execute(self._add, row)
        return _record(connection.execute(sa.select(table).where(table.c.id == record.id)).one())

    def get(
        self, connection: sa.Connection, id_: str, *, locked: bool = False
    ) -> ScheduleRecord | None:
        """The schedule of an id, None if there is none; locked against other transactions if asked."""
        query = sa.select(table).where(table.c.id == id_)
        row = connection.execute(query.with_for_update() if locked else query).first()
        return None if row is None else _record(row)

    def all(self, connection: sa.Connection) -> list[ScheduleRecord]:
        """All schedules, newest first."""
        rows = connection.execute(sa.select(table).order_by(table.c.created.desc(), table.c.key))
        return [_record(row) for row in rows]

    def active_here(self, connection: sa.Connection, host: str) -> list[ScheduleRecord]:
        """The active schedules that a machine looks after."""
        query = sa.select(table).where(
            table.c.status == PipelineStatus.ACTIVE.value, table.c.host == host
        )
        return [_record(row) for row in connection.execute(query.order_by(table.c.key))]

    def is_any_here(self, connection: sa.Connection, host: str) -> bool:
        """Whether a machine looks after an active schedule."""
        query = sa.select(table.c.key).where(
            table.c.status == PipelineStatus.ACTIVE.value, table.c.host == host
        )
        return connection.execute(query.limit(1)).first() is not None

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> None:
        """Set fields of a schedule."""
        row = {
            name: json.dumps(value) if name == "details" else value
            for name, value in values.items()
        }
        connection.execute(sa.update(table).where(table.c.key == key).values(row))

    def claim(self, connection: sa.Connection, slot: ScheduleSlot) -> bool:
        """Take a slot; False if it is taken."""
        return connection.scalar(self._claim_one, _slot_row(slot)) is not None

    def claim_all(self, connection: sa.Connection, slots: Iterable[ScheduleSlot]) -> None:
        """Take those of the slots that are free."""
        rows = [_slot_row(slot) for slot in slots]
        if rows:
            connection.execute(self._claim, rows)

    def settle(
        self,
        connection: sa.Connection,
        slot: ScheduleSlot,
        state: SlotState,
        *,
        run_id: str | None = None,
        error: str = "",
    ) -> None:
        """Note what became of a claimed slot."""
        where = (schedule_slot.c.schedule == slot.schedule) & (schedule_slot.c.slot == slot.slot)
        values = {"state": state, "run_id": run_id, "error": error}
        connection.execute(sa.update(schedule_slot).where(where).values(values))

    def taken(
        self, connection: sa.Connection, key: int, slots: Sequence[str]
    ) -> dict[str, SlotState]:
        """Those of these slots of a schedule that are taken, with their states."""
        columns = (schedule_slot.c.slot, schedule_slot.c.state)
        found: dict[str, SlotState] = {}
        for some in in_pieces(slots):
            query = sa.select(*columns).where(
                schedule_slot.c.schedule == key, schedule_slot.c.slot.in_(some)
            )
            found |= {slot: SlotState(state) for slot, state in connection.execute(query)}
        return found

    def slots(
        self,
        connection: sa.Connection,
        key: int,
        states: Sequence[SlotState],
        limit: int | None = None,
    ) -> list[ScheduleSlot]:
        """The slots of a schedule in these states, the last claimed first."""
        query = (
            sa.select(schedule_slot)
            .where(schedule_slot.c.schedule == key, schedule_slot.c.state.in_(states))
            .order_by(schedule_slot.c.claimed.desc(), schedule_slot.c.slot.desc())
        )
        rows = connection.execute(query if limit is None else query.limit(limit))
        return [
            ScheduleSlot(**{**row._mapping, "state": SlotState(row.state)})  # noqa: SLF001 -- SQLAlchemy's public name begins so
            for row in rows
        ]


def _slot_row(slot: ScheduleSlot) -> dict[str, Any]:
    return {
        "schedule": slot.schedule,
        "slot": slot.slot,
        "claimed": slot.claimed,
        "state": slot.state,
        "run_id": slot.run_id,
        "error": slot.error,
    }


def _record(row: Any) -> ScheduleRecord:  # noqa: ANN401 -- a row of the table
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name begins so
    values["status"] = PipelineStatus(values["status"])
    values["details"] = json.loads(values["details"])
    return ScheduleRecord(**values)
