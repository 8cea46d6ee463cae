"""Folders that a run writes, and reading their files as rows."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

from aml_magics.errors import SubmissionError
from aml_magics.records.data.data_use import DataOutput, OutputResult, check_path_on_compute
from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior, written_header
from aml_magics.sdk.data.dataset.type import written_types
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig, OutputTabularDatasetConfig
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.data_use import OutputMechanism
    from aml_magics.sdk.data.dataset.type import DataType

# As on the page azureml.data.output_dataset_config.outputfiledatasetconfig: where destination is None.
DEFAULT_DATASTORE: Final = "workspaceblobstore"
DEFAULT_PATH: Final = "dataset/{run-id}/{output-name}"
_PATTERN: Final = "*?["


class TransformationMixin(OutputDatasetConfig):
    """An output of files that can be read as rows."""

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
        """The same output, with its files read as delimited text.

        Args:
            include_path: whether a column ``Path`` names the file of each row.
            separator: between values.
            header: which files start with the names of the columns.
            partition_format: how paths become columns, such as ``{year:yyyy}/{name}.csv``.
            path_glob: which files of the output are read, such as ``*.csv``; all if None.
            set_column_types: types of columns, by name.

        Raises:
            InvalidDatasetError: an invalid header or type.
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
        """The same output, read as Parquet; arguments and errors as :meth:`read_delimited_files`."""
        options = {"types": written_types(set_column_types), "include_path": include_path}
        return self._read("parquet", options, partition_format, path_glob)

    def _read(
        self,
        format: str,
        options: dict[str, Any],
        partition_format: str | None,
        path_glob: str | None,
    ) -> OutputTabularDatasetConfig:
        result = replace(
            self._result,
            format=format,
            options=options,
            partition_format=partition_format or self._result.partition_format,
            glob=checked_path(path_glob or "", "path_glob"),
        )
        return OutputTabularDatasetConfig(self, result)


class OutputFileDatasetConfig(TransformationMixin):
    """A folder that a script writes and whose files go to a datastore.

    Among the arguments of a script it stands for the path of an empty folder of the run. The files go
    to the datastore after the script: with :meth:`as_mount` even if it failed, since what is written
    to a mount stays, with :meth:`as_upload` when it completed. A canceled run uploads nothing. Links
    that a script leaves there are not followed.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
        destination: a datastore and a path below its root; ``workspaceblobstore`` and
            ``dataset/{run-id}/{output-name}`` if None.
        source: the folder that the script writes, below its own; the run creates one if None.
        partition_format: how paths are read as columns, such as ``{year:yyyy}/{name}.csv``.

    Raises:
        SubmissionError: an invalid name or destination.
        InvalidPathError: a path that leaves the datastore or the folder.
    """

    def __init__(
        self,
        name: str | None = None,
        destination: tuple[Any, str] | None = None,
        source: str | None = None,
        partition_format: str | None = None,
    ) -> None:
        super().__init__("Mount", name)
        self.destination = destination
        self.source = source
        self._overwrite = True
        self._globs: tuple[str, ...] = ()
        self._place = _destination(destination)
        self._home = home_of(_datastore_of(destination))
        self._source = check_path_on_compute(source)
        self._result = OutputResult(partition_format=partition_format or "")

    def as_mount(self, disable_metadata_cache: bool = False) -> Self:
        """The same; its files go to the datastore however the script ends, and replace existing ones."""
        return self._sent("Mount", overwrite=True, globs=())

    def as_upload(
        self, overwrite: bool = False, source_globs: str | Sequence[str] | None = None
    ) -> Self:
        """The same; its files go to the datastore when the script has completed.

        Args:
            overwrite: whether existing files are replaced; else the run fails on them.
            source_globs: which files are uploaded, in git's notation; all if None.
        """
        globs = (source_globs,) if isinstance(source_globs, str) else tuple(source_globs or ())
        return self._sent("Upload", overwrite=overwrite, globs=globs)

    def as_hdfs(self) -> Self:
        """The same as :meth:`as_mount`: one machine has no HDFS."""
        return self.as_mount()

    def _sent(self, mode: OutputMechanism, *, overwrite: bool, globs: tuple[str, ...]) -> Self:
        other = copy.copy(self)
        other._mode, other._overwrite, other._globs = mode, overwrite, globs
        return other

    def _data(self) -> DataOutput:
        datastore, path = self._place
        return DataOutput(
            self.name,
            datastore,
            path,
            self._mode,
            self._source,
            self._overwrite,
            self._globs,
            (self._result,),
            self._home,
        )


class HDFSOutputDatasetConfig(OutputFileDatasetConfig):
    """The output of a Spark job; on one machine a folder like any other.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
        destination: a datastore and a path below its root.
    """

    def __init__(self, name: str | None = None, destination: tuple[Any, str] | None = None) -> None:
        super().__init__(name, destination)


def _datastore_of(destination: object) -> object:
    is_pair = isinstance(destination, tuple | list) and destination
    return destination[0] if is_pair else destination  # type: ignore[index]


def home_of(datastore: object) -> str:
    """The folder of a datastore's workspace; empty if it has none."""
    workspace = getattr(datastore, "_workspace", None)
    return "" if workspace is None else str(workspace.store.folder)


def _destination(given: object) -> tuple[str, str]:
    """The datastore's name and the path."""
    if given is None:
        return DEFAULT_DATASTORE, DEFAULT_PATH
    pair = given if isinstance(given, tuple | list) else (given, None)
    name = getattr(_datastore_of(given), "name", None) if len(pair) == 2 else None
    if not isinstance(name, str):
        raise SubmissionError(
            "The destination of an output is a datastore and a path, such as (ws.get_default_datastore(), "
            f"'results'), not {given!r:.80}."
        )
    path = checked_path(pair[1] or DEFAULT_PATH, "destination")
    if not path or any(mark in path for mark in _PATTERN):
        raise SubmissionError(
            f"The destination of an output is a folder such as 'results/{{run-id}}', not {pair[1]!r:.80}: it "
            "may be neither the root nor a pattern."
        )
    return name, path
