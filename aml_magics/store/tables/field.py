"""Parameters, tags and properties of runs: named values in one table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, get_args

import sqlalchemy as sa

from aml_magics.records.metric import is_finite_number
from aml_magics.records.run import FieldKind
from aml_magics.store.catalogue.schema import field as table
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.store.catalogue.catalogue import Catalogue
    from aml_magics.store.tables.name import NameTable

KINDS: Final[tuple[FieldKind, ...]] = get_args(FieldKind)


class FieldTable:
    """Values are stored as JSON, and numbers also as numbers so that the database can compare them."""

    def __init__(self, catalogue: Catalogue, names: NameTable) -> None:
        self._replace = catalogue.replace(table, ["run", "kind", "name"], ["number", "text"])
        self._names = names

    def put(
        self, connection: sa.Connection, run: int, kind: FieldKind, values: Mapping[str, Any]
    ) -> None:
        """Set values, replacing those of the same names."""
        if not values:
            return
        connection.execute(self._replace, self._rows(connection, run, kind, values))

    def add(
        self, connection: sa.Connection, run: int, kind: FieldKind, values: Mapping[str, Any]
    ) -> list[str]:
        """Set values with new names; returns the names that were already taken."""
        there = self.of(connection, [run])[run][kind]
        taken = [name for name in values if name in there]
        if not taken:
            self.put(connection, run, kind, values)
        return taken

    def remove(
        self, connection: sa.Connection, run: int, kind: FieldKind, names: Iterable[str]
    ) -> None:
        """Remove values; missing names are ignored."""
        keys = list(self._names.keys(connection, names).values())
        where = (table.c.run == run) & (table.c.kind == KINDS.index(kind)) & table.c.name.in_(keys)
        connection.execute(sa.delete(table).where(where))

    def of(
        self, connection: sa.Connection, runs: list[int]
    ) -> dict[int, dict[FieldKind, dict[str, Any]]]:
        """All values of some runs, by run and kind, in the order in which their names were first given."""
        found: dict[int, dict[FieldKind, dict[str, Any]]] = {
            run: {kind: {} for kind in KINDS} for run in runs
        }
        columns = (table.c.run, table.c.kind, table.c.name, table.c.text, table.c.place)
        rows = [
            row
            for some in in_pieces(runs)
            for row in connection.execute(sa.select(*columns).where(table.c.run.in_(some)))
        ]
        texts = self._names.texts(connection, {row.name for row in rows})
        for run, kind, name, text, _ in sorted(rows, key=lambda row: (row.place, row.name)):
            found[run][KINDS[kind]][texts[name]] = _value(text)
        return found

    def _rows(
        self, connection: sa.Connection, run: int, kind: FieldKind, values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        keys = self._names.keys(connection, values)
        query = sa.select(sa.func.max(table.c.place))
        query = query.where(table.c.run == run, table.c.kind == KINDS.index(kind))
        last = connection.scalar(query)
        return [
            {
                "run": run,
                "kind": KINDS.index(kind),
                "name": keys[name],
                "number": float(value) if is_finite_number(value) else None,
                "text": field_text(value),
                "place": place,
            }
            for place, (name, value) in enumerate(values.items(), 0 if last is None else last + 1)
        ]


def _value(text: str) -> Any:  # noqa: ANN401 -- as below
    try:
        return json.loads(text)
    except ValueError:  # one damaged value must not hide the others
        return None


def field_text(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    """A value as stored in the column; filters compare with it."""
    return json.dumps(value, ensure_ascii=False)
