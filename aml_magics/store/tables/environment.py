"""The table of registered environments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.environment import EnvironmentRecord
from aml_magics.store.catalogue.schema import environment as table

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue

_COLUMNS = (
    table.c.name,
    table.c.version,
    table.c.digest,
    table.c.created,
    table.c.definition,
    table.c.labels,
)


class EnvironmentTable:
    """Environments by name and version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.version)

    def add(self, connection: sa.Connection, record: EnvironmentRecord) -> bool:
        """Add a version; False if another process has just taken its number."""
        values = {
            "name": record.name,
            "version": record.version,
            "digest": record.digest,
            "created": record.created,
            "definition": json.dumps(record.definition),
            "labels": json.dumps(record.labels),
        }
        return connection.execute(self._insert, values).first() is not None

    def latest(self, connection: sa.Connection, name: str) -> EnvironmentRecord | None:
        """The newest version of a name."""
        query = sa.select(*_COLUMNS).where(table.c.name == name)
        row = connection.execute(query.order_by(table.c.version.desc()).limit(1)).one_or_none()
        return _record(row) if row else None

    def get(self, connection: sa.Connection, name: str, version: int) -> EnvironmentRecord | None:
        """One version of a name."""
        query = sa.select(*_COLUMNS).where(table.c.name == name, table.c.version == version)
        row = connection.execute(query).one_or_none()
        return _record(row) if row else None

    def versions(self, connection: sa.Connection, name: str) -> list[EnvironmentRecord]:
        """All versions of a name, oldest first."""
        query = sa.select(*_COLUMNS).where(table.c.name == name).order_by(table.c.version)
        return [_record(row) for row in connection.execute(query)]

    def list(self, connection: sa.Connection) -> list[EnvironmentRecord]:
        """The newest version of each name, by name."""
        newest = sa.select(table.c.name, sa.func.max(table.c.version).label("version"))
        last = newest.group_by(table.c.name).subquery()
        query = sa.select(*_COLUMNS).join(
            last, sa.and_(table.c.name == last.c.name, table.c.version == last.c.version)
        )
        return sorted((_record(row) for row in connection.execute(query)), key=lambda one: one.name)

    def label(
        self, connection: sa.Connection, name: str, version: int, labels: tuple[str, ...]
    ) -> None:
        """Set the labels of one version; the other versions of the name lose them."""
        for record in self.versions(connection, name):
            kept = [label for label in record.labels if label not in labels]
            if record.version == version:
                kept += labels
            change = sa.update(table).where(table.c.name == name, table.c.version == record.version)
            connection.execute(change.values(labels=json.dumps(kept)))


def _record(row: Any) -> EnvironmentRecord:  # noqa: ANN401 -- a row of six columns
    name, version, digest, created, definition, labels = row
    return EnvironmentRecord(
        name, version, digest, created, json.loads(definition), tuple(json.loads(labels))
    )
