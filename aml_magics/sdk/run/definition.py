"""A submitted run's data in the form of Azure's run definition and details; plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, DataUse
    from aml_magics.records.data.dataset import DatasetRecord, DatasetUse


def written_data(data: DataUse) -> dict[str, Any]:
    """The sections ``data``, ``outputData`` and ``dataReferences``, each by name."""
    return {
        "data": {one.name: written_input(one) for one in data.inputs},
        "outputData": {one.name: written_output(one) for one in data.outputs},
        "dataReferences": {one.name: _written_folder(one) for one in data.folders},
    }


def written_input(one: DataInput) -> dict[str, Any]:
    """An input."""
    return {
        "dataLocation": {"dataset": {"id": one.dataset or None}, "dataPath": None},
        "mechanism": one.mechanism,
        "environmentVariableName": one.name,
        "pathOnCompute": one.path_on_compute,
        "overwrite": False,
    }


def written_output(one: DataOutput) -> dict[str, Any]:
    """An output."""
    data_path = {"datastoreName": one.datastore, "relativePath": one.path}
    registered = [
        {"name": result.register_as, "description": result.description, "tags": result.tags}
        for result in one.results
        if result.register_as
    ]
    upload = {"overwrite": one.overwrite, "sourceGlobs": list(one.globs) or None}
    return {
        "outputLocation": {"dataPath": data_path if one.datastore else None},
        "mechanism": one.mechanism,
        "additionalOptions": {
            "pathOnCompute": one.path_on_compute,
            "registrationOptions": registered[0] if registered else None,
            "uploadOptions": upload if one.mechanism == "Upload" else None,
        },
        "environmentVariableName": None,
    }


def used_inputs(
    uses: Sequence[tuple[DatasetUse, DatasetRecord]], data: DataUse | None
) -> list[dict[str, Any]]:
    """``inputDatasets`` of a run's details; a dataset that is not a named input is a ``Reference``."""
    paths = {one.name: one.path_on_compute for one in data.inputs} if data else {}
    found = []
    for use, record in uses:
        if use.role != "input":
            continue
        consumption: dict[str, Any] = {"type": "Reference"}
        if use.mechanism:
            consumption = {
                "type": "RunInput",
                "inputName": use.name,
                "mechanism": use.mechanism,
            }
        if paths.get(use.name):
            consumption["pathOnCompute"] = paths[use.name]
        found.append({"dataset": _dataset(record), "consumptionDetails": consumption})
    return found


def used_outputs(uses: Sequence[tuple[DatasetUse, DatasetRecord]]) -> list[dict[str, Any]]:
    """``outputDatasets`` of a run's details."""
    return [
        {
            "identifier": {"savedId": record.id},
            "outputType": "RunOutput",
            "outputDetails": {"outputName": use.name},
            "dataset": _dataset(record),
        }
        for use, record in uses
        if use.role == "output"
    ]


def _dataset(record: DatasetRecord) -> dict[str, Any]:
    if record.name is None:
        return {"id": record.id}
    return {"id": record.id, "name": record.name, "version": record.version}


def _written_folder(one: DataFolder) -> dict[str, Any]:
    return {
        "dataStoreName": one.datastore,
        "mode": one.mechanism,
        "pathOnDataStore": one.path,
        "pathOnCompute": one.path_on_compute,
        "overwrite": one.overwrite,
    }
