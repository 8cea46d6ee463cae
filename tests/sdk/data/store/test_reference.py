from __future__ import annotations

import pytest

from aml_magics.compat.azureml.data import data_reference as home
from aml_magics.compat.azureml.data.sql_data_reference import SqlDataReference
from aml_magics.errors import InvalidArgumentError, InvalidPathError, SubmissionError
from aml_magics.sdk.data.store.reference import DataReference


def test_its_text_is_the_placeholder_of_its_name(datastore):
    reference = DataReference(datastore, "input_data", "data")
    assert str(reference) == repr(reference) == "$AZUREML_DATAREFERENCE_input_data"
    assert home.DataReference is DataReference


def test_without_a_name_it_makes_one_up(datastore):
    first, second = DataReference(datastore), DataReference(datastore)
    assert first.data_reference_name != second.data_reference_name
    assert len(first.data_reference_name) == 32
    int(first.data_reference_name, 16)


def test_it_keeps_what_it_was_made_of(datastore):
    made = DataReference(datastore, "a", "data", "download", "here", True)
    assert made.datastore is datastore
    kept = (made.data_reference_name, made.path_on_datastore, made.mode, made.path_on_compute)
    assert (*kept, made.overwrite) == ("a", "data", "download", "here", True)


def test_a_reference_is_mounted_unless_said_otherwise(datastore):
    made = datastore.path("data")
    assert (made.mode, made.path_on_compute, made.overwrite) == ("mount", None, False)


def test_as_download_keeps_the_name_and_leaves_the_first_as_it_is(datastore):
    first = datastore.path("diabetes-data")
    second = first.as_download(path_on_compute="diabetes_data")
    assert (second.mode, second.path_on_compute) == ("download", "diabetes_data")
    assert second.data_reference_name == first.data_reference_name
    assert first.mode == "mount"


def test_as_upload_and_as_mount(datastore):
    first = datastore.path("data")
    upload = first.as_upload("out", overwrite=True)
    assert (upload.mode, upload.path_on_compute, upload.overwrite) == ("upload", "out", True)
    assert upload.as_mount().mode == "mount"


def test_a_path_below_is_joined(datastore):
    below = datastore.path("data").path("deep/er", "named")
    assert below.path_on_datastore == "data/deep/er"
    assert below.data_reference_name == "named"
    assert datastore.path().path("x").path_on_datastore == "x"


def test_its_configuration_has_the_names_of_azure(datastore):
    config = datastore.path("data", "a").as_download("here").to_config()
    assert config.datastore_name == "workspaceblobstore"
    assert (config.mode, config.path_on_datastore) == ("download", "data")
    assert (config.path_on_compute, config.overwrite) == ("here", False)


@pytest.mark.parametrize("path", ["../x", "/etc", "a\0", "a/../../b"])
def test_a_path_out_of_the_datastore_is_refused(datastore, path):
    with pytest.raises(InvalidPathError, match="path"):
        datastore.path(path)
    with pytest.raises(InvalidPathError, match="path"):
        datastore.path("data").path(path)
    with pytest.raises(InvalidPathError, match="path_on_datastore"):
        DataReference(datastore, path_on_datastore=path)


def test_a_mode_that_is_none_is_refused(datastore):
    with pytest.raises(InvalidArgumentError, match="one of mount, download, upload, not 'link'"):
        DataReference(datastore, mode="link")


def test_a_name_that_can_name_nothing_is_refused(datastore):
    with pytest.raises(SubmissionError, match="The name of an"):
        datastore.path("data", "a/b")


def test_a_sql_reference_has_one_of_table_query_and_procedure(datastore):
    made = SqlDataReference(datastore, "a", sql_query="SELECT 1")
    assert str(made) == "$AZUREML_DATAREFERENCE_a"
    assert (made.sql_query, made.sql_table, made.sql_stored_procedure) == ("SELECT 1", None, None)
    assert SqlDataReference(datastore, sql_table="t").data_reference_name
    with pytest.raises(InvalidArgumentError, match=r"one of sql_table, sql_query .* not 0"):
        SqlDataReference(datastore)
    with pytest.raises(InvalidArgumentError, match="not 2 of them"):
        SqlDataReference(datastore, sql_table="t", sql_query="SELECT 1")


def test_a_reference_needs_a_datastore():
    with pytest.raises(InvalidArgumentError, match=r"takes a datastore first, .* not str"):
        DataReference("workspaceblobstore", "a")


def test_a_folder_outside_of_the_script_is_refused(datastore):
    with pytest.raises(InvalidPathError, match=r"path_on_compute '\.\./x'"):
        datastore.path("data").as_download("../x")
