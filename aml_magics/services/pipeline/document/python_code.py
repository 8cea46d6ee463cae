"""A pipeline as a cell of Python, with the names of Azure's SDK."""

from __future__ import annotations

import pprint
from typing import TYPE_CHECKING, Any

from aml_magics.errors import EnvironmentNotFoundError, PipelineError
from aml_magics.kinds.steps._base import STEPS
from aml_magics.kinds.steps._code import Call, StepCode, listed
from aml_magics.services.environment import registry
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.python_data import PythonData
from aml_magics.services.pipeline.document.python_lines import PythonLines, call_lines
from aml_magics.services.pipeline.document.python_rows import NotWritableError
from aml_magics.services.pipeline.validation import ordered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds.steps._code import Code
    from aml_magics.records.pipeline.definition import (
        ParameterDefinition,
        PipelineDefinition,
        StepDefinition,
    )
    from aml_magics.store.store import Store


def python_code(
    store: Store, definition: PipelineDefinition, runconfigs: Mapping[str, str] | None = None
) -> str:
    """Code that makes the same pipeline in a workspace; its last line is the pipeline.

    Args:
        runconfigs: the paths of ``.runconfig`` files by the ids of steps.

    Raises:
        PipelineError: a step is of a kind, or has a setting, that has no line of code.
    """
    return _Code(store, definition, runconfigs or {}).text()


class _Code:
    """Writes the code of one pipeline."""

    def __init__(
        self, store: Store, definition: PipelineDefinition, runconfigs: Mapping[str, str]
    ) -> None:
        self._runconfigs = runconfigs
        self._store = store
        self._definition = definition
        self._script = PythonLines(["ws", "pipeline"])
        self._parameters: dict[str, str] = {}
        self._data = PythonData(self._script, self._parameters)
        self._environments: dict[str, str] = {}
        for module, name in (
            ("aml_magics", "Workspace"),
            ("aml_magics.sdk.pipeline.pipeline", "Pipeline"),
        ):
            self._script.name(module, name)

    def text(self) -> str:
        definition, lines = self._definition, self._script.lines
        for parameter in definition.parameters:
            self._parameters[parameter.name] = self._parameter(parameter)
        variables = {one.id: self._step(one) for one in ordered(definition)}
        for step in definition.steps:
            for before in step.run_after:
                lines.append(f"{variables[step.id]}.run_after({variables[before]})")
            if step.retries:
                lines.append(f"{variables[step.id]}.retries = {step.retries}")
        lines.append("")
        given = [f"steps={listed([variables[one.id] for one in definition.steps])}"]
        if definition.description:
            given.append(f"description={definition.description!r}")
        if definition.datastore:
            given.append(f"default_datastore={self._data.datastore(definition.datastore)}")
        lines += call_lines("pipeline = Pipeline", ["ws", *given])
        if definition.continue_on_step_failure:
            lines.append(
                "# to go on where a step fails: submit it with continue_on_step_failure=True"
            )
        lines.append("pipeline")
        head = [f"ws = Workspace.get(name={self._store.record.name!r})", *self._data.stores, ""]
        return "\n".join([*self._script.imports(), "", *head, *lines])

    def _parameter(self, one: ParameterDefinition) -> str:
        default = one.default
        value = repr(default)
        if default is None:
            raise PipelineError(
                f"Parameter {one.name!r} has no default, which PipelineParameter needs; give it one."
            )
        if one.type == "datapath":
            path = [self._data.datastore(default["datastore"]), repr(default["path"])]
            called = self._script.name("aml_magics.sdk.data.store.path", "DataPath")
            value = f"{called}({', '.join(path)})"
        elif one.type == "dataset":
            value = self._data.dataset(
                default.get("id", ""), default.get("name", ""), default.get("version")
            )
        called = self._script.name("aml_magics.sdk.pipeline.parameter", "PipelineParameter")
        return self._script.assigned(one.name, f"{called}({one.name!r}, {value})")

    def _step(self, step: StepDefinition) -> str:
        self._script.lines.append("")
        try:
            inputs = {one.name: self._data.input(step, one) for one in step.inputs}
            places = _places(step)
            outputs = {
                one.name: [self._data.place(step, one)]
                if one.name in places
                else self._data.output(step, one)
                for one in step.outputs
            }
        except NotWritableError as error:
            raise PipelineError(_without(step, str(error))) from None
        words = {one.part.placeholder: inputs[one.name] for one in step.inputs}
        words |= {form.output_word(one.part): outputs[one.name][0] for one in step.outputs}
        words |= {
            one.placeholder: self._parameters[one.name] for one in self._definition.parameters
        }
        code = StepCode(
            step=step,
            inputs=inputs,
            outputs=outputs,
            more=self._more(step, words),
            environment=self._environment(step),
            file=self._runconfigs.get(step.id, "").replace("\\", "/"),
            expression=lambda value: _expression(value, words),
        )
        _check_run(code)
        variable = self._script.called(step.name, STEPS.load(step.kind)().code(code))
        for name in places:
            self._data.note_given(step.id, name, f"{variable}.get_output()")
        return variable

    def _more(self, step: StepDefinition, words: dict[str, str]) -> dict[str, Code]:
        given: dict[str, Code] = {}
        if step.source_directory:
            given["source_directory"] = repr(step.source_directory)
        target = step.target or self._definition.target
        if target:
            given["compute_target"] = words.get(target, repr(target))
        if step.params:
            given["params"] = _expression(step.params, words)
        if not step.allow_reuse:
            given["allow_reuse"] = "False"
        if step.version:
            given["version"] = repr(step.version)
        return given

    def _environment(self, step: StepDefinition) -> str | None:
        """The variable of the environment of a step, which steps of the same one share."""
        definition = step.run.environment
        if definition is None:
            return None
        key = repr(definition)
        if key not in self._environments:
            name = str(definition.get("name") or "environment")
            self._environments[key] = self._script.called(
                f"{name}_environment".replace("environment_environment", "environment"),
                self._environment_call(definition),
            )
        return self._environments[key]

    def _environment_call(self, definition: dict[str, Any]) -> Call:
        """By name if it is registered as it stands, else as it is written."""
        name, version = definition.get("name"), definition.get("version")
        module = "aml_magics.sdk.environment.environment"
        if name and version:
            try:
                found = registry.get(self._store, name, version)
            except EnvironmentNotFoundError:
                found = None
            if found is not None and found.definition == definition:
                given: dict[str, Code] = {"name": repr(name), "version": repr(version)}
                return Call(module, "Environment.get", given, ["ws"])
        written = pprint.pformat(definition, width=80, sort_dicts=False)
        return Call(module, "Environment.from_dict", {}, [written])


