from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aml_magics.errors import (
    ColumnNotFoundError,
    DataAccessError,
    DataNotFoundError,
    InvalidDatasetError,
    InvalidPathError,
)
from aml_magics.records.dataset import Definition, Location
from aml_magics.services import datastore as datastores
from aml_magics.services.data_file import find_files, local_path, open_file
from aml_magics.services.data_place import open_place

DATASTORE = "workspaceblobstore"


@pytest.fixture
def root(sqlite_store):
    return open_place(sqlite_store, datastores.default(sqlite_store)).folder


@pytest.fixture
def blob(sqlite_store, azurite):
    """A datastore in Azurite, and its file system to write into."""
    settings = {
        "account_name": azurite.account,
        "container_name": azurite.name,
        "protocol": "http",
        "endpoint": azurite.endpoint,
    }
    secrets = {"account_key": azurite.key}
    record = datastores.register(sqlite_store, "blob", "azure_blob", settings, secrets)
    return open_place(sqlite_store, record)


def write(root, *names, text="x"):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def files_of(*paths, steps=(), datastore=DATASTORE, partition_format=""):
    locations = tuple(Location(path, datastore) for path in paths)
    return Definition("file", locations, steps=steps, partition_format=partition_format)


def names(store, *paths, **more):
    return [file.relative for file in find_files(store, files_of(*paths, **more))]


def test_a_pattern_finds_files_by_path_and_names_them_after_its_fixed_part(sqlite_store, root):
    write(root, "data/b.csv", "data/a.csv", "data/c.txt", "data/deep/d.csv", "other/e.csv")
    assert names(sqlite_store, "data/*.csv") == ["a.csv", "b.csv"]
    assert names(sqlite_store, "data/**/*.csv") == ["a.csv", "b.csv", "deep/d.csv"]
    assert names(sqlite_store, "*/?.csv") == ["data/a.csv", "data/b.csv", "other/e.csv"]
    assert names(sqlite_store, "data/[!a].csv") == ["b.csv"]
    assert names(sqlite_store, "**") == [
        "data/a.csv", "data/b.csv", "data/c.txt", "data/deep/d.csv", "other/e.csv"
    ]  # fmt: skip


def test_a_folder_stands_for_all_files_in_it(sqlite_store, root):
    write(root, "data/b.csv", "data/deep/a.csv")
    for path in ("data", "data/", "data/**"):
        assert names(sqlite_store, path) == ["b.csv", "deep/a.csv"]
    assert names(sqlite_store, "") == ["data/b.csv", "data/deep/a.csv"]


def test_folders_that_a_pattern_means_stand_for_their_files(sqlite_store, root):
    write(root, "y=1/a.csv", "y=2/deep/b.csv")
    assert names(sqlite_store, "y=*") == ["y=1/a.csv", "y=2/deep/b.csv"]


def test_a_single_file_is_called_by_its_name(sqlite_store, root):
    write(root, "data/deep/a.csv")
    (found,) = find_files(sqlite_store, files_of("data/deep/a.csv"))
    assert found.relative == "a.csv"
    assert found.location == Location("data/deep/a.csv", DATASTORE)
    assert found.path == str(root / "data/deep/a.csv")
    assert found.size == 1
    assert found.stamp == str((root / "data/deep/a.csv").stat().st_mtime_ns)
    assert found.place_name == DATASTORE


def test_a_name_with_signs_of_a_pattern_is_found_by_it(sqlite_store, root):
    write(root, "data[1].csv", "what?.csv")
    assert names(sqlite_store, "data[1].csv") == ["data[1].csv"]
    assert names(sqlite_store, "what?.csv") == ["what?.csv"]


def test_locations_stay_in_their_order_and_a_file_is_found_once(sqlite_store, root):
    write(root, "b/1.csv", "a/2.csv")
    assert names(sqlite_store, "b/*.csv", "a/*.csv", "*/1.csv") == ["1.csv", "2.csv"]


def test_files_of_two_folders_with_one_name_are_told_apart(sqlite_store, root):
    write(root, "a/x.csv", "b/x.csv", "b/y.csv")
    assert names(sqlite_store, "a/*", "b/*") == ["a/x.csv", "b/x.csv", "y.csv"]


