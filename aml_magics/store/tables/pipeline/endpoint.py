"""The tables of endpoints and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.pipeline.pipeline import EndpointRecord, PipelineStatus
from aml_magics.store.catalogue.pipeline_schema import pipeline_endpoint as table
from aml_magics.store.catalogue.pipeline_schema import pipeline_endpoint_version as version_table
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue


class EndpointTable:
    """Endpoints by id; an endpoint's published pipelines by version."""

    def __init__(self, catalogue: Catalogue) -> None:
        add = catalogue.upsert(table).on_conflict_do_nothing()
        self._add = add.returning(table.c.key)

    def add(self, connection: sa.Connection, record: EndpointRecord) -> int | None:
        """Add an endpoint with its versions; returns its key, None if its name is taken."""
        row = {
            "id": record.id,
            "name": record.name,
            "description": record.description,
            "status": record.status,
            "default_version": record.default_version,
            "created": record.created,
        }
        key: int | None = connection.execute(self._add, row).scalar()
        if key is not None:
            for version, pipeline_id in record.versions.items():
                self.add_version(connection, key, version, pipeline_id)
        return key

    def add_version(
        self, connection: sa.Connection, key: int, version: str, pipeline_id: str
    ) -> None:
        """Add a version to an endpoint that is locked."""
        row = {"endpoint": key, "version": version, "pipeline_id": pipeline_id}
        connection.execute(sa.insert(version_table), row)

    def get(
        self,
        connection: sa.Connection,
        *,
        id_: str | None = None,
        name: str | None = None,
        locked: bool = False,
    ) -> EndpointRecord | None:
        """The endpoint of an id or a name, None if there is none; locked against other transactions if asked."""
        where = table.c.id == id_ if id_ is not None else table.c.name == name
        query = sa.select(table).where(where)
        row = connection.execute(query.with_for_update() if locked else query).first()
        return None if row is None else _records(connection, [row])[0]

    def all(
        self, connection: sa.Connection, *, active_only: bool = False, limit: int | None = None
    ) -> list[EndpointRecord]:
        """The endpoints, the newest first."""
        query = sa.select(table).order_by(table.c.created.desc(), table.c.key.desc())
        if active_only:
            query = query.where(table.c.status == PipelineStatus.ACTIVE)
        return _records(connection, connection.execute(query.limit(limit)).all())

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> None:
        """Set fields of an endpoint that is locked."""
        connection.execute(sa.update(table).where(table.c.key == key).values(dict(values)))


def _records(connection: sa.Connection, rows: Sequence[Any]) -> list[EndpointRecord]:
    versions: dict[int, dict[str, str]] = {row.key: {} for row in rows}
    for some in in_pieces([row.key for row in rows]):
        query = sa.select(version_table).where(version_table.c.endpoint.in_(some))
        for one in connection.execute(query):
            versions[one.endpoint][one.version] = one.pipeline_id
    return [
        EndpointRecord(
            key=row.key,
            id=row.id,
            name=row.name,
            description=row.description,
            status=PipelineStatus(row.status),
            default_version=row.default_version,
            created=row.created,
            versions=dict(sorted(versions[row.key].items(), key=lambda one: int(one[0]))),
        )
        for row in rows
    ]
