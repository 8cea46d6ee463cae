"""The data of a step as a dataset of later ones."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import PipelineError
from aml_magics.records.data.data_use import (
    DataInput,
    OutputResult,
    check_data_name,
    check_path_on_compute,
)
from aml_magics.records.name import DATASET, check_name
from aml_magics.sdk.data.dataset.argument import (
    PromoteHeadersBehavior,
    check_columns,
    check_share,
    seed_of,
    written_header,
)
from aml_magics.sdk.data.dataset.type import written_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.data_use import InputMechanism
    from aml_magics.sdk.data.dataset.type import DataType
    from aml_magics.sdk.pipeline.pipeline_data import PipelineData


class PipelineOutputAbstractDataset:
    """What is common to data of a step as files and as rows; made by ``PipelineData.as_dataset()``.

    Args:
        pipeline_data: what a step writes.
    """

    _mechanism: InputMechanism = "Direct"

    def __init__(self, pipeline_data: PipelineData) -> None:
        self._pipeline_data = pipeline_data
        self._input_name = pipeline_data.name
        self._path_on_compute: str | None = None
        self._result = OutputResult()

    @property
    def name(self) -> str:
        """The name of the data."""
        return self._pipeline_data.name

    @property
    def input_name(self) -> str:
        """The name of the input."""
        return self._input_name

    def as_named_input(self, name: str) -> Self:
        """The same as an input of this name."""
        return self._as(_input_name=check_data_name(name))

    def register(self, name: str, create_new_version: bool = True) -> Self:
        """Register the dataset under a name when the step that writes it has completed.

        Args:
            name: of the dataset.
            create_new_version: accepted; each content becomes a version.

        Raises:
            InvalidNameError: the name is invalid.
        """
        del create_new_version
        made = self._read(register_as=check_name(name, DATASET))
        data = self._pipeline_data
        data._results = (*(one for one in data._results if one != made._result), made._result)
        return made

    def create_input_binding(self) -> Self:
        """The same: it is an input already."""
        return self

    def _data_input(self) -> DataInput:
        return DataInput(self._input_name, self._mechanism, path_on_compute=self._path_on_compute)

    def _as(self, **changes: Any) -> Self:  # noqa: ANN401 -- attributes
        other = copy.copy(self)
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    def _read(self, **changes: Any) -> Self:  # noqa: ANN401 -- the fields of a result
        return self._as(_result=replace(self._result, **changes))

    def __str__(self) -> str:
        return self._data_input().placeholder

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"


class PipelineOutputFileDataset(PipelineOutputAbstractDataset):
    """Data of a step as files: mounted, unless it is read otherwise."""

    _mechanism: InputMechanism = "Mount"

    def as_direct(self) -> Self:
        """The same as a dataset object."""
        return self._as(_mechanism="Direct", _path_on_compute=None)

    def as_mount(self, path_on_compute: str | None = None) -> Self:
        """The same as files at a path."""
        return self._as(_mechanism="Mount", _path_on_compute=check_path_on_compute(path_on_compute))

    def as_download(self, path_on_compute: str | None = None) -> Self:
        """The same, copied for the script."""
        placed = check_path_on_compute(path_on_compute)
        return self._as(_mechanism="Download", _path_on_compute=placed)

    def parse_delimited_files(
        self,
        include_path: bool = False,
        separator: str = ",",
        header: bool | str | PromoteHeadersBehavior = (
            PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS
        ),
        partition_format: str | None = None,
        file_extension: str = "",
        set_column_types: Mapping[str, DataType] | None = None,
        quoted_line_breaks: bool = False,
    ) -> PipelineOutputTabularDataset:
        """The same as rows of delimited text.

        Args:
            include_path: whether a column ``Path`` names the file of each row.
            separator: between values.
            header: which files start with the names of the columns.
            partition_format: how paths become columns.
            file_extension: only files that end so, such as ``.csv``; all if empty.
            set_column_types: types of columns, by name.
            quoted_line_breaks: whether quoted values may have line breaks.

        Raises:
            InvalidDatasetError: an invalid header or type.
        """
        options = {
            "separator": separator,
            "header": written_header(header),
            "encoding": "utf8",
            "multi_line": quoted_line_breaks,
            "infer_types": True,
            "types": written_types(set_column_types),
            "include_path": include_path,
            "empty_as_string": False,
        }
        return self._rows("delimited", options, partition_format, file_extension)

    def parse_parquet_files(
        self,
        include_path: bool = False,
        partition_format: str | None = None,
        file_extension: str = ".parquet",
        set_column_types: Mapping[str, DataType] | None = None,
    ) -> PipelineOutputTabularDataset:
        """The same as rows of Parquet files; arguments as of :meth:`parse_delimited_files`."""
        options = {"types": written_types(set_column_types), "include_path": include_path}
        return self._rows("parquet", options, partition_format, file_extension)

    def _rows(
        self,
        format: str,
        options: dict[str, Any],
        partition_format: str | None,
        file_extension: str,
    ) -> PipelineOutputTabularDataset:
        if any(mark in file_extension for mark in "*?[/"):
            raise PipelineError(
                f"file_extension is the end of a name such as '.csv', not {file_extension!r:.60}."
            )
        result = replace(
            self._result,
            format=format,
            options=options,
            partition_format=partition_format or "",
            glob=f"**/*{file_extension}" if file_extension else "",
        )
        made = PipelineOutputTabularDataset(self._pipeline_data)
        return made._as(_result=result, _input_name=self._input_name)


class PipelineOutputTabularDataset(PipelineOutputAbstractDataset):
    """Data of a step as rows."""

    def keep_columns(self, columns: str | Sequence[str]) -> Self:
        """The same with only these columns.

        Raises:
            InvalidDatasetError: no names.
        """
        return self._step("keep_columns", columns=check_columns(columns, "keep_columns"))

    def drop_columns(self, columns: str | Sequence[str]) -> Self:
        """The same without these columns.

        Raises:
            InvalidDatasetError: no names.
        """
        return self._step("drop_columns", columns=check_columns(columns, "drop_columns"))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Split the rows at random into about ``percentage`` of them, and the rest.

        Args:
            percentage: from 0 to 1.
            seed: repeats a split.

        Raises:
            InvalidDatasetError: ``percentage`` is not a number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    def _step(self, transform: str, **arguments: Any) -> Self:  # noqa: ANN401 -- plain JSON
        return self._read(steps=(*self._result.steps, {"transform": transform, **arguments}))
