"""A definition as a pipeline's YAML."""

from __future__ import annotations

import itertools
import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import DataFolder, DataInput, OutputResult
from aml_magics.records.distribution import Distribution
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    RunSettings,
)
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.tree import text_of
from aml_magics.services.pipeline.validation import result_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.data_use import DataOutput
    from aml_magics.records.pipeline.definition import (
        ParameterDefinition,
        PipelineDefinition,
        StepDefinition,
        StepInput,
        StepOutput,
    )

_MADE = re.compile(r"[0-9a-f]{8}")
"""An id that was made for a step, which nobody has written."""


def written(definition: PipelineDefinition) -> str:
    """The definition as YAML that reads as the same definition.

    Raises:
        PipelineError: an input of a step is the output of one that is not there.
    """
    return text_of(tree_of_definition(definition))


def with_keys(definition: PipelineDefinition) -> PipelineDefinition:
    """The same pipeline, whose steps have their names as ids where these were made for them: people read the keys."""
    ids: dict[str, str] = {}
    for step in definition.steps:
        key = re.sub(r"\W+", "_", step.name.removesuffix(".py")).strip("_") or "step"
        wanted = key if _MADE.fullmatch(step.id) else step.id
        numbered = (f"{wanted}_{number}" for number in itertools.count(2))
        ids[step.id] = next(
            one for one in itertools.chain([wanted], numbered) if one not in ids.values()
        )
    return replace(
        definition,
        steps=tuple(_with_ids(one, ids) for one in definition.steps),
        layout={ids.get(key, key): place for key, place in definition.layout.items()},
    )


def _with_ids(step: StepDefinition, ids: dict[str, str]) -> StepDefinition:
    inputs = tuple(
        replace(one, origin=FromStep(ids[one.origin.step], one.origin.output))
        if isinstance(one.origin, FromStep)
        else one
        for one in step.inputs
    )
    after = tuple(ids.get(one, one) for one in step.run_after)
    return replace(step, id=ids[step.id], inputs=inputs, run_after=after)


def tree_of_definition(definition: PipelineDefinition) -> dict[str, Any]:
    """The document of a definition as plain JSON; raises as :func:`written`."""
    writer = _Writer(definition)
    steps = {one.id: writer.step(one) for one in definition.steps}
    pipeline = {
        "name": definition.name,
        "description": definition.description,
        "parameters": {one.name: _parameter(one) for one in definition.parameters},
        "data_references": writer.references,
        "default_compute": definition.target,
        "default_datastore": definition.datastore,
        "continue_on_step_failure": definition.continue_on_step_failure,
    }
    tree: dict[str, Any] = {
        "aml_magics": form.VERSION,
        "pipeline": {**_given(pipeline), "steps": steps},
    }
    if definition.layout:
        tree["layout"] = {step: [x, y] for step, (x, y) in definition.layout.items()}
    return tree


