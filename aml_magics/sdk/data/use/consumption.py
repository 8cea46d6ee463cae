"""A dataset as the input of a run."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, Self

from aml_magics.errors import SubmissionError
from aml_magics.records.data.data_use import (
    DataInput,
    check_data_name,
    check_path_on_compute,
)
from aml_magics.sdk.run.definition import written_input

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import InputMechanism

DIRECT_MODE: Final = "direct"
MOUNT_MODE: Final = "mount"
DOWNLOAD_MODE: Final = "download"
HDFS_MODE: Final = "hdfs"
_MECHANISMS: Final[dict[str, InputMechanism]] = {
    DIRECT_MODE: "Direct",
    MOUNT_MODE: "Mount",
    DOWNLOAD_MODE: "Download",
    HDFS_MODE: "Mount",  # one machine has no other file system
}


class DatasetConsumptionConfig:
    """A dataset as a run's input; ``dataset.as_named_input(name)`` makes one.

    Among the arguments of a script it stands for the id of the dataset; mounted or downloaded, for the
    path of its files. ``run.input_datasets[name]`` gives the script the same: the dataset, or the path
    as text.

    A mount of a datastore on this machine is made of links, one of a remote datastore is a copy that
    the next run uses again. A script can write through a link to the file itself, so a script that
    changes its input takes it by :meth:`as_download`.

    Args:
        name: of the input: letters, digits, ``_``.
        dataset: a ``TabularDataset``, a ``FileDataset``, or the output of an earlier step.
        mode: ``direct``, ``mount`` or ``download``.
        path_on_compute: where in its folder the script finds the files, such as ``data/train``. For a path
            that begins with ``/`` the run chooses the folder; the script gets its path.

    Raises:
        SubmissionError: an invalid name or mode, or rows that are to be mounted.
        InvalidPathError: a ``path_on_compute`` that leaves the folder.
    """

    def __init__(
        self,
        name: str,
        dataset: Any,  # noqa: ANN401 -- also outputs and parameters of pipelines
        mode: str = DIRECT_MODE,
        path_on_compute: str | None = None,
    ) -> None:
        self._name = check_data_name(name)
        self.dataset = dataset
        self.mode = _checked_mode(mode)
        self.path_on_compute = check_path_on_compute(path_on_compute)
        if self.mode != DIRECT_MODE:
            self._check_files()

    @property
    def name(self) -> str:
        """The name of the input."""
        return self._name

    @property
    def arg_val(self) -> str:
        """Its placeholder in the arguments that a run records."""
        return self._placeholder

    def as_mount(self, path_on_compute: str | None = None) -> Self:
        """The same as files at a path: links, or a cached copy of a remote store.

        Args:
            path_on_compute: where in its folder the script finds them.

        Raises:
            SubmissionError: the dataset has rows, not files.
        """
        return self._in(MOUNT_MODE, path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> Self:
        """The same, copied for the script: its files lie directly in a folder, as ``to_path()`` lists them.

        Args:
            path_on_compute: where in its folder the script finds them.

        Raises:
            SubmissionError: the dataset has rows, not files.
        """
        return self._in(DOWNLOAD_MODE, path_on_compute)

    def as_direct(self) -> Self:
        """The same as a dataset object."""
        return self._in(DIRECT_MODE, None)

    def as_hdfs(self) -> Self:
        """The same as :meth:`as_mount`: one machine has no HDFS."""
        return self._in(HDFS_MODE, None)

    def _in(self, mode: str, path_on_compute: str | None) -> Self:
        other = copy.copy(self)
        other.mode = mode
        other.path_on_compute = check_path_on_compute(path_on_compute)
        if mode != DIRECT_MODE:
            other._check_files()
        return other

    def _check_files(self) -> None:
        definition = getattr(self.dataset, "_definition", None)
        if definition is not None and definition.kind == "tabular":
            raise SubmissionError(
                f"Input {self.name!r} is a TabularDataset, and only files can be mounted or downloaded; give it "
                "as it is: as_named_input(name) alone, or make it by Dataset.File.from_files(path)."
            )

    @property
    def _placeholder(self) -> str:
        return DataInput(self.name).placeholder

    def _data(self) -> DataInput:
        """The input as a run records it; the dataset must exist at submission."""
        definition = getattr(self.dataset, "_definition", None)
        if definition is None:
            raise SubmissionError(
                f"Input {self.name!r} is a {type(self.dataset).__name__}, no dataset: a script takes "
                "dataset.as_named_input(name); outputs of another step are taken by the step of a pipeline."
            )
        if self.mode != DIRECT_MODE:
            self._check_files()
        record = self.dataset._record
        return DataInput(
            self.name,
            _MECHANISMS[_checked_mode(self.mode)],
            dataset="" if record is None else record.id,
            path_on_compute=check_path_on_compute(self.path_on_compute),
            definition=definition if record is None else None,
            home=self._home(),
        )

    def _home(self) -> str:
        """The folder of the workspace of the dataset's datastores."""
        names_one = any(one.datastore for one in self.dataset._definition.locations)
        home = self.dataset._home
        return str(home.store.folder) if names_one and home and self.dataset._record is None else ""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A shallow copy: a copied run configuration has the same dataset."""
        return copy.copy(self)

    def to_dict(self) -> dict[str, Any]:
        """Its form in a run configuration file."""
        return written_input(
            DataInput(
                self.name,
                _MECHANISMS[_checked_mode(self.mode)],
                getattr(self.dataset, "id", None) or "",
                self.path_on_compute,
            )
        )

    def __str__(self) -> str:
        return self._placeholder

    def __repr__(self) -> str:
        return f"DatasetConsumptionConfig(name={self.name!r}, mode={self.mode!r})"


def _checked_mode(mode: object) -> str:
    found = str(mode).lower()
    if found not in _MECHANISMS:
        raise SubmissionError(
            f"The mode of an input is {', '.join(_MECHANISMS)}, not {mode!r:.60}."
        )
    return found