def test_files_of_two_datastores_with_one_path_are_told_apart(sqlite_store, root):
    write(root, "x.csv")
    other = open_place(sqlite_store, datastores.get(sqlite_store, "workspacefilestore")).folder
    write(other, "x.csv")
    locations = (Location("x.csv", DATASTORE), Location("x.csv", "workspacefilestore"))
    found = find_files(sqlite_store, Definition("file", locations))
    expected = ["workspaceblobstore/x.csv", "workspacefilestore/x.csv"]
    assert [file.relative for file in found] == expected


def test_a_path_of_this_machine_needs_no_datastore(sqlite_store, tmp_path):
    write(tmp_path, "mine/a.csv", "mine/deep/b.csv")
    found = find_files(sqlite_store, files_of(str(tmp_path / "mine/*.csv"), datastore=None))
    assert [file.relative for file in found] == ["a.csv"]
    assert found[0].location == Location(str(tmp_path / "mine/a.csv"))


def test_nothing_found_says_what_was_looked_for_and_what_is_there(sqlite_store, root):
    write(root, "data/diabetes.csv", "data/other.txt")
    with pytest.raises(
        DataNotFoundError, match=r"'data/\*.parquet' in workspaceblobstore\. In 'data'"
    ):
        names(sqlite_store, "data/*.parquet")
    with pytest.raises(DataNotFoundError, match=r"Did you mean 'diabetes\.csv'\?"):
        names(sqlite_store, "data/diabets.csv")
    with pytest.raises(DataNotFoundError, match="In its root there is 'data'"):
        names(sqlite_store, "dta/x/*.csv")


def test_an_empty_datastore_says_so(sqlite_store, root):
    with pytest.raises(DataNotFoundError, match="nothing in it at all"):
        names(sqlite_store, "**")


def test_many_names_are_not_all_told(sqlite_store, root):
    write(root, *(f"{number}.txt" for number in range(9)))
    with pytest.raises(DataNotFoundError, match="and 4 more"):
        names(sqlite_store, "*.csv")


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "a\0b", "a\\..\\b", "C:/x"])
def test_a_path_out_of_the_datastore_is_refused(sqlite_store, root, path):
    with pytest.raises(InvalidPathError, match="path"):
        names(sqlite_store, path)


def test_a_link_that_leads_out_is_refused(sqlite_store, root, tmp_path):
    write(tmp_path, "secret/key")
    write(root, "data/a.csv")
    (root / "data/out").symlink_to(tmp_path / "secret")
    (root / "data/one").symlink_to(tmp_path / "secret/key")
    for path in ("data", "data/*", "data/one", "data/out/key", "data/out", "data/out/*"):
        with pytest.raises(InvalidPathError, match="leads out of"):
            names(sqlite_store, path)


def test_a_link_inside_is_followed_once(sqlite_store, root):
    write(root, "real/a.csv")
    (root / "linked").symlink_to(root / "real")
    (root / "real/round").symlink_to(root)
    (root / "real/b.csv").symlink_to("a.csv")
    found = names(sqlite_store, "real/*.csv")
    assert found == ["a.csv", "b.csv"]
    assert "linked/a.csv" in names(sqlite_store, "**")


def test_links_out_of_a_path_of_this_machine_are_followed(sqlite_store, tmp_path):
    write(tmp_path, "blobs/1f", "blobs/2e", text="a\n1\n")
    mine = tmp_path / "mine"
    (mine / "deep").mkdir(parents=True)
    (mine / "one.csv").symlink_to(tmp_path / "blobs/1f")
    (mine / "deep/two.csv").symlink_to("../../blobs/2e")
    (mine / "all").symlink_to(tmp_path / "blobs")
    assert names(sqlite_store, str(mine), datastore=None) == [
        "all/1f", "all/2e", "deep/two.csv", "one.csv"
    ]  # fmt: skip
    for path in (mine / "one.csv", mine / "**/two.csv", mine / "all/1f", mine / "al*/1f"):
        (found,) = find_files(sqlite_store, files_of(str(path), datastore=None))
        assert local_path(sqlite_store, found) == Path(found.path)  # its name tells the format
        with open_file(sqlite_store, found) as file:
            assert file.read() == b"a\n1\n"
    with pytest.raises(DataNotFoundError, match="In its root there is '1f', '2e'"):
        names(sqlite_store, str(mine / "all/*.csv"), datastore=None)


