"""Downloads that go on where they were, from what is neither Azure nor S3."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.dataset import Location
from aml_magics.services.data.store.file_info import UNFINISHED
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.location import place_of
from aml_magics.services.data.transfer.range import LARGE, part_name
from aml_magics.services.data.transfer.transfer import download

MB = 1 << 20
DATA = os.urandom(LARGE + 20 * MB + 123)


@pytest.fixture
def target(tmp_path):
    """An empty folder."""
    folder = tmp_path / "to"
    folder.mkdir()
    return folder


class Site(ThreadingHTTPServer):
    """A server with one file."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Page)
        self.data, self.etag = DATA, '"one"'
        self.has_ranges = True
        self.sent, self.most = 0, len(DATA) * 9
        self.asked = lambda: None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/large"

    def handle_error(self, request, client_address):
        """Clients that hang up are no errors."""


class Page(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.begin(200, len(self.server.data))

    def do_GET(self):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        data, status = self.server.data, 200
        if wanted and self.server.has_ranges:
            data, status = data[int(wanted[1]) : int(wanted[2]) + 1], 206
        self.server.asked()
        self.begin(status, len(data))
        if self.server.sent + len(data) > self.server.most:
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        self.server.sent += len(data)
        self.wfile.write(data)

    def begin(self, status, length):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", self.server.etag)
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def site():
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def found_at(store, site):
    place, path = place_of(store, Location(site.url))
    return place, files_at(place, path, None)


def fetched(store, site, target):
    place, files = found_at(store, site)
    return download(store, place, files, target, overwrite=True)


def is_whole(path, data=DATA):
    return hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest()


def parts(folder):
    return list(folder.glob(f".*{UNFINISHED}"))


def cut_off(store, site, target):
    """Download, and the server goes away when it sent a part."""
    site.most = LARGE
    with pytest.raises(DataAccessError, match=r"failed|does not answer"):
        fetched(store, site, target)
    site.sent, site.most = 0, len(DATA) * 9


def test_a_file_of_a_web_server_is_gone_on_with(sqlite_store, site, target):
    cut_off(sqlite_store, site, target)
    (part,) = parts(target)
    done = part.stat().st_size
    assert 0 < done < len(DATA)
    (path,) = fetched(sqlite_store, site, target)
    assert site.sent == len(DATA) - done + 1  # and one byte, to see whether it knows ranges
    assert is_whole(path)
    assert parts(target) == []


def test_a_file_that_is_another_on_the_web_server_begins_anew(sqlite_store, site, target):
    cut_off(sqlite_store, site, target)
    site.data, site.etag = os.urandom(len(DATA)), '"two"'
    (path,) = fetched(sqlite_store, site, target)
    assert is_whole(path, site.data)
    assert parts(target) == []


def test_a_file_that_becomes_another_while_it_is_read_is_told(sqlite_store, site, target):
    def change():
        site.etag = '"two"'

    site.asked = change
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        fetched(sqlite_store, site, target)
    assert list(target.iterdir()) == []


def test_a_web_server_without_ranges_sends_all(sqlite_store, site, target):
    cut_off(sqlite_store, site, target)
    site.has_ranges = False
    (path,) = fetched(sqlite_store, site, target)
    assert is_whole(path)


def test_a_file_that_got_shorter_is_told(sqlite_store, site, target):
    place, files = found_at(sqlite_store, site)
    site.data = DATA[: LARGE + 1]
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        download(sqlite_store, place, files, target, overwrite=True)
    assert list(target.iterdir()) == []


def test_only_a_mark_that_tells_contents_apart_lets_a_file_be_gone_on_with(
    sqlite_store, site, target
):
    _, (file,) = found_at(sqlite_store, site)
    path, size = target / "large", len(DATA)
    assert part_name(file, path)
    assert part_name(file, path) != part_name(replace(file, stamp="other"), path)
    assert part_name(file, path) != part_name(file, target / "other")
    assert not part_name(replace(file, stamp='W/"weak'), path)
    assert not part_name(replace(file, size=LARGE), path)
    assert not part_name(replace(file, stamp=f"{size}-", changed=None), path)
    moment = time.time()
    assert not part_name(replace(file, stamp=f"{size}-{moment}", changed=moment), path)
    assert part_name(replace(file, stamp=f"{size}-{moment - 999}", changed=moment - 999), path)


# --- A file system without coroutines ------------------------------------------------------------


@pytest.fixture
def memory(memory):
    """A place in memory whose file was written long ago."""
    memory.files.pipe(memory.at("large"), DATA)
    stored = memory.files.store[memory.at("large")]
    stored.created = stored.modified = datetime(2020, 1, 1, tzinfo=UTC)
    return memory


@pytest.mark.parametrize("done", [0, 1, 20 * MB, len(DATA), len(DATA) + 1])
def test_a_file_is_gone_on_with_from_any_byte(sqlite_store, memory, target, done):
    files = files_at(memory, "large", "memory")
    part = target / part_name(files[0], target / "large")
    part.write_bytes((DATA + b"x")[:done])
    begun = part.stat().st_ino
    (path,) = download(sqlite_store, memory, files, target, overwrite=True)
    assert is_whole(path)
    assert path.stat().st_ino == begun
    assert list(target.iterdir()) == [path]


def test_a_file_in_memory_that_is_changed_while_it_is_read_is_told(sqlite_store, memory, target):
    files = files_at(memory, "large", "memory")
    memory.files.pipe(memory.at("large"), DATA[::-1])
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        download(sqlite_store, memory, files, target, overwrite=True)
    assert list(target.iterdir()) == []
