"""Files in the middle of a transfer: cut off, changed, replaced or given up, and never seen half."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.data.dataset import Location
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.store.location import open_storage, storage_of
from aml_magics.services.data.transfer import move
from aml_magics.services.data.transfer.plan import Upload, downloads, is_etag_of
from aml_magics.services.data.transfer.transfer import download, upload
from tests.fixtures.storages import register_blob, register_bucket
from tests.fixtures.transfers import fetched
from tests.services.conftest import kill

MB = 1 << 20
SIZE = 33 * MB + 12_345


@pytest.fixture
def blob(sqlite_store, azurite, tap):
    """A datastore in Azurite, behind a tap."""
    tapped = tap(azurite.port)
    return register_blob(sqlite_store, azurite, "far", tapped.port), tapped


@pytest.fixture
def bucket(sqlite_store, s3, tap):
    """A datastore in S3, behind a tap."""
    tapped = tap(urlsplit(s3.endpoint).port)
    return register_bucket(sqlite_store, s3, "far", tapped.port), tapped


@pytest.fixture(params=["blob", "bucket"])
def far(request):
    """Each kind of remote place in turn, and its tap."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(os.urandom(SIZE))
    return path


_MOVE = """
    from aml_magics.services.data.store import datastore as datastores
    from aml_magics.services.data.store.files import files_at
    from aml_magics.services.data.store.location import open_storage
    from aml_magics.services.data.transfer.transfer import download, upload

    record = datastores.get(store, "far")
    if os.environ["WAY"] == "up":
        upload(store, record, [(Path(os.environ["FILE"]), "large")], overwrite=True)
    else:
        storage = open_storage(store, record)
        found = files_at(storage, "large", "far")
        download(found, Path(os.environ["FILE"]), overwrite=True)
"""


