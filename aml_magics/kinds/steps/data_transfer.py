"""A transfer of files from one datastore to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError
from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.kinds.steps._code import Call
from aml_magics.records.data.data_use import DataInput

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import StepCode
    from aml_magics.records.pipeline.definition import StepDefinition

DRIVER: Final = "aml_magics.workers.step.data_transfer"
FORMS: Final = ("file", "directory")


class DataTransfer(StepKind):
    """Copies the file or the folder that is its input to its output."""

    type = "DataTransferStep"
    title = "Data transfer"
    module = "aml_magics.sdk.pipeline.steps.data_transfer_step"
    takes_places = True
    settings = {
        "source_reference_type": Setting("text", "Source: file or directory"),
        "destination_reference_type": Setting("text", "Destination: file or directory"),
    }
    needs_folder = False

    def check(self, step: StepDefinition) -> None:
        """Refuse also a type that is none, a folder into a file, and more than one source or destination.

        Raises:
            PipelineError: it cannot be.
        """
        super().check(step)
        types = [step.settings.get(name) for name in self.settings]
        for name, value in zip(self.settings, types, strict=True):
            if value is not None and value not in FORMS:
                raise PipelineError(
                    f"Step {step.name!r}: {name} is {' or '.join(map(repr, FORMS))}, not {value!r:.60}."
                )
        if types == ["directory", "file"]:
            raise PipelineError(
                f"Step {step.name!r}: a directory cannot be copied to a file; destination_reference_type is 'directory'."
            )
        if (len(step.inputs), len(step.outputs)) != (1, 1):
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} has one input, its source, and one output, its destination; it has "
                f"{len(step.inputs)} and {len(step.outputs)}."
            )
        part = step.inputs[0].part
        if isinstance(part, DataInput) and part.mechanism == "Direct":
            raise PipelineError(
                f"Step {step.name!r}: the source {part.name!r} is a dataset without files; take it by as_mount() or "
                "as_download()."
            )
        if types[1] == "file" and step.outputs[0].part.results:
            raise PipelineError(
                f"Step {step.name!r}: a dataset is made of a directory; destination_reference_type is 'directory'."
            )
        if step.arguments:
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} has no arguments; take them away."
            )

    def command(self, step: StepDefinition) -> Command:
        """The program that copies on this machine; the worker sends what it has copied."""
        [source], [output] = step.inputs, step.outputs
        words = [
            *("{python}", "-m", DRIVER),
            *("--source", source.part.placeholder, "--destination", output.part.placeholder),
            *("--datastore", output.part.datastore, "--path", output.part.path),
        ]
        types = {name: step.settings.get(name) for name in self.settings}
        if output.part.results:
            types["destination_reference_type"] = "directory"
        for name, value in types.items():
            if value:
                words += [f"--{name}", value]
        return Command(words=tuple(words))

    def code(self, code: StepCode) -> Call:
        """The step with its source and its destination."""
        code.refuse("arguments", "params", "version", "runconfig", "source_directory")
        given = code.keywords
        expressions = [*([one] for one in code.inputs.values()), *code.outputs.values()]
        if (len(code.inputs), len(code.outputs)) != (1, 1) or len(expressions[1]) != 1:
            raise code.without("other data than one source and one destination")
        del given["inputs"], given["outputs"]
        [given["source_data_reference"]], [given["destination_data_reference"]] = expressions
        return Call(self.module, self.type, given)
