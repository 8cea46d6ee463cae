"""Transfers that are refused before anything is moved, or by who is at the other end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidPathError
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.transfer.transfer import download, upload
from aml_magics.services.data.transfer.whole_file import written_whole
from tests.fixtures.datastore_files import texts
from tests.fixtures.storages import register_blob
from tests.fixtures.transfers import fetched, made


@pytest.mark.parametrize("target", ["../x", "/etc/x", "a/../../x", "a\0", "a\\b", "C:/x", "", "/"])
def test_a_target_out_of_the_datastore_is_refused(sqlite_store, record, root, tmp_path, target):
    (tmp_path / "a").write_text("x")
    pairs = [(tmp_path / "a", "fine"), (tmp_path / "a", target)]
    with pytest.raises(InvalidPathError, match=r"path|A file needs a name"):
        upload(sqlite_store, record, pairs, overwrite=True)
    assert texts(root) == {}


@pytest.mark.parametrize("target", ["n" * 256, f"{'é' * 128}/a"])
def test_a_target_that_no_file_can_be_called_is_refused(
    sqlite_store, record, root, tmp_path, target
):
    (tmp_path / "a").write_text("x")
    with pytest.raises(InvalidPathError, match="of 256 bytes, and a name has at most 255"):
        upload(sqlite_store, record, [(tmp_path / "a", target)], overwrite=True)
    assert texts(root) == {}


def test_a_target_behind_a_link_out_of_the_datastore_is_refused(
    sqlite_store, record, root, tmp_path
):
    (tmp_path / "outside").mkdir()
    (tmp_path / "a").write_text("x")
    (root / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidPathError, match="leads out of"):
        upload(sqlite_store, record, [(tmp_path / "a", "link/a")], overwrite=True)
    assert texts(tmp_path / "outside") == {}


def test_a_download_behind_a_link_out_of_its_target_is_refused(
    sqlite_store, record, root, tmp_path
):
    made(root / "d", a="x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "to").mkdir()
    (tmp_path / "to/d").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidPathError, match="leads out of"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)
    assert texts(tmp_path / "outside") == {}


def test_a_link_in_place_of_a_file_is_replaced_and_not_written_through(
    sqlite_store, record, root, tmp_path
):
    made(root, a="new")
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "to").mkdir()
    (tmp_path / "to/a").symlink_to(tmp_path / "mine")
    fetched(sqlite_store, record, tmp_path / "to", overwrite=True)
    assert (tmp_path / "mine").read_text() == "mine"
    assert texts(tmp_path / "to") == {"a": "new"}


def test_a_source_that_is_no_plain_file_is_refused(sqlite_store, record, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for source, error, words in (
        ("pipe", InvalidPathError, "no plain file"),
        ("", InvalidPathError, "is a folder"),
        ("missing", DataNotFoundError, "No file .* to upload"),
    ):
        with pytest.raises(error, match=words):
            upload(sqlite_store, record, [(tmp_path / source, "x")], overwrite=True)


def test_two_sources_of_one_target_are_refused(sqlite_store, record, tmp_path):
    pairs = [(path, "same") for path, _ in made(tmp_path / "from", a="1", b="2")]
    with pytest.raises(InvalidPathError, match="would both become 'same'"):
        upload(sqlite_store, record, pairs, overwrite=True)


def test_a_target_that_is_a_folder_is_refused(sqlite_store, record, root, tmp_path):
    (root / "data/a").mkdir(parents=True)
    with pytest.raises(DataAccessError, match="cannot be written, since it is a folder"):
        upload(sqlite_store, record, made(tmp_path / "from", a="x"), overwrite=True)
    (tmp_path / "to/data/a").mkdir(parents=True)
    (root / "data/a").rmdir()
    (root / "data/a").write_text("x")
    with pytest.raises(DataAccessError, match="cannot be written, since it is a folder"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)


def test_a_file_where_a_folder_should_be_is_told(sqlite_store, record, root, tmp_path):
    (root / "data").write_text("a file")
    with pytest.raises(DataAccessError, match="is a file and no folder"):
        upload(sqlite_store, record, made(tmp_path / "from", a="x"), overwrite=True)
    (tmp_path / "to").write_text("a file")
    with pytest.raises(DataAccessError, match="is a file and no folder"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)


def test_a_file_that_is_gone_ends_a_download(sqlite_store, record, root, tmp_path):
    made(root, a="1", b="2")
    storage = open_storage(sqlite_store, record)
    found = files_at(storage, "", record.name)
    (root / "b").unlink()
    with pytest.raises(DataAccessError, match="no such file"):
        download(found, tmp_path / "to", overwrite=False)
    assert "b" not in texts(tmp_path / "to")
    assert not list((tmp_path / "to").glob(f".*{UNFINISHED}"))


def test_a_file_that_is_changed_meanwhile_is_told(sqlite_store, record, root, tmp_path):
    made(root, a="1")
    storage = open_storage(sqlite_store, record)
    found = files_at(storage, "", record.name)
    made(root, a="longer")
    with pytest.raises(DataAccessError, match="it is being written by others"):
        download(found, tmp_path / "to", overwrite=False)
    assert texts(tmp_path / "to") == {}


def test_a_store_that_is_away_is_told(sqlite_store, azurite, azurite_server, tmp_path):
    record = register_blob(sqlite_store, azurite)
    pairs = made(tmp_path / "from", a="1")
    upload(sqlite_store, record, pairs, overwrite=False)
    azurite_server.stop()
    with pytest.raises(DataAccessError, match="does not answer") as caught:
        upload(sqlite_store, record, pairs, overwrite=False)
    assert azurite_server.key not in str(caught.value)


def test_a_wrong_key_is_told_and_not_shown(sqlite_store, azurite, tmp_path):
    wrong = "d3JvbmcgYW5kIHNlY3JldCBhbmQgbG9uZyBlbm91Z2g="
    record = register_blob(sqlite_store, azurite, account_key=wrong)
    with pytest.raises(DataAccessError, match="refuses the credentials") as caught:
        upload(sqlite_store, record, made(tmp_path / "from", a="1"), overwrite=False)
    assert wrong not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with (
        pytest.raises(DataAccessError, match="cannot be written: "),
        written_whole(Path("/proc/nobody/file")),
    ):
        pass


def test_a_source_that_cannot_be_read_is_told():
    code = """
import os, pathlib, sys
from aml_magics.errors import DataAccessError
from aml_magics.services.data.store.location import Storage
from aml_magics.services.data.transfer.plan import uploads
from fsspec.implementations.local import LocalFileSystem
if os.geteuid() == 0:
    os.setuid(65534)
try:
    uploads(Storage("mine", LocalFileSystem(), "/tmp", pathlib.Path("/tmp")), [(pathlib.Path(sys.argv[1]), "x")])
except DataAccessError as error:
    print(error)
"""
    with tempfile.NamedTemporaryFile(dir="/tmp") as file:
        Path(file.name).chmod(0)
        command = [sys.executable, "-c", code, file.name]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cannot be read" in said
