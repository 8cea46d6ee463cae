from __future__ import annotations

import logging

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import StoreFullError
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.use import lineage as data_lineage
from aml_magics.sdk.data.use.lineage import note_read
from aml_magics.sdk.run import context
from aml_magics.services.data import dataset as datasets
from tests.fixtures.datastore_files import put


@pytest.fixture
def workspace(workspace):
    put(workspace.store, {"data/a.csv": "a\n1\n", "data/b.csv": "a\n2\n"})
    return workspace


@pytest.fixture
def run(workspace):
    started = Experiment(workspace, "e").start_logging()
    context.enter(started)
    yield started
    context.leave(started)


def registered(workspace, name, path="data/*.csv"):
    found = Dataset.File.from_files((workspace.get_default_datastore(), path))
    return found.register(workspace, name, create_new_version=True)


def noted(workspace, run):
    return [(use.name, use.mechanism) for use, _ in datasets.uses_of(workspace.store, run._record)]


def test_what_a_run_reads_is_noted_once(workspace, run):
    kept = registered(workspace, "raw")
    for _ in range(3):
        note_read(workspace, kept._record)

    assert noted(workspace, run) == [("raw", "")]
    assert run.get_details()["inputDatasets"] == [
        {
            "dataset": {"id": kept.id, "name": "raw", "version": 1},
            "consumptionDetails": {"type": "Reference"},
        }
    ]


def test_two_versions_of_a_dataset_are_two_inputs(workspace, run):
    first = registered(workspace, "raw", "data/a.csv")
    second = registered(workspace, "raw", "data/b.csv")
    note_read(workspace, first._record)
    note_read(workspace, second._record)

    assert noted(workspace, run) == [("raw", ""), ("raw_2", "")]


def test_a_dataset_that_is_an_input_already_is_not_noted_again(workspace, run):
    kept = registered(workspace, "raw")
    datasets.use(
        workspace.store, run._record, kept._record, role="input", name="x", mechanism="Direct"
    )
    note_read(workspace, kept._record)

    assert noted(workspace, run) == [("x", "Direct")]


def test_outside_of_a_run_and_for_one_of_another_workspace_nothing_is_noted(workspace, run):
    kept = registered(workspace, "raw")
    other = Workspace.create("other")
    note_read(other, kept._record)
    context.leave(run)
    note_read(workspace, kept._record)

    assert noted(workspace, run) == []
    assert noted(other, run) == []


def test_a_script_that_has_not_asked_for_its_run_is_known_by_its_variables(
    workspace, run, monkeypatch
):
    kept = registered(workspace, "raw")
    context.leave(run)
    monkeypatch.setenv("AZUREML_RUN_ID", run.id)
    monkeypatch.setenv("AML_MAGICS_WORKSPACE", "another")
    note_read(workspace, kept._record)
    assert noted(workspace, run) == []
    monkeypatch.setenv("AML_MAGICS_WORKSPACE", "w")
    note_read(workspace, kept._record)

    assert noted(workspace, run) == [("raw", "")]


def test_a_run_that_has_ended_reads_nothing_more(workspace, run):
    kept = registered(workspace, "raw")
    run.complete()
    note_read(workspace, kept._record)

    assert noted(workspace, run) == []


def test_a_store_without_room_is_no_reason_to_fail(workspace, run, monkeypatch, caplog):
    kept = registered(workspace, "raw")

    def full(*_, **__):
        raise StoreFullError("no room")

    monkeypatch.setattr(data_lineage.datasets, "use", full)
    with caplog.at_level(logging.WARNING):
        note_read(workspace, kept._record)

    assert "is not noted: no room" in caplog.text
    monkeypatch.undo()
    note_read(workspace, kept._record)
    assert noted(workspace, run) == [("raw", "")]
