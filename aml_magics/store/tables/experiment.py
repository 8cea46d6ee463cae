"""The table of experiments."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.experiment import ExperimentRecord
from aml_magics.store.catalogue.schema import experiment as table

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue

_COLUMNS = (table.c.key, table.c.id, table.c.name, table.c.created, table.c.archived, table.c.tags)
# built once: making a statement costs as much as running it, and every run starts with these
_FIND = sa.select(table.c.key, table.c.archived).where(table.c.name == sa.bindparam("wanted"))
_COUNT = (
    sa.update(table)
    .where(table.c.key == sa.bindparam("wanted"))
    .values(last_number=table.c.last_number + 1)
    .returning(table.c.last_number)
)


class ExperimentTable:
    """Experiments by name and by id."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def ensure(self, connection: sa.Connection, name: str, created: float) -> int:
        """The key of the experiment; a missing one is created, an archived one is restored."""
        row = connection.execute(_FIND, {"wanted": name}).one_or_none()
        if row is None:
            new = {"id": str(uuid.uuid4()), "name": name, "created": created}
            connection.execute(self._catalogue.upsert(table).on_conflict_do_nothing(), new)
            return int(connection.execute(_FIND, {"wanted": name}).one().key)
        if row.archived is not None:
            connection.execute(sa.update(table).where(table.c.key == row.key).values(archived=None))
        return int(row.key)

    def next_number(self, connection: sa.Connection, key: int) -> int:
        """The number of the experiment's next run, counted from 1."""
        return int(connection.execute(_COUNT, {"wanted": key}).scalar_one())

    def get(self, connection: sa.Connection, name: str) -> ExperimentRecord | None:
        """The experiment with this name."""
        row = connection.execute(sa.select(*_COLUMNS).where(table.c.name == name)).one_or_none()
        return _record(row) if row else None

    def by_id(self, connection: sa.Connection, id_: str) -> ExperimentRecord | None:
        """The experiment with this id."""
        row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == id_)).one_or_none()
        return _record(row) if row else None

    def list(self, connection: sa.Connection) -> list[ExperimentRecord]:
        """All experiments, oldest first, including archived ones."""
        return [
            _record(row) for row in connection.execute(sa.select(*_COLUMNS).order_by(table.c.key))
        ]

    def archive(self, connection: sa.Connection, key: int, when: float | None) -> None:
        """Archive the experiment at time ``when``; None restores it."""
        connection.execute(sa.update(table).where(table.c.key == key).values(archived=when))

    def rename(self, connection: sa.Connection, key: int, name: str) -> None:
        """Rename the experiment."""
        connection.execute(sa.update(table).where(table.c.key == key).values(name=name))

    def set_tags(self, connection: sa.Connection, key: int, tags: dict[str, str | None]) -> None:
        """Replace the experiment's tags."""
        connection.execute(sa.update(table).where(table.c.key == key).values(tags=json.dumps(tags)))

    def delete(self, connection: sa.Connection, key: int) -> None:
        """Remove an experiment without runs."""
        connection.execute(sa.delete(table).where(table.c.key == key))


def _record(row: Any) -> ExperimentRecord:  # noqa: ANN401 -- a row of six columns
    key, id_, name, created, archived, tags = row
    return ExperimentRecord(key, id_, name, created, archived, json.loads(tags))
