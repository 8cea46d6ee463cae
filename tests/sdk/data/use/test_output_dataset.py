from __future__ import annotations

import copy
import re

import pytest

from aml_magics.errors import (
    InvalidDatasetError,
    InvalidNameError,
    InvalidPathError,
    SubmissionError,
)
from aml_magics.sdk.data.dataset.type import DataType
from aml_magics.sdk.data.use.output_dataset import (
    LinkFileOutputDatasetConfig,
    LinkTabularOutputDatasetConfig,
)
from aml_magics.sdk.data.use.output_file import HDFSOutputDatasetConfig, OutputFileDatasetConfig
from aml_magics.sdk.job.script_run_config import ScriptRunConfig


def test_an_output_without_a_name_gets_one_and_goes_to_the_workspaces_datastore():
    output = OutputFileDatasetConfig()
    data = output._data()

    assert re.fullmatch("output_[0-9a-f]{8}", output.name)
    assert str(output) == output.arg_val == f"DatasetOutputConfig:{output.name}"
    assert (data.datastore, data.path) == ("workspaceblobstore", "dataset/{run-id}/{output-name}")
    assert (data.mechanism, data.overwrite) == ("Mount", True)


def test_an_output_goes_where_its_destination_says(datastore):
    output = OutputFileDatasetConfig("o", (datastore, "results/{run-id}/"), source="made")
    data = output._data()

    assert (data.datastore, data.path) == (datastore.name, "results/{run-id}")
    assert data.path_on_compute == "made"
    assert OutputFileDatasetConfig("o", (datastore, None))._data().path.startswith("dataset/")


def test_an_upload_says_which_files_and_whether_they_replace():
    output = OutputFileDatasetConfig("o")
    sent = output.as_upload(overwrite=True, source_globs=["**/*.csv"])

    assert output.mode == "mount"
    assert sent.mode == "upload"
    assert (sent._data().overwrite, sent._data().globs) == (True, ("**/*.csv",))
    assert output.as_upload()._data().overwrite is False
    assert output.as_upload(source_globs="*.csv")._data().globs == ("*.csv",)
    assert sent.as_mount()._data() == output._data()


def test_registering_is_asked_for_on_a_copy():
    output = OutputFileDatasetConfig("o")
    asked = output.register_on_complete("kept", "about it", {"a": 1})
    [result] = asked._data().results

    assert (result.register_as, result.description, result.tags) == ("kept", "about it", {"a": "1"})
    assert output._data().results[0].register_as is None
    with pytest.raises(InvalidNameError, match="name of a dataset is empty"):
        output.register_on_complete(" ")


def test_files_of_an_output_are_read_as_rows():
    output = OutputFileDatasetConfig("o", partition_format="{year}/x.csv")
    rows = output.read_delimited_files(
        separator=";", path_glob="*/*.csv", set_column_types={"a": DataType.to_long()}
    )
    rows = rows.keep_columns(["a", "b"]).drop_columns("b").register_on_complete("rows")
    [result] = rows._data().results

    assert str(rows) == str(output)
    assert rows.mode == "mount"
    assert (result.format, result.glob, result.register_as) == ("delimited", "*/*.csv", "rows")
    assert result.options["separator"] == ";"
    assert result.options["types"] == {"a": "integer"}
    assert result.options["header"] == "all_files_same"
    assert result.partition_format == "{year}/x.csv"
    assert [step["transform"] for step in result.steps] == ["keep_columns", "drop_columns"]
    assert output.read_parquet_files()._data().results[0].format == "parquet"


def test_parts_of_a_split_are_results_of_one_output():
    rows = OutputFileDatasetConfig("o").read_parquet_files()
    first, second = rows.random_split(0.7, seed=3)
    arguments = [first.register_on_complete("train"), second.register_on_complete("test")]
    wanted = ScriptRunConfig("src", "t.py", arguments)._submission()

    assert wanted.arguments == ("DatasetOutputConfig:o", "DatasetOutputConfig:o")
    [output] = wanted.data.outputs
    assert [one.register_as for one in output.results] == ["train", "test"]
    splits = [one.steps[0] for one in output.results]
    assert [(one["low"], one["high"], one["seed"]) for one in splits] == [(0, 0.7, 3), (0.7, 1, 3)]
    with pytest.raises(InvalidDatasetError, match="number from 0 to 1"):
        rows.random_split(7)


@pytest.mark.parametrize("path", ["../x", "/etc", "a\0b", "a\\b"])
def test_a_destination_outside_of_the_datastore_is_refused(datastore, path):
    with pytest.raises(InvalidPathError, match="destination"):
        OutputFileDatasetConfig("o", (datastore, path))


@pytest.mark.parametrize("path", ["*.csv", "a[b", "/"])
def test_a_destination_is_a_folder(datastore, path):
    with pytest.raises(SubmissionError, match="may be neither the root nor a pattern"):
        OutputFileDatasetConfig("o", (datastore, path))


def test_what_is_no_destination_name_or_source_is_refused(datastore):
    with pytest.raises(SubmissionError, match="destination of an output is a datastore and a path"):
        OutputFileDatasetConfig("o", "results")
    with pytest.raises(SubmissionError, match="The name of an output is 1 to 255 letters"):
        OutputFileDatasetConfig("../o")
    with pytest.raises(InvalidPathError, match="climbs out"):
        OutputFileDatasetConfig("o", source="../../x")
    with pytest.raises(InvalidPathError, match="path_glob"):
        OutputFileDatasetConfig("o").read_parquet_files(path_glob="../*")


def test_an_output_is_taken_by_a_later_step():
    output = OutputFileDatasetConfig("o")

    assert output.as_input("x").as_mount().name == "x"
    assert output.as_input().dataset is output
    assert output.read_parquet_files().as_input("t").mode == "direct"


def test_outputs_of_spark_and_linked_ones_have_azures_names(datastore):
    assert HDFSOutputDatasetConfig("o", (datastore, "x"))._data().path == "x"
    assert OutputFileDatasetConfig("o").as_hdfs().mode == "mount"
    assert LinkFileOutputDatasetConfig("f").mode == "link"
    assert LinkTabularOutputDatasetConfig("t").register_on_complete("x")._data().mechanism == "Link"


def test_a_deep_copy_is_the_same_output(datastore):
    output = OutputFileDatasetConfig("o", (datastore, "x"))

    assert copy.deepcopy([output])[0]._data() == output._data()
    assert output.to_dict()["outputLocation"]["dataPath"]["relativePath"] == "x"
    assert repr(output) == "OutputFileDatasetConfig(name='o', mode='mount')"
