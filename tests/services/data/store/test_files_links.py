"""Links among the files of a dataset: followed inside of a datastore, refused where they lead out."""

from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.errors import DataNotFoundError, InvalidPathError
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store import listing
from aml_magics.services.data.store.files import find_files, local_path, open_file
from tests.fixtures.datastore_files import DATASTORE, files_of, names, write


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
        assert local_path(found) == Path(found.path)  # its name tells the format
        with open_file(found) as file:
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
def test_folders_that_all_link_to_each_other_are_told(sqlite_store, root, datastore, monkeypatch):
    monkeypatch.setattr(listing, "_MOST_WAYS", 100)
    for one in range(6):
        write(root, f"{one}/a.csv")
        for other in range(6):
            (root / f"{one}/to{other}").symlink_to(root / str(other))
    with pytest.raises(InvalidPathError, match="in more than 100 ways"):
        names(sqlite_store, str(root) if datastore is None else "", datastore=datastore)


def test_a_link_to_nowhere_is_told(sqlite_store, root):
    write(root, "a.csv")
    (root / "gone.csv").symlink_to(root / "never")
    with pytest.raises(InvalidPathError, match="which is not there"):
        names(sqlite_store, "*")


def test_a_file_that_became_a_link_out_is_not_opened(sqlite_store, root, tmp_path):
    write(root, "a.csv")
    write(tmp_path, "key")
    (found,) = find_files(sqlite_store, files_of("a.csv"))
    (root / "a.csv").unlink()
    (root / "a.csv").symlink_to(tmp_path / "key")
    with pytest.raises(InvalidPathError, match="leads out of"):
        open_file(found)
    with pytest.raises(InvalidPathError, match="leads out of"):
        local_path(found)
