"""The rows of a tabular dataset, as frames and as files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import check_module
from aml_magics.errors import (
    ColumnNotFoundError,
    InvalidDataError,
    InvalidValueWarning,
    did_you_mean,
    warn_caller,
)
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset, of_definition
from aml_magics.sdk.data.dataset.argument import check_columns, check_on_error, check_separator
from aml_magics.services.data.store.files import local_path

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from aml_magics.sdk.data.dataset.file_dataset import FileDataset
    from aml_magics.sdk.data.dataset.mount_context import MountContext
    from aml_magics.services.data.table.table import Table

_OTHER_TYPE: Final = "set_column_types reads a column as another type, and on_error='fail' raises."


class TabularReading(AbstractDataset):
    """What reads a tabular dataset."""

    @contextmanager
    def _table(self) -> Iterator[Table]:
        """Its rows, by the engine."""
        from aml_magics.services.data.table.table import opened

        with opened(self._store, self._definition, self._files()) as table:
            yield table

    def _check_there(self, names: Sequence[str]) -> dict[str, str]:
        """The types of columns, by name.

        Raises:
            ColumnNotFoundError: one is not there.
        """
        with self._table() as table:
            types = {column.name: column.type for column in table.columns}
        for name in names:
            if name not in types:
                raise ColumnNotFoundError(
                    f"The dataset has no column {name!r}.{did_you_mean(name, types)} "
                    f"It has: {', '.join(list(types)[:10])}{' …' * (len(types) > 10)}."
                )
        return {name: types[name] for name in names}

    def to_pandas_dataframe(
        self, on_error: str = "null", out_of_range_datetime: str = "null"
    ) -> pd.DataFrame:
        """All rows as a pandas frame; a timestamp column is its index as well.

        Args:
            on_error: ``"null"`` makes a value that is not of its column's type missing and warns, ``"fail"``
                raises. Rows and columns that were left out do not count.
            out_of_range_datetime: accepted as in Azure; pandas holds every moment that is read.

        Raises:
            InvalidDataError: a file is not as it was said to be, or a value with ``"fail"``.
            DataNotFoundError: no file matches.
        """
        check_on_error(on_error, "on_error")
        check_on_error(out_of_range_datetime, "out_of_range_datetime")
        with self._table() as table:
            frame = table.to_pandas(on_error)
            if table.faults():
                told = " ".join(table.notices)
                warn_caller(f"{told} {_OTHER_TYPE}", InvalidValueWarning)
        return frame

    def to_dask_dataframe(
        self,
        sample_size: int = 10000,
        dtypes: Mapping[str, object] | None = None,
        on_error: str = "null",
        out_of_range_datetime: str = "null",
    ) -> Any:  # noqa: ANN401 -- dask need not be installed
        """All rows as a Dask frame, which reads them when it computes; more than memory holds may be.

        The rows are written as Parquet once, as by :meth:`to_parquet_files`.

        Args:
            sample_size: accepted as in Azure; types are known.
            dtypes: types of columns for Dask, by name.
            on_error: ``"null"``, or ``"fail"`` to raise where a value is not of its column's type.
            out_of_range_datetime: as of :meth:`to_pandas_dataframe`.

        Raises:
            DependencyError: dask is not installed.
            InvalidDataError: as of :meth:`to_pandas_dataframe`.
        """
        check_on_error(on_error, "on_error")
        check_on_error(out_of_range_datetime, "out_of_range_datetime")
        from aml_magics.sdk.data.table.dask_frame import dask_frame

        check_module("dask", "to_dask_dataframe", "to_pandas_dataframe works without it.")
        if on_error == "fail":
            self._check_values()
        return dask_frame(self._as_parquet(), dtypes)

    def to_spark_dataframe(self) -> Any:  # noqa: ANN401 -- pyspark need not be installed
        """All rows as a Spark frame, of Parquet files as :meth:`to_parquet_files` writes them.

        Raises:
            DependencyError: pyspark is not installed.
        """
        from aml_magics.sdk.data.table.spark_frame import check_spark, spark_frame

        check_spark()
        return spark_frame(self._as_parquet())

    def to_csv_files(self, separator: str = ",") -> FileDataset:
        """Write all rows as CSV to the default datastore, and give the dataset of the files.

        Writing the same rows again makes no second copy.
        """
        return self._written("csv", check_separator(separator))

    def to_parquet_files(self) -> FileDataset:
        """Write all rows as Parquet to the default datastore, and give the dataset of the files."""
        return self._written("parquet", ",")

    def partition_by(
        self,
        partition_keys: Sequence[str],
        target: object,
        name: str | None = None,
        show_progress: bool = True,
        partition_as_file_dataset: bool = False,
    ) -> AbstractDataset:
        """Write all rows as Parquet, those of each combination of values to a folder of their own.

        A missing value becomes the folder ``key=__HIVE_DEFAULT_PARTITION__``.

        Args:
            partition_keys: the columns.
            target: a datastore, ``(datastore, "folder")`` or a ``DataPath``; a new folder is made in it.
            name: to register the dataset of what was written under; not registered where None.
            show_progress: whether a line tells where it was written.
            partition_as_file_dataset: whether the answer is a file dataset.

        Returns:
            The dataset of what was written; its :attr:`partition_keys` are read from the folders.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: no columns, or a target that is none.
        """
        from aml_magics.sdk.data.dataset.writing import partitioned

        keys = check_columns(partition_keys, "partition_by")
        datastore, definition = partitioned(self, keys, target, is_files=partition_as_file_dataset)
        if show_progress:
            print(f"Wrote the parts to {definition.locations[0].path} of {datastore._record.name}.")
        made = of_definition(datastore._workspace, definition)
        if name is None:
            return made
        return made.register(datastore._workspace, name, create_new_version=True)

    # -- files that a column names --------------------------------------------------------------

    def download(
        self,
        stream_column: str,
        target_path: str | os.PathLike[str] | None = None,
        overwrite: bool = False,
        ignore_not_found: bool = True,
    ) -> list[str]:
        """Copy the files that a column names below a folder; see ``FileDataset.download``.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: it names no file.
        """
        from aml_magics.sdk.data.table.stream_column import files_of

        return files_of(self, stream_column).download(target_path, overwrite, ignore_not_found)

    def mount(
        self, stream_column: str, mount_point: str | os.PathLike[str] | None = None
    ) -> MountContext:
        """The files that a column names in a folder; see ``FileDataset.mount``.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: it names no file.
        """
        from aml_magics.sdk.data.table.stream_column import files_of

        return files_of(self, stream_column).mount(mount_point)

    def _written(self, format_: str, separator: str) -> FileDataset:
        from aml_magics.sdk.data.dataset.file_dataset import FileDataset
        from aml_magics.sdk.data.dataset.writing import written

        return FileDataset._of(self._workspace, written(self, format_, separator))

    def _as_parquet(self) -> list[str]:
        """Paths of Parquet files of this machine that hold the rows: its own where it has no steps."""
        files = self.to_parquet_files()
        found = [local_path(self._store, one) for one in files._files()]
        if None not in found:
            return [str(path) for path in found]
        return files.download()

    def _check_values(self) -> None:
        with self._table() as table:
            faults = table.faults()
        for column, count in faults.items():
            raise InvalidDataError(
                f"{count:,} values of column {column!r} are not of its type; give the column another type, "
                "or on_error='null'."
            )
