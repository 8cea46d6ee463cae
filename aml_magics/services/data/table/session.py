"""A DuckDB connection for some tables, and the resources that they need while they are open."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics._optional import check_module, optional_module
from aml_magics.errors import AmlError, InvalidDatasetError
from aml_magics.kinds._sql import Sql, quoted, sql
from aml_magics.kinds._type import word_of
from aml_magics.kinds.formats._base import FORMATS, Engine, Reading
from aml_magics.kinds.transforms._base import TRANSFORMS
from aml_magics.records.data.column import Column
from aml_magics.services.data.store.files import find_files
from aml_magics.services.data.store.partition import partition_values
from aml_magics.services.data.table.database_query import QueryStream
from aml_magics.services.data.table.error import explaining
from aml_magics.services.data.table.file import TableFile, TableFiles
from aml_magics.services.data.table.interruptible import interruptible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from aml_magics.kinds._rows import Rows
    from aml_magics.kinds.formats._base import Format
    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

Result = TypeVar("Result")
MEMORY: Final = 512 * 2**20
"""DuckDB's memory limit in bytes, or a quarter of a smaller machine's memory: a laptop has room for several
kernels, and larger sorts and groups go to disk.
"""

FEATURE: Final = (
    "A tabular dataset",
    "An environment with azureml-defaults or azureml-dataprep has it.",
)
"""Packages that tables need, for the message where one is missing."""

_LEFT_AFTER: Final = 86_400.0
_PREFIX: Final = "aml-table-"


class TableSession:
    """A connection that loads nothing from the network and reads only its datasets' files.

    Raises:
        DependencyError: this Python has no DuckDB or no pyarrow, which takes the rows.
    """

    def __init__(self, store: Store) -> None:
        duckdb = optional_module("duckdb", *FEATURE)
        check_module("pyarrow", *FEATURE)
        self._store = store
        self._folder = _temporary_folder(store) / f"{_PREFIX}{secrets.token_hex(8)}"
        self._names: dict[str, str] = {}
        self._streams: list[QueryStream] = []
        self._files: TableFiles | None = None
        self._is_registered = False
        self.connection: DuckDBPyConnection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "python_enable_replacements": "false",  # a table's name never means a variable of ours
                "memory_limit": f"{_memory()}B",
                "temp_directory": str(self._folder),
            },
        )
        self.connection.execute("SET GLOBAL TimeZone = 'UTC'")
        _keep_try_casts(self.connection)

    def close(self) -> None:
        """Close the connection and remove its temporary files."""
        self.connection.interrupt()  # else closing would wait for an unread query
        self.connection.close()
        for stream in self._streams:
            stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Translate DuckDB's errors as :func:`explaining`; a file's own datastore error comes first."""
        try:
            with explaining(self._names):
                yield
        except (AmlError, RuntimeError):
            failure = self._files.failure if self._files else None
            failure = failure or next((one.failure for one in self._streams if one.failure), None)
            if failure is not None:
                # a copy, since the failure itself is among the causes of the error that is being handled
                raise copy(failure) from None
            raise

    def execute(self, query: Sql) -> list[tuple[Any, ...]]:
        """Run a query to its end; raises KeyboardInterrupt, and as :meth:`explaining`."""
        return self._interruptibly(
            lambda: self.connection.execute(query.text, list(query.parameters)).fetchall()
        )

    def arrow(self, query: Sql, *, is_short: bool = False) -> pa.Table:
        """All rows of a query; raises as :meth:`execute`.

        Args:
            is_short: only the beginning of a file is needed: each extra thread would read a piece of a remote one.
        """
        if not is_short or not self._is_registered:
            return self._interruptibly(lambda: self._relation(query).to_arrow_table())
        self.connection.execute("SET GLOBAL threads = 1")
        try:
            return self._interruptibly(lambda: self._relation(query).to_arrow_table())
        finally:
            self.connection.execute("RESET GLOBAL threads")

    def batches(self, query: Sql, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches; raises as :meth:`execute`."""
        reader = self._interruptibly(lambda: self._relation(query).to_arrow_reader(rows))
        while (batch := self._interruptibly(lambda: next(reader, None))) is not None:
            yield batch

    def _relation(self, query: Sql) -> DuckDBPyRelation:
        return self.connection.sql(query.text, params=list(query.parameters))

    def _interruptibly(self, work: Callable[[], Result]) -> Result:
        with self.explaining():
            return interruptible(work, self.connection.interrupt)

    def described(self, query: Sql) -> list[tuple[str, str]]:
        """Columns of a SELECT, with DuckDB's names for their types."""
        return [(row[0], row[1]) for row in self.execute(sql("DESCRIBE {}", query))]

    def open(self, definition: Definition, files: Sequence[DataFile] | None) -> Reading:
        """A dataset's rows after all its steps; reads only the beginning of files.

        Raises:
            InvalidArgumentError, InvalidDatasetError: the definition cannot be read as a table.
            AmlError: as :meth:`explaining`, and those of :func:`find_files`.
        """
        kind = _format_of(definition)
        if kind.is_query:
            reading = kind.reading((), definition.options, self._queried(definition))
        else:
            inputs = self._inputs(definition, files)
            reading = kind.reading(inputs, definition.options, Engine(self.described, self.execute))
        rows = _stepped(reading.rows, definition)
        zones = reading.zones
        if definition.steps:
            types = self.described(rows.sql)
            columns = tuple(Column(name, word_of(type_)) for name, type_ in types)
            rows = replace(rows, columns=columns)
            zones = _zones_after(definition, zones, columns)
        flagged = reading.flagged
        return replace(
            reading,
            rows=rows,
            flagged=flagged and (lambda: _stepped(flagged(), definition)),
            zones=zones,
        )

    def add_view(self, name: str, rows: Rows) -> None:
        """Let queries read rows by a name."""
        with self.explaining():
            self.connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {rows.sql.inlined}")

    def _queried(self, definition: Definition) -> Engine:
        stream = QueryStream(self._store, definition)
        self._streams.append(stream)
        source = f"aml_query_{len(self._streams)}"
        with self.explaining():  # fetches the first rows, to know the columns
            self.connection.register(source, stream)
        return Engine(self.described, self.execute, source)

    def _inputs(self, definition: Definition, files: Sequence[DataFile] | None) -> list[TableFile]:
        found = find_files(self._store, definition) if files is None else files
        return [
            self._input(one, partition_values(definition.partition_format, one.path))
            for one in found
        ]

    def _input(self, found: DataFile, values: Any) -> TableFile:  # noqa: ANN401 -- texts and moments
        if self._files is None:
            self._files = TableFiles(f"aml{secrets.token_hex(8)}")
        path, is_near = self._files.path_of(found)
        if path.startswith(self._files.protocol) and not self._is_registered:
            self.connection.register_filesystem(self._files)
            self._is_registered = True
        file = TableFile(found, path, is_near, values, self._scratch)
        self._names[path] = file.name
        if is_near:
            self._names[found.path] = file.name  # DuckDB's messages have the unescaped path
        return file

    def _scratch(self) -> Path:
        """A folder for this session's files; removes old ones of killed processes."""
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, mode=0o700)
            for other in self._folder.parent.glob(f"{_PREFIX}*"):
                if time.time() - other.stat().st_mtime > _LEFT_AFTER:
                    shutil.rmtree(other, ignore_errors=True)
        return self._folder


