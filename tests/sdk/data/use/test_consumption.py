from __future__ import annotations

import copy

import pytest

from aml_magics.errors import InvalidPathError, SubmissionError
from aml_magics.records.data.data_use import DataInput
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.job.estimator import Estimator
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from tests.fixtures.datastore_files import put

pytestmark = pytest.mark.filterwarnings("ignore::aml_magics.warnings.EstimatorWarning")


@pytest.fixture
def workspace(workspace):
    put(workspace.store, {"data/a.csv": "a,b\n1,2\n", "data/b.csv": "a,b\n3,4\n"})
    return workspace


@pytest.fixture
def files(workspace):
    return Dataset.File.from_files((workspace.get_default_datastore(), "data/*.csv"))


@pytest.fixture
def rows(workspace):
    path = (workspace.get_default_datastore(), "data/*.csv")
    return Dataset.Tabular.from_delimited_files(path, validate=False)


def test_a_named_input_is_direct_and_its_text_is_the_placeholder(rows):
    taken = rows.as_named_input("raw_data")

    assert (taken.name, taken.mode, taken.path_on_compute) == ("raw_data", "direct", None)
    assert taken.dataset is rows
    assert str(taken) == taken.arg_val == "DatasetConsumptionConfig:raw_data"
    assert repr(taken) == "DatasetConsumptionConfig(name='raw_data', mode='direct')"


def test_a_mode_is_chosen_on_a_copy(files):
    direct = files.as_named_input("x")
    mount, download = direct.as_mount("here"), direct.as_download(path_on_compute="./there/")

    assert direct.mode == "direct"
    assert (mount.mode, mount.path_on_compute) == ("mount", "here")
    assert (download.mode, download.path_on_compute) == ("download", "there")
    assert mount.as_direct().mode == "direct"
    assert direct.as_hdfs()._data().mechanism == "Mount"
    assert DatasetConsumptionConfig("x", files, "Mount").mode == "mount"


def test_rows_are_neither_mounted_nor_downloaded(rows):
    for method in ("as_mount", "as_download"):
        with pytest.raises(
            SubmissionError, match="'x' is a TabularDataset, and only files can be mounted"
        ):
            getattr(rows.as_named_input("x"), method)()
    with pytest.raises(SubmissionError, match="only files can be mounted or downloaded"):
        DatasetConsumptionConfig("x", rows, mode="mount")


def test_a_bad_name_mode_or_path_is_told_where_it_is_written(files):
    with pytest.raises(SubmissionError, match="programs rely on PATH"):
        files.as_named_input("path")
    with pytest.raises(SubmissionError, match=r"not '\.\./x'"):
        files.as_named_input("../x")
    with pytest.raises(
        SubmissionError, match="mode of an input is direct, mount, download, hdfs, not 'copy'"
    ):
        DatasetConsumptionConfig("x", files, mode="copy")
    with pytest.raises(InvalidPathError, match="climbs out"):
        files.as_named_input("x").as_download("../outside")
    with pytest.raises(InvalidPathError, match="control character"):
        files.as_named_input("x").as_mount("a\0b")


def test_what_a_run_needs_of_an_input_is_its_id_or_its_definition(workspace, files):
    kept = files.register(workspace, "raw")

    assert kept.as_named_input("x")._data() == DataInput("x", dataset=kept.id)
    assert files.as_named_input("x")._data() == DataInput("x", definition=files._definition)
    assert kept.take(1).as_named_input("x")._data().dataset == ""


def test_data_among_arguments_is_kept_as_a_placeholder(rows, files):
    arguments = [
        "--rate",
        0.1,
        "--data",
        rows.as_named_input("x"),
        files.as_named_input("y").as_mount(),
    ]
    wanted = ScriptRunConfig("src", "train.py", arguments)._submission()

    assert wanted.arguments == (
        "--rate",
        "0.1",
        "--data",
        "DatasetConsumptionConfig:x",
        "DatasetConsumptionConfig:y",
    )
    assert [(one.name, one.mechanism) for one in wanted.data.inputs] == [
        ("x", "Direct"),
        ("y", "Mount"),
    ]


def test_data_in_a_command_is_kept_as_a_placeholder(files):
    wanted = ScriptRunConfig(
        "src", command=["cat", files.as_named_input("y").as_mount(), 1]
    )._submission()

    assert wanted.command == ("cat", "DatasetConsumptionConfig:y", "1")
    assert wanted.data.inputs[0].name == "y"


