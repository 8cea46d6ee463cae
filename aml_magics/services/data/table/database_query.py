"""A database query's result as a stream of Arrow batches for DuckDB."""

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
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    import sqlalchemy as sa

    from aml_magics.records.data.dataset import Definition
    from aml_magics.store.store import Store

BATCH_ROWS: Final = 10_000
TIMEOUT: Final = 30.0
_QUEUED: Final = 2
"""Batches read ahead of DuckDB."""

_WAIT: Final = 1.0
"""Seconds that closing waits for a query to end."""

_Records = list[tuple[Any, ...]]


class QueryStream:
    """What DuckDB scans in place of a table; each scan runs the query, and the first scan uses the first run.

    Args:
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
        self._begun: tuple[_Run, _Records] | None = None
        self._schema: pa.Schema | None = None

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows for DuckDB; the database is queried only when DuckDB pulls a batch."""
        import pyarrow as pa

        try:
            schema = self._types()
        except AmlError as error:
            self.failure = error
            raise
        reader = pa.RecordBatchReader.from_batches(schema, self._batches(schema))
        return reader.__arrow_c_stream__(requested_schema)

    def close(self) -> None:
        """Stop the running query."""
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
    """A run of the query in its own thread: DuckDB reads in several threads, but a driver may need one."""

    def __init__(self, engine: sa.Engine, query: str, name: str, timeout: float) -> None:
        self.names: Sequence[str] = ()
        self._engine, self._query, self._name, self._timeout = engine, query, name, timeout
        self._ready: queue.Queue[_Records | Exception] = queue.Queue(_QUEUED)
        self._stopped = threading.Event()
        self._is_first = True
        self._driver: Any = None
        self._thread = threading.Thread(target=self._run, name="aml-query", daemon=True)
        self._thread.start()

    def next(self) -> _Records:
        """The next rows, None at the end; raises DataAccessError."""
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
        """End the thread at its next row, or at once if the driver can cancel a query."""
        self._stopped.set()
        if self._driver is not None and self._is_first:
            cancel = getattr(self._driver, "cancel", None)
            if cancel is not None:
                cancel()

    def wait(self) -> None:
        """Wait until its connection is returned, but not for a database still at its first row."""
        self._thread.join(_WAIT)

    def _run(self) -> None:
        try:
            options = {"stream_results": True, "no_parameters": True}
            with self._engine.connect().execution_options(**options) as connection:
                self._driver = connection.connection.driver_connection
                found = connection.exec_driver_sql(self._query)
                if not found.returns_rows:
                    raise InvalidDatasetError(  # noqa: TRY301 -- passed on to the reader
                        "The query of a dataset gives rows, and this one gave none: use a SELECT."
                    )
                with closing(found):
                    self._read(found)
        except AmlError as error:
            self._put(error)
        except Exception as error:  # noqa: BLE001 -- any driver's; else the reader waits for ever
            self._put(explained(error, self._name, (str(self._engine.url.password or ""),)))

    def _read(self, found: sa.CursorResult[Any]) -> None:
        self.names = list(found.keys())
        while rows := [tuple(row) for row in found.fetchmany(BATCH_ROWS)]:
            if not self._put(rows):
                return
        self._put([])

    def _put(self, found: _Records | Exception) -> bool:
        """Pass rows to the reader; return whether it wants more."""
        while not self._stopped.is_set():
            try:
                self._ready.put(found, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False


def _schema(names: Sequence[str], rows: _Records) -> pa.Schema:
    """The types of the first rows; text for a column without values or with several types."""
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


def _batch(schema: pa.Schema, rows: _Records) -> pa.RecordBatch:
    """Rows as Arrow; values that do not fit the first rows' types become NULL."""
    import pyarrow as pa

    columns = [
        _array([row[place] for row in rows], field.type) for place, field in enumerate(schema)
    ]
    return pa.record_batch(columns, schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    convert = _converter(kind)
    try:
        return pa.array([None if one is None else convert(one) for one in values], kind)
    except (pa.ArrowException, AttributeError, TypeError, ValueError, OverflowError):
        if len(values) == 1:
            return pa.array([None], kind)
        # pyarrow does not say which value failed, so try each
        return pa.concat_arrays([_array([one], kind) for one in values])


def _converter(kind: pa.DataType) -> Callable[[Any], Any]:
    """The function that converts a driver's value for an Arrow type."""
    import pyarrow as pa

    if pa.types.is_string(kind):
        return str
    if pa.types.is_floating(kind):
        return float
    if pa.types.is_binary(kind):
        return bytes
    return _in_utc if pa.types.is_timestamp(kind) else lambda value: value


def _in_utc(value: Any) -> Any:  # noqa: ANN401 -- any value of a driver
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
