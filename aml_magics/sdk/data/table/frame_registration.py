"""Write pandas, Dask and Spark frames as Parquet to a datastore, and register them."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import optional_module
from aml_magics.errors import AlreadyExistsError, InvalidDatasetError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.sdk.data.dataset.path import target_of
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
from aml_magics.services.data.fingerprint import digest_of
from aml_magics.services.data.store.location import open_storage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

    from aml_magics.sdk.data.store.transfer import DatastoreTransfer

_NAME_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class FrameTarget:
    """Where a frame is written, and how it is registered."""

    target: object
    name: str
    description: str | None = None
    tags: Mapping[str, str] | None = None
    show_progress: bool = True


def register_pandas(
    frame: pd.DataFrame, wanted: FrameTarget, row_group_size: int | None, *, is_unique: bool
) -> TabularDataset:
    """Write a pandas frame; see ``Dataset.Tabular.register_pandas_dataframe``.

    Raises:
        InvalidDatasetError: not a frame, a column that Parquet cannot hold, or an invalid target.
    """
    import pandas as pd

    pq = optional_module("pyarrow.parquet", "register_pandas_dataframe")
    if not isinstance(frame, pd.DataFrame):
        raise InvalidDatasetError(
            f"register_pandas_dataframe takes a pandas.DataFrame, not {type(frame).__name__}."
        )

    def write(folder: Path) -> None:
        pq.write_table(arrow_of(frame), folder / "part-00000.parquet", row_group_size)

    return _register_written(write, wanted, "register_pandas_dataframe", is_unique=is_unique)


def register_dask(frame: Any, wanted: FrameTarget) -> TabularDataset:  # noqa: ANN401 -- dask need not be there
    """Write a Dask frame, a partition at a time; see ``Dataset.Tabular.register_dask_dataframe``."""
    pq = optional_module("pyarrow.parquet", "register_dask_dataframe")
    if not hasattr(frame, "npartitions") or not hasattr(frame, "get_partition"):
        raise InvalidDatasetError(
            f"register_dask_dataframe takes a dask.dataframe.DataFrame, not {type(frame).__name__}."
        )

    def write(folder: Path) -> None:
        schema = None
        for number in range(frame.npartitions):
            table = arrow_of(frame.get_partition(number).compute())
            table = _with_schema(table, schema)
            schema = schema or table.schema
            pq.write_table(table, folder / f"part-{number:05}.parquet")

    return _register_written(write, wanted, "register_dask_dataframe")


def register_spark(frame: Any, wanted: FrameTarget) -> TabularDataset:  # noqa: ANN401 -- pyspark need not be there
    """Let Spark write a frame, and register the files."""
    if not hasattr(frame, "write") or not hasattr(frame.write, "parquet"):
        raise InvalidDatasetError(
            f"register_spark_dataframe takes a pyspark.sql.DataFrame, not {type(frame).__name__}."
        )

    def write(folder: Path) -> None:
        frame.write.mode("overwrite").parquet(str(folder))

    return _register_written(write, wanted, "register_spark_dataframe")


def _register_written(
    write: Callable[[Path], None], wanted: FrameTarget, method: str, *, is_unique: bool = True
) -> TabularDataset:
    """Write Parquet files to a folder, copy them to the target and register them.

    A unique folder is named by the content: the same frame again is the same version.
    """
    tell = print if wanted.show_progress else _silent
    datastore, below = target_of(
        wanted.target, f"Dataset.Tabular.{method}(dataframe, target, name)"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder)
        files = sorted(folder.glob("*.parquet"))
        if is_unique:
            below = f"{below}/{_name_of(files)}".lstrip("/")
        else:
            _check_is_free(datastore, below, files)
        tell(f"Uploading the frame to {below or '/'} of datastore {datastore._record.name}.")
        datastore.upload_files(
            [str(one) for one in files],
            relative_root=str(folder),
            target_path=below,
            overwrite=is_unique,
            show_progress=False,
        )
    names = ["*.parquet"] if is_unique else [one.name for one in files]
    locations = [Location(f"{below}/{name}".lstrip("/"), datastore._record.name) for name in names]
    options = {"types": {}, "include_path": False}
    definition = Definition("tabular", tuple(locations), "parquet", options)
    registered = TabularDataset._of(datastore._workspace, definition).register(
        datastore._workspace, wanted.name, wanted.description, wanted.tags, create_new_version=True
    )
    tell(f"Registered it as dataset {registered.name}, version {registered.version}.")
    return registered


def _check_is_free(datastore: DatastoreTransfer, below: str, files: Sequence[Path]) -> None:
    """Refuse an existing file: an upload would keep it, and the dataset would read it."""
    place = open_storage(datastore._workspace.store, datastore._record)
    for one in files:
        path = f"{below}/{one.name}".lstrip("/")
        if place.files.exists(place.at(path)):
            raise AlreadyExistsError(
                f"{path!r} is in datastore {datastore._record.name!r} already; leave out "
                "make_target_path_unique=False, or name another folder."
            )


def arrow_of(frame: pd.DataFrame) -> pa.Table:
    """A pandas frame as Arrow, without its index; column names become text.

    Raises:
        InvalidDatasetError: no column, one that Parquet cannot hold, or two of the same name.
    """
    import pyarrow as pa

    if not len(frame.columns):
        raise InvalidDatasetError("The frame has no columns, so there is nothing to keep of it.")
    named = frame.rename(columns=str)
    twice = named.columns[named.columns.duplicated()].tolist()
    if twice:
        raise InvalidDatasetError(
            f"The frame has two columns named {twice[0]!r}; rename one: a dataset's columns have names of their own."
        )
    try:
        table = pa.Table.from_pandas(named, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise InvalidDatasetError(
            f"The frame cannot be written as Parquet: {str(error.args[0]).splitlines()[0]}. "
            "Give the column one type, such as frame['column'].astype(str)."
        ) from error
    return _with_text_for_nulls(table)


def _with_text_for_nulls(table: pa.Table) -> pa.Table:
    """Give columns without values the type text: other parts of the frame may hold text."""
    import pyarrow as pa

    fields = [
        pa.field(field.name, pa.string() if pa.types.is_null(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, table.schema.metadata))


def _with_schema(table: pa.Table, schema: pa.Schema | None) -> pa.Table:
    """Cast the table to the types of the first part."""
    import pyarrow as pa

    if schema is None or table.schema.equals(schema):
        return table
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError, ValueError) as error:
        raise InvalidDatasetError(
            f"The parts of the frame differ in columns or types: {str(error).splitlines()[0]}. "
            "Give each column one type with frame.astype({...})."
        ) from error


def _name_of(files: Sequence[Path]) -> str:
    digests = "".join(digest_of(one) for one in files)
    return hashlib.sha256(digests.encode()).hexdigest()[:_NAME_DIGITS]


def _silent(_text: str) -> None:
    """Print nothing."""
