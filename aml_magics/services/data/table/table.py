"""The rows of tabular datasets, by DuckDB: lazily, in order, in bounded memory.

::

    with opened(store, definition) as table:
        table.columns  # (Column("age", "integer"), …)
        table.head(100)  # a pyarrow.Table; reads the beginning only
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidArgumentError, InvalidDataError
from aml_magics.kinds._rows import fault_count, fault_name
from aml_magics.kinds._sql import Sql, bound, joined, name, raw, sql
from aml_magics.kinds.transforms._base import numbered
from aml_magics.kinds.transforms._condition import condition
from aml_magics.records.column import Column
from aml_magics.records.expression import columns_of
from aml_magics.services.data.table.package import package_of_tables
from aml_magics.services.data.table.session import TableSession
from aml_magics.services.data.table.wide import MADE_AT_ONCE, read_in_parts, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from aml_magics.kinds._rows import Rows
    from aml_magics.records.dataset import Definition
    from aml_magics.records.expression import Expression
    from aml_magics.services.data.store.files import FoundFile
    from aml_magics.services.data.table.session import Opened
    from aml_magics.store.store import Store

__all__ = ["Column", "Table", "opened"]

BATCH_ROWS: Final = 65_536
WIDE: Final = 1_000
"""Columns of a table that is read by one query."""

_MOST_NOTICES: Final = 10


@contextmanager
def opened(
    store: Store, definition: Definition, files: Sequence[FoundFile] | None = None
) -> Iterator[Table]:
    """The table of a dataset, for as long as the block lasts.

    Args:
        store: of the workspace that has its datastores.
        definition: a tabular one.
        files: its files where they are known; else they are looked for.

    Raises:
        InvalidDatasetError: the definition cannot be read as a table.
        InvalidDataError: a file is not as it was said to be.
        ColumnNotFoundError: a step names a column that is not there.
        DataNotFoundError: there is no file.
        DataAccessError: a datastore is away, or a file cannot be read.
    """
    session = TableSession(store)
    try:
        with session.explaining():  # also what is asked of the connection itself
            yield Table(session, session.open(definition, files), definition)
    finally:
        session.close()


class Table:
    """The rows of a dataset; made by :func:`opened`.

    All methods raise InvalidDataError and DataAccessError where the data cannot be read, and
    KeyboardInterrupt where the user interrupts.
    """

    def __init__(self, session: TableSession, found: Opened, definition: Definition) -> None:
        self._session = session
        self._rows = found.rows
        self._make_flagged = found.flagged
        self._reading = found.reading
        self._timestamp = definition.timestamp
        self._is_query = definition.format == "sql_query"
        self._is_whole = not definition.steps
        self._counted: dict[str, int] | None = None

    @property
    def connection(self) -> DuckDBPyConnection:
        """DuckDB, private to this table."""
        return self._session.connection

    @property
    def sql(self) -> str:
        """A SELECT of the rows in their order, with a ``?`` for each of ``parameters``."""
        return self._rows.sql.text

    @property
    def parameters(self) -> list[Any]:
        """The values that are bound in ``sql``."""
        return list(self._rows.sql.parameters)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return self._rows.columns

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know; how many values did not fit is known once all rows were read."""
        counted = self._counted or {}
        types = {one.name: one.type for one in self._flagged.fault_columns} if counted else {}
        told = [
            f"{count:,} {'value' if count == 1 else 'values'} of column {column!r:.100} {'is' if count == 1 else 'are'} "
            f"no {types[column]} and {'was' if count == 1 else 'were'} read as missing."
            for column, count in counted.items()
        ]
        more = [f"So were values of {len(told) - _MOST_NOTICES:,} more columns."]
        return (*self._reading.notices, *told[:_MOST_NOTICES], *more[: len(told) > _MOST_NOTICES])

    def explaining(self) -> AbstractContextManager[None]:
        """Around what is asked of ``connection`` itself: errors of DuckDB become those of this table."""
        return self._session.explaining()

    def narrowed(self, columns: slice) -> tuple[str, list[Any], tuple[Column, ...]]:
        """``sql``, ``parameters`` and ``columns`` of the rows with some columns, by their places."""
        rows = self._rows.narrowed(self._some(columns))
        return rows.sql.text, list(rows.sql.parameters), rows.columns

    def head(self, count: int = 100, columns: slice | None = None) -> pa.Table:
        """The first rows; of a wide table some ``columns``, by their places."""
        rows = self._rows.narrowed(self._some(columns))
        query = sql("SELECT * FROM ({}) LIMIT {}", rows.sql, bound(count))
        return self._session.arrow(query, is_short=True)

    def page(
        self,
        offset: int,
        limit: int,
        sort: str | None = None,
        descending: bool = False,
        expression: Expression | None = None,
        columns: slice | None = None,
    ) -> pa.Table:
        """Some rows, of those that meet a condition, sorted; missing values come last.

        Args:
            offset: rows to pass over.
            limit: rows at most.
            sort: a column; rows with equal values keep their order.
            descending: the highest first.
            expression: the condition.
            columns: the places of those to have.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: the expression cannot be read.
        """
        chosen = self._some(columns)
        rows = self._meeting(expression, {*chosen, sort or chosen[0]})
        end = (bound(limit), bound(offset))
        shown = joined(", ", (name(one) for one in chosen))
        if sort is None:
            return self._fetched(
                sql("SELECT {} FROM ({}) LIMIT {} OFFSET {}", shown, rows.sql, *end)
            )
        self._rows.column(sort)
        numbered_rows, number = numbered(rows)
        query = sql(
            "SELECT {} FROM ({}) ORDER BY {} {} NULLS LAST, {} LIMIT {} OFFSET {}",
            shown,
            numbered_rows,
            name(sort),
            raw("DESC" if descending else "ASC"),
            raw(number),
            *end,
        )
        return self._fetched(query)

    def count(self, expression: Expression | None = None) -> int:
        """How many rows there are, or meet a condition."""
        query = sql("SELECT count(*) FROM ({})", self._meeting(expression, ()).sql)
        return int(self._one(query)[0])

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """All rows in order, some at a time; nothing else may be asked until they are read."""
        return self._session.batches(self._rows.sql, rows)

    def to_arrow(self) -> pa.Table:
        """All rows; values that did not fit are counted as they are read."""
        import pyarrow.compute as pc

        # a query may answer differently each time
        is_wide = len(self.columns) > WIDE and not self._is_query
        if is_wide and self._reading.texts is not None and self._is_whole:
            found, self._counted = read_texts(self._session, self._reading.texts)
            return found
        rows = self._flagged
        if is_wide:
            is_plain = self._is_whole and not rows.faults
            read = read_in_parts(self._session, rows, is_plain=is_plain)
        else:
            read = self._fetched(rows.sql)
        flags = {one.name: read.column(fault_name(one.name)) for one in rows.fault_columns}
        counts = {column: pc.sum(flag).as_py() for column, flag in flags.items()}
        self._counted = {column: count for column, count in counts.items() if count}
        return read.select(self._rows.names)

    def to_pandas(self, on_error: str = "null") -> pd.DataFrame:
        """All rows; the column with their moments is the index as well.

        Args:
            on_error: ``"null"`` makes a value that is not of its column's type missing, with a notice;
                ``"fail"`` raises.

        Raises:
            InvalidDataError: a value does not fit, with ``"fail"``.
            DependencyError: this Python has no pandas.
        """
        package_of_tables("pandas")
        found = self.to_arrow()
        if on_error == "fail" and self._counted:
            raise InvalidDataError(
                f"{self.notices[0]} Give the column another type, or on_error='null'."
            )
        frame: pd.DataFrame = found.to_pandas(self_destruct=True)
        if self._timestamp is not None:
            self._rows.column(self._timestamp)
            frame = frame.set_index(self._timestamp, drop=False)
        return frame

    def faults(self) -> dict[str, int]:
        """How many values of all rows were not of the type of their column, by column of the files.

        Reads the rows unless they have been.
        """
        if self._counted is None:
            counted: dict[str, int] = {}
            columns = list(self._flagged.faults)
            for start in range(0, len(columns), MADE_AT_ONCE):
                some = self._flagged.narrowed(columns[start : start + MADE_AT_ONCE])
                names = [one.name for one in some.fault_columns]
                told = (fault_count(one) for one in names)
                counts = self._one(sql("SELECT {} FROM ({})", joined(", ", told), some.sql))
                counted |= {one: n for one, n in zip(names, counts, strict=True) if n}
            self._counted = counted
        return self._counted

    def write(
        self,
        folder: Path,
        format: str,
        separator: str = ",",
        partition_by: Sequence[str] = (),
    ) -> list[Path]:
        """Write all rows into a folder of this machine.

        Args:
            folder: empty or not yet there.
            format: ``"csv"`` or ``"parquet"``.
            separator: of CSV.
            partition_by: columns whose values become folders, ``city=Bonn/part_0.parquet``.

        Returns:
            The files.

        Raises:
            InvalidArgumentError: another format.
            ColumnNotFoundError: there is no column to part by.
        """
        from aml_magics.services.data.table.write import written

        if format not in ("csv", "parquet"):
            raise InvalidArgumentError(
                f"Rows are written as 'csv' or 'parquet', not as {format!r:.60}."
            )
        return written(self._session, self._rows, folder, format, separator, partition_by)

    def _some(self, columns: slice | None) -> list[str]:
        names = self._rows.names
        return names if columns is None else names[columns]

    def _meeting(self, expression: Expression | None, names: Iterable[str]) -> Rows:
        """The rows that meet a condition, with some columns and those that it speaks of."""
        if expression is None:
            return self._rows.narrowed(names)
        where = condition(expression, self._rows)
        rows = self._rows.narrowed({*names, *columns_of(expression)})
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where)

    @cached_property
    def _flagged(self) -> Rows:
        """The rows, and which of their values did not fit."""
        return self._rows if self._make_flagged is None else self._make_flagged()

    def _fetched(self, query: Sql) -> pa.Table:
        return self._session.arrow(query)

    def _one(self, query: Sql) -> tuple[Any, ...]:
        (found,) = self._session.execute(query)
        return found
