"""A step that copies data between datastores."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.sdk.compute.attached import DataFactoryCompute
from aml_magics.sdk.data.store.reference import DataReference, SqlDataReference
from aml_magics.sdk.data.store.transfer import DatastoreTransfer
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.pipeline_output_dataset import PipelineOutputAbstractDataset
from aml_magics.sdk.pipeline.port import InputPortBinding
from aml_magics.sdk.pipeline.step import PipelineStep

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepOutput
    from aml_magics.sdk.pipeline.step_context import StepContext


class DataTransferStep(PipelineStep):
    """A step that copies a file, or what is in a folder, from one place to another.

    Its places may be in any datastores of files. It is done by this machine, and files that are there are replaced.

    Args:
        name: of the step.
        source_data_reference: a ``DataReference``, or data that another step writes.
        destination_data_reference: a ``DataReference`` or a ``PipelineData``.
        compute_target: a ``DataFactoryCompute`` or its name, as in Azure; it is not needed.
        source_reference_type: ``file`` or ``directory``; what is found if None.
        destination_reference_type: ``file`` or ``directory``; the type of what is there, else that of the source, if
            None. A file goes into a directory under its own name.
        allow_reuse: whether it is not done again when nothing changed.

    Raises:
        PipelineError: there is no source or destination, it is a database, or another compute target.
    """

    _kind: ClassVar[str] = "data_transfer"

    def __init__(
        self,
        name: str,
        source_data_reference: Any = None,  # noqa: ANN401 -- of several types
        destination_data_reference: Any = None,  # noqa: ANN401 -- of several types
        compute_target: DataFactoryCompute | str | None = None,
        source_reference_type: str | None = None,
        destination_reference_type: str | None = None,
        allow_reuse: bool = True,
    ) -> None:
        if compute_target is not None and not isinstance(compute_target, DataFactoryCompute | str):
            raise PipelineError(
                f"Step {name!r}: compute_target is a DataFactoryCompute, or None as this machine copies the data, not "
                f"{described(compute_target)}."
            )
        _check_files(name, "source_data_reference", source_data_reference)
        _check_files(name, "destination_data_reference", destination_data_reference)
        self._destination = _written(name, destination_data_reference)
        super().__init__(name, [source_data_reference], [self._destination])
        self._types = {
            "source_reference_type": source_reference_type,
            "destination_reference_type": destination_reference_type,
        }
        self._allow_reuse = bool(allow_reuse)

    def get_output(self) -> PipelineData | OutputDatasetConfig:
        """The copied data, for the inputs of later steps."""
        return self._destination

    def _settings(self, context: StepContext) -> dict[str, Any]:
        del context
        return {name: value for name, value in self._types.items() if value is not None}


class _Destination(PipelineData):
    """Data that a step writes to a place that was chosen."""

    def __init__(self, reference: DataReference) -> None:
        super().__init__(reference.data_reference_name, reference.datastore)
        self._path = (reference.path_on_datastore or "").strip("/")

    def _output(self, default_datastore: str) -> StepOutput:
        made = super()._output(default_datastore)
        return replace(made, part=replace(made.part, path=self._path))


def _check_files(step: str, what: str, given: Any) -> None:  # noqa: ANN401 -- anything
    if given is None:
        raise PipelineError(f"Step {step!r}: a DataTransferStep needs {what}; give it.")
    inner = getattr(given, "bind_object", given)
    store = getattr(inner, "datastore", None)
    is_base = isinstance(inner, SqlDataReference) or (
        isinstance(inner, DataReference) and not isinstance(store, DatastoreTransfer)
    )
    if is_base:
        raise PipelineError(
            f"Step {step!r}: {what} is in the database {getattr(store, 'name', '')!r}, and only files are copied here; "
            "read it by Dataset.Tabular.from_sql_query, or write it, in a PythonScriptStep."
        )


def _written(step: str, given: Any) -> PipelineData | OutputDatasetConfig:  # noqa: ANN401 -- anything
    """What the step writes, as an output."""
    inner = given.bind_object if isinstance(given, InputPortBinding) else given
    if isinstance(inner, PipelineOutputAbstractDataset):
        inner = inner._pipeline_data
    if isinstance(inner, DataReference):
        return _Destination(inner)
    if isinstance(inner, PipelineData | OutputDatasetConfig):
        return inner
    raise PipelineError(
        f"Step {step!r}: destination_data_reference is a DataReference, such as datastore.path('folder'), or a "
        f"PipelineData, not {described(given)}."
    )
