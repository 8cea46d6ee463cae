"""A step that runs a script for each mini-batch of its inputs."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import ParallelRunError, PipelineError, described
from aml_magics.records.pipeline.parallel_run import APPEND_ROW
from aml_magics.sdk.data.use.consumption import DIRECT_MODE, DatasetConsumptionConfig
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.run_settings import run_settings
from aml_magics.sdk.pipeline.step import PipelineStep
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.pipeline.definition import RunSettings
    from aml_magics.sdk.pipeline.step_context import StepContext


class ParallelRunStep(PipelineStep):
    """A step that runs a script for each mini-batch of files or rows, in several processes.

    What the calls of ``run`` return are lines of ``parallel_run_step.txt`` in the output, in no order. Each process has logs
    below ``logs/user``; mini-batches that failed are in ``logs/user/error.txt``, with all of their items.

    Args:
        name: of the step.
        parallel_run_config: how it runs; a copy is taken.
        inputs: what is parted into mini-batches: ``dataset.as_named_input('name')`` or data of earlier steps.
        output: where rows are written; needed for ``append_row``.
        side_inputs: data that each process reads, and that is not parted.
        arguments: of the script, which reads them in ``init``; data among them is a side input.
        allow_reuse: whether it is not run again when nothing changed.
        models: accepted; a script finds its model by ``Model.get_model_path``.

    Raises:
        ParallelRunError: the configuration breaks a rule, or its script is not there.
        PipelineError: there is no input, or no output for ``append_row``.
    """

    _kind: ClassVar[str] = "parallel_run"

    def __init__(
        self,
        name: str,
        parallel_run_config: ParallelRunConfig,
        inputs: Sequence[Any],
        output: Any = None,  # noqa: ANN401 -- of several types
        side_inputs: Sequence[Any] | None = None,
        arguments: Sequence[Any] | None = None,
        allow_reuse: bool = True,
        models: object = None,
    ) -> None:
        del models
        if not isinstance(parallel_run_config, ParallelRunConfig):
            raise PipelineError(
                f"Step {name!r}: parallel_run_config is a ParallelRunConfig, not {described(parallel_run_config)}."
            )
        config = copy.copy(parallel_run_config)
        settings = config._checked()
        if not isinstance(inputs, list | tuple) or not inputs:
            raise PipelineError(
                f"Step {name!r}: inputs is a list of what is parted into mini-batches, not {described(inputs)}."
            )
        if output is None and settings.get("output_action", APPEND_ROW) == APPEND_ROW:
            raise PipelineError(
                f"Step {name!r}: output_action='append_row' writes into an output; give output, or choose 'summary_only'."
            )
        _check_script(config)
        side = side_inputs if isinstance(side_inputs, list | tuple) else [side_inputs]
        self._main = [_direct(one) if config.partition_keys else one for one in inputs]
        super().__init__(
            name,
            [*self._main, *(one for one in side if one is not None)],
            None if output is None else [output],
            arguments,
        )
        self._config = config
        self._compute_target = config.compute_target
        self._source_directory = config._folder
        self._allow_reuse = bool(allow_reuse)

    def _settings(self, context: StepContext) -> dict[str, Any]:
        settings = {
            name: context.note(value) if isinstance(value, PipelineParameter) else value
            for name, value in self._config._checked().items()
        }
        script, folder = self._config._script.resolve(), Path(self._config._folder).resolve()
        settings["entry_script"] = script.relative_to(folder).as_posix()
        inputs, _ = context.data_of(self)
        main = {context.input_name(self, one) for one in self._main}
        if side := [one.name for one in inputs if one.name not in main]:
            settings["side_inputs"] = side
        return settings

    def _run_settings(self, context: StepContext) -> RunSettings:
        configuration = RunConfiguration()
        configuration.environment_variables = dict(self._config.environment_variables or {})
        found = run_settings(context, configuration, environment=self._config.environment)
        count = self._config.node_count
        # the nodes are one run's, whose driver shares the mini-batches out: no processes that find each other
        return replace(
            found, nodes=int(count.default_value if isinstance(count, PipelineParameter) else count)
        )


def _check_script(config: ParallelRunConfig) -> None:
    inside = config._script.resolve().is_relative_to(Path(config._folder).resolve())
    if not inside:
        raise ParallelRunError(
            f"entry_script is a path below source_directory, not {config.entry_script!r:.200}; source_directory is {config._folder!r:.200}."
        )
    if not config._script.is_file():
        raise ParallelRunError(
            f"There is no entry_script {config._script.name!r} in {str(config._script.parent.absolute())!r}."
        )


def _direct(given: Any) -> Any:  # noqa: ANN401 -- of several types
    """An input whose paths can be parted by what they say: the dataset itself, not a mount of it."""
    if isinstance(given, DatasetConsumptionConfig) and given.mode != DIRECT_MODE:
        return DatasetConsumptionConfig(given.name, given.dataset)
    return given
