"""Write the rows of a tabular dataset to files of a datastore."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from aml_magics.records.data.dataset import Definition, Location
from aml_magics.sdk.data.dataset.path import target_of
from aml_magics.services.data.fingerprint import fingerprint, found_files
from aml_magics.services.data.store.partition import partition_columns
from aml_magics.services.data.transfer.transfer import upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.data.store.transfer import DatastoreTransfer
    from aml_magics.sdk.data.table.reading import TabularReading

_FOLDER: Final = "dataset"
_NAME_DIGITS: Final = 12
_READ_TYPES: Final = {
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "datetime": "datetime",
    "date": "datetime",
}
_UNSAFE: Final = frozenset("/\\%{}*?[")


def written(dataset: TabularReading, format_: str, separator: str = ",") -> Definition:
    """Write all rows to the default datastore, and return the definition of the files.

    The folder is named by a fingerprint of the rows: writing them again makes no second copy.

    Args:
        format_: ``"csv"`` or ``"parquet"``.
        separator: of CSV.
    """
    folder = f"{_FOLDER}/{_name_of(dataset, format_, separator)}/{format_}"
    datastore = dataset._workspace.get_default_datastore()
    target, folder = target_of((datastore, folder), f"to_{format_}_files()")
    _write(dataset, target, folder, format_, separator, ())
    return Definition("file", (Location(f"{folder}/**", target._record.name),))


def partitioned(
    dataset: TabularReading, keys: Sequence[str], target: object, *, is_files: bool
) -> tuple[DatastoreTransfer, Definition]:
    """Write all rows as Parquet, a folder for each combination of values of some columns.

    Args:
        keys: the columns.
        target: a datastore, ``(datastore, folder)`` or a ``DataPath``; a new folder is created in it.
        is_files: whether the definition is of files instead of rows.

    Returns:
        The datastore and the definition of the written files.

    Raises:
        ColumnNotFoundError: there is no such column.
        InvalidDatasetError: an invalid target.
    """
    datastore, below = target_of(target, "partition_by(partition_keys, target)")
    layout = "".join(f"{key}={{{key}}}/" for key in keys) + "*.parquet"
    partition_columns(layout)  # refuses a name that cannot stand in it
    types = dataset._check_there(keys)
    folder = f"{below}/{secrets.token_hex(6)}".lstrip("/")
    _write(dataset, datastore, folder, "parquet", ",", keys)
    locations = (Location(f"{folder}/**/*.parquet", datastore._record.name),)
    if is_files:
        return datastore, Definition("file", locations, partition_format=layout)
    read = {key: _READ_TYPES[types[key]] for key in keys if types[key] in _READ_TYPES}
    steps = [{"transform": "convert", "types": read}] if read else []
    return datastore, Definition(
        "tabular",
        locations,
        "parquet",
        {"types": {}, "include_path": False},
        tuple(steps),
        layout,
        dataset._definition.timestamp,
        dataset._definition.partition_timestamp,
    )


def _write(
    dataset: TabularReading,
    datastore: DatastoreTransfer,
    folder: str,
    format_: str,
    separator: str,
    keys: Sequence[str],
) -> None:
    with tempfile.TemporaryDirectory() as made, dataset._table() as table:
        local = Path(made) / "rows"
        files = table.write(local, format_, separator, keys)
        pairs = [(path, f"{folder}/{_readable(path.relative_to(local))}") for path in files]
        upload(datastore._workspace.store, datastore._record, pairs, overwrite=True)


def _readable(path: Path) -> str:
    """Decode the values in folder names, as far as a path can hold them."""
    decoded = [(part, unquote(part)) for part in path.parts]
    return "/".join(
        text if text.isprintable() and not _UNSAFE & set(text) else part for part, text in decoded
    )


def _name_of(dataset: TabularReading, format_: str, separator: str) -> str:
    """A fingerprint of the rows; random for a query, whose rows may differ each time."""
    definition = dataset._definition
    files = found_files(dataset._store, definition)
    if not files or any(step["transform"] == "recent" for step in definition.steps):
        return secrets.token_hex(_NAME_DIGITS // 2)
    text = fingerprint(definition, files).text
    return hashlib.sha256(f"{text} {format_} {separator}".encode()).hexdigest()[:_NAME_DIGITS]
