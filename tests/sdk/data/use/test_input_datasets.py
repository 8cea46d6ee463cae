from __future__ import annotations

import json
from pathlib import Path

import pytest

from aml_magics import Experiment, Run, Workspace
from aml_magics.errors import DatasetNotFoundError, RunStateError, SubmissionError
from aml_magics.records.data.data_use import DataOutput
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.use.input_datasets import InputDatasets, OutputDataset
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.services.data import dataset as datasets
from aml_magics.widgets.run import RunWidget
from aml_magics.widgets.run_details import RunDetails
from tests.fixtures.datastore_files import put


@pytest.fixture
def files():
    """Two files, found in the workspace of the experiment."""

    def make(workspace):
        put(workspace.store, {"data/a.csv": "a\n1\n", "data/b.csv": "a\n2\n"})
        return Dataset.File.from_files((workspace.get_default_datastore(), "data/*.csv"))

    return make


def test_a_run_in_the_kernel_has_a_mapping_of_what_it_read_and_made(files):
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    kept = files(workspace).register(workspace, "raw")
    assert (dict(run.input_datasets), len(run.output_datasets)) == ({}, 0)
    for role in ("input", "output"):
        datasets.use(
            workspace.store,
            run._record,
            kept._record,
            role=role,
            name=f"{role}_x",
            mechanism="Mount",
            path="/x",
        )

    assert list(run.input_datasets) == ["input_x"]
    assert run.input_datasets["input_x"].id == kept.id
    assert run.output_datasets["output_x"].version == 1
    assert "y" not in run.input_datasets
    assert run.input_datasets.get("y") is None
    assert "input_x" in repr(run.input_datasets)
    with pytest.raises(
        DatasetNotFoundError, match=r"no input 'input_y'. Did you mean 'input_x'\? It has: input_x"
    ):
        run.input_datasets["input_y"]


def test_code_may_set_and_delete_inputs_of_its_run(files):
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    kept = files(workspace).register(workspace, "raw")
    datasets.use(
        workspace.store, run._record, kept._record, role="input", name="given", mechanism="Direct"
    )

    run.input_datasets["own"] = kept
    run.input_datasets["path"] = "data"
    assert run.input_datasets["own"] is kept
    assert (list(run.input_datasets), len(run.input_datasets)) == (["given", "own", "path"], 3)
    assert run.input_datasets.pop("given").id == kept.id
    del run.input_datasets["own"]
    assert dict(run.input_datasets) == {"path": "data"}
    with pytest.raises(DatasetNotFoundError, match=r"no input 'given'. It has: path"):
        del run.input_datasets["given"]
    run.input_datasets["given"] = "again"
    run.output_datasets["out"] = "there"
    assert (run.input_datasets["given"], run.output_datasets["out"]) == ("again", "there")
    assert list(Run.get(workspace, run.id).input_datasets) == ["given"]  # the run is as it was


def test_a_script_may_set_inputs_of_its_run(submit):
    code = """
from azureml.core import Run
run = Run.get_context()
run.input_datasets["x"] = "there"
run.output_datasets["y"] = "here"
again = Run.get_context()
print(again.input_datasets["x"], again.output_datasets["y"])
"""
    run = submit(code)
    run.wait_for_completion()

    assert "there here" in run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]


def test_inside_of_its_script_what_has_a_path_is_the_path(files):
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    with pytest.raises(DatasetNotFoundError, match=r"has no input 'x'\. It has none"):
        run.input_datasets["x"]
    kept = files(workspace).register(workspace, "raw")
    use = dict(role="input", mechanism="Mount")
    datasets.use(workspace.store, run._record, kept._record, name="x", path="/x", **use)
    datasets.use(workspace.store, run._record, kept._record, name="y", **use)
    inside = InputDatasets(workspace, run._record, is_inside=True)

    assert inside["x"] == "/x"
    assert inside["y"].id == kept.id


def test_a_folder_to_write_to_cannot_be_linked(files):
    workspace = Workspace.create("w")
    run = Experiment(workspace, "e").start_logging()
    output = OutputDataset("/x", DataOutput("o", "s", "p"), workspace, run._record)

    assert output == "/x"
    with pytest.raises(RunStateError, match=r"'o' is a folder to write to \(/x\)"):
        output.link(files(workspace))


def test_a_submitted_run_shows_its_data_as_azure_does(scripts, submit, files):
    workspace = scripts.workspace
    found = files(workspace)
    kept = found.register(workspace, "raw")
    output = OutputFileDatasetConfig("out").as_upload(overwrite=True).register_on_complete("made")
    code = "import sys; open(sys.argv[-1] + '/a.txt', 'w').write('x'); print(sys.argv[1:])"
    run = submit(code, "--in", kept.as_named_input("raw").as_download("here"), 0.5, "--out", output)
    details = run.wait_for_completion()
    definition = details["runDefinition"]

    assert definition["arguments"] == [
        "--in",
        "DatasetConsumptionConfig:raw",
        "0.5",
        "--out",
        "DatasetOutputConfig:out",
    ]
    assert definition["data"]["raw"]["dataLocation"]["dataset"]["id"] == kept.id
    assert definition["data"]["raw"]["mechanism"] == "Download"
    assert definition["outputData"]["out"]["mechanism"] == "Upload"
    assert definition["dataReferences"] == {}
    assert details["inputDatasets"] == [
        {
            "dataset": {"id": kept.id, "name": "raw", "version": 1},
            "consumptionDetails": {
                "type": "RunInput",
                "inputName": "raw",
                "mechanism": "Download",
                "pathOnCompute": "here",
            },
        }
    ]
    [made] = details["outputDatasets"]
    assert made["outputDetails"] == {"outputName": "out"}
    assert made["dataset"]["name"] == "made"
    assert made["identifier"]["savedId"] == workspace.datasets["made"].id
    assert json.loads(json.dumps(details)) == details
    assert run.input_datasets["raw"].id == kept.id
    assert run.output_datasets["out"].to_path() == ["/a.txt"]


