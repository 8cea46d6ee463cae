"""Data that one step writes and others read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from aml_magics.errors import PipelineError, described
from aml_magics.records.data.data_use import (
    REFERENCE_PLACEHOLDER,
    DataOutput,
    check_data_name,
    check_path_on_compute,
)
from aml_magics.records.pipeline.definition import StepOutput
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.use.output_dataset import OutputLink
from aml_magics.sdk.data.use.output_file import DEFAULT_DATASTORE, home_of
from aml_magics.sdk.pipeline.pipeline_output_dataset import PipelineOutputFileDataset
from aml_magics.sdk.pipeline.port import InputPortBinding

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import OutputResult

PATH: Final = "azureml/{run-id}/{output-name}"
"""Where the data of a step lies in its datastore, as in Azure."""

_MODES: Final[dict[str, Literal["Mount", "Upload"]]] = {
    "mount": "Mount",
    "upload": "Upload",
    "hdfs": "Mount",
}


class GivenOutput(Protocol):
    """What a sweep gives in place of a path: its best model, or its metrics."""

    def _written(self) -> dict[str, Any]:
        """It as a step keeps it, plain JSON."""


class PipelineData:
    """A file or a folder that one step writes and others read.

    The same object stands among the outputs of the one and the inputs of the others, and among their arguments,
    where it is the path. The step makes what is at the path: a folder (``os.makedirs(path)``), or a file.

    Args:
        name: letters, digits, ``_`` and ``-``.
        datastore: where it is kept; that of the pipeline if None.
        output_name: the name in the step that writes it.
        output_mode: ``mount``: kept however the script ends; ``upload``: when it has completed.
        output_path_on_compute: where in its folder the script writes it.
        output_overwrite: whether files that are there are replaced.
        data_type: any text.
        is_directory: accepted; a file is found to be one.
        pipeline_output_name: its name among the outputs of the pipeline, for ``get_pipeline_output``.
        training_output: what a sweep gives, in place of a path.

    Raises:
        PipelineError: another mode, or no datastore.
        SubmissionError: the name cannot be a folder's.
    """

    def __init__(
        self,
        name: str,
        datastore: AbstractDatastore | None = None,
        output_name: str | None = None,
        output_mode: str = "mount",
        output_path_on_compute: str | None = None,
        output_overwrite: bool | None = None,
        data_type: str | None = None,
        is_directory: bool | None = None,
        pipeline_output_name: str | None = None,
        training_output: GivenOutput | None = None,
    ) -> None:
        del is_directory
        if datastore is not None and not isinstance(datastore, AbstractDatastore):
            raise PipelineError(
                f"PipelineData {name!r:.60} lies in a datastore, such as ws.get_default_datastore(), not in "
                f"{described(datastore)}."
            )
        if str(output_mode).lower() not in _MODES:
            raise PipelineError(
                f"The output_mode of PipelineData is {' or '.join(list(_MODES)[:2])}, not {output_mode!r:.60}."
            )
        self._name = check_data_name(name)
        self._datastore = datastore
        self._output_name = check_data_name(output_name or name, "output")
        self._output_mode = str(output_mode).lower()
        self._path_on_compute = check_path_on_compute(output_path_on_compute)
        self._overwrite = output_overwrite is not False
        self._data_type = data_type
        self._pipeline_output_name = pipeline_output_name
        self._training_output = training_output
        self._results: tuple[OutputResult, ...] = ()
        self._link = OutputLink()

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def datastore(self) -> AbstractDatastore | None:
        """Where it is kept; None for the pipeline's."""
        return self._datastore

    @property
    def data_type(self) -> str | None:
        """The type that was given."""
        return self._data_type

    @property
    def pipeline_output_name(self) -> str | None:
        """Its name among the outputs of the pipeline."""
        return self._pipeline_output_name

    def as_input(self, input_name: str) -> InputPortBinding:
        """The same as an input of another name."""
        return self.create_input_binding(input_name)

    def as_mount(self, input_name: str | None = None) -> InputPortBinding:
        """The same as an input that is mounted."""
        return self.create_input_binding(input_name)

    def as_download(
        self,
        input_name: str | None = None,
        path_on_compute: str | None = None,
        overwrite: bool | None = None,
    ) -> InputPortBinding:
        """The same as an input that is copied for the script."""
        return self.create_input_binding(input_name, "download", path_on_compute, overwrite)

    def create_input_binding(
        self,
        input_name: str | None = None,
        mode: str | None = None,
        path_on_compute: str | None = None,
        overwrite: bool | None = None,
    ) -> InputPortBinding:
        """The same as an input.

        Args:
            input_name: that of the data if None.
            mode: ``mount`` or ``download``.
            path_on_compute: where in its folder the script finds it.
            overwrite: whether existing files there are replaced.
        """
        return InputPortBinding(
            input_name or self.name, self, mode or "mount", path_on_compute, overwrite
        )

    def as_dataset(self) -> PipelineOutputFileDataset:
        """The same as a dataset of files, which can be mounted, read as rows, and registered."""
        return PipelineOutputFileDataset(self)

    def get_env_variable_name(self) -> str:
        """What stands for its path among the arguments of the step that writes it."""
        return f"{REFERENCE_PLACEHOLDER}{self._output_name}"

    def _bind_port(self, name: str, datastore: AbstractDatastore | None) -> None:
        """Make it an output port of the step that writes it, which may say where it is kept."""
        self._output_name = check_data_name(name, "output")
        self._datastore = self._datastore or datastore

    def _note_producer(self, step: object) -> None:
        self._link.steps.append(step)

    def _output(self, default_datastore: str) -> StepOutput:
        """The output as a step keeps it."""
        named = self._datastore.name if self._datastore else default_datastore or DEFAULT_DATASTORE
        part = DataOutput(
            self._output_name,
            named,
            PATH,
            _MODES[self._output_mode],
            self._path_on_compute,
            self._overwrite,
            results=self._results,
            home=home_of(self._datastore),
        )
        training = self._training_output
        return StepOutput(
            part, self._pipeline_output_name, None if training is None else training._written()
        )

    def __str__(self) -> str:
        return f"{REFERENCE_PLACEHOLDER}{self._name}"

    def __repr__(self) -> str:
        return f"PipelineData(name={self._name!r})"
