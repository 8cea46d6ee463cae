from __future__ import annotations

import contextlib
import json

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.data.data_use import DataFolder, DataInput, DataOutput, DataUse
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.status import RunStatus
from aml_magics.services.data import dataset
from aml_magics.services.run import run as runs
from aml_magics.workers.data import Data
from tests.fixtures.datastore_files import put, root_of

STORE = "workspaceblobstore"


@pytest.fixture
def made(sqlite_store, tmp_path):
    """Makes the data of a run that works in the folder ``work``."""
    said = []

    def make(**use):
        (tmp_path / "work").mkdir(exist_ok=True)
        run = runs.start(sqlite_store, "e")
        data = Data(sqlite_store, run, DataUse(**use), tmp_path / "work", said.append)
        data.said, data.folder = said, tmp_path / "work"
        return data

    return make


def kept(store, name="raw"):
    put(store, {"data/a.csv": "a"})
    definition = Definition("file", (Location("data/*.csv", STORE),))
    return dataset.register(store, definition, name, create_new_version=True).id


def test_a_run_without_data_has_no_variables(made):
    data = made()
    data.bring(contextlib.nullcontext)

    assert (data.variables, data.values) == ({}, {})


def test_variables_name_each_input_where_a_variable_can(made, sqlite_store):
    key = kept(sqlite_store)
    data = made(
        inputs=tuple(DataInput(name, dataset=key) for name in ("x", "X", "my data", "other"))
    )
    data.bring(contextlib.nullcontext)

    assert data.variables == {
        **dict.fromkeys(("x", "X", "other", "OTHER"), key),
        "AZUREML_DATASET_ENVIRONMENT_VARS": "x:Direct,X:Direct,my data:Direct,other:Direct",
        "AML_MAGICS_OUTPUTS": "{}",
    }


def test_an_output_is_an_empty_folder_that_the_script_is_told(made):
    data = made(
        outputs=(DataOutput("o", STORE, "p"), DataOutput("s", STORE, "q", path_on_compute="here"))
    )
    data.bring(contextlib.nullcontext)

    paths = json.loads(data.variables["AML_MAGICS_OUTPUTS"])
    assert paths["s"] == str(data.folder / "here") == data.values["DatasetOutputConfig:s"]
    assert list((data.folder / ".aml_magics_data/outputs/o").iterdir()) == []


def test_the_root_of_a_datastore_is_mounted(made, sqlite_store):
    put(sqlite_store, {"data/a.csv": "a", "b.txt": "b"})
    data = made(folders=(DataFolder("f", STORE),))
    data.bring(contextlib.nullcontext)

    path = data.folder / ".aml_magics_data/references/f"
    assert data.values == {"$AZUREML_DATAREFERENCE_f": str(path)}
    assert (path / "data/a.csv").read_text() == "a"
    assert (path / "b.txt").is_symlink()


def test_a_path_from_the_root_lies_in_the_folder_and_the_log_says_where(made, sqlite_store):
    data = made(inputs=(DataInput("x", "Download", kept(sqlite_store), "/etc/data"),))
    data.bring(contextlib.nullcontext)

    path = data.folder / ".aml_magics_data/root/etc/data"
    assert data.values == {"DatasetConsumptionConfig:x": str(path)}
    assert data.said == [
        f"'x' lies at {path}: path_on_compute '/etc/data' is outside of the run's folder."
    ]


def test_a_link_in_the_folder_leads_no_data_out_of_it(made, sqlite_store, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    data = made(inputs=(DataInput("x", "Download", kept(sqlite_store), "link/deep/er"),))
    (data.folder / "link").symlink_to(outside)

    with pytest.raises(DataAccessError, match="'link/deep' leads out of the run's; choose another"):
        data.bring(contextlib.nullcontext)
    assert list(outside.iterdir()) == []


def test_nothing_is_sent_of_a_script_that_did_not_begin(made, sqlite_store):
    data = made(
        outputs=(DataOutput("o", STORE, "p"),), folders=(DataFolder("f", STORE, "q", "Upload"),)
    )
    for status in (RunStatus.COMPLETED, RunStatus.FAILED):
        data.send(status, contextlib.nullcontext)

    assert list(root_of(sqlite_store).iterdir()) == []


def test_a_failed_script_ends_as_it_did_where_its_output_cannot_be_kept(made, sqlite_store):
    put(sqlite_store, {"p": "a file in the place of the folder"})
    data = made(outputs=(DataOutput("o", STORE, "p", path_on_compute="o"),))
    data.bring(contextlib.nullcontext)
    (data.folder / "o/x").write_text("x")
    data.send(RunStatus.FAILED, contextlib.nullcontext)

    [line] = data.said
    assert line.startswith("Output 'o' could not be sent (run.send_outputs() tries again): ")
    with pytest.raises(DataAccessError):
        data.send(RunStatus.COMPLETED, contextlib.nullcontext)
