"""What a step needs of its pipeline to be written down: who writes which data, parameters, defaults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, described
from aml_magics.records.data.data_use import (
    REFERENCE_PLACEHOLDER,
    DataFolder,
    DataInput,
    DataOutput,
    DataUse,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.pipeline.definition import (
    FromParameter,
    FromStep,
    StepInput,
    StepOutput,
)
from aml_magics.sdk.data.store.path import DataPath, DataPathComputeBinding
from aml_magics.sdk.data.use.argument import data_of, is_data, word_of
from aml_magics.sdk.data.use.consumption import _MECHANISMS, DatasetConsumptionConfig
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig
from aml_magics.sdk.job.run_configuration import target_name
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.pipeline_output_dataset import PipelineOutputAbstractDataset
from aml_magics.sdk.pipeline.port import MODES, InputPortBinding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.data_use import OutputResult
    from aml_magics.sdk.data.use.output_dataset import OutputLink
    from aml_magics.sdk.pipeline.step import PipelineStep
    from aml_magics.sdk.workspace.workspace import Workspace


class StepContext:
    """The pipeline as its steps see it.

    Args:
        default_datastore: the name of a datastore, empty for the workspace's.
        steps: all steps of the pipeline.
    """

    def __init__(
        self,
        workspace: Workspace,
        steps: Sequence[PipelineStep],
        *,
        default_datastore: str = "",
        default_source_directory: str | None = None,
    ) -> None:
        self.workspace = workspace
        self.default_datastore = default_datastore
        self.parameters: dict[str, PipelineParameter] = {}
        """The parameters that steps use, by name."""
        self._default_source_directory = default_source_directory
        self._writers: dict[OutputLink, PipelineStep] = {}
        for step in steps:
            for one in step._outputs:
                self._note_writer(step, one)
        self._written = {step: self._outputs_of(step) for step in steps}

    def note(self, parameter: PipelineParameter) -> str:
        """Note that a step uses a parameter; returns what stands for it.

        Raises:
            PipelineError: another one has the same name and another default.
        """
        there = self.parameters.setdefault(parameter.name, parameter)
        if there is not parameter and there.default_value != parameter.default_value:
            raise PipelineError(
                f"Two parameters are named {parameter.name!r} and have the defaults {there.default_value!r:.60} and "
                f"{parameter.default_value!r:.60}; use one object in all steps, or other names."
            )
        return str(parameter)

    def folder(self, given: str | None, usual: str = "") -> str:
        """The folder of a step, absolute; empty for none.

        Args:
            usual: where neither the step nor the pipeline names one.
        """
        chosen = given or self._default_source_directory or usual
        return str(Path(chosen).absolute()) if chosen else ""

    def target(self, given: object) -> str:
        """The name of a compute target; empty for the pipeline's."""
        if isinstance(given, PipelineParameter):
            return self.note(given)
        return "" if given is None else target_name(given)

    def word(self, step: PipelineStep, argument: object) -> str:
        """The word of an argument: its text, or what stands for its value."""
        if isinstance(argument, PipelineParameter):
            return self.note(argument)
        if isinstance(argument, PipelineData):
            is_own = self._writers.get(argument._link) is step
            return argument.get_env_variable_name() if is_own else str(argument)
        if isinstance(argument, InputPortBinding):
            return self._bound(step, argument).part.placeholder
        if isinstance(argument, PipelineOutputAbstractDataset):
            return str(argument)
        if isinstance(argument, tuple):
            return f"{REFERENCE_PLACEHOLDER}{self._path_input(step, argument).name}"
        return word_of(argument)

    def data_of(self, step: PipelineStep) -> tuple[tuple[StepInput, ...], tuple[StepOutput, ...]]:
        """The inputs and outputs of a step, in its order.

        Raises:
            PipelineError: two of one name, an input that nothing writes, or what is no data.
        """
        found: dict[str, StepInput] = {}
        outputs = self._written[step]
        names = {one.name for one in outputs}
        for one in step._data_arguments():
            made = self._input(step, one)
            if made is None:
                continue
            if found.setdefault(made.name, made) != made or made.name in names:
                raise PipelineError(
                    f"Step {step.name!r} has two inputs or outputs named {made.name!r} that are not the same; name one "
                    "of them by as_input(name), as_named_input(name) or output_name."
                )
        return tuple(found.values()), outputs

    def input_name(self, step: PipelineStep, given: object) -> str:
        """The name that an input has in a step, empty for what is no input."""
        found = self._input(step, given)
        return "" if found is None else found.name

    # -- outputs --------------------------------------------------------------------------------

    def _note_writer(self, step: PipelineStep, output: Any) -> None:  # noqa: ANN401 -- anything
        link = link_of(output)
        if link is None:
            raise PipelineError(
                f"Step {step.name!r}: outputs has data such as a PipelineData or an OutputFileDatasetConfig, not "
                f"{described(output)}."
            )
        there = self._writers.setdefault(link, step)
        if there is not step:
            raise PipelineError(
                f"Steps {there.name!r} and {step.name!r} both write {output.name!r}; give each an output of its own."
            )

    def _outputs_of(self, step: PipelineStep) -> tuple[StepOutput, ...]:
        made: list[StepOutput] = []
        for one in [*step._outputs, *step._arguments]:
            if isinstance(one, PipelineData) and self._writers.get(one._link) is step:
                made.append(one._output(self.default_datastore))
            elif isinstance(one, OutputDatasetConfig):
                made.append(StepOutput(one._data()))
                self._note_writer(step, one)
        parts = {one.name: one for one in DataUse.of([each.part for each in made]).outputs}
        more = {each.name: each for each in made}
        return tuple(replace(more[name], part=part) for name, part in parts.items())

    def _from(self, link: OutputLink, reader: PipelineStep, name: str) -> tuple[str, str]:
        """The ids of the step that writes an output, and the name of its data."""
        writer = self._writers.get(link)
        if writer is None:
            raise PipelineError(
                f"Step {reader.name!r} reads {name!r}, and no step of the pipeline writes it; give it to the outputs "
                "of the step that does."
            )
        return writer._id, writer.name

    # -- inputs ---------------------------------------------------------------------------------

    def _input(self, step: PipelineStep, given: Any) -> StepInput | None:  # noqa: ANN401 -- anything
        """An input of a step; None for an output, or what is no data."""
        match given:
            case PipelineData() if self._writers.get(given._link) is step:
                found = None
            case PipelineData():
                found = self._bound(step, given.create_input_binding())
            case InputPortBinding():
                found = self._bound(step, given)
            case PipelineOutputAbstractDataset():
                found = self._dataset_of(step, given)
            case OutputDatasetConfig():
                found = None
            case DatasetConsumptionConfig():
                found = self._consumed(step, given)
            case tuple():
                found = self._path_input(step, given)
            case _:
                found = self._plain_input(step, given)
        return found

    def _plain_input(self, step: PipelineStep, given: Any) -> StepInput | None:  # noqa: ANN401
        """An input that is no pipeline's: a data reference, or its form in a run configuration."""
        if is_data(given):
            [part] = data_of([given]).parts
            return None if isinstance(part, DataOutput) else StepInput(part)
        if any(given is one for one in step._inputs):
            word_of(given)  # a bare dataset or datastore is refused with its own remedy
            raise PipelineError(
                f"Step {step.name!r}: inputs has data, such as a PipelineData or dataset.as_named_input('name'), not "
                f"{described(given)}."
            )
        return None

    def _bound(self, step: PipelineStep, given: InputPortBinding) -> StepInput:
        inner = given.bind_object
        if isinstance(inner, PipelineData):
            writer, _ = self._from(inner._link, step, inner.name)
            return StepInput(given._folder(), FromStep(writer, inner._output_name))
        if isinstance(inner, DataPath | PipelineParameter):
            binding = DataPathComputeBinding(
                given.bind_mode, given.path_on_compute, bool(given.overwrite)
            )
            found = self._path_input(step, (inner, binding))
        else:
            made = self._input(step, inner)
            if made is None:
                raise PipelineError(
                    f"Input {given.name!r} of step {step.name!r} is bound to {described(inner)}, which is no data."
                )
            found = made
        return replace(found, part=replace(found.part, name=given.name))

    def _dataset_of(self, step: PipelineStep, given: PipelineOutputAbstractDataset) -> StepInput:
        data = given._pipeline_data
        writer, _ = self._from(data._link, step, data.name)
        return self._read(given._data_input(), writer, data._output_name, given._result)

    def _consumed(self, step: PipelineStep, given: DatasetConsumptionConfig) -> StepInput:
        dataset = given.dataset
        part = DataInput(given.name, _MECHANISMS[given.mode], path_on_compute=given.path_on_compute)
        if isinstance(dataset, PipelineParameter):
            self.note(dataset)
            return StepInput(part, FromParameter(dataset.name))
        if isinstance(dataset, OutputDatasetConfig):
            writer, _ = self._from(dataset._link, step, dataset.name)
            return self._read(part, writer, dataset.name, dataset._result)
        return StepInput(given._data())

    def _read(self, part: DataInput, writer: str, output: str, result: OutputResult) -> StepInput:
        """An input that is a dataset of another step's output."""
        [step] = [one for one in self._written if one._id == writer]
        [made] = [one.part for one in self._written[step] if one.name == output]
        if result in made.results:
            place = made.results.index(result)
            return StepInput(
                part, FromStep(writer, output if place == 0 else f"{output}_{place + 1}")
            )
        definition = Definition(
            "tabular" if result.format else "file",
            (Location(result.glob),),
            result.format,
            result.options,
            result.steps,
            result.partition_format,
        )
        return StepInput(replace(part, definition=definition), FromStep(writer, output))

    def _path_input(self, step: PipelineStep, given: tuple[Any, ...]) -> StepInput:
        """A path of a datastore with its binding, and a parameter for it."""
        path, binding = (*given, None, None)[:2]
        is_parameter = isinstance(path, PipelineParameter) and isinstance(
            path.default_value, DataPath
        )
        if len(given) != 2 or not isinstance(binding, DataPathComputeBinding):
            raise PipelineError(
                f"Step {step.name!r}: a path is given with its binding, such as (datapath, "
                f"DataPathComputeBinding(mode='mount')), not as {described(given)}."
            )
        if not is_parameter and not isinstance(path, DataPath):
            raise PipelineError(
                f"Step {step.name!r}: a DataPathComputeBinding binds a DataPath or a PipelineParameter of one, not "
                f"{described(path)}."
            )
        part = DataFolder(
            path.name,
            "",
            mechanism="Upload" if binding.mode == "upload" else MODES[binding.mode],
            path_on_compute=binding.path_on_compute,
            overwrite=binding.overwrite,
        )
        if is_parameter:
            self.note(path)
            return StepInput(part, FromParameter(path.name))
        found = replace(part, datastore=path.datastore_name, path=path.path_on_datastore or "")
        return StepInput(found)


def link_of(given: Any) -> OutputLink | None:  # noqa: ANN401 -- anything
    """What the copies of an output share; None for what no step writes."""
    found: OutputLink | None = getattr(given, "_link", None)
    return found
