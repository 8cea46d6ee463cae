"""Inputs and outputs of a pipeline's YAML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError, did_you_mean
from aml_magics.records.data.data_use import (
    DataFolder,
    DataInput,
    DataOutput,
    OutputResult,
    check_data_name,
)
from aml_magics.records.data.dataset import Definition
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    StepInput,
    StepOutput,
)
from aml_magics.services.pipeline.document import form
from aml_magics.services.pipeline.document.tree import PipelineDocumentError

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import Origin, ParameterDefinition
    from aml_magics.services.pipeline.document.tree import Part

_DATA_TYPES = ("datapath", "dataset")


@dataclass(slots=True)
class Names:
    """What an input may name as its source; ``made`` are outputs that datasets are made of."""

    parameters: dict[str, ParameterDefinition]
    references: dict[str, dict[str, Part]]
    destinations: dict[str, FromStep] = field(default_factory=dict)
    made: set[FromStep] = field(default_factory=set)

    def add(self, destination: str, origin: FromStep, line: int, *, is_made: bool) -> None:
        """Add an output under the name of its data.

        Raises:
            PipelineDocumentError: another step writes it, or something else has the name.
        """
        other = self.destinations.get(destination)
        if other is not None:
            raise PipelineDocumentError(
                f"Step {origin.step!r} and step {other.step!r} both write {destination!r:.60}; give one another "
                "destination.",
                line,
            )
        for what, known in (("data reference", self.references), ("parameter", self.parameters)):
            if destination in known:
                raise PipelineDocumentError(
                    f"Step {origin.step!r} writes {destination!r:.60}, and a {what} has that name; give it another "
                    "destination.",
                    line,
                )
        self.destinations[destination] = origin
        if is_made:
            self.made.add(origin)

    def origin(self, part: Part) -> tuple[Origin | None, dict[str, Part]]:
        """What a source names: an origin, and the keys of a data reference."""
        name = part.raw
        if name in self.destinations:
            return self.destinations[name], {}
        if name in self.references:
            return _reference_origin(self.references[name]), self.references[name]
        if name in self.parameters:
            if self.parameters[name].type in _DATA_TYPES:
                return FromParameter(name), {}
            raise PipelineDocumentError(
                f"{part.path} is the parameter {name!r:.60} of type {self.parameters[name].type}; data comes from one of "
                "type datapath or dataset.",
                part.line,
            )
        known = [*self.destinations, *self.references, *self.parameters]
        raise PipelineDocumentError(
            f"{part.path} is {name!r:.60}, which no output, data reference or parameter is called."
            f"{did_you_mean(name, known)} There are: {', '.join(known) or 'none'}.",
            part.line,
        )


def reference_of(part: Part) -> dict[str, Part]:
    """The keys of a data reference, once they are known to name data."""
    fields = part.fields(form.DATA_KEYS)
    if not {"datastore", "dataset_name", "dataset_id", "definition"} & set(fields):
        raise PipelineDocumentError(
            f"{part.path} names no data; give datastore and path_on_datastore, or dataset_name.",
            part.line,
        )
    if "dataset_name" in fields and {"datastore", "dataset_id", "definition"} & set(fields):
        raise PipelineDocumentError(
            f"{part.path} names a registered dataset and other data; leave one of them.", part.line
        )
    _reference_origin(fields)
    return fields


def input_of(name: str, part: Part, names: Names) -> StepInput:
    """An input; one without a source is open, and waits to be connected."""
    _check_name(name, part, "input")
    own = part.fields(form.INPUT_KEYS)
    origin, named = names.origin(own["source"]) if "source" in own else (None, {})
    fields = {**named, **own}
    if "dataset_name" in own:
        raise PipelineDocumentError(
            f"{part.path} names a dataset itself; put it among the data_references, and name that as the source.",
            part.line,
        )
    types = {one: parameter.type for one, parameter in names.parameters.items()}
    is_dataset = (
        fields["as_dataset"].flag()
        if "as_dataset" in fields
        else form.is_dataset_of(origin, types, names.made)
        or (origin is None and bool({"dataset_id", "definition"} & set(fields)))
    )
    made = _dataset_part if is_dataset else _folder_part
    return StepInput(made(name, fields, part), origin)


def output_of(name: str, part: Part, datastore: str) -> tuple[str, StepOutput]:
    """The name of an output's data, and the output; it goes to ``datastore`` unless it says another."""
    _check_name(name, part, "output")
    fields = part.fields(form.OUTPUT_KEYS)
    training = fields["training_output"].plain() if "training_output" in fields else None
    if training is not None and not isinstance(training, dict):
        raise fields["training_output"].wrong("a mapping")
    output = DataOutput(
        name=name,
        datastore=_text(fields, "datastore") or datastore,
        path=_text(fields, "path_on_datastore", form.OUTPUT_PATH),
        mechanism=_choice(fields, "bind_mode", form.OUTPUT_MODES, "Mount"),
        path_on_compute=_text(fields, "path_on_compute") or None,
        overwrite=fields["overwrite"].flag() if "overwrite" in fields else True,
        globs=tuple(one.text() for one in fields["globs"].items()) if "globs" in fields else (),
        results=tuple(_result(one) for one in fields["datasets"].items())
        if "datasets" in fields
        else (),
    )
    kept = StepOutput(output, _text(fields, "pipeline_output") or None, training)
    return _text(fields, "destination", name), kept


