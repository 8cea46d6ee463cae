"""What a run writes, as Azure ML SDK v1 names it."""

from __future__ import annotations

import copy
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

from aml_magics.errors import SubmissionError
from aml_magics.records.data_use import (
    DataOutput,
    OutputResult,
    check_data_name,
    check_path_on_compute,
)
from aml_magics.records.name import DATASET, TAG, check_name
from aml_magics.records.value import plain_fields
from aml_magics.sdk.data.dataset.argument import check_columns, check_share, seed_of
from aml_magics.sdk.data.use.output_transformation import TransformationMixin
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data_use import OutputMechanism
    from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig

DEFAULT_DATASTORE: Final = "workspaceblobstore"
DEFAULT_PATH: Final = "dataset/{run-id}/{output-name}"
_PATTERN: Final = "*?["


class OutputDatasetConfig:
    """What the outputs of a run share: a name, where they go, and the dataset that is made of them."""

    def __init__(
        self,
        mode: OutputMechanism,
        name: str | None = None,
        **_azure: object,
    ) -> None:
        given = f"output_{secrets.token_hex(4)}" if name is None else name
        self._name = check_data_name(given, "output")
        self._mode: OutputMechanism = mode
        self._result = OutputResult()

    @property
    def name(self) -> str:
        """The name of the output."""
        return self._name

    @property
    def mode(self) -> str:
        """How its files go: ``mount``, ``upload`` or ``link``."""
        return self._mode.lower()

    @property
    def arg_val(self) -> str:
        """What stands for it among the arguments that a run keeps."""
        return self._placeholder

    def register_on_complete(
        self,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        **_azure: object,
    ) -> Self:
        """The same, registered as a version of a dataset when the run has completed.

        Args:
            name: of the dataset.
            description: any text.
            tags: text by name.

        Raises:
            InvalidNameError: the name or a tag breaks its rule.
        """
        return self._with(
            register_as=check_name(name, DATASET),
            description=description or "",
            tags=plain_fields(tags or {}, TAG),
        )

    def as_input(self, name: str | None = None) -> DatasetConsumptionConfig:
        """How a later step takes what was written.

        Args:
            name: of the input; that of the output if None.
        """
        from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig

        return DatasetConsumptionConfig(name or self.name, self)

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 -- the fields of a result
        other = copy.copy(self)
        other._result = replace(self._result, **changes)
        return other

    def _step(self, transform: str, **arguments: Any) -> Self:  # noqa: ANN401 -- plain JSON
        return self._with(steps=(*self._result.steps, {"transform": transform, **arguments}))

    @property
    def _placeholder(self) -> str:
        return self._data().placeholder

    def _data(self) -> DataOutput:
        """What a run needs to know of it."""
        return DataOutput(self.name, "", "", self._mode, results=(self._result,))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy of the configuration of a run writes the same output."""
        return copy.copy(self)

    def to_dict(self) -> dict[str, Any]:
        """As it is written in a file of a run configuration."""
        from aml_magics.sdk.data.use.definition import written_output

        return written_output(self._data())

    def __str__(self) -> str:
        return self._placeholder

    def __repr__(self) -> str:
        """The name and how its files go."""
        return f"{type(self).__name__}(name={self.name!r}, mode={self.mode!r})"


class OutputFileDatasetConfig(TransformationMixin, OutputDatasetConfig):
    """A folder that a script writes and whose files go to a datastore.

    Among the arguments of a script it stands for the path of an empty folder of the run. The files go
    to the datastore after the script: with :meth:`as_mount` also where it failed, since what is written
    to a mount stays, with :meth:`as_upload` when it completed. Of a canceled run nothing goes. Links
    that a script leaves there are not followed.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
        destination: a datastore and a path below its root; ``workspaceblobstore`` and
            ``dataset/{run-id}/{output-name}`` if None.
        source: the folder that the script writes, below its own; one that it is told if None.
        partition_format: how paths are read as columns, such as ``{year:yyyy}/{name}.csv``.

    Raises:
        SubmissionError: a name that cannot be used, or a destination that is none.
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
        """The same, whose files go to the datastore however the script ends; they replace what is there."""
        return self._sent("Mount", overwrite=True, globs=())

    def as_upload(
        self, overwrite: bool = False, source_globs: str | Sequence[str] | None = None
    ) -> Self:
        """The same, whose files go to the datastore when the script has completed.

        Args:
            overwrite: whether files that are there are replaced; else the run fails on them.
            source_globs: which files go, in git's notation; all if None.
        """
        globs = (source_globs,) if isinstance(source_globs, str) else tuple(source_globs or ())
        return self._sent("Upload", overwrite=overwrite, globs=globs)

    def as_hdfs(self) -> Self:
        """For a Spark job of one machine the same as :meth:`as_mount`."""
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


class OutputTabularDatasetConfig(OutputDatasetConfig):
    """The output of a script, read as rows; made by ``read_delimited_files`` and its like."""

    def __init__(self, origin: OutputFileDatasetConfig, result: OutputResult) -> None:
        super().__init__(origin._mode, origin.name)
        self._file_output = origin
        self._result = result

    def keep_columns(self, columns: str | Sequence[str]) -> Self:
        """The same with these columns alone.

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
        """Two parts of the rows, each a dataset of its own: about ``percentage`` of them, and the others.

        Args:
            percentage: from 0 to 1.
            seed: the same parts for the same one.

        Raises:
            InvalidDatasetError: no number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    def _data(self) -> DataOutput:
        return replace(self._file_output._data(), results=(self._result,))


def _datastore_of(destination: object) -> object:
    is_pair = isinstance(destination, tuple | list) and destination
    return destination[0] if is_pair else destination  # type: ignore[index]


def home_of(datastore: object) -> str:
    """The folder of the workspace of a datastore; empty where there is none."""
    workspace = getattr(datastore, "_workspace", None)
    return "" if workspace is None else str(workspace.store.folder)


def _destination(given: object) -> tuple[str, str]:
    """The datastore's name and the path.

    Raises:
        SubmissionError: no datastore with a path.
        InvalidPathError: the path leaves the datastore, or is a pattern.
    """
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
