"""How the script of a step runs, from a run configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.records.pipeline.run_parameter import check_run_field
from aml_magics.sdk.job.run_configuration import LOCAL, RunConfiguration, target_name
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.pipeline.parameter import PipelineParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.pipeline.step_context import StepContext
    from aml_magics.services.job.submission import Submission


def checked_configuration(step: str, given: object) -> RunConfiguration | None:
    """The run configuration of a step.

    Raises:
        PipelineError: it is none.
    """
    if given is None or isinstance(given, RunConfiguration):
        return given
    raise PipelineError(f"Step {step!r}: runconfig is a RunConfiguration, not {described(given)}.")


def checked_parameters(
    step: str, given: Mapping[str, PipelineParameter] | None
) -> dict[str, PipelineParameter]:
    """Parameters for fields of a run configuration, by Azure's names such as ``NodeCount``.

    Raises:
        PipelineError: it is no dict of parameters that are whole numbers, or a field cannot be set so.
    """
    if given is not None and not isinstance(given, dict):
        raise PipelineError(
            f"Step {step!r}: runconfig_pipeline_params are parameters by field, such as {{'NodeCount': PipelineParameter(…)}}, "
            f"not {described(given)}."
        )
    for key, one in (given or {}).items():
        check_run_field(step, key)
        if not isinstance(one, PipelineParameter) or type(one.default_value) is not int:
            raise PipelineError(
                f"Step {step!r}: {key} is set by a PipelineParameter whose default_value is a whole number, not {described(one)}."
            )
    return dict(given or {})


def run_settings(
    context: StepContext,
    configuration: RunConfiguration | None,
    *,
    environment: Environment | None = None,
    distribution: object = None,
    parameters: Mapping[str, PipelineParameter] | None = None,
) -> RunSettings:
    """How a script with this configuration runs.

    Args:
        parameters: for fields of the configuration, by Azure's names.
        environment: in place of that of the configuration.
        distribution: such as an ``MpiConfiguration``: several processes.
    """
    for value in (configuration.environment_variables if configuration else {}).values():
        if isinstance(value, PipelineParameter):
            context.note(value)
    script = ScriptRunConfig(
        command=["-"],
        run_config=configuration,
        environment=environment,
        distributed_job_config=distribution,
    )
    return with_parameters(context, submission_settings(script._submission()), parameters)


def with_parameters(
    context: StepContext, run: RunSettings, parameters: Mapping[str, PipelineParameter] | None
) -> RunSettings:
    """The settings with parameters for fields of the run configuration."""
    noted = {key: context.note(one) for key, one in (parameters or {}).items()}
    return replace(run, parameters=noted)


def submission_settings(wanted: Submission) -> RunSettings:
    """How a script runs, from its submission."""
    return RunSettings(
        environment=wanted.environment,
        variables=wanted.variables,
        max_seconds=wanted.max_seconds,
        nodes=wanted.nodes,
        distribution=wanted.distribution,
        definition=wanted.definition,
    )


def configured_data(configuration: RunConfiguration | None) -> list[Any]:
    """The data that a run configuration names."""
    if configuration is None:
        return []
    sections = (configuration.data, configuration.output_data, configuration.data_references)
    return [one for section in sections for one in section.values()]


def configured_target(configuration: RunConfiguration | None) -> str | None:
    """The compute target of a run configuration, None for this machine."""
    found = LOCAL if configuration is None else target_name(configuration.target)
    return None if found == LOCAL else found
