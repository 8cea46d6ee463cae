"""Arguments about models, in the forms that Azure takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.model import ModelDataset
from aml_magics.sdk import handles
from aml_magics.sdk.model.resource_configuration import ResourceConfiguration
from aml_magics.services.data import dataset as datasets
from aml_magics.services.model.registration import Registration

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace

Labels = Mapping[str, str] | Sequence[str | Sequence[str]] | str
"""Names, or names with values: ``{"a": "b"}``, ``["a", ["b", "c"]]`` or ``"a"``."""

References = Sequence[tuple[str, "handles.AbstractDataset"]]
"""What a model was made with, a purpose and a dataset each: ``[("training data", dataset)]``."""


def registration_of(
    workspace: Workspace,
    model_name: str,
    *,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    description: str | None = None,
    model_framework: str | None = None,
    model_framework_version: str | None = None,
    datasets: References | None = None,
    sample_input_dataset: handles.AbstractDataset | None = None,
    sample_output_dataset: handles.AbstractDataset | None = None,
    resource_configuration: ResourceConfiguration | None = None,
) -> Registration:
    """What Azure's arguments say of a model."""
    return Registration(
        name=model_name,
        tags=tags or {},
        properties=properties or {},
        description=description or "",
        framework=model_framework,
        framework_version=model_framework_version,
        datasets=references(workspace, datasets),
        sample_input=dataset_id(workspace, sample_input_dataset),
        sample_output=dataset_id(workspace, sample_output_dataset),
        resources=resources(resource_configuration),
    )


def check_workspace(workspace: object, call: str) -> None:
    """Raises InvalidArgumentError if it is none."""
    if not isinstance(workspace, handles.Workspace):
        raise InvalidArgumentError(f"{call} takes a Workspace first, not {described(workspace)}.")


def references(workspace: Workspace, given: References | None) -> list[ModelDataset]:
    """Datasets with their purposes; raises InvalidArgumentError for another form."""
    found = []
    pairs: Sequence[Any] = given or ()
    for one in pairs:
        if not (isinstance(one, Sequence) and len(one) == 2):
            raise InvalidArgumentError(
                f"datasets are pairs such as [('training data', dataset)], not {described(one)}."
            )
        purpose, dataset = one
        id_ = dataset_id(workspace, dataset)
        if id_ is None:
            raise InvalidArgumentError(f"The dataset of {purpose!r:.80} is None.")
        found.append(ModelDataset(str(purpose), id_))
    return found


def dataset_id(workspace: Workspace, dataset: handles.AbstractDataset | None) -> str | None:
    """The id of a dataset of the workspace, saved there if it has none; raises InvalidArgumentError for anything else."""
    if dataset is None:
        return None
    if not isinstance(dataset, handles.AbstractDataset):
        raise InvalidArgumentError(
            f"A dataset of a model is what Dataset.get_by_name(workspace, name) gives, not {described(dataset)}."
        )
    is_here = dataset._home in (None, workspace)
    if dataset._record is not None and is_here:
        return dataset._record.id
    is_of_datastore = any(one.datastore for one in dataset._definition.locations)
    if dataset._record is not None or (is_of_datastore and not is_here):
        raise InvalidArgumentError(
            f"Dataset {dataset.name or dataset.id!r} is of another workspace than the model, {workspace.name!r}; "
            "register it there, too."
        )
    return datasets.save(workspace.store, dataset._definition).id


def resources(given: ResourceConfiguration | None) -> dict[str, Any] | None:
    """What a copy of a model needs, as plain JSON; raises InvalidArgumentError for anything else."""
    if given is not None and not isinstance(given, ResourceConfiguration):
        raise InvalidArgumentError(
            f"resource_configuration is a ResourceConfiguration(cpu, memory_in_gb, gpu), not {described(given)}."
        )
    return None if given is None else given.serialize()


def has_labels(kept: Mapping[str, Any], wanted: Labels | None) -> bool:
    """Whether all wanted names are there, with their values if given; raises InvalidArgumentError for another form."""
    if wanted is None:
        return True
    if isinstance(wanted, str):
        wanted = [wanted]
    pairs = wanted.items() if isinstance(wanted, Mapping) else [_pair(one) for one in wanted]
    return all(key in kept and (value is None or kept[key] == str(value)) for key, value in pairs)


def _pair(one: object) -> tuple[str, object]:
    if isinstance(one, str):
        return one, None
    if not isinstance(one, Sequence) or len(one) not in (1, 2) or not isinstance(one[0], str):
        raise InvalidArgumentError(
            f"Tags and properties are looked for as ['key', ['key', 'value']], not by {described(one)}."
        )
    return one[0], one[1] if len(one) == 2 else None
