"""The data of a submitted run: looked up, saved if new, and linked to the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import SubmissionError
from aml_magics.records.data.data_use import DataUse
from aml_magics.records.data.dataset import DatasetUse
from aml_magics.services.data.store import datastore

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.store.store import Store


def keep_data(store: Store, data: DataUse) -> tuple[DataUse, list[DatasetRecord]]:
    """Save a run's unsaved input datasets; return the data, and the dataset records in order.

    Raises:
        SubmissionError: rows are to be mounted or downloaded, which only works for files; or a datastore belongs
            to another workspace, where its name may mean another place.
        DatasetNotFoundError: this workspace has no dataset with that id.
        DataNotFoundError: a newly saved dataset has no file.
        DatastoreNotFoundError: an output or a data reference names an unknown datastore.
    """
    if not data:
        return data, []
    for one in data.parts:
        _check_home(store, one)
    named = {one.datastore for one in data.outputs} | {one.datastore for one in data.folders}
    for name in sorted(named - {""}):  # a dataset linked by a script has no datastore
        datastore.get(store, name)
    records = [_record(store, one) for one in data.inputs]
    inputs = [
        replace(one, dataset=record.id, definition=None, home="")
        for one, record in zip(data.inputs, records, strict=True)
    ]
    outputs = [replace(one, home="") for one in data.outputs]
    folders = [replace(one, home="") for one in data.folders]
    return DataUse(tuple(inputs), tuple(outputs), tuple(folders)), records


def shown_data(data: DataUse, records: list[DatasetRecord]) -> dict[str, str]:
    """Display text for each placeholder: a dataset's name, or a folder's path."""
    shown = {}
    for one, record in zip(data.inputs, records, strict=True):
        is_registered = record.name is not None
        shown[one.placeholder] = f"{record.name}:{record.version}" if is_registered else one.name
    for output in data.outputs:
        shown[output.placeholder] = output.name
    for folder in data.folders:
        shown[folder.placeholder] = f"{folder.datastore}/{folder.path}"
    return shown


def note_inputs(
    store: Store,
    connection: sa.Connection,
    run_key: int,
    data: DataUse,
    records: list[DatasetRecord],
) -> None:
    """Record a run's inputs within a transaction."""
    for one, record in zip(data.inputs, records, strict=True):
        use = DatasetUse(run_key, record.key, "input", one.name, one.mechanism)
        store.datasets.use(connection, use)


def _check_home(store: Store, one: DataInput | DataOutput | DataFolder) -> None:
    if one.home and Path(one.home) != store.folder:
        raise SubmissionError(
            f"{one.name!r} is in a datastore of workspace {Path(one.home).name!r}, and the run is of "
            f"{store.record.name!r}, where the name of the datastore may mean another place; take the datastore of "
            "the run's workspace."
        )


def _record(store: Store, one: DataInput) -> DatasetRecord:
    # Most runs have no data, and this is a tenth of a first submission's imports.
    from aml_magics.services.data import dataset

    if one.definition is not None and not one.dataset:
        record = dataset.save(store, one.definition)
    else:
        record = dataset.get_by_id(store, one.dataset)
    if record.definition.kind == "tabular" and one.mechanism != "Direct":
        raise SubmissionError(
            f"Input {one.name!r} is a TabularDataset, and only files can be mounted or downloaded; give it as "
            "it is: as_named_input(name) alone."
        )
    return record
