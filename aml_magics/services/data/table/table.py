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

from aml_magics._optional import check_module
from aml_magics.errors import DataAccessError, InvalidArgumentError, InvalidDataError
from aml_magics.kinds._rows import fault_count, fault_name
from aml_magics.kinds._sql import Sql, bound, joined, literal, name, quoted, raw, sql
from aml_magics.kinds.transforms._base import numbered
from aml_magics.kinds.transforms._condition import condition
from aml_magics.records.expression import columns_of
from aml_magics.services.data.table.session import FEATURE, TableSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from aml_magics.kinds._rows import Rows
    from aml_magics.kinds.formats._base import Reading
    from aml_magics.records.data.column import Column
    from aml_magics.records.data.dataset import Definition
    from aml_magics.records.expression import Expression
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

BATCH_ROWS: Final = 65_536
WIDE: Final = 1_000
"""Columns of one query; wider tables are read some columns at a time.

DuckDB plans a query in more than the square of its columns, and holds 2,048 values of each in memory for
each thread. Of 10,000 columns parts of 1,000 took half the time of parts of 500, and a read of 4,000 texts
at once ran out of memory.
"""

_MOST_NOTICES: Final = 10


@contextmanager
def opened(
    store: Store, definition: Definition, files: Sequence[DataFile] | None = None
) -> Iterator[Table]:
    """Open a dataset's table for the length of the block.

    Args:
        files: its files if they are known; else they are listed.

    Raises:
        InvalidDatasetError: the definition cannot be read as a table.
        InvalidDataError: a file does not match its definition.
        ColumnNotFoundError: a step names an unknown column.
        DataNotFoundError: there is no file.
        DataAccessError: a datastore cannot be reached, or a file cannot be read.
    """
    session = TableSession(store)
    try:
        with session.explaining():  # covers direct queries on the connection, too
            yield Table(session, session.open(definition, files), definition)
    finally:
        session.close()


