"""The answer of a database to a query, as a stream of Arrow batches that DuckDB reads."""

from __future__ import annotations

import queue
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError, DataAccessError, InvalidDatasetError
from aml_magics.kinds.formats._header import unique_names
from aml_magics.services.data.store.datastore import get
from aml_magics.services.data.store.failure import explained
from aml_magics.services.data.store.location import sql_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    import sqlalchemy as sa

    from aml_magics.records.dataset import Definition
    from aml_magics.store.store import Store

BATCH_ROWS: Final = 10_000
TIMEOUT: Final = 30.0
_AHEAD: Final = 2
_PATIENCE: Final = 1.0

_Rows = list[tuple[Any, ...]]


class QueryStream:
    """What DuckDB scans in place of a table; each scan runs the query, the first uses the first run.

    Args:
        store: of the workspace.
        definition: of the format ``sql_query``, with one location: the datastore.

    Raises:
        InvalidDatasetError: the definition names no datastore.
    """

    def __init__(self, store: Store, definition: Definition) -> None:
        name = definition.locations[0].datastore if definition.locations else None
        if name is None:
            raise InvalidDatasetError(
                "A query runs in a database: give the datastore with it, (datastore, 'SELECT …')."
            )
        self.failure: AmlError | None = None
        self._name = name
        self._query = str(definition.options["query"])
        self._timeout = float(definition.options.get("timeout", TIMEOUT))
        self._engine = sql_engine(store, get(store, name))
        self._runs: list[_Run] = []
        self._begun: tuple[_Run, _Rows] | None = None
        self._schema: pa.Schema | None = None

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """How DuckDB gets the rows; nothing is asked of the database before it pulls one."""
        import pyarrow as pa

        try:
            schema = self._types()
        except AmlError as error:
            self.failure = error
            raise
        reader = pa.RecordBatchReader.from_batches(schema, self._batches(schema))
        return reader.__arrow_c_stream__(requested_schema)

    def close(self) -> None:
        """End what still runs."""
        for run in self._runs:
            run.stop()
        for run in self._runs:
            run.wait()
        self._engine.dispose()

    def _types(self) -> pa.Schema:
        if self._schema is None:
            run = self._start()
            rows = run.next()
            columns = unique_names(column or f"Column{n}" for n, column in enumerate(run.names, 1))
            self._schema = _schema(columns, rows)
            self._begun = (run, rows)
        return self._schema

    def _start(self) -> _Run:
        run = _Run(self._engine, self._query, self._name, self._timeout)
        self._runs.append(run)
        return run

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        begun, self._begun = self._begun, None
        run, rows = begun or (self._start(), [])
        try:
            if begun is None:
                rows = run.next()
            while rows:
                yield _batch(schema, rows)
                rows = run.next()
        except AmlError as error:
            self.failure = error
            raise
        finally:
            run.stop()


