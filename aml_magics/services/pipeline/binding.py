"""Binds a step to its submission: values of parameters, and the data that it reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import DataNotFoundError, PipelineError
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, DataUse
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.job import JobRecord
from aml_magics.records.pipeline.definition import (
    PARAMETER_VARIABLE,
    FromDataset,
    FromParameter,
    FromStep,
)
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.pipeline.parameter import filled, filled_words, parameters_of, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.pipeline.definition import StepDefinition, StepInput
    from aml_magics.records.pipeline.pipeline import StepTemplate
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class Maker:
    """The run that really made the outputs of a step, and the step."""

    run: RunRecord
    step: StepDefinition

    def output(self, name: str) -> DataOutput:
        """The output of a name, or the one whose further dataset has that name."""
        parts = [one.part for one in self.step.outputs]
        exact = [one for one in parts if one.name == name]
        return (exact or [one for one in parts if name.startswith(f"{one.name}_")])[0]


def job_of(written: StepDefinition, template: StepTemplate, values: Mapping[str, Any]) -> JobRecord:
    """The job of a step with the values of parameters; of its data only what no other step writes."""
    job = JobRecord.of_dict(json.loads(json.dumps(template.job)))
    step = filled(written, values)
    named = {**parameters_of(written, values), **step.params}
    texts = {f"{PARAMETER_VARIABLE}{name}": value_text(one) for name, one in named.items()}
    known = {**values, **step.params}
    if written.run.parameters:
        run = step.run
        job = replace(
            job, nodes=run.nodes, distribution=run.distribution, max_seconds=run.max_seconds
        )
    return replace(
        job,
        command=filled_words(written, job.command, known),
        arguments=filled_words(written, job.arguments, known),
        variables={**texts, **step.run.variables},
    )


def chosen_data(
    store: Store, step: StepDefinition, values: Mapping[str, Any]
) -> list[DataInput | DataFolder]:
    """The inputs that parameters choose, and registered datasets by name.

    Raises:
        NotFoundError: a dataset or a datastore is not there.
        PipelineError: a parameter is of another kind than its input.
    """
    found: list[DataInput | DataFolder] = []
    for one in step.inputs:
        if isinstance(one.origin, FromDataset):
            record = dataset.get_by_name(store, one.origin.name, one.origin.version)
            found.append(_with_dataset(step, one, record.id))
        elif isinstance(one.origin, FromParameter):
            found.append(_chosen(store, step, one, values[one.origin.parameter]))
    return found


def _chosen(
    store: Store, step: StepDefinition, one: StepInput, value: dict[str, Any]
) -> DataInput | DataFolder:
    if isinstance(one.part, DataFolder):
        if "datastore" not in value and "path" not in value:
            raise PipelineError(
                f"Input {one.name!r} of step {step.name!r} is a path of a datastore, not {value!r:.80}."
            )
        named = value.get("datastore") or datastore.default(store).name
        return replace(one.part, datastore=named, path=value.get("path", ""))
    if "name" in value:
        record = dataset.get_by_name(store, value["name"], value.get("version"))
    elif "id" in value:
        record = dataset.get_by_id(store, value["id"])
    else:
        record = dataset.save(
            store, Definition("file", (Location(value.get("path", ""), value.get("datastore")),))
        )
    return replace(one.part, dataset=record.id)


def _with_dataset(step: StepDefinition, one: StepInput, id_: str) -> DataInput:
    if isinstance(one.part, DataFolder):
        raise PipelineError(
            f"Input {one.name!r} of step {step.name!r} is a dataset; take it by as_named_input(name)."
        )
    return replace(one.part, dataset=id_, definition=None)


def made_data(
    store: Store, step: StepDefinition, makers: Mapping[str, Maker]
) -> list[DataInput | DataFolder]:
    """The inputs that other steps have written.

    Args:
        makers: by the id of the step.

    Raises:
        DataNotFoundError: a step wrote no file to an output that is read as a dataset.
    """
    return [
        _made(store, step, one, one.origin, makers[one.origin.step])
        for one in step.inputs
        if isinstance(one.origin, FromStep)
    ]


def _made(
    store: Store, step: StepDefinition, one: StepInput, origin: FromStep, maker: Maker
) -> DataInput | DataFolder:
    output = maker.output(origin.output)
    place = output.place(maker.run.id)
    if isinstance(one.part, DataFolder):
        return replace(one.part, datastore=output.datastore, path=place, may_be_empty=True)
    if one.part.definition is None:
        uses = dataset.uses_of(store, maker.run)
        found = [
            record for use, record in uses if (use.role, use.name) == ("output", origin.output)
        ]
        if found:
            return replace(one.part, dataset=found[0].id)
        definition = Definition("file", ())
    else:
        definition = one.part.definition
    pattern = definition.locations[0].path if definition.locations else ""
    location = Location(f"{place}/{pattern}" if pattern else place, output.datastore)
    try:
        record = dataset.save(store, replace(definition, locations=(location,)))
    except DataNotFoundError as error:
        raise DataNotFoundError(
            f"Step {step.name!r} reads output {output.name!r} of step {maker.step.name!r}, which wrote no file to it: {error}"
        ) from error
    return replace(one.part, dataset=record.id, definition=None)


def with_data(job: JobRecord, parts: Sequence[DataInput | DataFolder]) -> JobRecord:
    """The job with further inputs."""
    return replace(job, data=DataUse.of([*job.data.parts, *parts]))


def plain_output(part: DataOutput) -> dict[str, Any]:
    """An output as plain JSON, without the folder of its workspace."""
    written = asdict(part)
    del written["home"]
    return written
