"""A pipeline as it is written: in Python, in YAML, or on the canvas.

Everything here is plain data, so that each form can be turned into the others. A definition names folders of
this machine; what is submitted or published is compiled from it (:mod:`aml_magics.records.pipeline.pipeline`).

A word of a step's arguments is text. The placeholder of a parameter or of data in it (``$AML_PARAMETER_rate``,
``$AZUREML_DATAREFERENCE_raw``, ``DatasetConsumptionConfig:raw``) stands for its value, as in any submitted script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.records.data.data_use import DataFolder, DataInput, DataUse
from aml_magics.records.data.dataset import Definition
from aml_magics.records.distribution import Distribution

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataOutput

PARAMETER_VARIABLE: Final = "AML_PARAMETER_"
"""How the environment variable of a parameter begins, as in Azure."""

_PARAMETER: Final = re.compile(rf"\${PARAMETER_VARIABLE}\w+")

ParameterType = Literal["string", "int", "float", "bool", "datapath", "dataset"]


def parameter_placeholder(name: str) -> str:
    """What stands for a pipeline's parameter among the words of a step."""
    return f"${PARAMETER_VARIABLE}{name}"


def is_parameter(value: object) -> bool:
    """Whether a value is the placeholder of a pipeline's parameter."""
    return isinstance(value, str) and _PARAMETER.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A parameter of a pipeline, whose value is given with each submission.

    ``default`` is a plain value; of type ``datapath`` it is ``{"datastore": …, "path": …}``, of ``dataset``
    ``{"id": …}`` or ``{"name": …, "version": …}``.
    """

    name: str
    type: ParameterType
    default: Any

    @property
    def placeholder(self) -> str:
        """What stands for it among the words of a step."""
        return parameter_placeholder(self.name)


@dataclass(frozen=True, slots=True)
class FromStep:
    """An input that is the output of another step, by the id of the step and the name of the output."""

    step: str
    output: str


@dataclass(frozen=True, slots=True)
class FromParameter:
    """An input that a parameter of type ``datapath`` or ``dataset`` chooses."""

    parameter: str


@dataclass(frozen=True, slots=True)
class FromDataset:
    """An input that is a registered dataset by its name; ``version`` None is the latest at submission."""

    name: str
    version: int | None = None


Origin = FromStep | FromParameter | FromDataset


@dataclass(frozen=True, slots=True)
class StepInput:
    """An input of a step.

    ``part`` says how the script sees it: its name, its mechanism, its path. ``origin`` says where it comes from,
    and fills what ``part`` leaves open; None where ``part`` names a dataset or a path of a datastore itself.
    A ``part.definition`` says how the files of a step's output are read; its path is a pattern below that output.
    """

    part: DataInput | DataFolder
    origin: Origin | None = None

    @property
    def name(self) -> str:
        """Its name in the step."""
        return self.part.name


@dataclass(frozen=True, slots=True)
class StepOutput:
    """An output of a step.

    ``part.path`` may have ``{run-id}`` and ``{output-name}``. ``pipeline_output`` is its name among the outputs
    of the pipeline, ``training_output`` what a sweep gives: ``{"type": "Model"|"Metrics", …}``.
    """

    part: DataOutput
    pipeline_output: str | None = None
    training_output: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """Its name in the step."""
        return self.part.name


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How the script of a step runs: the fields of a submission that a run configuration gives.

    ``environment`` is an environment's definition, None for the interpreter ``python`` (empty: the submitting one).
    ``definition`` is the rest of the run configuration as written, shown and of no effect here.
    """

    environment: dict[str, Any] | None = None
    python: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    max_seconds: float | None = None
    nodes: int = 1
    distribution: Distribution | None = None
    definition: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """A step of a pipeline.

    ``id`` is unique in the pipeline: 8 hex digits, or the step's key in a YAML file. ``kind`` is a file of
    ``kinds/steps``, and ``settings`` are that kind's own, plain JSON. ``source_directory`` is a folder of this
    machine, relative to that of the document if it was read from one. ``target`` is a compute target, empty for the
    pipeline's. ``run_after`` are ids of steps without data between. ``retries`` is how often a failed script is
    tried again. ``inputs`` are in the order of the step; ``arguments`` are those of its script.
    """

    id: str
    name: str
    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    source_directory: str = ""
    arguments: tuple[str, ...] = ()
    inputs: tuple[StepInput, ...] = ()
    outputs: tuple[StepOutput, ...] = ()
    run: RunSettings = field(default_factory=RunSettings)
    target: str = ""
    run_after: tuple[str, ...] = ()
    allow_reuse: bool = True
    version: str | None = None
    retries: int = 0
    params: dict[str, str] = field(default_factory=dict)

    @property
    def before(self) -> set[str]:
        """The ids of the steps that this one waits for."""
        linked = {one.origin.step for one in self.inputs if isinstance(one.origin, FromStep)}
        return linked | set(self.run_after)


@dataclass(frozen=True, slots=True)
class PipelineDefinition:
    """A pipeline as it is written.

    ``layout`` is where the canvas shows each step, ``{id: (x, y)}`` in pixels; without it the steps are laid out.
    """

    name: str = ""
    description: str = ""
    steps: tuple[StepDefinition, ...] = ()
    parameters: tuple[ParameterDefinition, ...] = ()
    target: str = ""
    datastore: str = ""
    continue_on_step_failure: bool = False
    layout: dict[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> PipelineDefinition:
        """The definition whose fields ``asdict`` gave, and JSON kept."""
        return cls(
            **{
                **written,
                "steps": tuple(_step(one) for one in written["steps"]),
                "parameters": tuple(ParameterDefinition(**one) for one in written["parameters"]),
                "layout": {step: (x, y) for step, (x, y) in written["layout"].items()},
            }
        )


def settings_of(written: dict[str, Any]) -> RunSettings:
    """The settings whose fields ``asdict`` gave, and JSON kept."""
    several = written["distribution"]
    made = None if several is None else Distribution(**several)
    return RunSettings(**{**written, "distribution": made})


def _step(written: dict[str, Any]) -> StepDefinition:
    return StepDefinition(
        **{
            **written,
            "arguments": tuple(written["arguments"]),
            "run_after": tuple(written["run_after"]),
            "inputs": tuple(_input(one) for one in written["inputs"]),
            "outputs": tuple(_output(one) for one in written["outputs"]),
            "run": settings_of(written["run"]),
        }
    )


def _input(written: dict[str, Any]) -> StepInput:
    part, origin = written["part"], written["origin"]
    made: DataInput | DataFolder
    if "datastore" in part:
        made = DataFolder(**part)
    else:
        definition = part.get("definition")
        read = None if definition is None else Definition.of_dict(definition)
        made = DataInput(**{**part, "definition": read})
    return StepInput(made, None if origin is None else _origin(origin))


def _origin(written: dict[str, Any]) -> Origin:
    if "step" in written:
        return FromStep(**written)
    return FromParameter(**written) if "parameter" in written else FromDataset(**written)


def _output(written: dict[str, Any]) -> StepOutput:
    [part] = DataUse.of_dict({"outputs": [written["part"]]}).outputs
    return StepOutput(**{**written, "part": part})
