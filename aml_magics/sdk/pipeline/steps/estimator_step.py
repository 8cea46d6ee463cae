"""A step that runs the script of an estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.sdk.job.estimator import Estimator
from aml_magics.sdk.pipeline.run_settings import (
    checked_parameters,
    configured_target,
    submission_settings,
    with_parameters,
)
from aml_magics.sdk.pipeline.step import PipelineStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aml_magics.records.pipeline.definition import RunSettings
    from aml_magics.sdk.pipeline.step_context import StepContext


class EstimatorStep(PipelineStep):
    """A step that runs the script of an estimator.

    Args:
        name: of the step; that of the script if None.
        estimator: the script and its environment.
        estimator_entry_script_arguments: of the script, after those of the estimator; data and parameters among them
            become their values.
        runconfig_pipeline_params: as of a ``PythonScriptStep``.
        inputs: what it reads.
        outputs: what it writes.
        compute_target: where it runs; that of the estimator if None.
        allow_reuse: whether it is not run again when nothing changed.
        version: any text; another one is a change.

    Raises:
        PipelineError: there is no estimator, or an argument is of another type.
    """

    _kind: ClassVar[str] = "estimator"

    def __init__(
        self,
        name: str | None = None,
        estimator: Estimator | None = None,
        estimator_entry_script_arguments: Sequence[Any] | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        compute_target: object = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        if not isinstance(estimator, Estimator):
            raise PipelineError(
                f"Step {name!r}: estimator is an Estimator, such as SKLearn(…), not {described(estimator)}."
            )
        super().__init__(
            name or str(estimator.script), inputs, outputs, estimator_entry_script_arguments
        )
        self._run_parameters = checked_parameters(self.name, runconfig_pipeline_params)
        self._arguments = [*estimator.arguments, *self._arguments]
        self._estimator = estimator
        self._source_directory = estimator.source_directory
        self._compute_target = compute_target or configured_target(estimator.run_config)
        self._allow_reuse = bool(allow_reuse)
        self._version = version

    def _settings(self, context: StepContext) -> dict[str, Any]:
        del context
        return {"script_name": self._estimator.script}

    def _run_settings(self, context: StepContext) -> RunSettings:
        settings = submission_settings(self._estimator._submission())
        return with_parameters(context, settings, self._run_parameters)

    def _data_arguments(self) -> Iterator[Any]:
        yield from super()._data_arguments()
        yield from self._estimator._inputs