def _reference_origin(fields: dict[str, Part]) -> Origin | None:
    if "dataset_name" not in fields:
        return None
    version = fields.get("dataset_version")
    is_latest = version is None or version.is_null or version.raw == "latest"
    return FromDataset(
        fields["dataset_name"].text(), None if version is None or is_latest else version.whole(1)
    )


def _dataset_part(name: str, fields: dict[str, Part], part: Part) -> DataInput:
    if {"datastore", "path_on_datastore", "overwrite"} & set(fields):
        raise PipelineDocumentError(
            f"{part.path} is a dataset, which has no datastore, path_on_datastore or overwrite of its own.",
            part.line,
        )
    made = DataInput(
        name=name,
        mechanism=_choice(fields, "bind_mode", form.INPUT_MODES, form.DATA_MODE[True]),
        dataset=_text(fields, "dataset_id"),
        path_on_compute=_text(fields, "path_on_compute") or None,
    )
    if "definition" not in fields:
        return made
    written = fields["definition"].plain()
    try:
        return replace(made, definition=Definition.of_dict(written))
    except (TypeError, KeyError, ValueError):
        raise fields["definition"].wrong("the definition of a dataset") from None


def _folder_part(name: str, fields: dict[str, Part], part: Part) -> DataFolder:
    if {"dataset_id", "definition"} & set(fields):
        raise PipelineDocumentError(
            f"{part.path} is a folder, and a dataset; leave as_dataset out.", part.line
        )
    return DataFolder(
        name=name,
        datastore=_text(fields, "datastore"),
        path=_text(fields, "path_on_datastore"),
        mechanism=_choice(fields, "bind_mode", form.FOLDER_MODES, form.DATA_MODE[False]),
        path_on_compute=_text(fields, "path_on_compute") or None,
        overwrite=fields["overwrite"].flag() if "overwrite" in fields else False,
    )


def _result(part: Part) -> OutputResult:
    fields = part.fields(form.RESULT_KEYS)
    given: dict[str, Any] = {name: one.plain() for name, one in fields.items()}
    for name, wanted, rule in (
        ("tags", dict, "a mapping"), ("options", dict, "a mapping"), ("steps", list, "a list")
    ):  # fmt: skip
        if not isinstance(given.get(name, wanted()), wanted):
            raise fields[name].wrong(rule)
    for name in ("description", "format", "partition_format", "glob"):
        given[name] = _text(fields, name)
    given["register_as"] = _text(fields, "register_as") or None
    return OutputResult(**{**given, "steps": tuple(given.get("steps", ()))})


def _check_name(name: str, part: Part, what: str) -> None:
    try:
        check_data_name(name, what)
    except AmlError as error:
        raise PipelineDocumentError(str(error), part.line) from None


def _choice(fields: dict[str, Part], name: str, among: tuple[str, ...], default: str) -> Any:  # noqa: ANN401 -- one of them
    return fields[name].choice(*among) if name in fields else default


def _text(fields: dict[str, Part], name: str, default: str = "") -> str:
    return default if name not in fields or fields[name].is_null else fields[name].text()
