from __future__ import annotations

import re

import pytest

from aml_magics import Dataset, Workspace
from aml_magics.errors import DataNotFoundError, InvalidPathError
from aml_magics.sdk.data.store.datastore import Datastore
from tests.fixtures.datastore_files import texts


@pytest.fixture
def data(tmp_path):
    """A folder with two files, one of them in a folder of its own."""
    (tmp_path / "data/deep").mkdir(parents=True)
    (tmp_path / "data/diabetes.csv").write_text("1")
    (tmp_path / "data/deep/diabetes2.csv").write_text("2")
    return tmp_path / "data"


def test_upload_files_says_what_it_does_in_the_words_of_azure(datastore, data, capsys):
    files = ["./data/diabetes.csv"]
    reference = datastore.upload_files(files=files, target_path="diabetes-data/", overwrite=True)
    assert capsys.readouterr().out == (
        "Uploading an estimated of 1 files\n"
        "Uploading ./data/diabetes.csv\n"
        "Uploaded ./data/diabetes.csv, 1 files out of an estimated total of 1\n"
        "Uploaded 1 files\n"
    )
    assert re.fullmatch(r"\$AZUREML_DATAREFERENCE_[0-9a-f]{32}", str(reference))
    assert reference.path_on_datastore == "diabetes-data"


def test_several_files_are_counted(datastore, data, capsys):
    datastore.upload_files(["./data/diabetes.csv", "./data/deep/diabetes2.csv"], target_path="d")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Uploading an estimated of 2 files"
    assert {"Uploading ./data/diabetes.csv", "Uploading ./data/deep/diabetes2.csv"} < set(said)
    assert [line for line in said if line.endswith("2 files out of an estimated total of 2")]
    assert said[-1] == "Uploaded 2 files"


def test_files_that_are_there_are_skipped_in_the_words_of_azure(datastore, data, capsys):
    datastore.upload(src_dir="./data", target_path="d", show_progress=False)
    assert capsys.readouterr().out == ""
    datastore.upload(src_dir="./data", target_path="d")
    assert capsys.readouterr().out == (
        "Uploading an estimated of 2 files\n"
        "Target already exists. Skipping upload for d/deep/diabetes2.csv\n"
        "Target already exists. Skipping upload for d/diabetes.csv\n"
        "Uploaded 0 files\n"
    )


def test_a_folder_goes_there_and_back(datastore, data, tmp_path, capsys):
    datastore.upload("./data", "d")
    assert "Uploading ./data/deep/diabetes2.csv\n" in capsys.readouterr().out
    assert datastore.download(tmp_path / "to", prefix="d") == 2
    assert texts(tmp_path / "to") == {"d/diabetes.csv": "1", "d/deep/diabetes2.csv": "2"}
    said = capsys.readouterr().out.splitlines()
    assert "Downloading d/diabetes.csv" in said
    assert any(line.startswith("Downloaded d/") and "2 files out of" in line for line in said)


def test_a_download_leaves_what_is_there_unless_asked(datastore, data, tmp_path, capsys):
    datastore.upload("./data", show_progress=False)
    (tmp_path / "to").mkdir()
    (tmp_path / "to/diabetes.csv").write_text("mine")
    assert datastore.download("to", "diabetes.csv") == 0
    expected = "Target already exists. Skipping download for to/diabetes.csv\n"
    assert capsys.readouterr().out == expected
    assert datastore.download("to", "diabetes.csv", overwrite=True, show_progress=False) == 1
    assert texts(tmp_path / "to") == {"diabetes.csv": "1"}


def test_all_of_a_datastore_is_downloaded_and_nothing_of_an_empty_one(datastore, data, tmp_path):
    assert datastore.download(tmp_path / "to") == 0
    datastore.upload(data)
    assert datastore.download(tmp_path / "to") == 2
    assert sorted(texts(tmp_path / "to")) == ["deep/diabetes2.csv", "diabetes.csv"]


def test_without_a_root_files_keep_their_folders_below_the_one_that_all_are_in(
    datastore, data, tmp_path
):
    datastore.upload_files(["data/diabetes.csv", "data/deep/diabetes2.csv"])
    datastore.download(tmp_path / "to")
    assert sorted(texts(tmp_path / "to")) == ["deep/diabetes2.csv", "diabetes.csv"]


def test_a_relative_root_says_which_folders_are_kept(datastore, data, tmp_path):
    files = [data / "deep/diabetes2.csv"]
    datastore.upload_files(files, relative_root=tmp_path, target_path="t")
    datastore.download(tmp_path / "to")
    assert sorted(texts(tmp_path / "to")) == ["t/data/deep/diabetes2.csv"]


def test_one_file_may_be_given_alone(datastore, data, tmp_path):
    datastore.upload_files("data/diabetes.csv")
    datastore.download(tmp_path / "to")
    assert texts(tmp_path / "to") == {"diabetes.csv": "1"}