def test_links_out_of_a_folder_that_is_registered_are_refused(sqlite_store, tmp_path):
    write(tmp_path, "secret/key", "mine/a.csv")
    (tmp_path / "mine/key").symlink_to(tmp_path / "secret/key")
    url = {"url": f"file://{tmp_path}/mine"}
    datastores.register(sqlite_store, "mine", "url", url)
    with pytest.raises(InvalidPathError, match="leads out of"):
        names(sqlite_store, "", datastore="mine")


@pytest.mark.parametrize("datastore", [None, DATASTORE])
def test_links_in_a_circle_end(sqlite_store, root, datastore):
    write(root, "a/a.csv", "b/b.csv")
    (root / "a/other").symlink_to(root / "b")
    (root / "b/other").symlink_to(root / "a")
    (root / "a/up").symlink_to("..")
    path = str(root) if datastore is None else ""
    assert {"a/a.csv", "a/other/b.csv"} <= set(names(sqlite_store, path, datastore=datastore))
    (root / "self").symlink_to("self")
    with pytest.raises(InvalidPathError, match="which is not there"):
        names(sqlite_store, path, datastore=datastore)


@pytest.mark.parametrize("datastore", [None, DATASTORE])
def test_folders_that_all_link_to_each_other_are_told(sqlite_store, root, datastore):
    for one in range(12):
        write(root, f"{one}/a.csv")
        for other in range(12):
            (root / f"{one}/to{other}").symlink_to(root / str(other))
    with pytest.raises(InvalidPathError, match="in more than 1,000 ways"):
        names(sqlite_store, str(root) if datastore is None else "", datastore=datastore)


def test_a_link_to_nowhere_is_told(sqlite_store, root):
    write(root, "a.csv")
    (root / "gone.csv").symlink_to(root / "never")
    with pytest.raises(InvalidPathError, match="which is not there"):
        names(sqlite_store, "*")


def test_a_pipe_is_no_file_and_nobody_waits_for_it(sqlite_store, root):
    write(root, "a.csv")
    os.mkfifo(root / "pipe.csv")
    assert names(sqlite_store, "*.csv") == ["a.csv"]
    with pytest.raises(DataNotFoundError, match=r"No file at 'pipe\.csv'"):
        names(sqlite_store, "pipe.csv")


def test_a_file_that_became_a_pipe_is_not_waited_for(sqlite_store, root):
    write(root, "a.csv")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    (root / "a.csv").unlink()
    os.mkfifo(root / "a.csv")
    with pytest.raises(InvalidPathError, match="no plain file"):
        open_file(sqlite_store, found)


def test_a_file_that_became_a_link_out_is_not_opened(sqlite_store, root, tmp_path):
    write(root, "a.csv")
    write(tmp_path, "key")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    (root / "a.csv").unlink()
    (root / "a.csv").symlink_to(tmp_path / "key")
    with pytest.raises(InvalidPathError, match="leads out of"):
        open_file(sqlite_store, found)
    with pytest.raises(InvalidPathError, match="leads out of"):
        local_path(sqlite_store, found)


def test_a_file_that_is_gone_is_told(sqlite_store, root):
    write(root, "a.csv")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    (root / "a.csv").unlink()
    with pytest.raises(DataAccessError, match="no such file"):
        open_file(sqlite_store, found)


def test_names_with_line_ends_blanks_and_markup_are_names(sqlite_store, root):
    write(root, "d/a\nb.csv", "d/ c .csv", "d/<img src=x>.csv", "d/-rf.csv", "d/é.csv")
    assert len(names(sqlite_store, "d/*.csv")) == 5
    found = find_files(sqlite_store, files_of("d"))
    assert {local_path(sqlite_store, file).name for file in found} == {
        "a\nb.csv", " c .csv", "<img src=x>.csv", "-rf.csv", "é.csv"
    }  # fmt: skip


def test_a_file_that_is_being_written_is_not_there_yet(sqlite_store, root):
    write(root, "a.csv", ".0123456789abcdef.aml-part")
    assert names(sqlite_store, "") == ["a.csv"]


