"""A step that executes a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.sdk.job.notebook_run_config import NotebookRunConfig
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.run_settings import (
    checked_parameters,
    configured_data,
    configured_target,
    run_settings,
)
from aml_magics.sdk.pipeline.step import PipelineStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aml_magics.records.pipeline.definition import RunSettings
    from aml_magics.sdk.pipeline.step_context import StepContext


class NotebookRunnerStep(PipelineStep):
    """A step that executes a notebook, and keeps it with what its cells show.

    The notebook's variables of the names of parameters, inputs and outputs are set after its cell that is tagged
    ``parameters``: those of inputs and outputs to their paths. A cell that fails fails the step.

    Args:
        name: of the step; that of the notebook if None.
        notebook_run_config: the notebook and how it runs.
        runconfig_pipeline_params: parameters for fields of the run configuration: ``NodeCount``,
            ``MpiProcessCountPerNode``, ``TensorflowWorkerCount``, ``TensorflowParameterServerCount``,
            ``MaxRunDurationSeconds``.
        compute_target: where it runs; that of the configuration if None.
        params: further variables, which are ``AML_PARAMETER_<name>`` in its environment, too.
        inputs: what it reads.
        outputs: what it writes.
        allow_reuse: whether it is not run again when nothing changed.
        version: any text; another one is a change.
        output_notebook_pipeline_data_name: of the output that gets the executed notebook; made if ``outputs`` has none
            of that name.

    Raises:
        PipelineError: there is no configuration, or an argument is of another type.
    """

    _kind: ClassVar[str] = "notebook_runner"

    def __init__(
        self,
        name: str | None = None,
        notebook_run_config: NotebookRunConfig | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        compute_target: object = None,
        params: Mapping[str, Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
        output_notebook_pipeline_data_name: str | None = None,
    ) -> None:
        if not isinstance(notebook_run_config, NotebookRunConfig):
            raise PipelineError(
                f"Step {name!r}: notebook_run_config is a NotebookRunConfig, not {described(notebook_run_config)}."
            )
        super().__init__(name or notebook_run_config.notebook, inputs, outputs)
        wanted = output_notebook_pipeline_data_name
        if wanted is not None and all(one.name != wanted for one in self._outputs):
            self._outputs.append(PipelineData(wanted))
        self._run_parameters = checked_parameters(self.name, runconfig_pipeline_params)
        self._notebook = notebook_run_config
        self._kept = wanted
        self._source_directory = notebook_run_config.source_directory
        configuration = notebook_run_config.run_config
        self._compute_target = compute_target or configured_target(configuration)
        self._params = dict(params or {})
        self._allow_reuse = bool(allow_reuse)
        self._version = version

    def _settings(self, context: StepContext) -> dict[str, Any]:
        given = self._notebook
        parameters = {
            name: context.note(value) if isinstance(value, PipelineParameter) else value
            for name, value in given.parameters.items()
        }
        settings = {
            "notebook": given.notebook,
            "output_notebook": given.output_notebook,
            "notebook_parameters": parameters or None,
            "cell_timeout": given.handler.timeout,
            "notebook_output": self._kept,
        }
        return {name: value for name, value in settings.items() if value is not None}

    def _run_settings(self, context: StepContext) -> RunSettings:
        return run_settings(context, self._notebook.run_config, parameters=self._run_parameters)

    def _data_arguments(self) -> Iterator[Any]:
        yield from super()._data_arguments()
        yield from configured_data(self._notebook.run_config)
