"""Inputs and outputs of steps as Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.kinds.steps._code import Call
from aml_magics.records.data.data_use import DataInput, DataOutput, OutputResult
from aml_magics.records.pipeline.definition import FromDataset, FromParameter, FromStep, StepOutput
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.python_rows import (
    OF_DATASET,
    OF_OUTPUT,
    NotWritableError,
    read_by,
    result_of,
)
from aml_magics.services.pipeline.validation import result_names

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import Code
    from aml_magics.records.pipeline.definition import StepDefinition, StepInput
    from aml_magics.services.pipeline.document.python_lines import PythonLines

_STORE: Final = "aml_magics.sdk.data.store"
_USE: Final = "aml_magics.sdk.data.use"


class PythonData:
    """Writes the data of a pipeline; each datastore, parameter and output has a variable."""

    def __init__(self, script: PythonLines, parameters: dict[str, str]) -> None:
        self._script = script
        self._parameters = parameters
        self._datastores: dict[str, str] = {}
        self._outputs: dict[FromStep, str] = {}
        self._files: dict[FromStep, str] = {}
        """The outputs that are an ``OutputFileDatasetConfig``, by their files; the others are a ``PipelineData``."""
        self._rows: set[FromStep] = set()

    @property
    def stores(self) -> list[str]:
        """The lines that get the datastores."""
        return [f"{name} = Datastore.get(ws, {key!r})" for key, name in self._datastores.items()]

    def datastore(self, name: str) -> str:
        """The variable of a datastore."""
        self._script.name("aml_magics", "Datastore")
        if name not in self._datastores:
            self._datastores[name] = self._script.variable(name)
        return self._datastores[name]

    def dataset(self, id_: str, name: str, version: int | None) -> str:
        """The expression of a registered or saved dataset."""
        called = self._script.name("aml_magics", "Dataset")
        if id_:
            return f"{called}.get_by_id(ws, {id_!r})"
        which = "" if version is None else f", version={version}"
        return f"{called}.get_by_name(ws, {name!r}{which})"

    # -- inputs ---------------------------------------------------------------------------------

    def input(self, step: StepDefinition, one: StepInput) -> str:
        """A variable of an input, or of the output that it is as it stands.

        Raises:
            NotWritableError: it cannot be written.
        """
        expression = self._input(one)
        if expression.isidentifier():
            return expression
        return self._script.assigned(f"{step.name}_{one.name}", expression)

    def _input(self, one: StepInput) -> str:
        part, origin = one.part, one.origin
        what = f"input {one.name!r}"
        if isinstance(origin, FromStep):
            return self._of_step(one, origin, what)
        if isinstance(part, DataInput):
            return self._dataset_input(one, part, what)
        how = [f"mode={part.mechanism.lower()!r}"]
        if part.path_on_compute:
            how.append(f"path_on_compute={part.path_on_compute!r}")
        if part.overwrite:
            how.append("overwrite=True")
        if isinstance(origin, FromParameter):
            binding = self._script.name(f"{_STORE}.path", "DataPathComputeBinding")
            bound = f"({self._parameters[origin.parameter]}, {binding}({', '.join(how)}))"
            return bound if one.name == origin.parameter else self._renamed(one, origin, how)
        place = [self.datastore(part.datastore), repr(one.name), repr(part.path)]
        called = self._script.name(f"{_STORE}.reference", "DataReference")
        return f"{called}({', '.join([*place, *how])})"

    def _renamed(self, one: StepInput, origin: FromParameter, how: list[str]) -> str:
        """A path of a parameter, as an input of another name."""
        called = self._script.name("aml_magics.sdk.pipeline.port", "InputPortBinding")
        given = [repr(one.name), self._parameters[origin.parameter]]
        return f"{called}({', '.join([*given, *(word.replace('mode=', 'bind_mode=', 1) for word in how)])})"

    def _dataset_input(self, one: StepInput, part: DataInput, what: str) -> str:
        if part.definition is not None:
            raise NotWritableError(f"{what}, a dataset that is not saved")
        if isinstance(one.origin, FromParameter):
            given = [repr(one.name), self._parameters[one.origin.parameter]]
            given.append(f"mode={part.mechanism.lower()!r}")
            if part.path_on_compute:
                given.append(f"path_on_compute={part.path_on_compute!r}")
            called = self._script.name(f"{_USE}.consumption", "DatasetConsumptionConfig")
            return f"{called}({', '.join(given)})"
        named = one.origin if isinstance(one.origin, FromDataset) else FromDataset("")
        if not (part.dataset or named.name):
            raise NotWritableError(f"{what} without data")
        dataset = self.dataset(part.dataset, named.name, named.version)
        return f"{dataset}.as_named_input({one.name!r}){_seen(part, 'Direct')}"

    def _of_step(self, one: StepInput, origin: FromStep, what: str) -> str:
        if origin not in self._outputs:
            raise NotWritableError(f"{what}, the output {origin.output!r:.60}, which is not there")
        data, part = self._outputs[origin], one.part
        if isinstance(part, DataInput):
            return self._dataset_of_step(one, part, origin, what)
        if origin in self._files:
            raise NotWritableError(f"{what}, the folder of an output of which a dataset is made")
        if part.mechanism == "Mount" and not part.path_on_compute and not part.overwrite:
            return data if one.name == origin.output else f"{data}.as_input({one.name!r})"
        given = [one.name, part.mechanism.lower(), part.path_on_compute, part.overwrite]
        return f"{data}.create_input_binding({', '.join(map(repr, given))})"

    def _dataset_of_step(self, one: StepInput, part: DataInput, origin: FromStep, what: str) -> str:
        data = self._outputs[origin]
        is_output = origin in self._files
        result = OutputResult() if part.definition is None else result_of(part.definition)
        if part.definition is not None and is_output:
            data = self._files[origin]
        try:
            methods = read_by(self._script, OF_OUTPUT if is_output else OF_DATASET, result)
        except NotWritableError as error:
            raise NotWritableError(f"{what}, {error}") from None
        is_rows = bool(result.format) or (part.definition is None and origin in self._rows)
        seen = _seen(part, "Direct" if is_rows else "Mount")
        if is_output:
            return f"{data}{methods}.as_input({one.name!r}){seen}"
        return f"{data}.as_dataset(){methods}.as_named_input({one.name!r}){seen}"

    # -- outputs --------------------------------------------------------------------------------

    def place(self, step: StepDefinition, one: StepOutput) -> str:
        """The variable of the place where an output goes, for a class that takes places.

        Raises:
            NotWritableError: it is more than a place.
        """
        part = one.part
        plain = DataOutput(part.name, part.datastore, part.path, results=())
        if one != StepOutput(plain):
            raise NotWritableError(f"output {one.name!r}, a place with settings of its own")
        called = self._script.name(f"{_STORE}.reference", "DataReference")
        given = [self.datastore(part.datastore), repr(one.name), repr(part.path)]
        return self._script.assigned(f"{step.name}_{one.name}", f"{called}({', '.join(given)})")

    def note_given(self, step: str, output: str, expression: str) -> None:
        """Note what gives an output that is a place."""
        self._outputs[FromStep(step, output)] = expression

    def output(self, step: StepDefinition, one: StepOutput) -> list[str]:
        """The variables of an output: one for each dataset that is made of it, and one without any.

        Raises:
            NotWritableError: it cannot be written.
        """
        part, what = one.part, f"output {one.name!r}"
        origins = [FromStep(step.id, name) for name in result_names(part)] or [
            FromStep(step.id, one.name)
        ]
        try:
            if part.results and one.pipeline_output is None and one.training_output is None:
                made = self._file_output(part, origins)
                self._outputs |= dict(zip(origins, made, strict=True))
                return made
            made = [self._pipeline_data(one)]
        except NotWritableError as error:
            raise NotWritableError(f"{what}, {error}") from None
        self._outputs[origins[0]] = made[0]
        return made

    def _pipeline_data(self, one: StepOutput) -> str:
        part = one.part
        if part.results:
            raise NotWritableError(
                "of which datasets are made and which the pipeline or a sweep gives"
            )
        if part.path != form.OUTPUT_PATH or part.globs or part.mechanism == "Link":
            raise NotWritableError("a folder with a path or patterns of its own")
        given: dict[str, Code] = {"datastore": self.datastore(part.datastore)}
        if part.mechanism == "Upload":
            given["output_mode"] = "'upload'"
        if part.path_on_compute:
            given["output_path_on_compute"] = repr(part.path_on_compute)
        if not part.overwrite:
            given["output_overwrite"] = "False"
        if one.pipeline_output:
            given["pipeline_output_name"] = repr(one.pipeline_output)
        if one.training_output is not None:
            given["training_output"] = _training_output(one.training_output)
        call = Call(
            "aml_magics.sdk.pipeline.pipeline_data", "PipelineData", given, [repr(one.name)]
        )
        return self._script.called(one.name, call)

    def _file_output(self, part: DataOutput, origins: list[FromStep]) -> list[str]:
        """An output with the datasets that are made of it, each a variable."""
        partition = {one.partition_format for one in part.results if not one.format}
        files = self._files_expression(part, partition)
        [first, *more] = part.results
        if not more and not first.format:
            made = [
                self._script.assigned(
                    part.name,
                    f"{files}{read_by(self._script, OF_OUTPUT, first)}{_registered(first)}",
                )
            ]
            self._files[origins[0]] = made[0]
            return made
        base = self._script.assigned(f"{part.name}_files", files)
        made = []
        for origin, result in zip(origins, part.results, strict=True):
            methods = read_by(self._script, OF_OUTPUT, result)
            made.append(
                self._script.assigned(origin.output, f"{base}{methods}{_registered(result)}")
            )
            self._files[origin] = base
            if result.format:
                self._rows.add(origin)
        return made

    def _files_expression(self, part: DataOutput, partition: set[str]) -> str:
        if len(partition) > 1:
            raise NotWritableError("whose files are parted in several ways")
        if part.mechanism == "Link" or not part.path:
            raise NotWritableError("which has no folder of its own")
        if part.mechanism == "Mount" and (part.globs or not part.overwrite):
            raise NotWritableError("which is mounted, and chooses or keeps files")
        place = f"({self.datastore(part.datastore)}, {part.path!r})"
        given = [repr(part.name), f"destination={place}"]
        if part.path_on_compute:
            given.append(f"source={part.path_on_compute!r}")
        if "".join(partition):
            given.append(f"partition_format={''.join(partition)!r}")
        called = self._script.name(f"{_USE}.output_file", "OutputFileDatasetConfig")
        made = f"{called}({', '.join(given)})"
        if part.mechanism == "Upload":
            how = f"overwrite={part.overwrite!r}"
            if part.globs:
                how += f", source_globs={list(part.globs)!r}"
            made += f".as_upload({how})"
        return made


def _registered(result: OutputResult) -> str:
    """The method that registers a result; empty for one without a name."""
    if not result.register_as:
        return ""
    told = [repr(result.register_as)]
    told += [f"description={result.description!r}"] if result.description else []
    told += [f"tags={result.tags!r}"] if result.tags else []
    return f".register_on_complete({', '.join(told)})"


def _training_output(written: dict[str, object]) -> Call:
    given: dict[str, Code] = {
        name: repr(value)
        for name, value in written.items()
        if name in ("type", "metric", "model_file") and value is not None
    }
    return Call("aml_magics.sdk.pipeline.steps.training_output", "TrainingOutput", given)


def _seen(part: DataInput, usual: str) -> str:
    """How the script sees a dataset, unless it sees it so without a word."""
    if part.mechanism == usual and not part.path_on_compute:
        return ""
    place = f"path_on_compute={part.path_on_compute!r}" if part.path_on_compute else ""
    return f".as_{part.mechanism.lower()}({'' if part.mechanism == 'Direct' else place})"