def test_a_folder_that_cannot_be_read_is_told():
    """Root reads everything, so another user looks, in a folder that is open to all."""
    code = """
import os, pathlib, sys
from fsspec.implementations.local import LocalFileSystem
from aml_magics.errors import DataAccessError
from aml_magics.services.data_file import files_at
from aml_magics.services.data_place import Place
if os.geteuid() == 0:
    os.setuid(65534)
try:
    files_at(Place("mine", LocalFileSystem(), sys.argv[1], pathlib.Path(sys.argv[1])), "", "mine")
except DataAccessError as error:
    print(error)
"""
    with tempfile.TemporaryDirectory(dir="/tmp") as root:
        Path(root).chmod(0o755)
        (Path(root) / "closed").mkdir(mode=0)
        command = [sys.executable, "-c", code, root]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "does not permit" in said


def test_bytes_are_read(sqlite_store, root):
    write(root, "a.csv", text="hello")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    with open_file(sqlite_store, found) as file:
        assert file.read() == b"hello"
    assert local_path(sqlite_store, found) == root / "a.csv"


# --- Steps of file datasets ----------------------------------------------------------------------


def step(transform, **arguments):
    return {"transform": transform, **arguments}


def gt(column, value):
    args = [{"op": "column", "name": column}, {"op": "value", "value": value}]
    return {"op": "gt", "args": args}


def test_files_are_taken_and_skipped(sqlite_store, root):
    write(root, *"abcde")
    assert names(sqlite_store, "", steps=(step("skip", count=1), step("take", count=2))) == [
        "b",
        "c",
    ]


def test_parts_of_a_split_are_disjoint_complete_and_the_same_each_time(sqlite_store, root):
    write(root, *(f"{number:03}" for number in range(200)))
    first = names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=5),))
    second = names(sqlite_store, "", steps=(step("split", low=0.7, high=1.0, seed=5),))
    assert sorted(first + second) == names(sqlite_store, "")
    assert 110 < len(first) < 170
    assert first == names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=5),))
    assert first != names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=6),))


def test_files_are_sampled(sqlite_store, root):
    write(root, *(f"{number:03}" for number in range(200)))
    some = step("sample", strategy="simple_random", probability=0.25, seed=1)
    found = names(sqlite_store, "", steps=(some,))
    assert 20 < len(found) < 80
    top = step("sample", strategy="top_n", n=3)
    assert names(sqlite_store, "", steps=(top,)) == ["000", "001", "002"]
    stratified = step("sample", strategy="stratified", columns=["a"], fractions={})
    with pytest.raises(InvalidDatasetError, match="not by 'stratified'"):
        names(sqlite_store, "", steps=(stratified,))


def test_files_are_filtered_by_what_is_known_of_them(sqlite_store, root):
    write(root, "small", text="1")
    write(root, "large", text="1" * 100)
    assert names(sqlite_store, "", steps=(step("filter", expression=gt("size", 10)),)) == ["large"]
    ends = {
        "op": "ends_with",
        "args": [{"op": "column", "name": "path"}, {"op": "value", "value": "ll"}],
    }
    assert names(sqlite_store, "", steps=(step("filter", expression=ends),)) == ["small"]
    with pytest.raises(ColumnNotFoundError, match="Did you mean 'size'"):
        names(sqlite_store, "", steps=(step("filter", expression=gt("sizee", 10)),))


def test_files_are_filtered_by_what_their_paths_tell(sqlite_store, root):
    write(root, "2019/a.csv", "2021/a.csv")
    moment = {"op": "moment", "value": "2020-01-01T00:00:00"}
    expression = {"op": "ge", "args": [{"op": "column", "name": "year"}, moment]}
    found = names(
        sqlite_store,
        "*/a.csv",
        steps=(step("filter", expression=expression),),
        partition_format="/{year:yyyy}/a.csv",
    )
    assert found == ["2021/a.csv"]


def test_a_step_for_rows_is_refused_for_files(sqlite_store, root):
    write(root, "a")
    with pytest.raises(InvalidDatasetError, match="only to rows"):
        names(sqlite_store, "", steps=(step("keep_columns", columns=["a"]),))


def test_steps_of_a_table_are_not_done_to_its_files(sqlite_store, root):
    write(root, "a", "b")
    table = Definition(
        "tabular", (Location("", DATASTORE),), "delimited", steps=(step("take", count=1),)
    )
    assert len(find_files(sqlite_store, table)) == 2