class Table:
    """The rows of a dataset; made by :func:`opened`.

    ``zones`` are the time zones of timestamps by column; the rows have them in UTC.

    All methods raise InvalidDataError and DataAccessError where the data cannot be read, and KeyboardInterrupt
    where the user interrupts.
    """

    def __init__(self, session: TableSession, reading: Reading, definition: Definition) -> None:
        self._session = session
        self._rows = reading.rows
        self._make_flagged = reading.flagged
        self._notices = reading.notices
        self.zones = reading.zones
        self._timestamp = definition.timestamp
        self._is_query = definition.format == "sql_query"
        self._counted: dict[str, int] | None = None

    @property
    def connection(self) -> DuckDBPyConnection:
        """This table's private DuckDB connection."""
        return self._session.connection

    @property
    def sql(self) -> str:
        """A SELECT of the rows in order, with a ``?`` for each of ``parameters``."""
        return self._rows.sql.text

    @property
    def parameters(self) -> list[Any]:
        """The values bound in ``sql``."""
        return list(self._rows.sql.parameters)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return self._rows.columns

    @property
    def notices(self) -> tuple[str, ...]:
        """Notices for the user; values that did not fit are known only once all rows were read."""
        counted = self._counted or {}
        types = {one.name: one.type for one in self._flagged.fault_columns} if counted else {}
        counts = [
            f"{count:,} {'value' if count == 1 else 'values'} of column {column!r:.100} {'is' if count == 1 else 'are'} "
            f"no {types[column]} and {'was' if count == 1 else 'were'} read as missing."
            for column, count in counted.items()
        ]
        more = [f"So were values of {len(counts) - _MOST_NOTICES:,} more columns."]
        return (*self._notices, *counts[:_MOST_NOTICES], *more[: len(counts) > _MOST_NOTICES])

    def explaining(self) -> AbstractContextManager[None]:
        """Translate DuckDB's errors of queries on ``connection``."""
        return self._session.explaining()

    def narrowed(self, columns: slice | Iterable[str]) -> tuple[str, list[Any], tuple[Column, ...]]:
        """``sql``, ``parameters`` and ``columns`` for the columns of a slice, or with these names."""
        rows = self._rows.narrowed(self._some(columns))
        return rows.sql.text, list(rows.sql.parameters), rows.columns

    def head(self, count: int = 100, columns: slice | None = None) -> pa.Table:
        """The first rows, all columns or a slice of them."""
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
        """Rows that meet a condition, sorted; missing values come last.

        Args:
            offset: rows to skip.
            limit: rows at most.
            sort: a column; rows with equal values keep their order.
            columns: a slice of the columns to return.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: the expression cannot be read.
        """
        chosen = self._some(columns)
        rows = self._meeting(expression, {*chosen, sort or chosen[0]})
        end = (bound(limit), bound(offset))
        shown = joined(", ", (name(one) for one in chosen))
        if sort is None:
            query = sql("SELECT {} FROM ({}) LIMIT {} OFFSET {}", shown, rows.sql, *end)
            return self._session.arrow(query)
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
        return self._session.arrow(query)

    def count(self, expression: Expression | None = None) -> int:
        """The number of rows, or of those that meet a condition."""
        query = sql("SELECT count(*) FROM ({})", self._meeting(expression, ()).sql)
        return int(self._one(query)[0])

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """All rows in order, in batches; read them all before the next query."""
        return self._session.batches(self._rows.sql, rows)

    def sorted_batches(self, by: Sequence[str], rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """All rows, sorted by columns, in batches; rows with equal values keep their order.

        Raises:
            ColumnNotFoundError: there is no such column.
        """
        keys = joined(", ", (name(self._rows.column(one).name) for one in by))
        numbered_rows, number = numbered(self._rows)
        shown = joined(", ", (name(one) for one in self._rows.names))
        query = sql("SELECT {} FROM ({}) ORDER BY {}, {}", shown, numbered_rows, keys, raw(number))
        return self._session.batches(query, rows)

    def to_arrow(self) -> pa.Table:
        """All rows; counts the values that do not fit."""
        import pyarrow.compute as pc

        rows = self._flagged
        # a query's result may differ from run to run
        is_wide = len(self.columns) > WIDE and not self._is_query
        read = self._in_parts(rows) if is_wide else self._session.arrow(rows.sql)
        flags = {one.name: read.column(fault_name(one.name)) for one in rows.fault_columns}
        counts = {column: pc.sum(flag).as_py() for column, flag in flags.items()}
        self._counted = {column: count for column, count in counts.items() if count}
        return read.select(self._rows.names)

    def to_pandas(self, on_error: str = "null") -> pd.DataFrame:
        """All rows; the timestamp column is the index as well.

        Args:
            on_error: ``"null"`` makes values that do not fit missing, with a notice; ``"fail"`` raises.

        Raises:
            InvalidDataError: a value does not fit, with ``"fail"``.
            DependencyError: this Python has no pandas.
        """
        check_module("pandas", *FEATURE)
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
        """The number of values that do not fit their type, by column of the files; reads the rows if needed."""
        if self._counted is None:
            counted: dict[str, int] = {}
            columns = list(self._flagged.faults)
            for start in range(0, len(columns), WIDE):
                some = self._flagged.narrowed(columns[start : start + WIDE])
                names = [one.name for one in some.fault_columns]
                sums = (fault_count(one) for one in names)
                counts = self._one(sql("SELECT {} FROM ({})", joined(", ", sums), some.sql))
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
        """Write all rows into a local folder; return the files.

        Args:
            folder: empty or missing.
            format: ``"csv"`` or ``"parquet"``.
            separator: for CSV.
            partition_by: columns whose values become folders, ``city=Bonn/part_0.parquet``.

        Raises:
            InvalidArgumentError: another format.
            ColumnNotFoundError: there is no column to partition by.
            DataAccessError: the folder cannot be written.
        """
        if format not in ("csv", "parquet"):
            raise InvalidArgumentError(
                f"Rows are written as 'csv' or 'parquet', not as {format!r:.60}."
            )
        for column in partition_by:
            self._rows.column(column)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataAccessError(
                f"The folder {str(folder)!r:.300} cannot be made: {error.strerror}."
            ) from error
        is_csv = format == "csv"
        options = (
            f"FORMAT csv, HEADER, DELIMITER {literal(separator)}" if is_csv else "FORMAT parquet"
        )
        target = folder
        if partition_by:
            listed = ", ".join(quoted(column) for column in partition_by)
            options += (
                f", PARTITION_BY ({listed}), FILENAME_PATTERN 'part_{{i}}', OVERWRITE_OR_IGNORE"
            )
        else:
            target = folder / f"part_00000.{format}"
        before = {path: path.stat().st_mtime_ns for path in _files_below(folder)}
        to = raw(f"{literal(str(target))} ({options})")
        self._session.execute(sql("COPY ({}) TO {}", self._rows.sql, to))
        found = sorted(_files_below(folder))
        return [path for path in found if before.get(path) != path.stat().st_mtime_ns]

    def _in_parts(self, rows: Rows) -> pa.Table:
        """All rows of a wide table, some columns at a time; DataAccessError if the files changed in between."""
        import pyarrow as pa

        names = rows.names
        starts = range(0, len(names), WIDE)
        parts = [
            self._session.arrow(rows.narrowed(names[start : start + WIDE]).sql) for start in starts
        ]
        if len({part.num_rows for part in parts}) > 1:
            raise DataAccessError("The files were written while they were read; read them again.")
        found = [column for part in parts for column in part.column_names]
        return pa.table([column for part in parts for column in part.columns], found)

    def _some(self, columns: slice | Iterable[str] | None) -> list[str]:
        names = self._rows.names
        if columns is None:
            return names
        if isinstance(columns, slice):
            return names[columns]
        return [self._rows.column(one).name for one in columns]

    def _meeting(self, expression: Expression | None, names: Iterable[str]) -> Rows:
        """The rows that meet a condition, with the given columns and those of the condition."""
        if expression is None:
            return self._rows.narrowed(names)
        where = condition(expression, self._rows)
        rows = self._rows.narrowed({*names, *columns_of(expression)})
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where)

    @cached_property
    def _flagged(self) -> Rows:
        """The rows, with flags for values that did not fit."""
        return self._rows if self._make_flagged is None else self._make_flagged()

    def _one(self, query: Sql) -> tuple[Any, ...]:
        (found,) = self._session.execute(query)
        return found


def _files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
