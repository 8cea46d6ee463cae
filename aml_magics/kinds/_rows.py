"""The rows of a table on their way: what selects them, and which columns they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.kinds._sql import Sql, joined, name, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aml_magics.records.column import Column


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in their order: that of the files, and in a file that of its lines.

    Args:
        sql: a SELECT of them.
        columns: theirs, in order.
        narrow: a SELECT of the same rows that has some of the columns alone, by their names in order,
            and speaks of no others; None where there is no better way than to choose from ``sql``.
    """

    sql: Sql
    columns: tuple[Column, ...]
    narrow: Callable[[Sequence[str]], Sql] | None = field(default=None, repr=False, compare=False)

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

    def narrowed(self, names: Iterable[str]) -> Rows:
        """The rows with some of their columns, in the order that they have here; at least one.

        DuckDB plans what nobody asks for as well, and takes seconds for thousands of columns.
        """
        wanted = set(names)
        columns = tuple(column for column in self.columns if column.name in wanted)
        columns = columns or self.columns[:1]
        if len(columns) == len(self.columns):
            return self
        if self.narrow is None:
            return self.kept(columns)
        return replace(self, sql=self.narrow([one.name for one in columns]), columns=columns)

    def selected(
        self, expressions: Sequence[Sql], columns: Sequence[Column], sources: Sequence[str]
    ) -> Rows:
        """The rows with other columns.

        Args:
            expressions: one a column.
            columns: the new ones.
            sources: the column that each is made of.
        """
        made = {
            column.name: (sql("{} AS {}", one, name(column.name)), source)
            for one, column, source in zip(expressions, columns, sources, strict=True)
        }

        def narrow(names: Sequence[str]) -> Sql:
            chosen = joined(", ", (made[one][0] for one in names))
            return sql("SELECT {} FROM ({})", chosen, self._base(made[one][1] for one in names).sql)

        return Rows(narrow(list(made)), tuple(columns), narrow)

    def kept(self, columns: Sequence[Column]) -> Rows:
        """The rows with some of their columns."""
        if tuple(columns) == self.columns:
            return self
        names = [column.name for column in columns]
        return self.selected([name(one) for one in names], columns, names)

    def with_sql(self, template: str, *pieces: Sql, uses: Iterable[str] = ()) -> Rows:
        """Other rows of the same columns.

        Args:
            template: the first ``{}`` is the select of these rows.
            pieces: for each further one.
            uses: the columns that the pieces speak of.
        """
        return self.remade(lambda rows: sql(template, rows.sql, *pieces), uses)

    def remade(self, query: Callable[[Rows], Sql], uses: Iterable[str] = ()) -> Rows:
        """Other rows of the same columns; ``query`` makes their SELECT, of rows with fewer columns as well.

        Args:
            query: likewise.
            uses: the columns that it speaks of.
        """
        used = tuple(uses)

        def narrow(names: Sequence[str]) -> Sql:
            rows = self._base({*names, *used})
            found = Rows(query(rows), rows.columns)
            wanted = set(names)
            return found.kept([one for one in found.columns if one.name in wanted]).sql

        return Rows(query(self), self.columns, narrow)

    def _base(self, names: Iterable[str]) -> Rows:
        """What to select some columns from: no SELECT is put between that would only choose them."""
        return self if self.narrow is None else self.narrowed(names)


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(repr(one) for one in names[:most]) or "none"
    return shown + (f", … ({len(names)} in all)" if len(names) > most else "")