def _format_of(definition: Definition) -> Format:
    if definition.kind != "tabular" or not definition.format:
        raise InvalidDatasetError(
            "A dataset of files has no rows; Dataset.Tabular.from_delimited_files(…) reads files as a table."
        )
    kind = FORMATS.load(definition.format)()
    kind.check(definition.options)
    return kind


def _stepped(rows: Rows, definition: Definition) -> Rows:
    for step in definition.steps:
        arguments = {key: value for key, value in step.items() if key != "transform"}
        transform = TRANSFORMS.load(str(step.get("transform")))()
        transform.check(arguments)
        rows = transform.applied(rows, arguments)
    return rows


def _zones_after(
    definition: Definition, zones: Mapping[str, str], columns: Sequence[Column]
) -> dict[str, str]:
    """The zones of the columns that the steps leave, some under another name."""
    found = dict(zones)
    for step in definition.steps:
        if step.get("transform") == "rename_columns":
            new = step["names"]
            found = {new.get(column, column): zone for column, zone in found.items()}
    return {name: found[name] for name, word in columns if word == "datetime" and name in found}


def _keep_try_casts(connection: DuckDBPyConnection) -> None:
    """Switch off an optimizer of DuckDB 2.0 that moves a cast into the CSV reader.

    There TRY_CAST raises at the first wrong value instead of giving NULL. Earlier versions do not have it.
    """
    known = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    if ("type_pushdown",) in known:
        connection.execute("SET GLOBAL disabled_optimizers = 'type_pushdown'")


def _temporary_folder(store: Store) -> Path:
    """The folder for data beyond the memory limit: beside the store, or the system's if that is read-only."""
    import tempfile
    from pathlib import Path

    # DuckDB makes the folder on demand, but not its parents.
    is_ours = os.access(store.folder, os.W_OK)
    return store.folder if is_ours else Path(tempfile.gettempdir())


def _memory() -> int:
    import psutil

    return min(MEMORY, int(psutil.virtual_memory().total) // 4)