class _Writer:
    """Gives names to the data of a pipeline, and writes its steps with them."""

    def __init__(self, definition: PipelineDefinition) -> None:
        self._parameters = {one.name: one for one in definition.parameters}
        self._datastore = definition.datastore or form.DATASTORE
        self._taken = set(self._parameters)
        self._destinations: dict[FromStep, str] = {}
        self._made: set[FromStep] = set()
        self.references: dict[str, dict[str, Any]] = {}
        for step in definition.steps:
            for output in step.outputs:
                self._add(step.id, output.part)

    def step(self, step: StepDefinition) -> dict[str, Any]:
        """A step."""
        inputs = {one.name: self._input(step, one) for one in step.inputs}
        side = step.settings.get(form.SIDE) or ()
        fields = {
            "compute": step.target,
            "source_directory": step.source_directory,
            **{name: value for name, value in step.settings.items() if name != form.SIDE},
            "arguments": [self._word(step, one) for one in step.arguments],
            "parameters": {name: self._param(one) for name, one in step.params.items()},
            "inputs": {name: one for name, one in inputs.items() if name not in side},
            form.SIDE: {name: one for name, one in inputs.items() if name in side},
            "outputs": {
                one.name: self._output(one, self._destinations[FromStep(step.id, one.name)])
                for one in step.outputs
            },
            "run_after": list(step.run_after),
            "version": step.version,
            "retries": step.retries,
            "run": _run(step.run),
        }
        head = {"type": STEPS.load(step.kind).type, "name": step.name}
        kept = {
            name: value
            for name, value in fields.items()
            if (name in step.settings and name != form.SIDE) or _is_given(value)
        }
        return {**head, **kept, **({} if step.allow_reuse else {"allow_reuse": False})}

    def _input(self, step: StepDefinition, one: StepInput) -> dict[str, Any]:
        part, origin = one.part, one.origin
        is_dataset = isinstance(part, DataInput)
        data = _data(part)
        named: dict[str, Any] = {}
        if isinstance(origin, FromStep):
            if origin not in self._destinations:
                raise PipelineError(
                    f"Input {one.name!r} of step {step.name!r} is the output {origin.output!r} of step {origin.step!r}, "
                    "which the pipeline does not have; add that step, or connect the input to another one."
                )
            named = {"source": self._destinations[origin]}
        elif isinstance(origin, FromParameter):
            named = {"source": origin.parameter}
        elif isinstance(origin, FromDataset):
            reference = {"dataset_name": origin.name, "dataset_version": origin.version}
            named = {"source": self._reference(one.name, _given(reference))}
        elif data:
            named, data = {"source": self._reference(one.name, data)}, {}
        types = {name: parameter.type for name, parameter in self._parameters.items()}
        usual = (
            form.is_dataset_of(origin, types, self._made)
            if origin is not None
            else is_dataset and bool(named)
        )
        rest = {
            "bind_mode": None if part.mechanism == form.mode_of(part) else part.mechanism.lower(),
            "path_on_compute": part.path_on_compute,
            "overwrite": isinstance(part, DataFolder) and part.overwrite,
        }
        how = {} if is_dataset == usual else {"as_dataset": is_dataset}
        return {**named, **data, **how, **_given(rest)}

    def _add(self, step: str, part: DataOutput) -> None:
        """Name the data of an output; its further datasets are called after it."""
        names = result_names(part)
        ends = [one.removeprefix(part.name) for one in names]
        free = self._free([part.name, f"{step}_{part.name}"], ends)
        for name, end in zip(names, ends, strict=True):
            self._destinations[FromStep(step, name)] = free + end
            if part.results:
                self._made.add(FromStep(step, name))

    def _output(self, output: StepOutput, destination: str) -> dict[str, Any]:
        part: DataOutput = output.part
        fields = {
            "datastore": "" if part.datastore == self._datastore else part.datastore,
            "path_on_datastore": None if part.path == form.OUTPUT_PATH else part.path,
            "bind_mode": None if part.mechanism == "Mount" else part.mechanism.lower(),
            "path_on_compute": part.path_on_compute,
            "globs": list(part.globs),
            "datasets": [_result(one) for one in part.results],
            "pipeline_output": output.pipeline_output,
        }
        kept: dict[str, Any] = {
            name: value
            for name, value in fields.items()
            if _is_given(value) or (name == "path_on_datastore" and value == "")
        }
        if not part.overwrite:
            kept["overwrite"] = False
        if output.training_output is not None:
            kept["training_output"] = output.training_output
        return {"destination": destination, **kept}

    def _reference(self, name: str, data: dict[str, Any]) -> str:
        for known, there in self.references.items():
            if there == data:
                return known
        free = self._free([name, f"{name}_data"])
        self.references[free] = data
        return free

    def _free(self, names: list[str], ends: Sequence[str] = ("",)) -> str:
        """The first name that nothing has, with any of its ends; the last with a number if all are taken."""
        numbered = (f"{names[-1]}_{number}" for number in itertools.count(2))
        found = next(
            one
            for one in itertools.chain(names, numbered)
            if self._taken.isdisjoint(one + end for end in ends)
        )
        self._taken.update(found + end for end in ends)
        return found

    def _word(self, step: StepDefinition, word: str) -> str | dict[str, str]:
        for one in step.inputs:
            if word == one.part.placeholder:
                return f"{form.INPUT}{one.name}"
        for output in step.outputs:
            if word == form.output_word(output.part):
                return f"{form.OUTPUT}{output.name}"
        for name, parameter in self._parameters.items():
            if word == step.params.get(name, parameter.placeholder) == parameter.placeholder:
                return f"{form.PARAMETER}{name}"
        return {"text": word} if word.startswith(form.MARKS) else word

    def _param(self, value: str) -> str | dict[str, str]:
        for name, parameter in self._parameters.items():
            if value == parameter.placeholder:
                return {"source": name}
        return value


def _parameter(one: ParameterDefinition) -> dict[str, Any]:
    default = one.default
    if one.type == "datapath" and default is not None:
        default = {"datastore": default["datastore"], "path_on_datastore": default["path"]}
    elif one.type == "dataset" and default is not None:
        default = (
            {"dataset_id": default["id"]}
            if "id" in default
            else {
                "dataset_name": default["name"],
                **_given({"dataset_version": default.get("version")}),
            }
        )
    return {"type": one.type, "default": default}


def _data(part: DataInput | DataFolder) -> dict[str, Any]:
    """What names the data itself."""
    if isinstance(part, DataFolder):
        return _given({"datastore": part.datastore, "path_on_datastore": part.path})
    definition = None if part.definition is None else part.definition.as_dict()
    return _given({"dataset_id": part.dataset, "definition": definition})


def _result(one: OutputResult) -> dict[str, Any]:
    usual = asdict(OutputResult())
    found = {name: value for name, value in asdict(one).items() if value != usual[name]}
    return {**found, "steps": list(one.steps)} if one.steps else found


def _run(run: RunSettings) -> dict[str, Any]:
    usual = asdict(RunSettings())
    found = {name: value for name, value in asdict(run).items() if value != usual[name]}
    if run.distribution is not None:
        plain = asdict(Distribution(run.distribution.framework))
        found["distribution"] = {
            name: value
            for name, value in asdict(run.distribution).items()
            if name == "framework" or value != plain[name]
        }
    return found


def _is_given(value: object) -> bool:
    return value not in (None, "", [], {}, False, 0)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if _is_given(value)}
