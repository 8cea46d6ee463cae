"""The tables of registered models: names, versions, files, aliases, datasets, and who needs them."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.model import ModelDataset, ModelFile, ModelRecord, RegisteredModel
from aml_magics.store.catalogue.schema import model as table
from aml_magics.store.catalogue.schema import (
    model_alias,
    model_dataset,
    model_file,
    model_use,
    registered_model,
)
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

_JSON: Final = ("tags", "properties", "resources")
_DIGITS: Final = 10
"""Digits of a version that no database refuses are fewer."""
_FEW: Final = 200
"""Keys that are bound one by one; more are found by the question for their rows."""
_OWN: Final = [one.name for one in fields(ModelRecord) if one.name != "key" and one.name in table.c]
_KEYS: Final = table.c.key
_READ: Final = sa.select(*(table.c[name] for name in _OWN), _KEYS)
"""The columns in the order of the record's fields: many are read at once."""


class ModelTable:
    """Models by name and version."""

    def __init__(self, catalogue: Catalogue) -> None:
        register = catalogue.upsert(registered_model).on_conflict_do_nothing()
        self._register = register.returning(registered_model.c.name)
        self._point = catalogue.replace(model_alias, ["name", "alias"], ["version"])
        self._use = catalogue.upsert(model_use).on_conflict_do_nothing()

    # -- names ----------------------------------------------------------------------------

    def register_name(
        self, connection: sa.Connection, record: RegisteredModel, *, last_version: int = 0
    ) -> bool:
        """Add a name; False if it is there."""
        values = {
            "name": record.name,
            "created": record.created,
            "updated": record.updated,
            "description": record.description,
            "tags": json.dumps(record.tags),
            "last_version": last_version,
        }
        return connection.execute(self._register, values).first() is not None

    def lock_name(self, connection: sa.Connection, name: str) -> int | None:
        """Let no other transaction change a name and its versions; returns its last version, None if unknown."""
        names = registered_model.c
        row = sa.select(names.last_version).where(names.name == name).with_for_update()
        last: int | None = connection.scalar(row)
        return last

    def registered(
        self, connection: sa.Connection, names: Sequence[str] | None = None
    ) -> list[RegisteredModel]:
        """These names, else all, in order."""
        if names is None:
            return self._registered(connection, None)
        pieces = in_pieces(sorted(names))
        return [one for some in pieces for one in self._registered(connection, some)]

    @staticmethod
    def _registered(
        connection: sa.Connection, names: Sequence[str] | None
    ) -> list[RegisteredModel]:
        query = sa.select(registered_model).order_by(registered_model.c.name)
        aliases = sa.select(model_alias).order_by(model_alias.c.alias)
        if names is not None:
            query = query.where(registered_model.c.name.in_(names))
            aliases = aliases.where(model_alias.c.name.in_(names))
        of: dict[str, dict[str, int]] = {}
        for name, alias, version in connection.execute(aliases):
            of.setdefault(name, {})[alias] = version
        return [
            RegisteredModel(
                name=row.name,
                created=row.created,
                updated=row.updated,
                description=row.description,
                tags=json.loads(row.tags),
                aliases=of.get(row.name, {}),
            )
            for row in connection.execute(query)
        ]

    def set_name(self, connection: sa.Connection, name: str, values: Mapping[str, Any]) -> None:
        """Set columns of a name."""
        changed = {
            one: json.dumps(value) if one == "tags" else value for one, value in values.items()
        }
        where = registered_model.c.name == name
        connection.execute(sa.update(registered_model).where(where).values(**changed))

    def rename(self, connection: sa.Connection, name: str, to: str) -> None:
        """Rename a model with all versions; the new name must be free."""
        aliases = connection.execute(sa.select(model_alias).where(model_alias.c.name == name)).all()
        connection.execute(sa.delete(model_alias).where(model_alias.c.name == name))
        for renamed in (registered_model, table):
            connection.execute(sa.update(renamed).where(renamed.c.name == name).values(name=to))
        for _name, alias, version in aliases:
            self.point(connection, to, alias, version)

    def remove_name(self, connection: sa.Connection, name: str) -> None:
        """Remove a name that has no versions any more."""
        connection.execute(sa.delete(registered_model).where(registered_model.c.name == name))

    def names(self, connection: sa.Connection) -> list[str]:
        """The names that have versions, sorted."""
        return list(connection.scalars(sa.select(table.c.name).distinct().order_by(table.c.name)))

    # -- aliases --------------------------------------------------------------------------

    def point(self, connection: sa.Connection, name: str, alias: str, version: int) -> None:
        """Let an alias stand for a version."""
        connection.execute(self._point, {"name": name, "alias": alias, "version": version})

    def unpoint(self, connection: sa.Connection, name: str, alias: str) -> bool:
        """Remove an alias; returns whether it was there."""
        where = sa.and_(model_alias.c.name == name, model_alias.c.alias == alias)
        return connection.execute(sa.delete(model_alias).where(where)).rowcount > 0

    # -- versions -------------------------------------------------------------------------

    def add(self, connection: sa.Connection, record: ModelRecord) -> int:
        """Add a version to a name that is locked; returns the key of its row."""
        values = {name: getattr(record, name) for name in _OWN} | _texts(asdict(record))
        made = connection.execute(sa.insert(table).returning(table.c.key), values)
        key = int(made.scalar_one())
        self.set_name(
            connection, record.name, {"last_version": record.version, "updated": record.created}
        )
        if record.files:
            rows = [{"model": key, **asdict(one)} for one in record.files]
            connection.execute(sa.insert(model_file), rows)
        self.set_datasets(connection, key, record.datasets)
        return key

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> None:
        """Set columns of a version."""
        changed = {**values, **_texts(values)}
        connection.execute(sa.update(table).where(table.c.key == key).values(**changed))

    def set_datasets(
        self, connection: sa.Connection, key: int, datasets: Sequence[ModelDataset]
    ) -> None:
        """Replace the datasets of a version."""
        connection.execute(sa.delete(model_dataset).where(model_dataset.c.model == key))
        rows = [{"model": key, "place": n, **asdict(one)} for n, one in enumerate(datasets)]
        if rows:
            connection.execute(sa.insert(model_dataset), rows)

    def remove(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Remove versions, with their files, aliases and datasets."""
        for some in in_pieces(keys):
            connection.execute(sa.delete(table).where(table.c.key.in_(some)))

    def matching(
        self,
        connection: sa.Connection,
        name: str | None = None,
        version: int | None = None,
        run_id: str | None = None,
        dataset_id: str | None = None,
    ) -> list[ModelRecord]:
        """The versions that match all given conditions, newest first."""
        wanted = {"name": name, "version": version, "run_id": run_id}
        where = [table.c[column] == value for column, value in wanted.items() if value is not None]
        if dataset_id is not None:
            made = sa.select(model_dataset.c.model).where(model_dataset.c.dataset_id == dataset_id)
            where.append(_KEYS.in_(made))
        order = (table.c.created.desc(), _KEYS.desc())
        return self._records(connection, _READ.where(*where).order_by(*order))

    def of_name(
        self, connection: sa.Connection, name: str, offset: int = 0, limit: int | None = None
    ) -> list[ModelRecord]:
        """The versions of a name, the newest first, from a place on."""
        query = _READ.where(table.c.name == name).order_by(table.c.version.desc())
        return self._records(connection, query.offset(offset).limit(limit))

    def number(self, connection: sa.Connection, name: str, asked: str | None) -> int | None:
        """The version of a name that a number or an alias names, else the newest; None if there is none."""
        versions = sa.select(table.c.version).where(table.c.name == name)
        if asked is None:
            query = versions.order_by(table.c.version.desc()).limit(1)
        elif asked.isascii() and asked.isdigit() and len(asked) < _DIGITS:
            query = versions.where(table.c.version == int(asked))
        else:
            query = sa.select(model_alias.c.version).where(
                model_alias.c.name == name, model_alias.c.alias == asked
            )
        found: int | None = connection.scalar(query)
        return found

    def versions(
        self, connection: sa.Connection, name: str
    ) -> list[tuple[int, tuple[str, ...], str]]:
        """The number, the aliases and the stage of each version of a name, the newest first."""
        aliases = self._aliases(connection, {name})
        query = sa.select(table.c.version, table.c.stage).where(table.c.name == name)
        rows = connection.execute(query.order_by(table.c.version.desc()))
        return [(one, tuple(aliases.get((name, one), ())), stage) for one, stage in rows]

    def newest(
        self, connection: sa.Connection, offset: int = 0, limit: int | None = None
    ) -> list[tuple[ModelRecord, int]]:
        """The newest version of each name, with the number of its versions; the latest first, from a place on."""
        groups = (
            sa.select(
                table.c.name, sa.func.max(table.c.version).label("last"), sa.func.count().label("n")
            )
            .group_by(table.c.name)
            .subquery()
        )
        is_last = sa.and_(table.c.name == groups.c.name, table.c.version == groups.c.last)
        order = (table.c.created.desc(), _KEYS.desc())
        query = _READ.join(groups, is_last).order_by(*order).offset(offset).limit(limit)
        records = self._records(connection, query)
        counts = self._counts(connection, [one.name for one in records])
        return [(one, counts[one.name]) for one in records]

    def count(self, connection: sa.Connection, name: str | None = None) -> int:
        """How many names have versions, or how many versions a name has."""
        counted = sa.func.count(sa.distinct(table.c.name)) if name is None else sa.func.count()
        query = sa.select(counted).select_from(table)
        return int(
            connection.scalar(query if name is None else query.where(table.c.name == name)) or 0
        )

    def _counts(self, connection: sa.Connection, names: Sequence[str]) -> dict[str, int]:
        """How many versions each of these names has."""
        found: dict[str, int] = {}
        for some in in_pieces(names):
            query = sa.select(table.c.name, sa.func.count()).where(table.c.name.in_(some))
            rows = connection.execute(query.group_by(table.c.name))
            found |= {row[0]: row[1] for row in rows}
        return found

    def _records(
        self, connection: sa.Connection, query: sa.Select[tuple[Any, ...]]
    ) -> list[ModelRecord]:
        rows: Sequence[Any] = connection.execute(query).all()
        keys: Any = [row[-1] for row in rows]
        if len(keys) > _FEW:
            keys = query.with_only_columns(_KEYS, maintain_column_froms=True)
        files = _by_model(connection, model_file, ("name", "digest", "size"), keys)
        datasets = _by_model(connection, model_dataset, ("place", "purpose", "dataset_id"), keys)
        aliases = self._aliases(connection, {row[0] for row in rows})
        return [
            _record(
                row,
                tuple(aliases.get((row[0], row[1]), ())),
                tuple(ModelDataset(*one[1:]) for one in datasets.get(row[-1], ())),
                tuple(ModelFile(*one) for one in files.get(row[-1], ())),
            )
            for row in rows
        ]

    @staticmethod
    def _aliases(connection: sa.Connection, names: set[str]) -> dict[tuple[str, int], list[str]]:
        found: dict[tuple[str, int], list[str]] = {}
        for some in in_pieces(sorted(names)):
            query = sa.select(model_alias).where(model_alias.c.name.in_(some))
            for name, alias, version in connection.execute(query.order_by(model_alias.c.alias)):
                found.setdefault((name, version), []).append(alias)
        return found

    # -- who needs them -------------------------------------------------------------------

    def set_uses(
        self, connection: sa.Connection, kind: str, holder: str, keys: Sequence[int]
    ) -> None:
        """Note which versions something needs, such as the service of a name; none when it is gone."""
        mine = sa.and_(model_use.c.kind == kind, model_use.c.holder == holder)
        connection.execute(sa.delete(model_use).where(mine))
        for key in dict.fromkeys(keys):
            connection.execute(self._use, {"kind": kind, "holder": holder, "model": key})

    def uses(self, connection: sa.Connection, keys: Sequence[int]) -> list[tuple[int, str, str]]:
        """Who needs these versions: a version's key, a kind and a name each."""
        found: list[tuple[int, str, str]] = []
        for some in in_pieces(keys):
            query = sa.select(model_use).where(model_use.c.model.in_(some))
            rows = connection.execute(query.order_by(model_use.c.kind, model_use.c.holder))
            found += [(row.model, row.kind, row.holder) for row in rows]
        return found


def _by_model(
    connection: sa.Connection,
    part: sa.Table,
    columns: Sequence[str],
    keys: Sequence[int] | sa.Select[tuple[int]],
) -> dict[int, list[Sequence[Any]]]:
    """These columns of the rows that belong to models, in the order of the first, by the model's key."""
    found: dict[int, list[Sequence[Any]]] = {}
    query = sa.select(part.c.model, *(part.c[name] for name in columns))
    query = query.where(part.c.model.in_(keys)).order_by(part.c[columns[0]])
    for model, *values in connection.execute(query):
        found.setdefault(model, []).append(values)
    return found


def _texts(values: Mapping[str, Any]) -> dict[str, str | None]:
    """The JSON columns among the values, as text."""
    return {
        name: None if values[name] is None else json.dumps(values[name])
        for name in _JSON
        if name in values
    }


def _record(
    row: Sequence[Any],
    aliases: tuple[str, ...],
    datasets: tuple[ModelDataset, ...],
    files: tuple[ModelFile, ...],
) -> ModelRecord:
    *own, tags, properties, resources, sample_input, sample_output, key = row
    needed = None if resources is None else _json(resources)
    shown = (_json(tags), _json(properties), needed, sample_input, sample_output)
    values: tuple[Any, ...] = (*own, *shown, aliases, datasets, files, key)
    return ModelRecord(*values)


def _json(text: str) -> dict[str, Any]:
    return {} if text == "{}" else json.loads(text)
