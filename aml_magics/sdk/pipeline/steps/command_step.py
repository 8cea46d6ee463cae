"""A step that runs a command line."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.sdk.job.script_run_config import command_words
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


class CommandStep(PipelineStep):
    """A step that runs a program with its arguments.

    Args:
        command: a list of words, of which data and parameters become their values, or a text; one with ``&&``, ``|``
            or ``>`` is run by bash.
        name: of the step; that of the program if None.
        compute_target: where it runs; that of ``runconfig``, else of this machine, if None.
        runconfig: its environment, and its command if none is given.
        runconfig_pipeline_params: parameters for fields of the run configuration: ``NodeCount``,
            ``MpiProcessCountPerNode``, ``TensorflowWorkerCount``, ``TensorflowParameterServerCount``,
            ``MaxRunDurationSeconds``.
        inputs: what it reads.
        outputs: what it writes.
        params: values that it finds as ``AML_PARAMETER_<name>`` in its environment.
        source_directory: the folder in a copy of which it runs; none if None.
        allow_reuse: whether it is not run again when nothing changed.
        version: any text; another one is a change.

    Raises:
        PipelineError: there is no command, or an argument is of another type.
    """

    _kind: ClassVar[str] = "command"

    def __init__(
        self,
        command: str | Sequence[Any] | None = None,
        name: str | None = None,
        compute_target: object = None,
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        params: Mapping[str, Any] | None = None,
        source_directory: str | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        shown = name or "command"
        self._configuration = checked_configuration(shown, runconfig)
        given = command or (self._configuration.command if self._configuration else None)
        if isinstance(given, str):
            given = given.strip()
        if not isinstance(given, str | list | tuple) or not given:
            raise PipelineError(
                f"Step {shown!r}: command is a text or a list of words, such as 'ls -l', not {described(given)}."
            )
        first, *rest = command_words(given) if isinstance(given, str) else given
        program = shlex.split(given)[0] if isinstance(given, str) else str(first)
        super().__init__(name or program, inputs, outputs, rest)
        self._run_parameters = checked_parameters(self.name, runconfig_pipeline_params)
        self._program = first
        self._compute_target = compute_target or configured_target(self._configuration)
        self._source_directory = source_directory
        self._params = dict(params or {})
        self._allow_reuse = bool(allow_reuse)
        self._version = version

    def _settings(self, context: StepContext) -> dict[str, Any]:
        return {"command": [context.word(self, self._program)]}

    def _run_settings(self, context: StepContext) -> RunSettings:
        return run_settings(context, self._configuration, parameters=self._run_parameters)

    def _data_arguments(self) -> Iterator[Any]:
        yield from super()._data_arguments()
        yield self._program
        yield from configured_data(self._configuration)
