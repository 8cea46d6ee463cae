"""A DuckDB query to be profiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.table.interruptible import interruptible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

MOST_COLUMNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Relation:
    """A DuckDB query, its parameters, and its columns as pairs of name and type.

    Expressions name columns by index, ``c0`` first: a name may be any text, and two may differ only in case.
    Without ``columns`` the query has such names already.
    """

    connection: DuckDBPyConnection
    sql: str
    parameters: Sequence[Any] = ()
    columns: Sequence[tuple[str, str]] = ()

    def one(self, selected: Sequence[str]) -> tuple[Any, ...]:
        """The single row of aggregates."""
        return self._run(self._select(selected))[0] if selected else ()

    def all(self, selected: Sequence[str], rest: str) -> list[tuple[Any, ...]]:
        """The rows of a query that groups or limits them by its ``rest``."""
        return self._run(f"{self._select(selected)} {rest}")

    def keep(self, selected: Sequence[str], table: str) -> Relation:
        """Store expressions in a temporary table of the connection."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {table} AS {self._select(selected)}")
        return Relation(self.connection, f"FROM {table}")

    def copied(self) -> Relation:
        """The same rows in a temporary table, read once; of very wide tables only the first columns."""
        width = min(len(self.columns), MOST_COLUMNS)
        kept = self.keep([f"c{place}" for place in range(width)], "profile_rows")
        return Relation(self.connection, kept.sql, columns=self.columns)

    def set_variable(self, name: str, value: object) -> None:
        """Set a variable of the connection."""
        self.connection.execute(f"SET VARIABLE {name} = ?", [value])

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        return interruptible(
            lambda: self.connection.execute(query, self.parameters).fetchall(),
            self.connection.interrupt,
        )

    def _select(self, selected: Sequence[str]) -> str:
        names = ", ".join(f"c{place}" for place in range(min(len(self.columns), MOST_COLUMNS)))
        renamed = f" AS source({names})" if names else ""
        return f"SELECT {', '.join(selected)} FROM ({self.sql}){renamed}"  # noqa: S608 -- the rows are a query of ours, and the rest names of ours
