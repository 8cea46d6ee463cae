"""The table of datastores, without their credentials."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.data.datastore import DatastoreRecord
from aml_magics.store.catalogue.schema import datastore as table
from aml_magics.store.catalogue.schema import meta

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue

_DEFAULT: Final = "default_datastore"
_COLUMNS: Final = ["kind", "settings", "created", "description"]


class DatastoreTable:
    """Datastores by name, and the choice of the default."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._replace = catalogue.replace(table, ["name"], _COLUMNS)
        self._set_meta = catalogue.replace(meta, ["name"], ["value"])

    def put(self, connection: sa.Connection, record: DatastoreRecord) -> None:
        """Add or replace a datastore."""
        row = {
            "name": record.name,
            "kind": record.kind,
            "settings": json.dumps(record.settings),
            "created": record.created,
            "description": record.description,
        }
        connection.execute(self._replace, row)

    def get(self, connection: sa.Connection, name: str) -> DatastoreRecord | None:
        """The datastore with this name."""
        row = connection.execute(sa.select(table).where(table.c.name == name)).one_or_none()
        return None if row is None else _record(row)

    def all(self, connection: sa.Connection) -> list[DatastoreRecord]:
        """All datastores by name."""
        return [_record(row) for row in connection.execute(sa.select(table).order_by(table.c.name))]

    def remove(self, connection: sa.Connection, name: str) -> bool:
        """Remove a datastore; returns whether it existed."""
        removed = connection.execute(sa.delete(table).where(table.c.name == name))
        return removed.rowcount > 0

    def default(self, connection: sa.Connection) -> str | None:
        """The name of the chosen default datastore, if any."""
        name: str | None = connection.scalar(sa.select(meta.c.value).where(meta.c.name == _DEFAULT))
        return name

    def set_default(self, connection: sa.Connection, name: str) -> None:
        """Choose the default datastore."""
        connection.execute(self._set_meta, {"name": _DEFAULT, "value": name})


def _record(row: Any) -> DatastoreRecord:  # noqa: ANN401 -- a row of the table
    return DatastoreRecord(
        row.name, row.kind, json.loads(row.settings), row.created, row.description
    )