def test_a_dataset_of_another_workspace_is_refused(scripts, submit, files):
    other = Workspace.create("elsewhere")
    kept = files(other).register(other, "raw")

    with pytest.raises(DatasetNotFoundError, match="in workspace 'w'"):
        submit("", kept.as_named_input("x"))
    store = other.get_default_datastore()
    for word in (
        files(other).as_named_input("x"),
        OutputFileDatasetConfig("x", (store, "r")),
        store.path("data"),
    ):
        with pytest.raises(
            SubmissionError, match="of workspace 'elsewhere', and the run is of 'w'"
        ):
            submit("", word)


def test_a_data_reference_is_an_argument(scripts, submit, files):
    workspace = scripts.workspace
    files(workspace)
    reference = workspace.get_default_datastore().path("data").as_download(path_on_compute="here")
    run = submit("import os, sys; print(sorted(os.listdir(sys.argv[1])))", reference)
    details = run.wait_for_completion()

    assert details["runDefinition"]["arguments"] == [str(reference)]
    [found] = details["runDefinition"]["dataReferences"].values()
    assert (found["pathOnDataStore"], found["pathOnCompute"], found["mode"]) == (
        "data",
        "here",
        "Download",
    )


def test_a_script_reads_rows_by_name_and_by_id(scripts, submit):
    workspace = scripts.workspace
    put(workspace.store, {"data/a.csv": "a,b\n1,x\n", "data/b.csv": "a,b\n2,y\n"})
    path = (workspace.get_default_datastore(), "data/*.csv")
    rows = Dataset.Tabular.from_delimited_files(path).keep_columns("a")
    code = """
import sys
from azureml.core import Dataset, Run
run = Run.get_context()
frame = run.input_datasets["x"].to_pandas_dataframe()
again = Dataset.get_by_id(run.experiment.workspace, sys.argv[2]).to_pandas_dataframe()
run.log("sum", int(frame["a"].sum()))
run.log("same", frame.equals(again))
run.log("columns", ",".join(frame.columns))
"""
    run = submit(code, "--data", rows.as_named_input("x"))
    details = run.wait_for_completion()

    assert run.get_metrics() == {"sum": 3, "same": True, "columns": "a"}
    [one] = details["inputDatasets"]  # what is read is the input, and no second one
    assert one["consumptionDetails"]["inputName"] == "x"
    assert one["dataset"] == {"id": run.input_datasets["x"].id}


def test_an_output_of_rows_is_a_dataset_to_read(scripts, submit):
    workspace = scripts.workspace
    output = OutputFileDatasetConfig("out", (workspace.get_default_datastore(), "made/{run-id}"))
    rows = output.read_delimited_files().drop_columns("b").register_on_complete("made")
    run = submit("import sys; open(sys.argv[1] + '/x.csv', 'w').write('a,b\\n1,2\\n')", rows)
    run.wait_for_completion()

    frame = workspace.datasets["made"].to_pandas_dataframe()
    assert frame.to_dict("list") == {"a": [1]}
    assert run.output_datasets["out"].name == "made"


def test_people_see_data_arguments_as_they_were_given(scripts, submit, files):
    workspace = scripts.workspace
    kept = files(workspace).register(workspace, "clinic visits")
    other = Dataset.File.from_files((workspace.get_default_datastore(), "data/a.csv"))
    reference = workspace.get_default_datastore().path("data")
    words = [
        *("--in", kept.as_named_input("raw").as_download()),
        f"--also={other.as_named_input('other')}",
        *("--out", OutputFileDatasetConfig("out"), "--folder", reference),
        f"--file={reference}/a.csv",
    ]
    config = ScriptRunConfig("src", "train.py", words)
    Path("src").mkdir()
    Path("src/train.py").write_text("")
    config._inputs = (other.as_named_input("other"),)
    run = scripts.submit(config)

    store = workspace.get_default_datastore().name
    assert run.record.params == {
        "in": "clinic visits:1",
        "also": "other",
        "out": "out",
        "folder": f"{store}/data",
        "file": f"{store}/data/a.csv",
    }
    details = run.get_details()
    assert details["runDefinition"]["arguments"][1] == "DatasetConsumptionConfig:raw"
    assert "DatasetConsumptionConfig" not in run._repr_html_()
    run.wait_for_completion()
    shown, _ = RunWidget(run)._repr_mimebundle_()
    assert "clinic visits:1" in shown["text/html"]
    assert "DatasetConsumptionConfig" not in str(shown)
    properties = RunDetails(run).get_widget_data()["run_properties"]
    assert properties["script_name"] == "train.py"
    assert properties["arguments"].startswith("--in DatasetConsumptionConfig:raw ")
