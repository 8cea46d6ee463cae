"""Datasets of files: chosen, found, downloaded, mounted, registered."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import AlreadyExistsError, DataNotFoundError, InvalidDatasetError, UsageError
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.dataset.file_dataset import FileDataset
from aml_magics.services.data import dataset as datasets
from aml_magics.warnings import DataChangedWarning
from tests.fixtures.datastore_files import put


@pytest.fixture
def datastore(workspace, datastore):
    """The default one, with three files in a folder."""
    put(workspace.store, {"data/a.csv": "x\n", "data/b.csv": "x\n" * 2, "data/c.txt": "x\n" * 3})
    return datastore


@pytest.fixture
def dataset(datastore):
    return Dataset.File.from_files((datastore, "data/*"))


def test_paths_are_those_below_the_fixed_part(dataset, datastore):
    assert dataset.to_path() == ["/a.csv", "/b.csv", "/c.txt"]
    assert Dataset.File.from_files((datastore, "data")).to_path() == dataset.to_path()
    assert Dataset.File.from_files((datastore, "**/*.csv")).to_path() == [
        "/data/a.csv",
        "/data/b.csv",
    ]
    assert Dataset.File.from_files((datastore, "data/b.csv")).to_path() == ["/b.csv"]


def test_files_are_chosen(dataset):
    assert dataset.take(2).to_path() == ["/a.csv", "/b.csv"]
    assert dataset.skip(2).to_path() == ["/c.txt"]
    assert dataset.filter(dataset.file_metadata("Size") > 2).to_path() == ["/b.csv", "/c.txt"]
    texts = dataset.filter(dataset.file_metadata("path").ends_with(".txt"))
    assert texts.to_path() == ["/c.txt"]
    recent = dataset.file_metadata("LastModifiedTime") > datetime(2020, 1, 1, tzinfo=UTC)
    assert len(dataset.filter(recent).to_path()) == 3
    assert dataset.to_path() == ["/a.csv", "/b.csv", "/c.txt"]


def test_a_split_has_all_files_and_none_twice(dataset):
    first, second = dataset.random_split(0.5, seed=3)

    assert sorted(first.to_path() + second.to_path()) == dataset.to_path()
    assert first.to_path() == dataset.random_split(0.5, seed=3)[0].to_path()
    assert dataset.take_sample(1.0).to_path() == dataset.to_path()
    assert dataset.take_sample(0.5, 3).to_path() == dataset.take_sample(0.5, 3).to_path()


def test_files_are_downloaded(dataset, tmp_path):
    target = tmp_path / "here"
    made = dataset.download(target)

    assert made == [str(target / name) for name in ("a.csv", "b.csv", "c.txt")]
    assert (target / "b.csv").read_text() == "x\nx\n"
    assert dataset.download(str(target)) == made
    (target / "b.csv").write_text("other")
    with pytest.raises(AlreadyExistsError, match="overwrite"):
        dataset.download(str(target))
    dataset.download(str(target), overwrite=True)
    assert (target / "b.csv").read_text() == "x\nx\n"
    assert [Path(path).name for path in dataset.take(1).download()] == ["a.csv"]


def test_nothing_to_download_is_an_error_unless_it_may_be(datastore):
    nothing = Dataset.File.from_files((datastore, "data/*.png"), validate=False)

    with pytest.raises(DataNotFoundError, match=r"No file at 'data/\*\.png'"):
        nothing.download()
    assert nothing.download(ignore_not_found=True) == []


def test_a_mount_lasts_as_long_as_it_is_needed(dataset):
    with dataset.mount() as mounted:
        folder = Path(mounted.mount_point)
        assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv", "c.txt"]
        assert (folder / "a.csv").read_text() == "x\n"
    assert not folder.exists()
    assert dataset.to_path() == ["/a.csv", "/b.csv", "/c.txt"]


def test_a_mount_is_started_and_stopped(dataset, datastore, tmp_path):
    context = dataset.mount(tmp_path / "mounted")
    with pytest.raises(UsageError, match=r"not mounted yet: call start\(\)"):
        _ = context.mount_point
    context.start()
    context.start()
    assert context.mount_point == str(tmp_path / "mounted")
    context.stop()
    with Dataset.File.from_files((datastore, "data/b.csv")).mount() as single:
        assert Path(single.mount_point).read_text() == "x\nx\n"


def test_a_registered_dataset_is_what_it_was(dataset, workspace):
    made = dataset.register(workspace, "files", "text", {"a": "1"})

    assert (dataset.name, dataset.version, dataset.id, dataset.tags) == (None, None, None, None)
    assert isinstance(made, FileDataset)
    assert (made.name, made.version, made.description, made.tags) == (
        "files",
        1,
        "text",
        {"a": "1"},
    )
    for found in (
        Dataset.get_by_name(workspace, "files"),
        Dataset.get_by_name(workspace, "files", 1),
        Dataset.get_by_id(workspace, made.id),
        Dataset.get(workspace, "files"),
        Dataset.get(workspace, id=made.id),
        workspace.datasets["files"],
        Dataset.get_all(workspace)["files"],
        AbstractDataset.get_all(workspace)["files"],
        Dataset.list(workspace)[0],
    ):
        assert isinstance(found, FileDataset)
        assert (found.id, found.version) == (made.id, 1)
        assert found.to_path() == dataset.to_path()


def test_the_workspace_lists_datasets_afresh(dataset, workspace):
    found = workspace.datasets
    assert (list(found), len(found), "files" in found, found.get("files")) == ([], 0, False, None)
    dataset.register(workspace, "files")

    assert (list(found), len(found), "files" in found) == (["files"], 1, True)
    assert "FileDataset" in repr(found)


def test_versions_count_up(dataset, workspace, datastore, tmp_path):
    dataset.register(workspace, "files")
    assert dataset.register(workspace, "files").version == 1
    with pytest.raises(AlreadyExistsError, match="create_new_version=True"):
        dataset.take(1).register(workspace, "files")

    assert dataset.take(1).register(workspace, "files", create_new_version=True).version == 2
    assert workspace.datasets["files"].to_path() == ["/a.csv"]


def test_tags_and_descriptions_are_changed(dataset, workspace):
    made = dataset.register(workspace, "files", tags={"a": "1"})
    made.add_tags({"b": "2"}).update(description="new").remove_tags(["a", "none"])

    assert workspace.datasets["files"].tags == made.tags == {"b": "2"}
    assert workspace.datasets["files"].description == "new"
    assert made.remove_tags("b").tags == {}
    assert made.add_tags().tags == {}
    with pytest.raises(InvalidDatasetError, match="add_tags needs a registered dataset"):
        dataset.add_tags({"a": "1"})


def test_all_versions_lose_their_name(dataset, workspace):
    made = dataset.register(workspace, "files")
    made.unregister_all_versions()

    assert (made.name, made.version) == (None, None)
    assert list(workspace.datasets) == []
    assert Dataset.get_by_id(workspace, made.id).to_path() == dataset.to_path()
    with pytest.raises(InvalidDatasetError, match="unregister_all_versions needs a registered"):
        made.unregister_all_versions()


def test_changed_files_are_told_once(dataset, workspace, datastore, tmp_path):
    made = dataset.register(workspace, "files")
    made.to_path()
    (tmp_path / "d.csv").write_text("new")
    datastore.upload_files([str(tmp_path / "d.csv")], target_path="data", show_progress=False)

    with pytest.warns(
        DataChangedWarning, match=r"'files' version 1 is read.* with: d\.csv\."
    ) as told:
        made.to_path()
    assert told[0].filename == __file__
    made.to_path()
    Dataset.get_by_name(workspace, "files").to_path()


def test_a_run_that_reads_a_dataset_has_it_as_input(dataset, workspace):
    made = dataset.register(workspace, "files")
    with Experiment(workspace, "e").start_logging() as run:
        dataset.to_path()
        from aml_magics.sdk.run import context

        context.enter(run)
        made.to_path()
        made.to_path()
        context.leave(run)

    assert [of.name for _, of in datasets.uses_of(workspace.store, run._record)] == ["files"]


def test_when_data_changed_last(dataset):
    before = dataset.data_changed_time

    assert before.tzinfo == UTC
    assert (datetime.now(UTC) - before).total_seconds() < 3600


def test_a_dataset_shows_itself(dataset, workspace):
    assert repr(dataset) == (
        "FileDataset\n{\n"
        "  \"source\": [\n    \"('workspaceblobstore', 'data/*')\"\n  ],\n"
        '  "definition": [\n    "GetFiles"\n  ]\n}'
    )
    made = dataset.take(1).register(workspace, "files", "text", {"a": "1"})
    for part in ('"Take"', '"name": "files"', '"version": 1', '"description": "text"', '"a": "1"'):
        assert part in repr(made)


def test_a_name_is_never_markup(datastore, workspace):
    bad = "<img src=x onerror=alert(1)>"
    made = Dataset.File.from_files((datastore, "data/*")).register(workspace, bad)
    html = made._repr_html_()

    assert "<img" not in html
    assert "&lt;img" in html
    assert "GetFiles" not in html
    assert "workspaceblobstore" in html


def test_datasets_are_not_made_by_their_class():
    with pytest.raises(UsageError, match=r"made by Dataset\.Tabular.*not by FileDataset\(\)"):
        FileDataset()
    with pytest.raises(UsageError, match="Dataset itself is not made"):
        Dataset()
    with pytest.raises(UsageError, match="takes a name or an id"):
        Dataset.get(None)


def test_a_dataset_is_registered_where_its_datastore_is(dataset, tmp_path):
    other = Workspace.create("other")

    with pytest.raises(InvalidDatasetError, match=r"of workspace 'w'; register it there"):
        dataset.register(other, "files")
    with pytest.raises(UsageError, match="takes a Workspace first"):
        dataset.register("w", "files")
    (tmp_path / "a.txt").write_text("a")
    local = Dataset.File.from_files(str(tmp_path / "a.txt"))
    assert local.register(other, "local").version == 1


def test_wrong_arguments_are_told(dataset):
    with pytest.raises(InvalidDatasetError, match="take takes a whole number from 0, not -1"):
        dataset.take(-1)
    with pytest.raises(InvalidDatasetError, match="skip takes a whole number from 0, not 'a'"):
        dataset.skip("a")
    with pytest.raises(InvalidDatasetError, match=r"random_split\(percentage\) is a number from 0"):
        dataset.random_split(70)
    with pytest.raises(InvalidDatasetError, match=r"take_sample\(probability\) is a number"):
        dataset.take_sample("x")
    with pytest.raises(InvalidDatasetError, match="seed is a whole number or None"):
        dataset.take_sample(0.5, seed="x")
    with pytest.raises(InvalidDatasetError, match=r"not 'Sizes'\. Did you mean 'Size'\?"):
        dataset.file_metadata("Sizes")


def test_a_run_takes_it_in_each_way(dataset):
    assert dataset.as_named_input("in").name == "in"
    assert dataset.as_mount("x").mode == "mount"
    assert dataset.as_download().mode == "download"
    assert dataset.as_hdfs().mode == "hdfs"
    assert dataset.as_mount().name != dataset.as_mount().name


def test_columns_of_paths_are_partition_keys(datastore):
    dataset = Dataset.File.from_files((datastore, "data/*"), partition_format="{name}.{kind}")

    assert dataset.partition_keys == ["name", "kind"]
    assert dataset.filter(dataset.file_metadata("path") != "").partition_keys == ["name", "kind"]
    assert dataset.get_partition_key_values(["kind"]) == [{"kind": "csv"}, {"kind": "txt"}]
    assert dataset.get_partition_key_values()[0] == {"name": "a", "kind": "csv"}
    assert dataset.filter(dataset["kind"] == "csv").to_path() == ["/a.csv", "/b.csv"]
    with pytest.raises(InvalidDatasetError, match="no partition key 'kinds'; it has: name, kind"):
        dataset["kinds"]
    with pytest.raises(InvalidDatasetError, match=r"is not iterated; dataset.to_path"):
        list(dataset)
    with pytest.raises(InvalidDatasetError, match="'kinds' is no partition key"):
        dataset.get_partition_key_values(["kinds"])


def test_nothing_is_warned_of_what_is_as_it_was(dataset, workspace):
    made = dataset.register(workspace, "files")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made.to_path()
