"""What a kind of step writes its code from, and what it gives: a call of its class of the SDK."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from aml_magics.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aml_magics.records.distribution import Distribution
    from aml_magics.records.pipeline.definition import StepDefinition

_CONFIGURATIONS: Final = "aml_magics.sdk.job.run_configuration"
_SECTIONS: Final = "aml_magics.sdk.job.run_configuration_section"


@dataclass(frozen=True, slots=True)
class Call:
    """A call in code.

    Args:
        module: what it is imported from.
        name: a class or a function, or one of a class, such as ``Environment.get``.
        given: its keyword arguments; None where the name stands alone, such as ``PrimaryMetricGoal.MAXIMIZE``.
        first: its arguments before these.
        then: attributes that are set after it.
    """

    module: str
    name: str
    given: Mapping[str, Code] | None
    first: Sequence[Code] = ()
    then: Mapping[str, Code] = field(default_factory=dict)


Code: TypeAlias = "str | Call | list[Code] | dict[str, Code]"
"""An expression of Python, a call, or a list or a dict of them."""


@dataclass(frozen=True, slots=True)
class StepCode:
    """A step, and expressions of Python for what is in it; what is as usual has none.

    ``outputs`` has several expressions for an output of which several datasets are made. ``more`` has the arguments
    that most classes of steps share: ``source_directory``, ``compute_target``, ``params``, ``allow_reuse``, ``version``.
    """

    step: StepDefinition
    inputs: dict[str, str]
    outputs: dict[str, list[str]]
    more: dict[str, Code]
    environment: Code | None
    file: str
    """The path of its ``.runconfig`` file; empty without one."""

    expression: Callable[[Any], str]
    """The expression of plain JSON, in which words that stand for data or parameters are these."""

    @property
    def keywords(self) -> dict[str, Code]:
        """All of it as keyword arguments, as ``PythonScriptStep`` names them."""
        settings = {name: self.expression(one) for name, one in self.step.settings.items()}
        found: dict[str, Code] = {"name": repr(self.step.name), **settings, **self.more}
        if self.step.arguments:
            found["arguments"] = self.expression(list(self.step.arguments))
        if self.inputs:
            found["inputs"] = listed(list(self.inputs.values()))
        if self.outputs:
            found["outputs"] = listed([one for each in self.outputs.values() for one in each])
        if (configuration := self.run_configuration) is not None:
            found["runconfig"] = configuration
        return found

    @property
    def run_configuration(self) -> Code | None:
        """How its script runs; None if as usual."""
        if self.file:
            return Call(_CONFIGURATIONS, "RunConfiguration.load", {}, [repr(self.file)])
        run = self.step.run
        then: dict[str, Code] = {}
        if self.environment is not None:
            then["environment"] = self.environment
        if self.variables is not None:
            then["environment_variables"] = self.variables
        if run.max_seconds is not None:
            then["max_run_duration_seconds"] = repr(run.max_seconds)
        if run.distribution is not None:
            then |= _distributed(run.distribution)
        return Call(_CONFIGURATIONS, "RunConfiguration", {}, then=then) if then else None

    @property
    def variables(self) -> str | None:
        """The environment variables of its script; None without any."""
        return self.expression(self.step.run.variables) if self.step.run.variables else None

    def without(self, what: str) -> PipelineError:
        """The error of a step that has what no code is written for."""
        return PipelineError(
            f"Step {self.step.name!r} has {what}, for which no code is written; read the file itself: "
            "Pipeline.load_yaml(ws, filename)."
        )

    def refuse_file(self) -> None:
        """Refuse a run configuration of a file, for a class that takes none.

        Raises:
            PipelineError: the step has one.
        """
        if self.file:
            raise self.without(f"the run configuration {self.file!r:.80}")

    def refuse(self, *names: str) -> None:
        """Refuse arguments that the class of the step does not take.

        Raises:
            PipelineError: the step has one of them.
        """
        for name in names:
            if name in self.keywords:
                raise self.without(f"{name}, which a {self.step.kind} does not take")


def listed(items: list[str]) -> str:
    """A list of expressions."""
    return f"[{', '.join(items)}]"


def _distributed(one: Distribution) -> dict[str, Code]:
    """The attributes of a run configuration of several processes."""
    found: dict[str, Code] = {"node_count": repr(one.node_count)}
    if one.framework == "mpi":
        given: dict[str, Code] = {"process_count_per_node": repr(one.process_count_per_node)}
        return {
            **found,
            "communicator": "'IntelMpi'",
            "mpi": Call(_SECTIONS, "MpiConfiguration", given),
        }
    if one.framework == "pytorch":
        given = {"process_count": repr(one.process_count), "node_count": repr(one.node_count)}
        section = Call(_SECTIONS, "PyTorchConfiguration", given)
        return {**found, "framework": "'PyTorch'", "communicator": "'Nccl'", "pytorch": section}
    given = {
        "worker_count": repr(one.worker_count),
        "parameter_server_count": repr(one.parameter_server_count),
    }
    return {
        **found,
        "framework": "'TensorFlow'",
        "communicator": "'ParameterServer'",
        "tensorflow": Call(_SECTIONS, "TensorflowConfiguration", given),
    }
