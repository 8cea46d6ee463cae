"""The tables of registered models and of their files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.model import ModelFile, ModelRecord
from aml_magics.store.catalogue.schema import model as table
from aml_magics.store.catalogue.schema import model_file
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

_JSON = ("tags", "properties")


class ModelTable:
    """Models by name and version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.key)

    def add(self, connection: sa.Connection, record: ModelRecord) -> bool:
        """Add a version; False if another process has just taken its number."""
        values = {
            column.name: getattr(record, column.name) for column in table.c if column.name != "key"
        }
        values |= {name: json.dumps(values[name]) for name in _JSON}
        key = connection.scalar(self._insert, values)
        if key is None:
            return False
        if record.files:
            rows = [{"model": key, **asdict(one)} for one in record.files]
            connection.execute(sa.insert(model_file), rows)
        return True

    def last_version(self, connection: sa.Connection, name: str) -> int:
        """The highest version of a name; 0 if there is none."""
        query = sa.select(sa.func.max(table.c.version)).where(table.c.name == name)
        return int(connection.scalar(query) or 0)

    def matching(
        self,
        connection: sa.Connection,
        name: str | None = None,
        version: int | None = None,
        run_id: str | None = None,
    ) -> list[ModelRecord]:
        """The models that match all given conditions, newest first."""
        wanted = {"name": name, "version": version, "run_id": run_id}
        where = [table.c[column] == value for column, value in wanted.items() if value is not None]
        query = sa.select(table).where(*where).order_by(table.c.created.desc(), table.c.key.desc())
        rows = connection.execute(query).all()
        files = self._files(connection, [row.key for row in rows])
        return [_record(row, files.get(row.key, [])) for row in rows]

    def names(self, connection: sa.Connection) -> list[str]:
        """The names of all models, sorted."""
        return list(connection.scalars(sa.select(table.c.name).distinct().order_by(table.c.name)))

    @staticmethod
    def _files(connection: sa.Connection, keys: Sequence[int]) -> dict[int, list[ModelFile]]:
        found: dict[int, list[ModelFile]] = {}
        for some in in_pieces(keys):
            query = sa.select(model_file).where(model_file.c.model.in_(some))
            for key, name, digest, size in connection.execute(query.order_by(model_file.c.name)):
                found.setdefault(key, []).append(ModelFile(name, digest, size))
        return found


def _record(row: Any, files: Sequence[ModelFile]) -> ModelRecord:  # noqa: ANN401 -- a row of the table
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name begins so
    del values["key"]
    values |= {name: json.loads(values[name]) for name in _JSON}
    return ModelRecord(**values, files=tuple(files))