def cut_off(scripts, tapped, way, path):
    """Move in another process, and kill it when three quarters are moved."""
    tapped.begin_count(SIZE * 3 // 4)
    program = scripts.start(_MOVE, WAY=way, FILE=str(path))
    tapped.wait()
    kill(program)
    tapped.begin_count()


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def there(storage, name="large"):
    """The digest of what a datastore has, read in another way than by a transfer."""
    return hashlib.sha256(storage.files.cat_file(storage.at(name))).hexdigest()


def test_an_upload_that_was_killed_leaves_what_was_there_until_it_is_whole(
    sqlite_store, far, source, scripts
):
    record, tapped = far
    storage = open_storage(sqlite_store, record)
    storage.files.pipe(storage.at("large"), b"old")
    cut_off(scripts, tapped, "up", source)
    assert storage.files.cat_file(storage.at("large")) == b"old"
    assert upload(sqlite_store, record, [(source, "large")], overwrite=True) == 1
    assert there(storage) == digest(source)
    tapped.begin_count()
    assert upload(sqlite_store, record, [(source, "large")], overwrite=True) == 1
    assert tapped.sent < MB


def test_a_download_that_was_killed_leaves_nothing_under_its_name(
    sqlite_store, far, source, scripts, tmp_path
):
    record, tapped = far
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    target = tmp_path / "to"
    cut_off(scripts, tapped, "down", target)
    (left,) = target.iterdir()
    assert re.fullmatch(rf"\..*{re.escape(UNFINISHED)}", left.name)
    fetched(sqlite_store, record, target, "large", overwrite=True)
    assert list(target.iterdir()) == [target / "large"]
    assert digest(target / "large") == digest(source)


def test_a_file_that_became_another_since_it_was_listed_is_not_kept(
    sqlite_store, far, source, tmp_path
):
    record, _ = far
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    storage = open_storage(sqlite_store, record)
    found = files_at(storage, "large", "far")
    source.write_bytes(os.urandom(SIZE))
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        download(found, tmp_path / "to", overwrite=True)
    assert list((tmp_path / "to").iterdir()) == []


def test_an_object_of_s3_in_parts_is_known_by_its_etag(sqlite_store, bucket, source):
    record, _ = bucket
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    storage = open_storage(sqlite_store, record)
    etag = storage.files.info(storage.at("large"))["ETag"].strip('"')
    assert etag.endswith("-5")
    assert is_etag_of(etag, source)
    source.write_bytes(os.urandom(SIZE))
    assert not is_etag_of(etag, source)


EVERY_REMOTE = pytest.mark.parametrize("anywhere", ["blob_place", "bucket_place", "memory"])


@pytest.fixture
def blob_place(sqlite_store, azurite):
    return open_storage(sqlite_store, register_blob(sqlite_store, azurite))


@pytest.fixture
def bucket_place(sqlite_store, s3):
    return open_storage(sqlite_store, register_bucket(sqlite_store, s3))


@EVERY_REMOTE
def test_a_source_that_changes_while_it_is_uploaded_is_not_kept(
    sqlite_store, request, anywhere, source
):
    storage = request.getfixturevalue(anywhere)
    job = Upload(0, source, SIZE, "large", storage.at("large"))
    with pytest.raises(DataAccessError, match="was changed while it was uploaded"):
        move._put(storage, True, job, lambda: os.utime(source, ns=(0, 0)))
    assert files_at(storage, "", None, empty_is_fine=True) == []


@EVERY_REMOTE
def test_a_transfer_that_is_given_up_ends_in_the_middle_of_a_file(
    sqlite_store, request, anywhere, source, tmp_path
):
    storage = request.getfixturevalue(anywhere)
    calls = []

    def check():
        calls.append(1)
        if len(calls) > 1:
            raise move._StoppedError

    with pytest.raises(move._StoppedError):
        move._put(storage, True, Upload(0, source, SIZE, "large", storage.at("large")), check)
    assert files_at(storage, "", None, empty_is_fine=True) == []
    storage.files.pipe(storage.at("large"), source.read_bytes())
    (job,) = downloads(files_at(storage, "", None), tmp_path / "to")
    calls.clear()
    with pytest.raises(move._StoppedError):
        move._get(job, check)
    assert list((tmp_path / "to").iterdir()) == []


def test_who_leaves_the_work_ends_what_is_under_way(tmp_path):
    ended = []

    def act(job, check):
        try:
            while True:
                check()
        except move._StoppedError:
            ended.append(job.number)
            raise

    jobs = [Upload(number, tmp_path, 0, "", "") for number in range(9)]
    with closing(move._Work(jobs, act).run(3)) as events:
        begun = next(events)
    assert begun == (jobs[0], "begin")
    assert 1 <= len(ended) <= 3


def test_a_blob_that_is_written_by_others_meanwhile_is_not_replaced(blob_place, source):
    blob_place.files.pipe(blob_place.at("large"), b"theirs")
    job = Upload(0, source, SIZE, "large", blob_place.at("large"))
    with pytest.raises(DataAccessError, match="was written by others in this moment"):
        move._put(blob_place, False, job, lambda: None)
    assert blob_place.files.cat_file(blob_place.at("large")) == b"theirs"


# --- A web server --------------------------------------------------------------------------------


class Page(BaseHTTPRequestHandler):
    """One large file, which is another version after the first request for its bytes."""

    def do_HEAD(self):
        self.begin()

    def do_GET(self):
        self.begin()
        self.server.version += 1
        self.wfile.write(bytes(SIZE))

    def begin(self):
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.send_header("ETag", f'"{self.server.version}"')
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        server.version = 0
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/large"
        server.shutdown()
        thread.join()


def test_a_file_of_a_web_server_that_changes_while_it_is_read_is_not_kept(
    sqlite_store, site, tmp_path
):
    storage, path = storage_of(sqlite_store, Location(site))
    found = files_at(storage, path, None)
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        download(found, tmp_path / "to", overwrite=True)
    assert list((tmp_path / "to").iterdir()) == []
