"""The table of compute targets, without their credentials."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.compute import ComputeRecord
from aml_magics.store.catalogue.compute_schema import compute as table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aml_magics.store.catalogue.catalogue import Catalogue

_JSON: Final = ("settings", "tags")
_OWN: Final = [one.name for one in fields(ComputeRecord) if one.name != "key"]


class ComputeTable:
    """Compute targets by name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._add = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.key)

    def add(self, connection: sa.Connection, record: ComputeRecord) -> int | None:
        """Add a target; returns its key, None if its name is taken."""
        values = _row({name: getattr(record, name) for name in _OWN})
        key: int | None = connection.execute(self._add, values).scalar()
        return key

    def get(
        self, connection: sa.Connection, name: str, *, locked: bool = False
    ) -> ComputeRecord | None:
        """The target of a name, None if there is none; kept from changes by others if asked."""
        query = sa.select(table).where(table.c.name == name)
        row = connection.execute(query.with_for_update() if locked else query).first()
        return None if row is None else _record(row)

    def all(self, connection: sa.Connection) -> list[ComputeRecord]:
        """All targets, by name."""
        rows = connection.execute(sa.select(table).order_by(table.c.name))
        return [_record(row) for row in rows]

    def named(self, connection: sa.Connection, names: Collection[str]) -> list[ComputeRecord]:
        """The targets of these names that are there."""
        rows = connection.execute(sa.select(table).where(table.c.name.in_(names)))
        return [_record(row) for row in rows]

    def room(self, connection: sa.Connection, names: Collection[str]) -> dict[str, int]:
        """How many nodes these targets have at most, by name; a target that is gone is left out."""
        query = sa.select(table.c.name, table.c.max_nodes).where(table.c.name.in_(names))
        return {row.name: row.max_nodes for row in connection.execute(query)}

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> bool:
        """Set fields of a target; returns whether it is there."""
        changed = sa.update(table).where(table.c.key == key).values(_row(values))
        return connection.execute(changed).rowcount > 0

    def remove(self, connection: sa.Connection, key: int) -> None:
        """Remove a target."""
        connection.execute(sa.delete(table).where(table.c.key == key))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if name in _JSON else value for name, value in values.items()}


def _record(row: Any) -> ComputeRecord:  # noqa: ANN401 -- a row of the table
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name begins so
    for name in _JSON:
        values[name] = json.loads(values[name])
    return ComputeRecord(**{**values, "is_attached": bool(values["is_attached"])})
