from __future__ import annotations

import pytest

from aml_magics.errors import (
    DataNotFoundError,
    DatasetNotFoundError,
    DatastoreNotFoundError,
    SubmissionError,
)
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, DataUse
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.input import keep_data
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from tests.fixtures.datastore_files import put

STORE = "workspaceblobstore"


def defined(kind="file", path="data/*.csv"):
    return Definition(kind, (Location(path, STORE),), "delimited" if kind == "tabular" else "")


def test_a_dataset_that_nobody_saved_is_saved_when_the_run_is_submitted(store):
    put(store, {"data/a.csv": "a\n1\n"})
    data, [record] = keep_data(store, DataUse((DataInput("x", definition=defined()),)))

    assert data.inputs == (DataInput("x", dataset=record.id),)
    assert dataset.get_by_id(store, record.id).name is None
    assert keep_data(store, data) == (data, [record])


def test_a_submitted_run_knows_its_inputs_before_it_begins(store, tmp_path):
    put(store, {"data/a.csv": "a\n1\n"})
    kept = dataset.register(store, defined("tabular"), "raw")
    (tmp_path / "f").mkdir()
    use = DataUse((DataInput("x", dataset=kept.id),))
    run, _ = submission.submit(store, "e", Submission(tmp_path / "f", command=("true",), data=use))

    [(one, record)] = dataset.uses_of(store, run)
    assert (one.role, one.name, one.mechanism, record.id) == ("input", "x", "Direct", kept.id)
    with store.catalogue.read() as connection:
        assert store.jobs.get(connection, run.key).data == use


def test_data_that_is_not_there_is_told_when_the_run_is_submitted(sqlite_store):
    put(sqlite_store, {"data/a.csv": "a\n1\n"})

    def keep(*inputs, **others):
        keep_data(sqlite_store, DataUse(inputs, **others))

    with pytest.raises(DatasetNotFoundError, match="No dataset with id 'none'"):
        keep(DataInput("x", dataset="none"))
    with pytest.raises(DataNotFoundError, match="gone"):
        keep(DataInput("x", definition=defined(path="gone/*.csv")))
    with pytest.raises(DatastoreNotFoundError, match="nowhere"):
        keep(outputs=(DataOutput("o", "nowhere", "p"),))
    with pytest.raises(DatastoreNotFoundError, match="nowhere"):
        keep(folders=(DataFolder("f", "nowhere"),))
    with pytest.raises(SubmissionError, match="'x' is a TabularDataset, and only files"):
        keep(DataInput("x", "Mount", definition=defined("tabular")))


def test_a_linked_output_needs_no_datastore(sqlite_store):
    use = DataUse(outputs=(DataOutput("o", "", "", "Link"),))

    assert keep_data(sqlite_store, use) == (use, [])


def test_a_datastore_of_another_workspace_is_refused(sqlite_store):
    put(sqlite_store, {"data/a.csv": "a"})
    here, there = str(sqlite_store.folder), str(sqlite_store.folder.parent / "other")
    inputs = (DataInput("x", definition=defined(), home=here),)
    outputs, folders = (
        (DataOutput("o", STORE, "p", home=here),),
        (DataFolder("f", STORE, home=here),),
    )
    data, _ = keep_data(sqlite_store, DataUse(inputs, outputs, folders))

    assert {one.home for one in data.parts} == {""}
    with pytest.raises(
        SubmissionError,
        match="'f' is in a datastore of workspace 'other', and the run is of 'test'",
    ):
        keep_data(sqlite_store, DataUse(folders=(DataFolder("f", STORE, home=there),)))
