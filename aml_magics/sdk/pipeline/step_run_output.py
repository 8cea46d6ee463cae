"""An output of a step that has run, and its files in a datastore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.sdk import handles
from aml_magics.sdk.data.store.reference import DataReference
from aml_magics.services.pipeline.reuse import written_files

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataOutput
    from aml_magics.sdk.pipeline.step_run import StepRun


class PortDataReference:
    """The files of an output in a datastore.

    Args:
        context: the step's run.
        data_reference: where they are.
    """

    def __init__(self, context: StepRun, data_reference: DataReference) -> None:
        self._context = context
        self._data_reference = data_reference

    @property
    def datastore(self) -> Any:  # noqa: ANN401 -- a datastore of some kind
        """The datastore."""
        return self._data_reference.datastore

    @property
    def datastore_name(self) -> str:
        """The name of the datastore."""
        return str(self._data_reference.datastore.name)

    @property
    def name(self) -> str:
        """The name of the output."""
        return self._data_reference.data_reference_name

    @property
    def path_on_datastore(self) -> str:
        """The path below the root of the datastore."""
        return self._data_reference.path_on_datastore or ""

    @property
    def _path_on_datastore(self) -> str:
        return self.path_on_datastore

    def as_download(self) -> DataReference:
        """A data reference that is copied for a script."""
        return self._data_reference.as_download()

    def as_mount(self) -> DataReference:
        """A data reference that is mounted for a script."""
        return self._data_reference.as_mount()

    def download(
        self, local_path: str, overwrite: bool | None = None, show_progress: bool | None = None
    ) -> int:
        """Copy the files below a folder; their paths there are those on the datastore.

        Args:
            local_path: made if it is missing.
            overwrite: whether files that are there are replaced.
            show_progress: whether each file is told.

        Returns:
            How many files were copied.

        Raises:
            DataAccessError: the datastore cannot be reached or refuses.
        """
        copied: int = self.datastore.download(
            target_path=str(local_path),
            prefix=self.path_on_datastore,
            overwrite=bool(overwrite),
            show_progress=show_progress is not False,
        )
        return copied

    def __repr__(self) -> str:
        return f"PortDataReference(name={self.name!r}, datastore={self.datastore_name!r}, path={self.path_on_datastore!r})"


class StepRunOutput:
    """An output of a step that has run.

    Args:
        context: the step's run.
        pipeline_run_id: the id of the pipeline's run.
        step_run_id: the id of the run that made it.
        step_output: the output as the step keeps it.
    """

    def __init__(
        self, context: StepRun, pipeline_run_id: str, step_run_id: str, step_output: DataOutput
    ) -> None:
        self._context = context
        self.pipeline_run_id = pipeline_run_id
        self.step_run_id = step_run_id
        self._part = step_output

    @property
    def name(self) -> str:
        """The name of the output."""
        return self._part.name

    @property
    def num_uploaded_files(self) -> int:
        """How many files it has in its datastore."""
        store = self._context._workspace.store
        return len(written_files(store, self.step_run_id, self._part))

    def get_port_data_reference(self) -> PortDataReference:
        """Where its files are."""
        workspace = self._context._workspace
        store = handles.Datastore.get(workspace, self._part.datastore)
        place = self._part.place(self.step_run_id)
        return PortDataReference(self._context, DataReference(store, self.name, place))

    def __repr__(self) -> str:
        return f"StepRunOutput(name={self.name!r}, step_run_id={self.step_run_id!r})"
