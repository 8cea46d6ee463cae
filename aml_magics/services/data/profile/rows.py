"""Rows of DuckDB that a profile asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.table.interruptible import interruptible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Rows:
    """A query of DuckDB, its parameters, and its columns as pairs of name and type's word.

    Columns are asked for by their place, ``c0`` first: a name may be any text, and two may differ
    only in case.
    """

    connection: DuckDBPyConnection
    sql: str
    parameters: Any
    columns: Sequence[tuple[str, str]]

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query, which the user can interrupt."""
        return interruptible(
            lambda: self.connection.execute(query, self.parameters).fetchall(),
            self.connection.interrupt,
        )

    def tell(self, selected: Sequence[str]) -> list[Any]:
        """What some aggregates say of the rows."""
        if not selected:
            return []
        found = self._asked(self._query(selected))
        return list(found[0]) if found else []

    def list(self, selected: Sequence[str], rest: str) -> list[tuple[Any, ...]]:
        """The rows of a query that groups or limits them by its ``rest``."""
        return self._asked(f"{self._query(selected)} {rest}")

    def keep(self, selected: Sequence[str], table: str) -> None:
        """Keep what some expressions say of the rows in a table of this connection."""
        made = f"CREATE OR REPLACE TEMP TABLE {table} AS {self._query(selected)}"
        self._asked(made)

    def remember(self, name: str, value: Any) -> str:  # noqa: ANN401 -- a list of scalars
        """Give a variable of this connection a value; the expression that reads it."""
        self.connection.execute(f"SET VARIABLE {name} = ?", [value])
        return f"getvariable('{name}')"

    def copied(self) -> Rows:
        """The same rows, read once and kept beside this connection; of very many columns the first."""
        table = "profile_rows"
        self.keep([f"c{place}" for place in range(min(len(self.columns), MOST_COLUMNS))], table)
        return Rows(self.connection, f"FROM {table}", None, self.columns)

    def _query(self, selected: Sequence[str]) -> str:
        places = range(min(len(self.columns), MOST_COLUMNS))
        names = ", ".join(f"c{place}" for place in places)
        renamed = f" AS source({names})" if names else ""
        return f"SELECT {', '.join(selected)} FROM ({self.sql}){renamed}"  # noqa: S608 -- the rows are a query of ours, and the rest names of ours
