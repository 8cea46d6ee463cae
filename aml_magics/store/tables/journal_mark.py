"""How far each journal has been read into the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.store.tables.schema import journal as table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.store.catalogue.catalogue import Catalogue


class JournalMarks:
    """The mark of a journal moves in the transaction that adds its points, so each is added once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._replace = catalogue.replace(table, ["file"], ["done"])

    def get(self, connection: sa.Connection, file: str) -> int:
        """Bytes of the journal that the catalogue has."""
        return connection.scalar(sa.select(table.c.done).where(table.c.file == file)) or 0

    def put(self, connection: sa.Connection, file: str, done: int) -> None:
        """Move the mark."""
        connection.execute(self._replace, {"file": file, "done": done})

    def forget(self, connection: sa.Connection, files: Iterable[str]) -> None:
        """Remove the marks of journals whose files are gone."""
        names = list(files)
        if names:
            connection.execute(sa.delete(table).where(table.c.file.in_(names)))
