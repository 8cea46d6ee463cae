"""Read the rows of a tabular dataset: frames, files and statistics."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import check_module
from aml_magics.errors import (
    ColumnNotFoundError,
    InvalidDataError,
    InvalidDatasetError,
    did_you_mean,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset, of_definition
from aml_magics.sdk.data.dataset.argument import check_columns, check_on_error, check_separator
from aml_magics.sdk.data.dataset.file_dataset import FileDataset
from aml_magics.sdk.data.dataset.path import locations_of
from aml_magics.sdk.data.dataset.profile import DataProfile
from aml_magics.sdk.data.dataset.writing import partitioned, written
from aml_magics.sdk.data.table.frame import check_spark, dask_frame, spark_frame
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.profile.profile import ensure, profile
from aml_magics.services.data.store.files import local_path
from aml_magics.warnings import InvalidValueWarning, warn_caller

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from aml_magics.records.data.profile import Profile
    from aml_magics.sdk import handles
    from aml_magics.sdk.data.dataset.mount_context import MountContext
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.data.table.table import Table

_OTHER_TYPE: Final = "set_column_types reads a column as another type, and on_error='fail' raises."


# The two forms in which Azure writes a path of a datastore into a stream column.
_DATASTORE: Final = re.compile(
    r"(?:AmlDatastore://|azureml://(?:.*/)?datastores/)(?P<name>[^/]+)/(?:paths/)?(?P<path>.+)"
)
_MAGIC: Final = re.compile(r"[*?\[]")
_PROFILE_ROLE: Final = "profile"


class TabularReading(AbstractDataset):
    """The methods of a tabular dataset that read its rows."""

    @contextmanager
    def _table(self) -> Iterator[Table]:
        """The rows, opened by DuckDB."""
        from aml_magics.services.data.table.table import opened

        with opened(self._store, self._definition, self._files()) as table:
            yield table

    def _check_there(self, names: Sequence[str]) -> dict[str, str]:
        """Check that columns exist, and return all types by name."""
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
            on_error: ``"null"`` makes a value that does not fit its column's type missing and warns,
                ``"fail"`` raises. Rows and columns that were left out do not count.
            out_of_range_datetime: accepted as in Azure; pandas holds every timestamp that is read.

        Raises:
            InvalidDataError: a file has another format than declared; with ``"fail"``, also if a value
                does not fit.
            DataNotFoundError: no file matches.
        """
        check_on_error(on_error, "on_error")
        check_on_error(out_of_range_datetime, "out_of_range_datetime")
        with self._table() as table:
            frame = table.to_pandas(on_error)
            if table.faults():
                warn_caller(f"{' '.join(table.notices)} {_OTHER_TYPE}", InvalidValueWarning)
        return frame

    def to_dask_dataframe(
        self,
        sample_size: int = 10000,
        dtypes: Mapping[str, object] | None = None,
        on_error: str = "null",
        out_of_range_datetime: str = "null",
    ) -> Any:  # noqa: ANN401 -- dask need not be installed
        """All rows as a Dask frame, which reads them when it computes; they may exceed memory.

        The rows are written as Parquet once, as by :meth:`to_parquet_files`.

        Args:
            sample_size: accepted as in Azure; types are known.
            dtypes: types of columns for Dask, by name.
            on_error: ``"null"``, or ``"fail"`` to raise if a value does not fit its column's type.
            out_of_range_datetime: as of :meth:`to_pandas_dataframe`.

        Raises:
            DependencyError: dask is not installed.
            InvalidDataError: as of :meth:`to_pandas_dataframe`.
        """
        check_on_error(on_error, "on_error")
        check_on_error(out_of_range_datetime, "out_of_range_datetime")
        check_module("dask", "to_dask_dataframe", "to_pandas_dataframe works without it.")
        if on_error == "fail":
            self._check_values()
        return dask_frame(self._as_parquet(), dtypes)

    def to_spark_dataframe(self) -> Any:  # noqa: ANN401 -- pyspark need not be installed
        """All rows as a Spark frame over Parquet files that :meth:`to_parquet_files` writes.

        Raises:
            DependencyError: pyspark is not installed.
        """
        check_spark()
        return spark_frame(self._as_parquet())

    def to_csv_files(self, separator: str = ",") -> FileDataset:
        """Write all rows as CSV to the default datastore, and return the dataset of the files.

        Writing the same rows again makes no second copy.
        """
        return self._written("csv", check_separator(separator))

    def to_parquet_files(self) -> FileDataset:
        """Write all rows as Parquet to the default datastore; return the dataset of the files."""
        return self._written("parquet", ",")

    def partition_by(
        self,
        partition_keys: Sequence[str],
        target: object,
        name: str | None = None,
        show_progress: bool = True,
        partition_as_file_dataset: bool = False,
    ) -> AbstractDataset:
        """Write all rows as Parquet, a folder for each combination of values.

        A missing value becomes the folder ``key=__HIVE_DEFAULT_PARTITION__``.

        Args:
            partition_keys: the columns.
            target: a datastore, ``(datastore, "folder")`` or a ``DataPath``; a new folder is created in it.
            name: the name to register the written dataset under; not registered if None.
            show_progress: whether the location is printed.
            partition_as_file_dataset: whether a file dataset is returned.

        Returns:
            The written dataset; its :attr:`partition_keys` are read from the folders.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: no columns, or an invalid target.
        """
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
        """Copy the files that a column names into a folder; see ``FileDataset.download``.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: it does not name files.
        """
        return self._files_of(stream_column).download(target_path, overwrite, ignore_not_found)

    def mount(
        self, stream_column: str, mount_point: str | os.PathLike[str] | None = None
    ) -> MountContext:
        """The files that a column names, in a folder; see ``FileDataset.mount``.

        Raises:
            ColumnNotFoundError: there is no such column.
            InvalidDatasetError: it does not name files.
        """
        return self._files_of(stream_column).mount(mount_point)

    def _files_of(self, column: str) -> FileDataset:
        """The files that a column names, each once: URLs, paths, or ``AmlDatastore://name/path``."""
        self._check_there([column])
        with self._step("keep_columns", columns=[column])._table() as table:
            values = [one for batch in table.batches() for one in batch.column(0).to_pylist()]
        paths = list(dict.fromkeys(str(one) for one in values if one))
        if not paths:
            raise InvalidDatasetError(f"Column {column!r} names no file.")
        locations = [_location(path) for path in paths]
        for location in locations:
            if _MAGIC.search(location.path):
                raise InvalidDatasetError(
                    f"Column {column!r} has {location.path!r:.80}, which names no single file: leave out * ? [."
                )
        return FileDataset._of(self._workspace, Definition("file", tuple(locations)))

    # -- statistics ---------------------------------------------------------------------------

    def get_profile(self, workspace: Workspace | None = None) -> DataProfile:
        """Statistics of each column: stored ones for a registered dataset, else computed now.

        Args:
            workspace: accepted as in Azure.

        Raises:
            DataNotFoundError: no file matches.
            InvalidDataError: a file has another format than declared.
        """
        return DataProfile(self._profile())

    def submit_profile_run(
        self,
        compute_target: object,
        experiment: handles.Experiment,
        cache_datastore_name: str | None = None,
    ) -> handles.Run:
        """Compute the profile now, in a run, and return the run.

        Args:
            compute_target: accepted; it is computed here.
            experiment: of the run.
            cache_datastore_name: accepted as in Azure.

        Raises:
            DataNotFoundError: no file matches.
            InvalidDataError: a file has another format than declared.
        """
        del compute_target, cache_datastore_name
        self._files()
        if self._record is None:
            self._record = datasets.save(self._store, self._definition)
        with experiment.start_logging(display_name=f"profile of {self.name or self.id}") as run:
            datasets.use(
                self._store,
                run._record,
                self._record,
                role="input",
                name=_PROFILE_ROLE,
                mechanism="Direct",
            )
            found = self._profile()
            run.log("rows", found.rows)
            run.log("columns", len(found.columns))
        return run

    def get_profile_runs(self, workspace: Workspace | None = None) -> list[handles.Run]:
        """The runs of :meth:`submit_profile_run` for this dataset, newest first.

        Args:
            workspace: accepted as in Azure.
        """
        if self._record is None:
            return []
        used = datasets.used_by(self._store, self._record)
        return [self._workspace.get_run(run.id) for use, run in used if use.name == _PROFILE_ROLE]

    def _profile(self) -> Profile:
        if self._record is None:
            return profile(self._store, self._definition)
        return ensure(self._store, self._record)

    # -- the rows as files --------------------------------------------------------------------

    def _written(self, format_: str, separator: str) -> FileDataset:
        return FileDataset._of(self._workspace, written(self, format_, separator))

    def _as_parquet(self) -> list[str]:
        """Paths of local Parquet files with the rows: its own files if it has no steps."""
        files = self.to_parquet_files()
        found = [local_path(one) for one in files._files()]
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


def _location(path: str) -> Location:
    found = _DATASTORE.fullmatch(path)
    if found is not None:
        return Location(found["path"], found["name"])
    return locations_of(path)[0][0]