class _Run:
    """A run of the query, in a thread of its own: DuckDB reads in several, a driver may want one."""

    def __init__(self, engine: sa.Engine, query: str, name: str, timeout: float) -> None:
        self.names: Sequence[str] = ()
        self._engine, self._query, self._name, self._timeout = engine, query, name, timeout
        self._ready: queue.Queue[_Rows | Exception] = queue.Queue(_AHEAD)
        self._stopped = threading.Event()
        self._is_first = True
        self._driver: Any = None
        self._thread = threading.Thread(target=self._run, name="aml-query", daemon=True)
        self._thread.start()

    def next(self) -> _Rows:
        """The next rows; none at the end.

        Raises:
            DataAccessError: the database is away, refuses the query, or is too slow.
        """
        try:
            found = self._ready.get(timeout=self._timeout if self._is_first else None)
        except queue.Empty:
            self.stop()
            raise DataAccessError(
                f"Datastore {self._name!r} gave no row within {self._timeout:g} seconds; give the query more time "
                "by query_timeout, or ask it for less."
            ) from None
        self._is_first = False
        if isinstance(found, Exception):
            raise found
        return found

    def stop(self) -> None:
        """Let the thread end at its next row, or at once where the driver can stop a query."""
        self._stopped.set()
        if self._driver is not None and self._is_first:
            cancel = getattr(self._driver, "cancel", None)
            if cancel is not None:
                cancel()

    def wait(self) -> None:
        """Wait until its connection is given back; not for a database that is still at its first row."""
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            options = {"stream_results": True, "no_parameters": True}
            with self._engine.connect().execution_options(**options) as connection:
                self._driver = connection.connection.driver_connection
                found = connection.exec_driver_sql(self._query)
                if not found.returns_rows:
                    raise InvalidDatasetError(  # noqa: TRY301 -- told to who reads
                        "The query of a dataset gives rows, and this one gave none: use a SELECT."
                    )
                with closing(found):
                    self._read(found)
        except AmlError as error:
            self._put(error)
        except Exception as error:  # noqa: BLE001 -- of any driver; raised where it is read
            self._put(explained(error, self._name, (str(self._engine.url.password or ""),)))

    def _read(self, found: sa.CursorResult[Any]) -> None:
        self.names = list(found.keys())
        while rows := [tuple(row) for row in found.fetchmany(BATCH_ROWS)]:
            if not self._put(rows):
                return
        self._put([])

    def _put(self, found: _Rows | Exception) -> bool:
        """Whether somebody still reads."""
        while not self._stopped.is_set():
            try:
                self._ready.put(found, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False


def _schema(names: Sequence[str], rows: _Rows) -> pa.Schema:
    """The types that the first rows have; text where they have none, or several."""
    import pyarrow as pa

    types = {
        bool: pa.bool_(),
        int: pa.int64(),
        float: pa.float64(),
        Decimal: pa.float64(),
        datetime: pa.timestamp("us"),
        date: pa.date32(),
        clock: pa.time64("us"),
        bytes: pa.binary(),
        memoryview: pa.binary(),
        bytearray: pa.binary(),
    }
    fields = []
    for place, name in enumerate(names):
        found = {types.get(type(row[place]), pa.string()) for row in rows if row[place] is not None}
        if found == {pa.int64(), pa.float64()}:
            found = {pa.float64()}
        kind = found.pop() if len(found) == 1 else pa.string()
        if kind == pa.int64() and any(not _fits(row[place]) for row in rows):
            kind = pa.float64()
        fields.append(pa.field(name, kind))
    return pa.schema(fields)


def _fits(value: int | None) -> bool:
    return value is None or -(2**63) <= value < 2**63


def _batch(schema: pa.Schema, rows: _Rows) -> pa.RecordBatch:
    """Rows as Arrow; a value that is not of the type of the first ones becomes missing."""
    import pyarrow as pa

    arrays = []
    for place, field in enumerate(schema):
        values = [row[place] for row in rows]
        try:
            array = pa.array(_plain(values, field.type), field.type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            array = pa.array([_one(value, field.type) for value in values], field.type)
        arrays.append(array)
    return pa.record_batch(arrays, schema=schema)


def _plain(values: list[Any], kind: pa.DataType) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_string(kind):
        return [None if value is None else str(value) for value in values]
    if pa.types.is_floating(kind):
        return [None if value is None else float(value) for value in values]
    if pa.types.is_binary(kind):
        return [None if value is None else bytes(value) for value in values]
    if pa.types.is_timestamp(kind):
        return [_in_utc(value) for value in values]
    return values


def _in_utc(value: Any) -> Any:  # noqa: ANN401 -- any value of a driver
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _one(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401 -- any value of a driver
    import pyarrow as pa

    try:
        (plain,) = _plain([value], kind)
        pa.array([plain], kind)
    except (pa.ArrowException, AttributeError, TypeError, ValueError, OverflowError):
        return None
    return plain
