"""The rows of a table on their way: what selects them, and which columns they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.kinds._sql import Sql, joined, name, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aml_magics.records.column import Column


def fault_name(column: str) -> str:
    """What a SELECT calls the column that says whether a row's value of a file's column did not fit.

    It begins so that it is no column's own name.
    """
    return f"\x1faml_magics fault {column}"


def fault_count(column: str) -> Sql:
    """How many values of some rows did not fit."""
    return sql("CAST(sum(CAST({} AS BIGINT)) AS BIGINT)", name(fault_name(column)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in their order: that of the files, and in a file that of its lines.

    Args:
        sql: a SELECT of them.
        columns: theirs, in order.
        narrow: a SELECT of the same rows that has some of the columns alone, by their names in order,
            and speaks of no others; None where there is no better way than to choose from ``sql``.
        faults: by the name of a column, that of the files which it was made of, where ``sql`` tells whether that
            value did not fit, or how many did not: behind the columns, as :func:`fault_name` calls it.
    """

    sql: Sql
    columns: tuple[Column, ...]
    narrow: Callable[[Sequence[str]], Sql] | None = field(default=None, repr=False, compare=False)
    faults: Mapping[str, Column] = field(default_factory=dict, repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @property
    def fault_columns(self) -> tuple[Column, ...]:
        """Those of the files whose faults are told."""
        return tuple(dict.fromkeys(self.faults.values()))

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
        names = [one.name for one in columns]
        faults = {one: self.faults[one] for one in names if one in self.faults}
        return replace(self, sql=self.narrow(names), columns=columns, faults=faults)

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

        pairs = zip(columns, sources, strict=True)
        faults = {one.name: self.faults[source] for one, source in pairs if source in self.faults}

        def narrow(names: Sequence[str]) -> Sql:
            told = dict.fromkeys(faults[one].name for one in names if one in faults)
            chosen = [made[one][0] for one in names] + [name(fault_name(one)) for one in told]
            base = self._base(made[one][1] for one in names)
            return sql("SELECT {} FROM ({})", joined(", ", chosen), base.sql)

        return Rows(narrow(list(made)), tuple(columns), narrow, faults)

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
            found = Rows(query(rows), rows.columns, faults=rows.faults)
            wanted = set(names)
            return found.kept([one for one in found.columns if one.name in wanted]).sql

        return Rows(query(self), self.columns, narrow, self.faults)

    def _base(self, names: Iterable[str]) -> Rows:
        """What to select some columns from: no SELECT is put between that would only choose them."""
        return self if self.narrow is None else self.narrowed(names)


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(repr(one) for one in names[:most]) or "none"
    return shown + (f", … ({len(names)} in all)" if len(names) > most else "")
