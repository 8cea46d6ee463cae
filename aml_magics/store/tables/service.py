"""The tables of web services and their revisions."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import msgspec
import sqlalchemy as sa

from aml_magics.records.service import (
    Deployment,
    Revision,
    ServiceError,
    ServiceKind,
    ServiceRecord,
    ServiceState,
    Traffic,
)
from aml_magics.store.catalogue.service_schema import service as table
from aml_magics.store.catalogue.service_schema import service_revision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aml_magics.store.catalogue.catalogue import Catalogue

_JSON: Final[dict[str, Any]] = {
    "error": ServiceError | None,
    "traffic": tuple[Traffic, ...],
    "tags": dict[str, str | None],
    "properties": dict[str, str | None],
}
_OWN: Final = [one.name for one in fields(ServiceRecord) if one.name != "key"]


class ServiceTable:
    """Services by name; a service's revisions by number."""

    def __init__(self, catalogue: Catalogue) -> None:
        add = catalogue.upsert(table).on_conflict_do_nothing()
        self._add = add.returning(table.c.key)

    def add(self, connection: sa.Connection, record: ServiceRecord) -> int | None:
        """Add a service; returns its key, None if its name is taken."""
        values = _row({name: getattr(record, name) for name in _OWN})
        key: int | None = connection.execute(self._add, values).scalar()
        return key

    def add_revision(self, connection: sa.Connection, key: int, revision: Revision) -> None:
        """Add a revision; its number must be new."""
        row = {
            "service": key,
            "number": revision.number,
            "version": revision.version,
            "created": revision.created,
            "author": revision.author,
            "deployment": _text(revision.deployment),
        }
        connection.execute(sa.insert(service_revision), row)

    def get(
        self, connection: sa.Connection, name: str, *, locked: bool = False
    ) -> ServiceRecord | None:
        """The service of a name, None if there is none; locked against other transactions if asked."""
        query = sa.select(table).where(table.c.name == name)
        row = connection.execute(query.with_for_update() if locked else query).first()
        return None if row is None else _record(row)

    def all(self, connection: sa.Connection) -> list[ServiceRecord]:
        """All services, by name."""
        rows = connection.execute(sa.select(table).order_by(table.c.name))
        return [_record(row) for row in rows]

    def revisions(
        self, connection: sa.Connection, key: int, numbers: Collection[int] | None = None
    ) -> list[Revision]:
        """The revisions of a service, or those of these numbers; newest first."""
        query = sa.select(service_revision).where(service_revision.c.service == key)
        if numbers is not None:
            query = query.where(service_revision.c.number.in_(numbers))
        rows = connection.execute(query.order_by(service_revision.c.number.desc()))
        return [
            Revision(
                number=row.number,
                created=row.created,
                deployment=msgspec.json.decode(row.deployment, type=Deployment),
                version=row.version,
                author=row.author,
            )
            for row in rows
        ]

    def change(
        self,
        connection: sa.Connection,
        key: int,
        values: Mapping[str, Any],
        *,
        expected: Mapping[str, Any] | None = None,
    ) -> bool:
        """Set fields of a service if the expected ones have these values; returns whether they had."""
        where = [table.c.key == key]
        where += [table.c[name] == value for name, value in _row(expected or {}).items()]
        changed = sa.update(table).where(*where).values(_row(values))
        return connection.execute(changed).rowcount > 0

    def remove(self, connection: sa.Connection, key: int) -> None:
        """Remove a service with its revisions."""
        connection.execute(sa.delete(table).where(table.c.key == key))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _text(value) if name in _JSON and value is not None else value
        for name, value in values.items()
    }


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _record(row: Any) -> ServiceRecord:  # noqa: ANN401 -- a row of the table
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name begins so
    for name, kind in _JSON.items():
        if values[name] is not None:
            values[name] = msgspec.json.decode(values[name], type=kind)
    values["kind"] = ServiceKind(values["kind"])
    values["state"] = ServiceState(values["state"])
    return ServiceRecord(**values)
