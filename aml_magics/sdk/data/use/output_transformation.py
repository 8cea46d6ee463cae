"""Reading what a run writes as rows, as Azure ML SDK v1 names it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.sdk.data.dataset.header import PromoteHeadersBehavior, written_header
from aml_magics.sdk.data.dataset.type import written_types
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.data_use import OutputResult
    from aml_magics.sdk.data.dataset.type import DataType
    from aml_magics.sdk.data.use.output_dataset import OutputTabularDatasetConfig


class TransformationMixin:
    """The part of an output of files that makes an output of rows of it."""

    _result: OutputResult

    def read_delimited_files(
        self,
        include_path: bool = False,
        separator: str = ",",
        header: bool | str | PromoteHeadersBehavior = (
            PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS
        ),
        partition_format: str | None = None,
        path_glob: str | None = None,
        set_column_types: Mapping[str, DataType] | None = None,
    ) -> OutputTabularDatasetConfig:
        """The same output, whose files are read as delimited text.

        Args:
            include_path: whether a column ``Path`` names the file of each row.
            separator: between values.
            header: which files begin with the names of the columns.
            partition_format: how paths become columns, such as ``{year:yyyy}/{name}.csv``.
            path_glob: which files of the output are read, such as ``*.csv``; all if None.
            set_column_types: types of columns, by name.

        Raises:
            InvalidDatasetError: a header or types that are none.
            InvalidPathError: a ``path_glob`` that leaves the output.
        """
        options = {
            "separator": separator,
            "header": written_header(header),
            "encoding": "utf8",
            "multi_line": False,
            "infer_types": True,
            "types": written_types(set_column_types),
            "include_path": include_path,
            "empty_as_string": False,
        }
        return self._read("delimited", options, partition_format, path_glob)

    def read_parquet_files(
        self,
        include_path: bool = False,
        partition_format: str | None = None,
        path_glob: str | None = None,
        set_column_types: Mapping[str, DataType] | None = None,
    ) -> OutputTabularDatasetConfig:
        """The same output, whose files are read as Parquet; see :meth:`read_delimited_files`.

        Raises:
            InvalidDatasetError: types that are none.
            InvalidPathError: a ``path_glob`` that leaves the output.
        """
        options = {"types": written_types(set_column_types), "include_path": include_path}
        return self._read("parquet", options, partition_format, path_glob)

    def _read(
        self,
        format: str,
        options: dict[str, Any],
        partition_format: str | None,
        path_glob: str | None,
    ) -> OutputTabularDatasetConfig:
        from aml_magics.sdk.data.use.output_dataset import OutputTabularDatasetConfig

        result = replace(
            self._result,
            format=format,
            options=options,
            partition_format=partition_format or self._result.partition_format,
            glob=checked_path(path_glob or "", "path_glob"),
        )
        return OutputTabularDatasetConfig(self, result)  # type: ignore[arg-type] # its other part is one
