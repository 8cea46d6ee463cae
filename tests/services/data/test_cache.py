from __future__ import annotations

import os
import time

import pytest

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import cache as data_cache
from aml_magics.services.data.cache import BYTES_VARIABLE, DAYS, prune
from aml_magics.services.data.mount import mount
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.store.location import open_storage
from tests.fixtures.storages import register_bucket
from tests.services.conftest import kill


@pytest.fixture
def bucket(sqlite_store, s3):
    """A place in S3 with ten files of 1,000 bytes."""
    storage = open_storage(sqlite_store, register_bucket(sqlite_store, s3, "far"))
    for number in range(10):
        storage.files.pipe(storage.at(f"f{number}"), bytes([number]) * 1000)
    return storage


def file_of(number):
    return Definition("file", (Location(f"f{number}", "far"),))


def brought(store, folder, *numbers):
    """Mount files, in this order, one after the other; and where their copies are."""
    copies = {}
    for number in numbers:
        path = mount(store, file_of(number), folder / str(number))
        copies[number] = path.readlink()
        os.utime(copies[number], (time.time() - 1000 + number, 0))
    return copies


def forget(folder, *numbers):
    for number in numbers:
        (folder / f"{number}/f{number}").unlink()


def test_what_was_used_longest_ago_goes_beyond_the_bound(
    sqlite_store, bucket, tmp_path, monkeypatch
):
    copies = brought(sqlite_store, tmp_path, 0, 1, 2, 3)
    forget(tmp_path, 0, 1, 2, 3)
    monkeypatch.setenv(BYTES_VARIABLE, "2500")
    removed = prune(sqlite_store)
    assert [copy.path for copy in removed] == [copies[0], copies[1]]
    assert [copies[number].exists() for number in range(4)] == [False, False, True, True]
    assert prune(sqlite_store) == []


def test_what_is_mounted_again_is_used_again(sqlite_store, bucket, tmp_path, monkeypatch):
    copies = brought(sqlite_store, tmp_path, 0, 1, 2)
    mount(sqlite_store, file_of(0), tmp_path / "again")
    (tmp_path / "again/f0").unlink()
    forget(tmp_path, 0, 1, 2)
    monkeypatch.setenv(BYTES_VARIABLE, "1e3")
    prune(sqlite_store)
    assert [copies[number].exists() for number in range(3)] == [True, False, False]


def test_room_is_made_before_more_is_brought(sqlite_store, bucket, tmp_path, monkeypatch):
    monkeypatch.setenv(BYTES_VARIABLE, "2000")
    copies = brought(sqlite_store, tmp_path, 0, 1)
    forget(tmp_path, 0, 1)
    more = brought(sqlite_store, tmp_path, 2)
    assert not copies[0].exists()
    assert copies[1].exists()
    assert more[2].exists()


def test_what_a_link_leads_to_stays_whatever_the_bound(sqlite_store, bucket, tmp_path, monkeypatch):
    copies = brought(sqlite_store, tmp_path, 0, 1)
    monkeypatch.setenv(BYTES_VARIABLE, "0")
    for path in copies.values():
        os.utime(path, (0, 0))
    assert prune(sqlite_store) == []
    assert (tmp_path / "0/f0").read_bytes() == bytes(1000)
    forget(tmp_path, 0)
    assert [copy.path for copy in prune(sqlite_store)] == [copies[0]]


def test_what_was_not_used_for_long_goes(sqlite_store, bucket, tmp_path):
    copies = brought(sqlite_store, tmp_path, 0, 1)
    forget(tmp_path, 0, 1)
    os.utime(copies[0], (time.time() - (DAYS + 1) * 86_400, 0))
    assert [copy.path for copy in prune(sqlite_store)] == [copies[0]]


def test_what_a_process_is_about_to_link_stays(
    sqlite_store, bucket, tmp_path, scripts, monkeypatch
):
    copies = brought(sqlite_store, tmp_path, 0)
    forget(tmp_path, 0)
    program = scripts.start(
        """
        from aml_magics.records.data.dataset import Definition, Location
        from aml_magics.services.data import mount as data_mount

        def wait(source, target):
            say("about to")
            time.sleep(600)

        data_mount._link = wait
        data_mount.mount(store, Definition("file", (Location("f0", "far"),)), Path(os.environ["AT"]))
        """,
        AT=str(tmp_path / "there"),
    )
    assert program.stdout.readline() == "about to\n"
    monkeypatch.setenv(BYTES_VARIABLE, "0")
    assert prune(sqlite_store) == []
    kill(program)
    assert [copy.path for copy in prune(sqlite_store)] == [copies[0]]


def test_notes_of_mounts_that_are_gone_are_removed(sqlite_store, bucket, tmp_path):
    notes = sqlite_store.folder / "cache/.uses"
    brought(sqlite_store, tmp_path, 0)
    for number in range(60):
        mount(sqlite_store, file_of(0), tmp_path / "at" / str(number))
        (tmp_path / "at" / str(number) / "f0").unlink()
    assert len(data_cache._notes(notes.parent)) <= 52
    (notes / "half").write_text("[[")
    prune(sqlite_store)
    assert len(data_cache._notes(notes.parent)) == 1


def test_what_a_killed_download_left_is_removed(sqlite_store, bucket, tmp_path):
    (copy,) = brought(sqlite_store, tmp_path, 0).values()
    left = copy.parent / f".{'1' * 16}{UNFINISHED}"
    left.write_bytes(b"x")
    prune(sqlite_store)
    assert not left.exists()


@pytest.mark.parametrize("given", ["much", "nan", "inf"])
def test_a_bound_that_is_no_number_is_told(sqlite_store, monkeypatch, given):
    monkeypatch.setenv(BYTES_VARIABLE, given)
    with pytest.raises(InvalidArgumentError, match="is a number of bytes such as 20e9"):
        prune(sqlite_store)


def test_a_cache_that_was_never_used_has_nothing_to_remove(sqlite_store):
    assert prune(sqlite_store) == []
    assert data_cache.folder_of(sqlite_store).stat().st_mode & 0o777 == 0o700


def test_a_cache_that_cannot_be_written_is_told(sqlite_store, bucket, tmp_path):
    data_cache.folder_of(sqlite_store).mkdir()
    (data_cache.folder_of(sqlite_store) / ".uses").write_text("a file")
    with pytest.raises(DataAccessError, match="Copies of remote files cannot be kept"):
        mount(sqlite_store, file_of(0), tmp_path / "at")
