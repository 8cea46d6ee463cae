"""A step that runs a Python script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.sdk.pipeline.run_settings import (
    checked_configuration,
    checked_parameters,
    configured_data,
    configured_target,
    run_settings,
)
from aml_magics.sdk.pipeline.step import PipelineStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aml_magics.records.pipeline.definition import RunSettings
    from aml_magics.sdk.job.run_configuration import RunConfiguration
    from aml_magics.sdk.pipeline.step_context import StepContext


class PythonScriptStep(PipelineStep):
    """A step that runs a Python script of a folder.

    Args:
        script_name: a path below ``source_directory``.
        name: of the step; that of the script if None.
        arguments: of the script; data and parameters among them become their values.
        compute_target: where it runs; that of ``runconfig``, else of this machine, if None.
        runconfig: its environment and how it runs.
        runconfig_pipeline_params: parameters for fields of the run configuration: ``NodeCount``,
            ``MpiProcessCountPerNode``, ``TensorflowWorkerCount``, ``TensorflowParameterServerCount``,
            ``MaxRunDurationSeconds``.
        inputs: what it reads.
        outputs: what it writes.
        params: values that the script finds as ``AML_PARAMETER_<name>`` in its environment.
        source_directory: the folder that is kept; the pipeline's default, else the current folder, if None.
        allow_reuse: whether it is not run again when nothing changed.
        version: any text; another one is a change.
        hash_paths: accepted; all files of the folder count.

    Raises:
        PipelineError: an argument is of another type.
    """

    _kind: ClassVar[str] = "python_script"
    _default_folder: ClassVar[str] = "."

    def __init__(
        self,
        script_name: str,
        name: str | None = None,
        arguments: Sequence[Any] | None = None,
        compute_target: object = None,
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        params: Mapping[str, Any] | None = None,
        source_directory: str | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
        hash_paths: Sequence[str] | None = None,
    ) -> None:
        del hash_paths
        super().__init__(name or script_name, inputs, outputs, arguments)
        self._run_parameters = checked_parameters(self.name, runconfig_pipeline_params)
        self._script_name = script_name
        self._configuration = checked_configuration(self.name, runconfig)
        self._compute_target = compute_target or configured_target(self._configuration)
        self._source_directory = source_directory
        self._params = dict(params or {})
        self._allow_reuse = bool(allow_reuse)
        self._version = version

    def _settings(self, context: StepContext) -> dict[str, Any]:
        del context
        return {"script_name": self._script_name}

    def _run_settings(self, context: StepContext) -> RunSettings:
        return run_settings(context, self._configuration, parameters=self._run_parameters)

    def _data_arguments(self) -> Iterator[Any]:
        yield from super()._data_arguments()
        yield from configured_data(self._configuration)
