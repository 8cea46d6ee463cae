"""SQL queries of the user over datasets and frames."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidQueryError
from aml_magics.services.data.table.interruptible import interruptible
from aml_magics.services.data.table.session import TableSession
from aml_magics.services.data.table.statement import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.table.statement import Statement
    from aml_magics.store.store import Store

_OF_FILE: Final = re.compile(r"^\s*file = |in file \"", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A query's rows, a pandas DataFrame; ``is_cut`` says that there are more."""

    frame: Any
    is_cut: bool = False


def answer(
    store: Store,
    definitions: Mapping[str, Definition],
    frames: Mapping[str, Any],
    statement: Statement,
    values: dict[str, Any],
    limit: int | None = None,
    files: Mapping[str, Sequence[DataFile]] | None = None,
) -> QueryAnswer:
    """Run a query over datasets and frames.

    Args:
        definitions: tabular datasets by their names in the query.
        frames: DataFrames and Arrow tables, likewise.
        values: of its parameters.
        limit: rows at most; None for all.
        files: the files of datasets where they are known; others are listed.

    Raises:
        InvalidQueryError: names, types or values do not fit.
        InvalidDataError: a file does not match its dataset.
        DataAccessError: a datastore cannot be reached, or a file cannot be read.
        KeyboardInterrupt: it was interrupted, and has ended.
    """
    import duckdb

    known = files or {}
    session = TableSession(store)
    try:
        for name, definition in definitions.items():
            session.add_view(name, session.open(definition, known.get(name)).rows)
        for name, frame in frames.items():
            try:
                session.connection.register(name, frame)
            except duckdb.Error as error:
                raise explained(error) from None
        with session.explaining():
            return rows_of(session.connection, statement, values, limit)
    finally:
        session.close()


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    statement: Statement,
    values: dict[str, Any],
    limit: int | None = None,
) -> QueryAnswer:
    """Run a query, or fetch its first ``limit`` rows; an interrupt ends it.

    Raises:
        InvalidQueryError: names, types or values do not fit.
        duckdb.Error: a file cannot be read.
    """
    import duckdb

    def run() -> QueryAnswer:
        connection.execute(statement.text, values)
        types = [str(column[1]) for column in connection.description or ()]
        if limit is None:
            return QueryAnswer(_whole(connection.df(), types))
        vectors = -(-(limit + 1) // duckdb.__standard_vector_size__)
        rows = connection.fetch_df_chunk(vectors)
        return QueryAnswer(_whole(rows.head(limit), types), is_cut=len(rows) > limit)

    try:
        return interruptible(run, connection.interrupt)
    except duckdb.OutOfMemoryException:
        raise InvalidQueryError(
            "The query needs more memory than there is; select fewer columns or rows, or aggregate."
        ) from None
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) or _OF_FILE.search(str(error)):
            raise
        raise explained(error) from None


def _whole(frame: Any, types: list[str]) -> Any:  # noqa: ANN401 -- pandas is imported at use
    """Turn sums of integers back into integers where they are exact."""
    for at, kind in enumerate(types):
        column = frame.iloc[:, at]
        if kind == "HUGEINT" and column.notna().all() and (column.abs() < 2**53).all():
            frame.isetitem(at, column.astype("int64"))
    return frame
