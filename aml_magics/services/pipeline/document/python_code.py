"""A pipeline as a cell of Python, with the names of Azure's SDK."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import DataInput, OutputResult
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    RunSettings,
)
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.validation import ordered

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import DataFolder
    from aml_magics.records.pipeline.definition import (
        ParameterDefinition,
        PipelineDefinition,
        StepDefinition,
        StepInput,
        StepOutput,
    )

_MODULES: Final = {
    "Dataset": "aml_magics",
    "Datastore": "aml_magics",
    "Workspace": "aml_magics",
    "DataPath": "aml_magics.sdk.data.store.path",
    "DataPathComputeBinding": "aml_magics.sdk.data.store.path",
    "DataReference": "aml_magics.sdk.data.store.reference",
    "DatasetConsumptionConfig": "aml_magics.sdk.data.use.consumption",
    "OutputFileDatasetConfig": "aml_magics.sdk.data.use.output_file",
    "CommandStep": "aml_magics.sdk.pipeline.steps.command_step",
    "Pipeline": "aml_magics.sdk.pipeline.pipeline",
    "PipelineData": "aml_magics.sdk.pipeline.pipeline_data",
    "PipelineParameter": "aml_magics.sdk.pipeline.parameter",
    "PythonScriptStep": "aml_magics.sdk.pipeline.steps.python_script_step",
}
_WIDEST: Final = 88


def python_code(definition: PipelineDefinition, workspace: str) -> str:
    """Code that makes the same pipeline in a workspace; its last line is the pipeline.

    Raises:
        PipelineError: a step is of a kind, or has a setting, that has no line of code.
    """
    return _Code(definition).text(workspace)


class _Code:
    """Writes the code of one pipeline: each thing gets a variable, and imports are noted as they are used."""

    def __init__(self, definition: PipelineDefinition) -> None:
        self._definition = definition
        self._used: set[str] = {"Workspace", "Pipeline"}
        self._taken: set[str] = {"ws", "pipeline", *_MODULES}
        self._datastores: dict[str, str] = {}
        self._lines: list[str] = []
        self._parameters: dict[str, str] = {}
        self._outputs: dict[FromStep, str] = {}

    def text(self, workspace: str) -> str:
        definition = self._definition
        for parameter in definition.parameters:
            self._parameters[parameter.name] = self._parameter(parameter)
        variables = {one.id: self._step(one) for one in ordered(definition)}
        for step in definition.steps:
            for before in step.run_after:
                self._lines.append(f"{variables[step.id]}.run_after({variables[before]})")
        self._lines.append("")
        given: dict[str, str] = {"steps": _listed([variables[one.id] for one in definition.steps])}
        if definition.description:
            given["description"] = repr(definition.description)
        if definition.datastore:
            given["default_datastore"] = self._datastore(definition.datastore)
        self._lines += [*_call("pipeline", "Pipeline", ["ws"], given), "pipeline"]
        stores = [f"{name} = Datastore.get(ws, {key!r})" for key, name in self._datastores.items()]
        head = [f"ws = Workspace.get(name={workspace!r})", *stores, ""]
        return "\n".join([*self._imports(), "", *head, *self._lines])

    def _parameter(self, one: ParameterDefinition) -> str:
        default = one.default
        value = repr(default)
        if one.type == "datapath" and default is not None:
            path = [self._datastore(default["datastore"]), repr(default["path"])]
            value = f"{self._name('DataPath')}({', '.join(path)})"
        elif one.type == "dataset" and default is not None:
            value = self._dataset(
                default.get("id", ""), default.get("name", ""), default.get("version")
            )
        elif default is None:
            raise PipelineError(
                f"Parameter {one.name!r} has no default, which PipelineParameter needs; give it one."
            )
        variable = self._variable(one.name)
        self._lines.append(f"{variable} = {self._name('PipelineParameter')}({one.name!r}, {value})")
        return variable

    def _step(self, step: StepDefinition) -> str:
        kind = STEPS.load(step.kind)
        _check_code(step, kind.type)
        self._lines.append("")
        inputs = {one.name: self._input(step, one) for one in step.inputs}
        outputs = {one.name: self._output(step, one) for one in step.outputs}
        words = {one.part.placeholder: inputs[one.name] for one in step.inputs}
        words |= {form.output_word(one.part): outputs[one.name] for one in step.outputs}
        words |= {
            one.placeholder: self._parameters[one.name] for one in self._definition.parameters
        }
        given = {"name": repr(step.name)}
        settings, arguments = step.settings, step.arguments
        if kind.type == "CommandStep":  # whose words are all in its command
            settings, arguments = {"command": [*settings.get("command", ()), *arguments]}, ()
        given |= {key: _setting(value, words) for key, value in settings.items()}
        if step.source_directory:
            given["source_directory"] = repr(step.source_directory)
        if arguments:
            given["arguments"] = _listed([words.get(one, repr(one)) for one in arguments])
        if inputs:
            given["inputs"] = _listed(list(inputs.values()))
        if outputs:
            given["outputs"] = _listed(list(outputs.values()))
        target = step.target or self._definition.target
        if target:
            given["compute_target"] = words.get(target, repr(target))
        if step.params:
            pairs = [f"{key!r}: {words.get(one, repr(one))}" for key, one in step.params.items()]
            given["params"] = f"{{{', '.join(pairs)}}}"
        if not step.allow_reuse:
            given["allow_reuse"] = "False"
        if step.version:
            given["version"] = repr(step.version)
        variable = self._variable(step.name)
        self._lines += _call(variable, self._name(kind.type), [], given)
        return variable

    def _input(self, step: StepDefinition, one: StepInput) -> str:
        """A variable of an input, or of the output that it is as it stands."""
        expression = self._input_expression(step, one)
        if expression.isidentifier():
            return expression
        variable = self._variable(f"{step.name}_{one.name}")
        self._lines.append(f"{variable} = {expression}")
        return variable

    def _input_expression(self, step: StepDefinition, one: StepInput) -> str:
        part, origin = one.part, one.origin
        if isinstance(origin, FromStep):
            return self._from_step(step, one, origin)
        if isinstance(part, DataInput):
            if part.definition is not None:
                raise _without_code(step, f"input {one.name!r}, a dataset that is not saved")
            if isinstance(origin, FromParameter):
                given = [
                    repr(one.name),
                    self._parameters[origin.parameter],
                    f"mode={part.mechanism.lower()!r}",
                ]
                if part.path_on_compute:
                    given.append(f"path_on_compute={part.path_on_compute!r}")
                return f"{self._name('DatasetConsumptionConfig')}({', '.join(given)})"
            named = origin if isinstance(origin, FromDataset) else FromDataset("")
            dataset = self._dataset(part.dataset, named.name, named.version)
            return f"{dataset}.as_named_input({one.name!r}){_seen(part)}"
        how = [f"mode={part.mechanism.lower()!r}"]
        if part.path_on_compute:
            how.append(f"path_on_compute={part.path_on_compute!r}")
        if part.overwrite:
            how.append("overwrite=True")
        if isinstance(origin, FromParameter):
            binding = f"{self._name('DataPathComputeBinding')}({', '.join(how)})"
            return f"({self._parameters[origin.parameter]}, {binding})"
        place = [self._datastore(part.datastore), repr(one.name), repr(part.path)]
        return f"{self._name('DataReference')}({', '.join([*place, *how])})"

    def _from_step(self, step: StepDefinition, one: StepInput, origin: FromStep) -> str:
        data, part = self._outputs.get(origin, ""), one.part
        if not data:
            raise _without_code(step, f"input {one.name!r}, a further dataset of an output")
        if isinstance(part, DataInput):
            if part.definition is not None:
                raise _without_code(step, f"input {one.name!r}, rows of an output")
            if origin in self._datasets:
                return f"{data}.as_input({one.name!r}){_seen(part)}"
            return f"{data}.as_dataset().as_named_input({one.name!r}){_seen(part)}"
        if part.mechanism == "Mount" and not part.path_on_compute:
            return data if one.name == origin.output else f"{data}.as_input({one.name!r})"
        given = [
            repr(one.name),
            repr(part.mechanism.lower()),
            repr(part.path_on_compute),
            repr(part.overwrite),
        ]
        return f"{data}.create_input_binding({', '.join(given)})"

    @property
    def _datasets(self) -> set[FromStep]:
        """The outputs that datasets are made of."""
        return {
            FromStep(step.id, one.name)
            for step in self._definition.steps
            for one in step.outputs
            if one.part.results
        }

    def _output(self, step: StepDefinition, one: StepOutput) -> str:
        part = one.part
        if one.training_output is not None:
            raise _without_code(step, f"output {one.name!r}, what a sweep gives")
        variable = self._variable(one.name)
        self._outputs[FromStep(step.id, one.name)] = variable
        if part.results:
            self._lines.append(f"{variable} = {self._file_output(step, one)}")
            return variable
        if part.path != form.OUTPUT_PATH or part.globs or part.mechanism == "Link":
            raise _without_code(
                step, f"output {one.name!r}, a folder with a path or patterns of its own"
            )
        given = {"datastore": self._datastore(part.datastore)}
        if part.mechanism == "Upload":
            given["output_mode"] = "'upload'"
        if part.path_on_compute:
            given["output_path_on_compute"] = repr(part.path_on_compute)
        if not part.overwrite:
            given["output_overwrite"] = "False"
        if one.pipeline_output:
            given["pipeline_output_name"] = repr(one.pipeline_output)
        self._lines += _call(variable, self._name("PipelineData"), [repr(one.name)], given)
        return variable

    def _file_output(self, step: StepDefinition, one: StepOutput) -> str:
        part = one.part
        result = part.results[0]
        plain = OutputResult(result.register_as, result.description, result.tags)
        if len(part.results) > 1 or result != plain or part.mechanism == "Link":
            raise _without_code(step, f"output {one.name!r}, which is read as rows")
        given = [repr(one.name), f"destination=({self._datastore(part.datastore)}, {part.path!r})"]
        if part.path_on_compute:
            given.append(f"source={part.path_on_compute!r}")
        text = f"{self._name('OutputFileDatasetConfig')}({', '.join(given)})"
        if part.mechanism == "Upload":
            text += f".as_upload(overwrite={part.overwrite!r}, source_globs={list(part.globs) or None!r})"
        if result.register_as:
            told = [repr(result.register_as)]
            told += [f"description={result.description!r}"] if result.description else []
            told += [f"tags={result.tags!r}"] if result.tags else []
            text += f".register_on_complete({', '.join(told)})"
        return text

    def _dataset(self, id_: str, name: str, version: int | None) -> str:
        if id_:
            return f"{self._name('Dataset')}.get_by_id(ws, {id_!r})"
        which = "" if version is None else f", version={version}"
        return f"{self._name('Dataset')}.get_by_name(ws, {name!r}{which})"

    def _datastore(self, name: str) -> str:
        self._used.add("Datastore")
        if name not in self._datastores:
            self._datastores[name] = self._variable(name)
        return self._datastores[name]

    def _name(self, name: str) -> str:
        """Note that a name is imported."""
        self._used.add(name)
        return name

    def _imports(self) -> list[str]:
        modules: dict[str, list[str]] = {}
        for name in sorted(self._used):
            modules.setdefault(_MODULES[name], []).append(name)
        return [
            f"from {module} import {', '.join(names)}" for module, names in sorted(modules.items())
        ]

    def _variable(self, text: str) -> str:
        """A name that nothing has yet, made of a text."""
        plain = re.sub(r"\W+", "_", text.removesuffix(".py")).strip("_").lower() or "step"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        plain = plain if plain.isidentifier() else "step"
        free, number = plain, 2
        while free in self._taken or keyword.iskeyword(free):
            free, number = f"{plain}_{number}", number + 1
        self._taken.add(free)
        return free


def _check_code(step: StepDefinition, type_: str) -> None:
    if type_ not in _MODULES:
        raise _without_code(step, f"the kind {type_}")
    if step.retries:
        raise _without_code(step, "retries")
    if replace(step.run, definition={}) != RunSettings():
        raise _without_code(step, "settings of its run")


def _without_code(step: StepDefinition, what: str) -> PipelineError:
    return PipelineError(
        f"Step {step.name!r} has {what}, for which no code is written; read the file itself: "
        "Pipeline.load_yaml(ws, filename)."
    )


def _setting(value: Any, words: dict[str, str]) -> str:  # noqa: ANN401 -- plain JSON
    if isinstance(value, list | tuple):
        return _listed([_setting(one, words) for one in value])
    return words.get(value, repr(value)) if isinstance(value, str) else repr(value)


def _seen(part: DataInput | DataFolder) -> str:
    """How the script sees a dataset."""
    place = f"path_on_compute={part.path_on_compute!r}" if part.path_on_compute else ""
    return {
        "Direct": "",
        "Mount": f".as_mount({place})",
        "Download": f".as_download({place})",
    }[part.mechanism]


def _listed(items: list[str]) -> str:
    return f"[{', '.join(items)}]"


def _call(variable: str, name: str, first: list[str], given: dict[str, str]) -> list[str]:
    """A call, on one line if it is short."""
    arguments = [*first, *(f"{key}={value}" for key, value in given.items())]
    line = f"{variable} = {name}({', '.join(arguments)})"
    if len(line) <= _WIDEST:
        return [line]
    return [f"{variable} = {name}(", *(f"    {one}," for one in arguments), ")"]
