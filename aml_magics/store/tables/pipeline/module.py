"""The tables of modules and their versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.pipeline.module import ModuleRecord, ModuleStatus, ModuleVersion
from aml_magics.store.catalogue.pipeline_schema import module as table
from aml_magics.store.catalogue.pipeline_schema import module_version as version_table
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue


class ModuleTable:
    """Modules by id and by name; a module's versions by their text."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._add = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.key)

    def add(self, connection: sa.Connection, record: ModuleRecord) -> int | None:
        """Add a module without versions; returns its key, None if its name is taken."""
        row = {
            "id": record.id,
            "name": record.name,
            "description": record.description,
            "status": record.status,
            "default_version": record.default_version,
            "created": record.created,
        }
        key: int | None = connection.execute(self._add, row).scalar()
        return key

    def add_version(self, connection: sa.Connection, key: int, version: ModuleVersion) -> None:
        """Add a version to a module that is locked and has none of that text."""
        row = {
            "module": key,
            "version": version.version,
            "id": version.id,
            "created": version.created,
            "details": json.dumps(version.to_dict()),
        }
        connection.execute(sa.insert(version_table), row)

    def get(
        self,
        connection: sa.Connection,
        *,
        id_: str | None = None,
        name: str | None = None,
        locked: bool = False,
    ) -> ModuleRecord | None:
        """The module of an id or a name, None if there is none; locked against other transactions if asked."""
        where = table.c.id == id_ if id_ is not None else table.c.name == name
        query = sa.select(table).where(where)
        row = connection.execute(query.with_for_update() if locked else query).first()
        return None if row is None else _records(connection, [row])[0]

    def all(self, connection: sa.Connection) -> list[ModuleRecord]:
        """The modules with their versions, the newest first."""
        query = sa.select(table).order_by(table.c.created.desc(), table.c.key.desc())
        return _records(connection, connection.execute(query).all())

    def names(self, connection: sa.Connection) -> list[str]:
        """The names of the modules, the newest first."""
        return list(connection.scalars(sa.select(table.c.name).order_by(table.c.key.desc())))

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> None:
        """Set fields of a module that is locked."""
        connection.execute(sa.update(table).where(table.c.key == key).values(dict(values)))

    def change_version(self, connection: sa.Connection, key: int, version: ModuleVersion) -> None:
        """Set what may change of a version, of a module that is locked."""
        where = (version_table.c.module == key) & (version_table.c.version == version.version)
        changed = {"details": json.dumps(version.to_dict())}
        connection.execute(sa.update(version_table).where(where).values(changed))


def _records(connection: sa.Connection, rows: Sequence[Any]) -> list[ModuleRecord]:
    versions: dict[int, dict[str, ModuleVersion]] = {row.key: {} for row in rows}
    for some in in_pieces([row.key for row in rows]):
        query = sa.select(version_table).where(version_table.c.module.in_(some))
        for one in connection.execute(
            query.order_by(version_table.c.created, version_table.c.version)
        ):
            kept = {"id": one.id, "version": one.version, "created": one.created}
            made = ModuleVersion.of_dict({**json.loads(one.details), **kept})
            versions[one.module][one.version] = made
    return [
        ModuleRecord(
            key=row.key,
            id=row.id,
            name=row.name,
            description=row.description,
            status=ModuleStatus(row.status),
            default_version=row.default_version,
            created=row.created,
            versions=versions[row.key],
        )
        for row in rows
    ]
