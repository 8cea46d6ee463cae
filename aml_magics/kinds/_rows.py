"""A relation under construction: its SELECT and its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.kinds._sql import Sql, joined, name, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aml_magics.records.data.column import Column


def fault_name(column: str) -> str:
    """The name of the SELECT column that flags values of a file column that did not fit.

    The prefix keeps it apart from real columns.
    """
    return f"\x1faml_magics fault {column}"


def fault_count(column: str) -> Sql:
    """The number of values that did not fit."""
    return sql("CAST(sum(CAST({} AS BIGINT)) AS BIGINT)", name(fault_name(column)))


@dataclass(frozen=True, slots=True)
class Rows:
    """Ordered rows: by file, and within a file by line.

    Args:
        sql: a SELECT of them.
        columns: in the order of the SELECT.
        narrow: makes a SELECT of the same rows with only the named columns, in order, which refers to no
            others; None if selecting from ``sql`` is as good.
        faults: file columns by the name of the column made from them, if ``sql`` flags or counts the values
            that did not fit: in extra columns at the end, named by :func:`fault_name`.
    """

    sql: Sql
    columns: tuple[Column, ...]
    narrow: Callable[[Sequence[str]], Sql] | None = field(default=None, repr=False, compare=False)
    faults: Mapping[str, Column] = field(default_factory=dict, repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        """The column names."""
        return [column.name for column in self.columns]

    @property
    def fault_columns(self) -> tuple[Column, ...]:
        """The file columns with fault flags."""
        return tuple(dict.fromkeys(self.faults.values()))

    def column(self, wanted: str) -> Column:
        """The column with this name.

        Raises:
            ColumnNotFoundError: it does not exist; the message suggests a similar name.
        """
        for column in self.columns:
            if column.name == wanted:
                return column
        raise ColumnNotFoundError(
            f"There is no column {wanted!r:.200}."
            + (did_you_mean(wanted, self.names) or f" There are: {_listed(self.names)}.")
        )

    def narrowed(self, names: Iterable[str]) -> Rows:
        """The rows with the named columns, in their present order; at least one.

        DuckDB plans unused columns as well, which takes seconds for thousands of columns.
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
        """The rows with new columns, each with its expression and its source column."""
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
        """The rows with only these columns."""
        if tuple(columns) == self.columns:
            return self
        names = [column.name for column in columns]
        return self.selected([name(one) for one in names], columns, names)

    def with_sql(self, template: str, *pieces: Sql, uses: Iterable[str] = ()) -> Rows:
        """Other rows of the same columns.

        Args:
            template: its first ``{}`` is the select of these rows.
            pieces: for the other ``{}``.
            uses: the columns that the pieces refer to.
        """
        return self.remade(lambda rows: sql(template, rows.sql, *pieces), uses)

    def remade(self, query: Callable[[Rows], Sql], uses: Iterable[str] = ()) -> Rows:
        """Other rows of the same columns.

        Args:
            query: makes their SELECT, also from rows with fewer columns.
            uses: the columns that it refers to.
        """
        used = tuple(uses)

        def narrow(names: Sequence[str]) -> Sql:
            rows = self._base({*names, *used})
            found = Rows(query(rows), rows.columns, faults=rows.faults)
            wanted = set(names)
            return found.kept([one for one in found.columns if one.name in wanted]).sql

        return Rows(query(self), self.columns, narrow, self.faults)

    def _base(self, names: Iterable[str]) -> Rows:
        """The rows to select some columns from, without a nested SELECT that only picks columns."""
        return self if self.narrow is None else self.narrowed(names)


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(repr(one) for one in names[:most]) or "none"
    return shown + (f", … ({len(names)} in all)" if len(names) > most else "")
