"""``Dataset.Tabular``: create tabular datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, described
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.sdk.data.dataset.argument import (
    check_encoding,
    check_partition_format,
    check_separator,
    check_timeout,
    written_header,
)
from aml_magics.sdk.data.dataset.path import locations_of
from aml_magics.sdk.data.dataset.type import written_types
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.table.frame_registration import (
    FrameTarget,
    register_dask,
    register_pandas,
    register_spark,
)
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior
    from aml_magics.sdk.data.dataset.type import DataType
    from aml_magics.sdk.workspace.workspace import Workspace


class TabularDatasetFactory:
    """Creates tabular datasets.

    A ``path`` is ``(datastore, "folder/*.csv")``, a URL, a local path, a ``DataPath``, or a list of
    these. With ``validate`` the first row is read at once, so that a wrong path or format fails here.
    """

    @staticmethod
    def from_delimited_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        infer_column_types: bool = True,
        set_column_types: Mapping[str, DataType] | None = None,
        separator: str = ",",
        header: bool | str | PromoteHeadersBehavior = True,
        partition_format: str | None = None,
        support_multi_line: bool = False,
        empty_as_string: bool = False,
        encoding: str = "utf8",
    ) -> TabularDataset:
        """Rows of delimited text files, such as CSV.

        Args:
            path: see the class.
            validate: whether the first row is read now.
            include_path: whether a column ``Path`` names the file of each row.
            infer_column_types: whether types are guessed; else all columns are text.
            set_column_types: types of columns, by name.
            separator: the character between values.
            header: True if all files have the same header, False if none has one, or a
                ``PromoteHeadersBehavior``.
            partition_format: how paths become columns, such as ``"{year:yyyy}/{name}.csv"``.
            support_multi_line: whether quoted values may have line breaks; reading is slower then.
            empty_as_string: whether an empty value is an empty text instead of a missing value.
            encoding: one of ``utf8``, ``iso88591``, ``latin1``, ``ascii``, ``utf16``, ``utf32``, ``utf8bom``,
                ``windows1252``.

        Raises:
            InvalidDatasetError: an argument is malformed.
            DataNotFoundError: validated, and no file matches.
            InvalidDataError: validated, and a file cannot be read.
        """
        options = {
            "separator": check_separator(separator),
            "header": written_header(header),
            "encoding": check_encoding(encoding),
            "multi_line": bool(support_multi_line),
            "infer_types": bool(infer_column_types),
            "types": written_types(set_column_types),
            "include_path": bool(include_path),
            "empty_as_string": bool(empty_as_string),
        }
        return _tabular("delimited", path, options, partition_format, validate=validate)

    @staticmethod
    def from_parquet_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Mapping[str, DataType] | None = None,
        partition_format: str | None = None,
    ) -> TabularDataset:
        """Rows of Parquet files; arguments and errors are those of :meth:`from_delimited_files`."""
        options = {"types": written_types(set_column_types), "include_path": bool(include_path)}
        return _tabular("parquet", path, options, partition_format, validate=validate)

    @staticmethod
    def from_json_lines_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Mapping[str, DataType] | None = None,
        partition_format: str | None = None,
        invalid_lines: str = "error",
        encoding: str = "utf8",
    ) -> TabularDataset:
        """Rows of files with a JSON object in each line.

        Other arguments, and errors, are those of :meth:`from_delimited_files`.

        Args:
            invalid_lines: ``"error"``, or ``"drop"`` to leave out lines that are not JSON.
        """
        if invalid_lines not in ("error", "drop"):
            raise InvalidDatasetError(
                f"invalid_lines is 'error' or 'drop', not {invalid_lines!r:.40}."
            )
        options = {
            "types": written_types(set_column_types),
            "include_path": bool(include_path),
            "invalid_lines": invalid_lines,
            "encoding": check_encoding(encoding),
        }
        return _tabular("json_lines", path, options, partition_format, validate=validate)

    @staticmethod
    def from_sql_query(
        query: object,
        validate: bool = True,
        set_column_types: Mapping[str, DataType] | None = None,
        query_timeout: int = 30,
    ) -> TabularDataset:
        """The rows of a query, which runs every time the dataset is read.

        Args:
            query: ``(datastore, "SELECT …")`` with a database as the datastore, or a ``DataPath`` of them.
            validate: whether the first row is read now.
            set_column_types: types of columns, by name.
            query_timeout: seconds to wait for the database.

        Raises:
            InvalidDatasetError: ``query`` is not a datastore and a query.
            DataAccessError: validated, and the database does not answer.
        """
        workspace, datastore, text = _query_of(query)
        options = {
            "query": text,
            "timeout": check_timeout(query_timeout),
            "types": written_types(set_column_types),
        }
        definition = Definition("tabular", (Location("", datastore),), "sql_query", options)
        return _validated(TabularDataset._of(workspace, definition), validate=validate)

    @staticmethod
    def register_pandas_dataframe(
        dataframe: pd.DataFrame,
        target: object,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        show_progress: bool = True,
        row_group_size: int | None = None,
        make_target_path_unique: bool = True,
    ) -> TabularDataset:
        """Write a frame as Parquet to a datastore and register it.

        If the name is taken, it becomes the next version.

        Args:
            dataframe: written without its index.
            target: a datastore, ``(datastore, "folder")`` or a ``DataPath``.
            name: the name to register.
            description: any text.
            tags: text by name.
            show_progress: whether each step is printed.
            row_group_size: rows per row group of Parquet.
            make_target_path_unique: whether it is written to a new folder below the target.

        Raises:
            InvalidDatasetError: not a frame, or an invalid target.
            AlreadyExistsError: a file is at the target, and the path is not made unique.
        """
        wanted = FrameTarget(target, name, description, tags, show_progress)
        return register_pandas(dataframe, wanted, row_group_size, is_unique=make_target_path_unique)

    @staticmethod
    def register_dask_dataframe(
        dataframe: Any,  # noqa: ANN401 -- dask need not be installed
        target: object,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        show_progress: bool = True,
    ) -> TabularDataset:
        """Write a Dask frame as Parquet to a datastore, a partition at a time, and register it.

        Arguments and errors are those of :meth:`register_pandas_dataframe`.
        """
        wanted = FrameTarget(target, name, description, tags, show_progress)
        return register_dask(dataframe, wanted)

    @staticmethod
    def register_spark_dataframe(
        dataframe: Any,  # noqa: ANN401 -- pyspark need not be installed
        target: object,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        show_progress: bool = True,
    ) -> TabularDataset:
        """Write a Spark frame as Parquet to a datastore and register it.

        Arguments and errors are those of :meth:`register_pandas_dataframe`.
        """
        wanted = FrameTarget(target, name, description, tags, show_progress)
        return register_spark(dataframe, wanted)


def _tabular(
    format_: str,
    path: object,
    options: dict[str, Any],
    partition_format: str | None,
    *,
    validate: bool,
) -> TabularDataset:
    locations, workspace = locations_of(path)
    definition = Definition(
        "tabular",
        locations,
        format_,
        options,
        partition_format=check_partition_format(partition_format),
    )
    return _validated(TabularDataset._of(workspace, definition), validate=validate)


def _validated(dataset: TabularDataset, *, validate: bool) -> TabularDataset:
    """Read the first row if ``validate``; return the dataset."""
    if validate:
        with dataset._table() as table:
            table.head(1)
    return dataset


def _query_of(query: object) -> tuple[Workspace, str, str]:
    """The datastore's workspace and name, and the text of the query.

    Args:
        query: ``(datastore, text)``, a ``DataPath`` or a ``SqlDataReference``.
    """
    if isinstance(query, tuple | list) and len(query) == 2:
        datastore, text = query
    else:
        datastore = getattr(query, "datastore", None)
        text = getattr(query, "sql_query", None) or getattr(query, "path_on_datastore", None)
    if not isinstance(datastore, AbstractDatastore) or not isinstance(text, str):
        raise InvalidDatasetError(
            f"from_sql_query takes (datastore, 'SELECT …'), not {described(query)}."
        )
    if not text.strip():
        raise InvalidDatasetError(
            f"The query for datastore {datastore.name!r} is empty; write SELECT …"
        )
    if not datastore.datastore_type.endswith(("Sql", "SqlDatabase", "MySql", "PostgreSql")):
        raise InvalidDatasetError(
            f"Datastore {datastore.name!r} holds files ({datastore.datastore_type}), and a query needs a "
            "database: Datastore.register_azure_sql_database, register_azure_postgre_sql or register_azure_my_sql."
        )
    return datastore.workspace, datastore.name, text
