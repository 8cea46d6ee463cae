from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidPathError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store.files import find_files, local_path, open_file
from aml_magics.services.data.store.location import open_storage
from tests.fixtures.datastore_files import DATASTORE, files_of, names, write


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
    assert found.version == str((root / "data/deep/a.csv").stat().st_mtime_ns)
    assert found.storage.name == DATASTORE


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
    other = open_storage(sqlite_store, datastores.get(sqlite_store, "workspacefilestore")).folder
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
        open_file(found)


def test_a_file_that_is_gone_is_told(sqlite_store, root):
    write(root, "a.csv")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    (root / "a.csv").unlink()
    with pytest.raises(DataAccessError, match="no such file"):
        open_file(found)


def test_names_with_line_ends_blanks_and_markup_are_names(sqlite_store, root):
    write(root, "d/a\nb.csv", "d/ c .csv", "d/<img src=x>.csv", "d/-rf.csv", "d/é.csv")
    assert len(names(sqlite_store, "d/*.csv")) == 5
    found = find_files(sqlite_store, files_of("d"))
    assert {local_path(file).name for file in found} == {
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
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.location import Storage
if os.geteuid() == 0:
    os.setuid(65534)
try:
    files_at(Storage("mine", LocalFileSystem(), sys.argv[1], pathlib.Path(sys.argv[1])), "", "mine")
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
    with open_file(found) as file:
        assert file.read() == b"hello"
    assert local_path(found) == root / "a.csv"


def test_a_name_in_another_form_of_unicode_is_told(sqlite_store, root):
    (root / "e\u0301.csv").write_text("x")
    with pytest.raises(DataNotFoundError, match="looks the same and has its accents in another"):
        names(sqlite_store, "\u00e9.csv")


def test_a_pipe_of_that_name_is_told(sqlite_store, root):
    (root / "pipes").mkdir()
    os.mkfifo(root / "pipes/x.csv")
    with pytest.raises(DataNotFoundError, match="What is called so is no plain file"):
        names(sqlite_store, "pipes/*.csv")
