from __future__ import annotations

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    DataAccessError,
    DataNotFoundError,
    InvalidDatasetError,
    InvalidPathError,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.mount import copy, mount
from tests.fixtures.datastore_files import DATASTORE, files_of, texts, write_texts


def test_files_of_this_machine_are_linked(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1", "data/deep/b": "2"})
    target = tmp_path / "at"
    assert mount(sqlite_store, files_of("data"), target) == target
    assert texts(target) == {"a": "1", "deep/b": "2"}
    assert (target / "a").readlink() == root / "data/a"


def test_a_file_that_is_named_is_given_as_a_file(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1"})
    for number, path in enumerate(("data/a", "data/a/")):
        found = mount(sqlite_store, files_of(path), tmp_path / str(number))
        assert found == tmp_path / str(number) / "a"
        assert found.read_text() == "1"


@pytest.mark.parametrize("path", ["data", "data/*", "data/**", "*/a", "**"])
def test_one_file_of_a_folder_or_pattern_is_given_in_a_folder(sqlite_store, root, tmp_path, path):
    write_texts(root, {"data/a": "1"})
    assert mount(sqlite_store, files_of(path), tmp_path / "at") == tmp_path / "at"


def test_a_path_of_this_machine_is_mounted(sqlite_store, tmp_path):
    write_texts(tmp_path, {"mine/a": "1"})
    named = files_of(str(tmp_path / "mine/a"), datastore=None)
    assert mount(sqlite_store, named, tmp_path / "one") == tmp_path / "one/a"
    folder = files_of(str(tmp_path / "mine"), datastore=None)
    assert mount(sqlite_store, folder, tmp_path / "all") == tmp_path / "all"
    assert texts(tmp_path / "all") == {"a": "1"}


def test_mounting_again_shows_what_is_there_now(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1"})
    mount(sqlite_store, files_of("data"), tmp_path / "at")
    write_texts(root, {"data/a": "new", "data/b": "2"})
    mount(sqlite_store, files_of("data"), tmp_path / "at")
    assert texts(tmp_path / "at") == {"a": "new", "b": "2"}


def test_a_mount_takes_the_place_of_no_file(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1"})
    write_texts(tmp_path, {"at/a": "mine"})
    with pytest.raises(AlreadyExistsError, match="is there: choose another folder"):
        mount(sqlite_store, files_of("data"), tmp_path / "at")
    assert texts(tmp_path / "at") == {"a": "mine"}
    with pytest.raises(AlreadyExistsError, match="is there: choose another folder"):
        mount(sqlite_store, files_of("data"), tmp_path / "at/a")


def test_a_place_where_nothing_can_be_mounted_is_told(sqlite_store, root):
    write_texts(root, {"data/a": "1"})
    with pytest.raises(DataAccessError, match="cannot be mounted at '/proc/here'"):
        mount(sqlite_store, files_of("data"), type(root)("/proc/here"))


def test_steps_choose_what_is_mounted(sqlite_store, root, tmp_path):
    write_texts(root, {"a": "1", "b": "2", "c": "3"})
    chosen = files_of("", steps=({"transform": "take", "count": 2},))
    mount(sqlite_store, chosen, tmp_path / "at")
    assert sorted(texts(tmp_path / "at")) == ["a", "b"]
    none = files_of("", steps=({"transform": "take", "count": 0},))
    assert mount(sqlite_store, none, tmp_path / "none").is_dir()


def test_a_link_that_leads_out_is_not_mounted(sqlite_store, root, tmp_path):
    write_texts(tmp_path, {"secret/key": "x"})
    (root / "data").mkdir()
    (root / "data/key").symlink_to(tmp_path / "secret/key")
    for act in (mount, copy):
        with pytest.raises(InvalidPathError, match="leads out of"):
            act(sqlite_store, files_of("data"), tmp_path / "at")


def test_nothing_to_mount_is_told(sqlite_store, root, tmp_path):
    for act in (mount, copy):
        with pytest.raises(DataNotFoundError, match="No file at 'data'"):
            act(sqlite_store, files_of("data"), tmp_path / "at")


def test_rows_are_neither_mounted_nor_copied(sqlite_store, root, tmp_path):
    write_texts(root, {"a": "1"})
    table = Definition("tabular", (Location("a", DATASTORE),), "delimited")
    for act in (mount, copy):
        with pytest.raises(InvalidDatasetError, match="cannot be mounted or downloaded"):
            act(sqlite_store, table, tmp_path / "at")


def test_blobs_are_copied_once_for_each_version(sqlite_store, blob, tmp_path):
    blob.files.pipe(blob.at("data/a"), b"1")
    blob.files.pipe(blob.at("data/deep/b"), b"2")
    wanted = files_of("data", datastore="blob")
    mount(sqlite_store, wanted, tmp_path / "one")
    assert texts(tmp_path / "one") == {"a": "1", "deep/b": "2"}
    copies = {path: path.stat().st_mtime_ns for path in cache(sqlite_store)}
    assert len(copies) == 2
    mount(sqlite_store, wanted, tmp_path / "two")
    assert {path: path.stat().st_mtime_ns for path in cache(sqlite_store)} == copies
    blob.files.pipe(blob.at("data/a"), b"new")
    mount(sqlite_store, wanted, tmp_path / "three")
    assert texts(tmp_path / "three") == {"a": "new", "deep/b": "2"}
    assert texts(tmp_path / "one") == {"a": "1", "deep/b": "2"}
    assert len(cache(sqlite_store)) == 3


def cache(store):
    return list((store.folder / "cache").glob("[0-9a-f][0-9a-f]/*"))


def test_a_copy_is_private_and_not_written(sqlite_store, blob, tmp_path):
    blob.files.pipe(blob.at("a"), b"1")
    path = mount(sqlite_store, files_of("a", datastore="blob"), tmp_path / "at")
    assert path == tmp_path / "at/a"
    assert path.stat().st_mode & 0o777 == 0o400
    assert (sqlite_store.folder / "cache").stat().st_mode & 0o777 == 0o700


def test_remote_and_local_files_are_mounted_together(sqlite_store, root, blob, tmp_path):
    write_texts(root, {"a": "local"})
    blob.files.pipe(blob.at("b"), b"remote")
    both = Definition("file", (Location("a", DATASTORE), Location("b", "blob")))
    assert mount(sqlite_store, both, tmp_path / "at") == tmp_path / "at"
    assert texts(tmp_path / "at") == {"a": "local", "b": "remote"}
    copy(sqlite_store, both, tmp_path / "copied")
    assert texts(tmp_path / "copied") == {"a": "local", "b": "remote"}


def test_files_are_copied_as_they_are_called(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1", "data/deep/b": "2"})
    paths = copy(sqlite_store, files_of("data"), tmp_path / "to")
    assert paths == [tmp_path / "to/a", tmp_path / "to/deep/b"]
    assert texts(tmp_path / "to") == {"a": "1", "deep/b": "2"}
    assert not (tmp_path / "to/a").is_symlink()


def test_a_copy_can_be_made_again_and_replaces_nothing_else(sqlite_store, root, tmp_path):
    write_texts(root, {"data/a": "1", "data/b": "2"})
    copy(sqlite_store, files_of("data"), tmp_path / "to")
    (tmp_path / "to/b").unlink()
    copy(sqlite_store, files_of("data"), tmp_path / "to")
    assert texts(tmp_path / "to") == {"a": "1", "b": "2"}
    write_texts(tmp_path, {"to/a": "mine"})
    (tmp_path / "to/b").unlink()
    with pytest.raises(AlreadyExistsError, match=r"overwrite=True replaces it"):
        copy(sqlite_store, files_of("data"), tmp_path / "to")
    assert texts(tmp_path / "to") == {"a": "mine"}
    copy(sqlite_store, files_of("data"), tmp_path / "to", overwrite=True)
    assert texts(tmp_path / "to") == {"a": "1", "b": "2"}


def test_ten_thousand_files_are_mounted(sqlite_store, root, tmp_path):
    write_texts(root, {f"d{number % 10}/f{number}": "x" for number in range(10_000)})
    mount(sqlite_store, files_of("**"), tmp_path / "at")
    assert len(list((tmp_path / "at").rglob("f*"))) == 10_000
