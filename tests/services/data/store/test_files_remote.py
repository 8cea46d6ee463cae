"""Files of a real Azurite and of moto's S3, found as those of this machine are."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from aml_magics.errors import DataNotFoundError, InvalidPathError
from aml_magics.records.data.dataset import Location
from aml_magics.services.data.store.files import files_at, find_files, local_path, open_file
from aml_magics.services.data.store.location import Storage
from tests.fixtures.datastore_files import files_of, names


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
    assert local_path(found) is None
    with open_file(found) as file:
        assert file.read() == b"hello"


def test_a_blob_that_is_changed_has_another_stamp(sqlite_store, blob):
    blob.files.pipe(blob.at("a"), b"1")
    (before,) = find_files(sqlite_store, files_of("a", datastore="blob"))
    blob.files.pipe(blob.at("a"), b"2")
    (after,) = find_files(sqlite_store, files_of("a", datastore="blob"))
    assert before.version != after.version


def test_no_blob_says_what_is_there(sqlite_store, blob):
    blob.files.pipe(blob.at("data/diabetes.csv"), b"1")
    with pytest.raises(DataNotFoundError, match=r"Did you mean 'diabetes\.csv'\?"):
        names(sqlite_store, "data/diabets.csv", datastore="blob")
    with pytest.raises(DataNotFoundError, match="In its root there is 'data'"):
        names(sqlite_store, "*.parquet", datastore="blob")


def test_objects_of_s3_are_found_as_files_are(sqlite_store, bucket):
    for name in ("data/a.csv", "data/deep/c.csv"):
        bucket.files.pipe(bucket.at(name), b"hello")
    assert names(sqlite_store, "data/*.csv", datastore="bucket") == ["a.csv"]
    assert names(sqlite_store, "data", datastore="bucket") == ["a.csv", "deep/c.csv"]
    (found,) = find_files(sqlite_store, files_of("data/a.csv", datastore="bucket"))
    assert found.version == "5d41402abc4b2a76b9719d911017c592"


class _Hostile:
    """A store that lists what it likes."""

    root_marker = ""
    protocol = "hostile"
    storage_options = MappingProxyType({})

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
    storage = Storage("hostile", _Hostile(name), "root", None)
    with pytest.raises(InvalidPathError, match="whose name leads out of its folder"):
        files_at(storage, "", "hostile")