# --- Remote --------------------------------------------------------------------------------------


def test_blobs_are_found_as_files_are(sqlite_store, blob):
    for name in ("data/a.csv", "data/b.csv", "data/deep/c.csv", "data/d.txt", "e.csv"):
        blob.files.pipe(blob.at(name), b"hello")
    for paths, expected in (
        (("data/*.csv",), ["a.csv", "b.csv"]),
        (("data/**/*.csv",), ["a.csv", "b.csv", "deep/c.csv"]),
        (("data",), ["a.csv", "b.csv", "d.txt", "deep/c.csv"]),
        (("data/a.csv",), ["a.csv"]),
        (("*.csv",), ["e.csv"]),
        (("",), ["data/a.csv", "data/b.csv", "data/d.txt", "data/deep/c.csv", "e.csv"]),
    ):
        assert names(sqlite_store, *paths, datastore="blob") == expected
    (found,) = find_files(sqlite_store, files_of("data/a.csv", datastore="blob"))
    assert found.size == 5
    assert found.changed is not None
    assert found.location == Location("data/a.csv", "blob")
    assert local_path(sqlite_store, found) is None
    with open_file(sqlite_store, found) as file:
        assert file.read() == b"hello"


def test_a_blob_that_is_changed_has_another_stamp(sqlite_store, blob):
    blob.files.pipe(blob.at("a"), b"1")
    (before,) = find_files(sqlite_store, files_of("a", datastore="blob"))
    blob.files.pipe(blob.at("a"), b"2")
    (after,) = find_files(sqlite_store, files_of("a", datastore="blob"))
    assert before.stamp != after.stamp


def test_no_blob_says_what_is_there(sqlite_store, blob):
    blob.files.pipe(blob.at("data/diabetes.csv"), b"1")
    with pytest.raises(DataNotFoundError, match=r"Did you mean 'diabetes\.csv'\?"):
        names(sqlite_store, "data/diabets.csv", datastore="blob")
    with pytest.raises(DataNotFoundError, match="In its root there is 'data'"):
        names(sqlite_store, "*.parquet", datastore="blob")


def test_objects_of_s3_are_found_as_files_are(sqlite_store, s3):
    settings = {"url": s3.url}
    secrets = {"secret_options": s3.storage_options}
    record = datastores.register(sqlite_store, "bucket", "url", settings, secrets)
    place = open_place(sqlite_store, record)
    for name in ("data/a.csv", "data/deep/c.csv"):
        place.files.pipe(place.at(name), b"hello")
    assert names(sqlite_store, "data/*.csv", datastore="bucket") == ["a.csv"]
    assert names(sqlite_store, "data", datastore="bucket") == ["a.csv", "deep/c.csv"]
    (found,) = find_files(sqlite_store, files_of("data/a.csv", datastore="bucket"))
    assert found.stamp == "5d41402abc4b2a76b9719d911017c592"


class _Hostile:
    """A store that lists what it likes."""

    root_marker = ""
    protocol = "hostile"

    def __init__(self, name):
        self.name = name

    def invalidate_cache(self):
        """There is none."""

    def find(self, start, detail):
        return {self.name: {"name": self.name, "type": "file", "size": 1}}


@pytest.mark.parametrize(
    "name", ["root/../x", "root//etc/passwd", "root/a/../../x", "root/a\0b", "root/..", "root/./x"]
)
def test_a_remote_name_that_leads_out_is_refused(name):
    from aml_magics.services.data_file import files_at
    from aml_magics.services.data_place import Place

    place = Place("hostile", _Hostile(name), "root", None)
    with pytest.raises(InvalidPathError, match="whose name leads out of its folder"):
        files_at(place, "", "hostile")


def test_a_name_in_another_form_of_unicode_is_told(sqlite_store, root):
    (root / "e\u0301.csv").write_text("x")
    with pytest.raises(DataNotFoundError, match="looks the same and has its accents in another"):
        names(sqlite_store, "\u00e9.csv")


def test_a_pipe_of_that_name_is_told(sqlite_store, root):
    (root / "pipes").mkdir()
    os.mkfifo(root / "pipes/x.csv")
    with pytest.raises(DataNotFoundError, match="What is called so is no plain file"):
        names(sqlite_store, "pipes/*.csv")
