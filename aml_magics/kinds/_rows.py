"""The rows of a table on their way: what selects them, and which columns they have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.kinds._sql import Sql, joined, name, sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.column import Column


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in their order: that of the files, and in a file that of its lines.

    Args:
        sql: a SELECT of them.
        columns: theirs, in order.
    """

    sql: Sql
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def column(self, wanted: str) -> Column:
        """The column of a name.

        Raises:
            ColumnNotFoundError: there is none; the message says which is near.
        """
        for column in self.columns:
            if column.name == wanted:
                return column
        raise ColumnNotFoundError(
            f"There is no column {wanted!r:.200}."
            + (did_you_mean(wanted, self.names) or f" There are: {_listed(self.names)}.")
        )

    def selected(self, expressions: Sequence[Sql], columns: Sequence[Column]) -> Rows:
        """The rows with other columns: an expression each."""
        pairs = zip(expressions, columns, strict=True)
        chosen = joined(", ", (sql("{} AS {}", one, name(column.name)) for one, column in pairs))
        return Rows(sql("SELECT {} FROM ({})", chosen, self.sql), tuple(columns))

    def kept(self, columns: Sequence[Column]) -> Rows:
        """The rows with some of their columns."""
        return self.selected([name(column.name) for column in columns], columns)

    def with_sql(self, template: str, *pieces: Sql) -> Rows:
        """Other rows of the same columns; the first ``{}`` of the template is the select of these."""
        return replace(self, sql=sql(template, self.sql, *pieces))


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(repr(one) for one in names[:most]) or "none"
    return shown + (f", … ({len(names)} in all)" if len(names) > most else "")
