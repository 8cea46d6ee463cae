"""The tables of datasets, of their uses by runs, and of their profiles."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.data.dataset import DatasetRecord, DatasetUse, Definition, UsedDataset
from aml_magics.store.catalogue.schema import dataset as table
from aml_magics.store.catalogue.schema import dataset_profile, dataset_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue


class DatasetTable:
    """Datasets by id, and by name and version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.key)
        self._use = catalogue.replace(
            dataset_use, ["run", "role", "name"], ["dataset", "mechanism", "path"]
        )
        self._profile = catalogue.replace(dataset_profile, ["dataset"], ["created", "profile"])

    def add(
        self, connection: sa.Connection, record: DatasetRecord, manifest: bytes | None = None
    ) -> DatasetRecord | None:
        """Add a dataset and return it with its key; None if its id or version is taken.

        Args:
            manifest: the list of its files, in a format of the caller's.
        """
        row = {
            "id": record.id,
            "name": record.name,
            "version": record.version,
            "kind": record.definition.kind,
            "definition": json.dumps(record.definition.as_dict()),
            "created": record.created,
            "description": record.description,
            "tags": json.dumps(record.tags),
            "fingerprint": record.fingerprint,
            "files": record.files,
            "size": record.size,
            "former": record.former,
            "manifest": manifest,
        }
        key = connection.scalar(self._insert, row)
        return None if key is None else replace(record, key=key)

    def last_version(self, connection: sa.Connection, name: str) -> int:
        """The highest version of a name; 0 if there is none."""
        query = sa.select(sa.func.max(table.c.version)).where(table.c.name == name)
        return int(connection.scalar(query) or 0)

    def matching(
        self,
        connection: sa.Connection,
        *,
        name: str | None = None,
        version: int | None = None,
        id: str | None = None,
        fingerprint: str | None = None,
        keys: Sequence[int] | None = None,
    ) -> list[DatasetRecord]:
        """The datasets that match all given conditions, newest first."""
        wanted = {"name": name, "version": version, "id": id, "fingerprint": fingerprint}
        where = [table.c[column] == value for column, value in wanted.items() if value is not None]
        if keys is not None:
            where.append(table.c.key.in_(keys))
        columns = [column for column in table.c if column.name != "manifest"]
        query = sa.select(*columns).where(*where)
        rows = connection.execute(query.order_by(table.c.created.desc(), table.c.key.desc()))
        return [_record(row) for row in rows]

    def newest(self, connection: sa.Connection) -> list[DatasetRecord]:
        """The newest version of each name, by name."""
        last = (
            sa.select(table.c.name, sa.func.max(table.c.version).label("version"))
            .where(table.c.name.is_not(None))
            .group_by(table.c.name)
            .subquery()
        )
        same = (table.c.name == last.c.name) & (table.c.version == last.c.version)
        columns = [column for column in table.c if column.name != "manifest"]
        query = sa.select(*columns).join(last, same).order_by(table.c.name)
        return [_record(row) for row in connection.execute(query)]

    def names(self, connection: sa.Connection) -> list[str]:
        """The registered names, sorted."""
        query = sa.select(table.c.name).where(table.c.name.is_not(None)).distinct()
        return list(connection.scalars(query.order_by(table.c.name)))

    def manifest(self, connection: sa.Connection, key: int) -> bytes | None:
        """The file list stored with a dataset."""
        found: bytes | None = connection.scalar(
            sa.select(table.c.manifest).where(table.c.key == key)
        )
        return found

    def describe(
        self, connection: sa.Connection, key: int, description: str, tags: dict[str, str | None]
    ) -> None:
        """Set the description and the tags."""
        values = {"description": description, "tags": json.dumps(tags)}
        connection.execute(sa.update(table).where(table.c.key == key).values(values))

    def retire(self, connection: sa.Connection, name: str) -> int:
        """Remove the name from all its versions; returns their number."""
        values = {"name": None, "version": 0, "former": name}
        changed = connection.execute(sa.update(table).where(table.c.name == name).values(values))
        return changed.rowcount

    def use(self, connection: sa.Connection, use: DatasetUse) -> None:
        """Record that a run used a dataset; one per name and role."""
        row = {
            "run": use.run_key,
            "dataset": use.dataset_key,
            "role": use.role,
            "name": use.name,
            "mechanism": use.mechanism,
            "path": use.path,
        }
        connection.execute(self._use, row)

    def uses(
        self, connection: sa.Connection, *, run_key: int | None = None, keys: Sequence[int] = ()
    ) -> list[DatasetUse]:
        """The uses of a run by role and name, or those of datasets, newest run first."""
        where = (
            dataset_use.c.run == run_key if run_key is not None else dataset_use.c.dataset.in_(keys)
        )
        order = (dataset_use.c.run.desc(), dataset_use.c.role, dataset_use.c.name)
        columns = ("run", "dataset", "role", "name", "mechanism", "path")
        query = sa.select(*(dataset_use.c[name] for name in columns)).where(where).order_by(*order)
        return [DatasetUse(*row) for row in connection.execute(query)]

    def used(self, connection: sa.Connection, run_key: int) -> list[UsedDataset]:
        """The uses of a run in brief, inputs first, by name."""
        return [UsedDataset(*row) for row in connection.execute(_USED, {"run": run_key})]

    def profile(self, connection: sa.Connection, key: int) -> str | None:
        """The stored profile of a dataset as JSON."""
        found: str | None = connection.scalar(
            sa.select(dataset_profile.c.profile).where(dataset_profile.c.dataset == key)
        )
        return found

    def put_profile(
        self, connection: sa.Connection, key: int, created: float, profile: str
    ) -> None:
        """Store a profile, replacing an earlier one."""
        row = {"dataset": key, "created": created, "profile": profile}
        connection.execute(self._profile, row)


_USED: Final = (
    sa.select(
        dataset_use.c.role,
        dataset_use.c.name,
        dataset_use.c.mechanism,
        table.c.id,
        table.c.name,
        table.c.version,
        table.c.kind,
    )
    .join(table, table.c.key == dataset_use.c.dataset)
    .where(dataset_use.c.run == sa.bindparam("run"))
    .order_by(dataset_use.c.role, dataset_use.c.name)
)


def _record(row: Any) -> DatasetRecord:  # noqa: ANN401 -- a row of the table
    return DatasetRecord(
        id=row.id,
        definition=Definition.of_dict(json.loads(row.definition)),
        fingerprint=row.fingerprint,
        files=row.files,
        size=row.size,
        created=row.created,
        name=row.name,
        version=row.version,
        description=row.description,
        tags=json.loads(row.tags),
        former=row.former,
        key=row.key,
    )