def test_a_bare_dataset_as_an_argument_is_told_as_named_input(rows):
    for given in (
        lambda: ScriptRunConfig("src", "train.py", ["--data", rows]),
        lambda: ScriptRunConfig("src", command=["cat", rows]),
        lambda: Estimator("src", entry_script="t.py", inputs=[rows]),
        lambda: Estimator("src", entry_script="t.py", script_params={"--data": rows}),
    ):
        with pytest.raises(SubmissionError, match=r"write dataset\.as_named_input\('name'\)"):
            given()


def test_an_estimator_takes_inputs_and_data_among_its_parameters(rows, files):
    estimator = Estimator(
        "src",
        entry_script="train.py",
        inputs=[rows.as_named_input("x")],
        script_params={"--files": files.as_named_input("y").as_download("here")},
    )
    wanted = estimator._submission()

    assert wanted.arguments == ("--files", "DatasetConsumptionConfig:y")
    assert sorted(one.name for one in wanted.data.inputs) == ["x", "y"]


def test_inputs_of_an_estimator_are_data():
    with pytest.raises(SubmissionError, match=r"inputs has data, .* not str \('data'\)"):
        Estimator("src", entry_script="t.py", inputs=["data"])


def test_two_inputs_of_one_name_are_refused(rows, files):
    same = ScriptRunConfig("src", "t.py", [rows.as_named_input("x"), rows.as_named_input("x")])
    other = ScriptRunConfig("src", "t.py", [rows.as_named_input("x"), files.as_named_input("x")])

    assert len(same._submission().data.inputs) == 1
    with pytest.raises(SubmissionError, match="Two inputs are named 'x'"):
        other._submission()


def test_data_of_a_run_configuration_is_taken(workspace, files):
    config = RunConfiguration()
    config.data = {"x": files.as_named_input("x").as_mount()}
    config.output_data = {"o": OutputFileDatasetConfig("o")}
    config.arguments = ["--in", config.data["x"]]
    wanted = ScriptRunConfig("src", "t.py", run_config=config)._submission()

    assert wanted.arguments == ("--in", "DatasetConsumptionConfig:x")
    assert wanted.data.inputs[0].mechanism == "Mount"
    assert wanted.data.outputs[0].name == "o"
    assert "data" not in wanted.definition


def test_data_of_a_written_run_configuration_is_read(workspace, files, tmp_path):
    kept = files.register(workspace, "raw")
    config = RunConfiguration()
    config.data = {"x": kept.as_named_input("x").as_download("here")}
    config.data_references = {
        "r": {"dataStoreName": "workspaceblobstore", "mode": "download", "pathOnDataStore": "data"}
    }
    config.save(tmp_path, "c")
    wanted = ScriptRunConfig(
        "src", "t.py", run_config=RunConfiguration.load(tmp_path, "c")
    )._submission()

    assert wanted.data.inputs == (DataInput("x", "Download", kept.id, "here"),)
    [folder] = wanted.data.folders
    assert (folder.datastore, folder.path, folder.mechanism) == (
        "workspaceblobstore",
        "data",
        "Download",
    )


@pytest.mark.parametrize(
    "value", [7, {"mechanism": "Direct"}, {"dataStoreName": "x", "mode": "fly"}]
)
def test_what_is_no_data_in_a_run_configuration_is_refused(value):
    config = RunConfiguration()
    config.data = {"x": value}

    with pytest.raises(SubmissionError, match="'x' in the data of the run configuration"):
        ScriptRunConfig("src", "t.py", run_config=config)._submission()


def test_the_output_of_a_step_is_no_input_of_a_script():
    config = ScriptRunConfig("src", "t.py", [OutputFileDatasetConfig("o").as_input("x").as_mount()])

    with pytest.raises(SubmissionError, match="'x' is a OutputFileDatasetConfig, no dataset"):
        config._submission()


def test_a_deep_copy_takes_the_same_dataset(files):
    taken = files.as_named_input("x").as_mount()

    assert copy.deepcopy(taken).dataset is files
    assert copy.deepcopy({"a": [taken]})["a"][0].mode == "mount"


def test_a_data_reference_without_a_datastore_or_of_another_mode_is_refused(workspace):
    reference = workspace.get_default_datastore().path("data", "ref")
    reference.mode = "fly"

    with pytest.raises(
        SubmissionError,
        match="'ref' names a datastore and one of the modes mount, download, upload",
    ):
        ScriptRunConfig("src", "t.py", [reference])._submission()
    reference.mode, reference.datastore = "mount", None
    with pytest.raises(SubmissionError, match="not None and 'mount'"):
        ScriptRunConfig("src", "t.py", [reference])._submission()
