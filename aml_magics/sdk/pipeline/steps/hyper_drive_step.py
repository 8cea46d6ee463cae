"""A step that is a sweep, and its run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.run_settings import configured_target, submission_settings
from aml_magics.sdk.pipeline.step import PipelineStep
from aml_magics.sdk.pipeline.step_run import StepRun
from aml_magics.sdk.pipeline.steps.training_output import TrainingOutput
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun
from aml_magics.services.pipeline.sweep_output import sweep_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aml_magics.records.pipeline.definition import RunSettings
    from aml_magics.sdk.pipeline.step_context import StepContext


class HyperDriveStep(PipelineStep):
    """A step that searches the space of a script's parameters.

    Its outputs are what the best trial wrote; those with a ``TrainingOutput`` are a file of that trial, or the metrics of all.

    Args:
        name: of the step.
        hyperdrive_config: the script, the space and how to search it.
        estimator_entry_script_arguments: of the script, after its own; data and parameters among them become their values.
        inputs: what each trial reads.
        outputs: what the best trial writes.
        metrics_output: where the metrics of all trials are written, as JSON.
        allow_reuse: whether it is not run again when nothing changed.
        version: any text; another one is a change.

    Raises:
        PipelineError: there is no configuration, or an argument is of another type.
    """

    _kind: ClassVar[str] = "hyper_drive"

    def __init__(
        self,
        name: str,
        hyperdrive_config: HyperDriveConfig,
        estimator_entry_script_arguments: Sequence[Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        metrics_output: PipelineData | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        if not isinstance(hyperdrive_config, HyperDriveConfig):
            raise PipelineError(
                f"Step {name!r}: hyperdrive_config is a HyperDriveConfig, not {described(hyperdrive_config)}."
            )
        script = hyperdrive_config._script
        if not isinstance(script, ScriptRunConfig):
            raise PipelineError(
                f"Step {name!r}: a sweep of a pipeline runs a script; give the HyperDriveConfig a ScriptRunConfig, not {described(script)}."
            )
        super().__init__(
            name,
            inputs,
            _with_metrics(name, outputs, metrics_output),
            estimator_entry_script_arguments,
        )
        self._check_models()
        words = script.arguments if script.script else [*script.command[1:], *script.arguments]
        self._arguments = [*words, *self._arguments]
        self._config = hyperdrive_config
        self._script = script
        self._source_directory = script.source_directory
        self._compute_target = configured_target(script.run_config)
        self._allow_reuse = bool(allow_reuse)
        self._version = version

    def _check_models(self) -> None:
        for one in self._outputs:
            training = getattr(one, "_training_output", None)
            if training is not None and training.type == "Model" and not training.model_file:
                raise PipelineError(
                    f"Step {self.name!r}: the output {one.name!r} is a file of the best trial; name it by "
                    "TrainingOutput('Model', model_file='outputs/model.pkl')."
                )

    def _settings(self, context: StepContext) -> dict[str, Any]:
        del context
        wanted = self._config._request
        script = self._script
        line = (
            {"script_name": script.script}
            if script.script
            else {"command": [str(script.command[0])]}
        )
        found = {
            **line,
            "sampler": asdict(wanted.sampler),
            "space": wanted.space,
            "metric": wanted.metric,
            "goal": str(wanted.goal),
            "most_trials": wanted.most_trials,
            "most_at_once": wanted.most_at_once,
            "max_minutes": wanted.max_minutes,
            "policy": None if wanted.policy is None else asdict(wanted.policy),
            "resume_from": list(wanted.resume_from),
            "resume_trials": list(wanted.resume_trials),
        }
        return {name: value for name, value in found.items() if value not in (None, [])}

    def _run_settings(self, context: StepContext) -> RunSettings:
        del context
        return submission_settings(self._script._submission())

    def _data_arguments(self) -> Iterator[Any]:
        yield from super()._data_arguments()
        yield from self._script._inputs


class HyperDriveStepRun(HyperDriveRun):
    """The sweep of a step's run, with what a sweep's run has: its trials, the best of them, their metrics.

    Args:
        step_run: the run of a ``HyperDriveStep``; of a reused one the sweep is that of the original.

    Raises:
        PipelineError: it is no run of a step.
        RunNotFoundError: the step has not submitted its sweep yet.
    """

    def __init__(self, step_run: StepRun) -> None:
        if not isinstance(step_run, StepRun):
            raise PipelineError(
                f"A HyperDriveStepRun is made from the run of a step, such as run.find_step_run('name')[0], not from {described(step_run)}."
            )
        self._step_run = step_run
        super().__init__(step_run.experiment, sweep_id(step_run._original.id))

    @property
    def step_run(self) -> StepRun:
        """The run of the step."""
        return self._step_run


def _with_metrics(
    step: str, outputs: Sequence[Any] | None, metrics: PipelineData | None
) -> list[Any] | Sequence[Any] | None:
    """The outputs with that of the metrics, which need not say that it is one."""
    if metrics is None:
        return outputs
    if not isinstance(metrics, PipelineData):
        raise PipelineError(
            f"Step {step!r}: metrics_output is a PipelineData, not {described(metrics)}."
        )
    if metrics._training_output is None:
        metrics._training_output = TrainingOutput("Metrics")
    return [*(outputs or ()), metrics] if isinstance(outputs, list | tuple | None) else outputs