def _places(step: StepDefinition) -> set[str]:
    """The names of the outputs that the class of a step takes as places."""
    if not STEPS.load(step.kind).takes_places:
        return set()
    own = [one for one in step.outputs if one.part.path != form.OUTPUT_PATH]
    return {one.name for one in own if not one.part.results}


def _check_run(code: StepCode) -> None:
    """Refuse what no run configuration says.

    Raises:
        PipelineError: the step has it.
    """
    step, run = code.step, code.step.run
    if run.python:
        raise code.without("an interpreter of its own")
    if run.environment is not None and run.variables:
        raise code.without("variables beside its environment, which has its own")
    nodes = {1, run.distribution.node_count if run.distribution else 1}
    if run.nodes not in nodes and run.nodes != step.settings.get("node_count"):
        raise code.without(f"{run.nodes} nodes without processes that find each other")


def _without(step: StepDefinition, what: str) -> str:
    return (
        f"Step {step.name!r} has {what}, for which no code is written; read the file itself: "
        "Pipeline.load_yaml(ws, filename)."
    )


def _expression(value: Any, words: dict[str, str]) -> str:  # noqa: ANN401 -- plain JSON
    """The expression of plain JSON, in which words that stand for something are variables."""
    if isinstance(value, list | tuple):
        return listed([_expression(one, words) for one in value])
    if isinstance(value, dict):
        pairs = [f"{key!r}: {_expression(one, words)}" for key, one in value.items()]
        return f"{{{', '.join(pairs)}}}"
    return words.get(value, repr(value)) if isinstance(value, str) else repr(value)