def test_no_files_are_uploaded(datastore, capsys):
    datastore.upload_files([])
    assert capsys.readouterr().out == "Uploading an estimated of 0 files\nUploaded 0 files\n"


def test_a_file_outside_of_the_root_is_refused(datastore, data):
    with pytest.raises(InvalidPathError, match="is not in relative_root"):
        datastore.upload_files([data / "diabetes.csv"], relative_root=data / "deep")


@pytest.mark.parametrize("target", ["../x", "/x", "a/../../b", "a\0b"])
def test_a_target_out_of_the_datastore_is_refused(datastore, data, target):
    with pytest.raises(InvalidPathError, match="target_path"):
        datastore.upload(data, target)
    with pytest.raises(InvalidPathError, match="target_path"):
        datastore.upload_files([data / "diabetes.csv"], target_path=target)
    with pytest.raises(InvalidPathError, match="path"):
        datastore.download("to", prefix=target)


@pytest.mark.parametrize("bad", ["x" * 300, "a/" + "é" * 200, "a\ud800b"])
def test_a_name_that_nothing_can_have_is_refused_before_anything_is_moved(datastore, data, bad):
    calls = [
        lambda: datastore.upload_files(["data/diabetes.csv"], target_path=bad),
        lambda: datastore.upload("data", target_path=bad),
        lambda: datastore.upload_files([f"data/{bad}"]),
        lambda: datastore.upload_files(["data/diabetes.csv"], relative_root=bad),
        lambda: datastore.download(bad),
        lambda: datastore.download("to", prefix=bad),
        lambda: Dataset.File.from_files(bad),
        lambda: Dataset.File.from_files((datastore, bad)),
        lambda: Dataset.File.upload_directory("data", (datastore, bad)),
    ]
    for call in calls:
        with pytest.raises(InvalidPathError, match=r"of [34]00 bytes, and a name|half a character"):
            call()
    assert datastore.download("to") == 0


def test_a_folder_that_is_none_is_refused(datastore, data):
    with pytest.raises(DataNotFoundError, match="'missing' is not there"):
        datastore.upload("missing")
    with pytest.raises(DataNotFoundError, match="is a file: upload_files takes files"):
        datastore.upload("data/diabetes.csv")
    with pytest.raises(InvalidPathError, match="is a folder"):
        datastore.upload_files(["data/deep"])


def test_a_link_out_of_the_folder_is_refused(datastore, data, tmp_path):
    (tmp_path / "key").write_text("secret")
    (data / "link").symlink_to(tmp_path / "key")
    with pytest.raises(InvalidPathError, match="leads out of"):
        datastore.upload(data)


def test_a_prefix_of_nothing_is_told(datastore, data, tmp_path):
    datastore.upload(data, "diabetes-data", show_progress=False)
    with pytest.raises(DataNotFoundError, match="Did you mean 'diabetes-data'"):
        datastore.download(tmp_path / "to", prefix="diabetes-dat")


def test_a_container_of_azure_takes_and_gives_files(azurite, data, tmp_path, capsys):
    datastore = Datastore.register_azure_blob_container(
        Workspace.create("w"),
        "blob",
        azurite.name,
        azurite.account,
        account_key=azurite.key,
        protocol="http",
        endpoint=azurite.endpoint,
    )
    datastore.upload("./data", "d")
    datastore.upload("./data", "d")
    assert capsys.readouterr().out.count("Target already exists") == 2
    assert datastore.download(tmp_path / "to", "d") == 2
    assert texts(tmp_path / "to") == {"d/diabetes.csv": "1", "d/deep/diabetes2.csv": "2"}


def test_a_bucket_of_s3_takes_and_gives_files(s3, data, tmp_path):
    datastore = Datastore.register_url(
        Workspace.create("w"), "bucket", s3.url, storage_options=s3.storage_options
    )
    datastore.upload("./data", "d")
    assert datastore.download(tmp_path / "to", "d") == 2
    assert texts(tmp_path / "to") == {"d/diabetes.csv": "1", "d/deep/diabetes2.csv": "2"}


@pytest.mark.parametrize("place", [None, 5, "", ["x"]])
def test_what_is_no_folder_is_refused(datastore, place):
    with pytest.raises(InvalidPathError, match="src_dir is a folder of this machine"):
        datastore.upload(place)
    with pytest.raises(InvalidPathError, match="target_path is a folder of this machine"):
        datastore.download(place)


@pytest.mark.parametrize("files", [None, 5, [5], [""], [["x.csv"]], [None]])
def test_what_is_no_list_of_files_is_refused(datastore, files):
    with pytest.raises(InvalidPathError, match="files is a list of paths of this machine"):
        datastore.upload_files(files)


def test_a_relative_root_is_a_folder(datastore, data):
    with pytest.raises(InvalidPathError, match="relative_root is a folder of this machine"):
        datastore.upload_files(["data/diabetes.csv"], relative_root=5)
