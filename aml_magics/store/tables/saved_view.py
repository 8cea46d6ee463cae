"""The table of saved views: what a user chose on a screen, under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.workspace import SavedView
from aml_magics.store.catalogue.schema import saved_view as table

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue

_COLUMNS = (
    table.c.kind,
    table.c.scope,
    table.c.name,
    table.c.version,
    table.c.updated,
    table.c.state,
)


class SavedViewTable:
    """Saved views by the kind of their screen, their scope and their name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing().returning(table.c.version)

    def list(self, connection: sa.Connection, kind: str, scope: str) -> list[SavedView]:
        """The views of a kind and scope, by name."""
        query = sa.select(*_COLUMNS).where(table.c.kind == kind, table.c.scope == scope)
        return [SavedView(*row) for row in connection.execute(query.order_by(table.c.name))]

    def get(self, connection: sa.Connection, kind: str, scope: str, name: str) -> SavedView | None:
        """One view."""
        where = _is(kind, scope, name)
        row = connection.execute(sa.select(*_COLUMNS).where(where)).one_or_none()
        return SavedView(*row) if row else None

    def add(self, connection: sa.Connection, view: SavedView) -> bool:
        """Add a view; False if there is one of its name."""
        return connection.execute(self._insert, _values(view)).first() is not None

    def replace(self, connection: sa.Connection, view: SavedView, version: int) -> bool:
        """Replace a view if it still has this version; False if not."""
        change = sa.update(table).where(
            _is(view.kind, view.scope, view.name), table.c.version == version
        )
        return connection.execute(change.values(_values(view))).rowcount == 1

    def delete(self, connection: sa.Connection, kind: str, scope: str, name: str) -> bool:
        """Delete a view; False if there is none of that name."""
        return connection.execute(sa.delete(table).where(_is(kind, scope, name))).rowcount == 1


def _is(kind: str, scope: str, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.kind == kind, table.c.scope == scope, table.c.name == name)


def _values(view: SavedView) -> dict[str, Any]:
    return {
        "kind": view.kind,
        "scope": view.scope,
        "name": view.name,
        "version": view.version,
        "updated": view.updated,
        "state": view.state,
    }
