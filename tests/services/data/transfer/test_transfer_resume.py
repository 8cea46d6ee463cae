"""Large files that are cut off in the middle: what was moved is not moved again, and never mixed."""

from __future__ import annotations

import hashlib
import os
import time
from urllib.parse import urlsplit

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.dataset import Definition, Location
from aml_magics.services.data.mount import mount
from aml_magics.services.data.store.file_info import UNFINISHED
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.location import open_place
from aml_magics.services.data.transfer.azure import put_blocks
from aml_magics.services.data.transfer.s3 import is_etag_of, part_ranges
from aml_magics.services.data.transfer.transfer import download, upload
from aml_magics.services.data.transfer.whole_file import sweep, written_whole
from tests.fixtures.data_places import register_blob, register_bucket
from tests.fixtures.small_parts import PART
from tests.fixtures.transfers import fetched
from tests.services.conftest import kill

SIZE = 15 * PART + 12_345
MOST_AGAIN = 10 * PART
"""Of ``SIZE`` when three quarters were moved: what was under way, four parts, is moved again, the rest is not."""


@pytest.fixture
def blob(sqlite_store, azurite, tap, small_parts):
    """A datastore in Azurite, behind a tap."""
    tapped = tap(azurite.port)
    return register_blob(sqlite_store, azurite, "far", tapped.port), tapped


@pytest.fixture
def bucket(sqlite_store, s3, tap, small_parts):
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
    from aml_magics.services.data.store.location import open_place
    from aml_magics.services.data.transfer.transfer import download, upload
    from tests.fixtures.small_parts import make_small

    make_small()
    record = datastores.get(store, "far")
    if os.environ["WAY"] == "up":
        upload(store, record, [(Path(os.environ["FILE"]), "large")], overwrite=True)
    else:
        place = open_place(store, record)
        found = files_at(place, "large", "far")
        download(store, place, found, Path(os.environ["FILE"]), overwrite=True)
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


def there(store, record):
    """The digest of what a datastore has, read in another way than by a transfer."""
    place = open_place(store, record)
    return hashlib.sha256(place.files.cat_file(place.at("large"))).hexdigest()


def names(store, record):
    place = open_place(store, record)
    found = files_at(place, "", "far", empty_is_fine=True)
    return [file.relative for file in found]


def parts(folder):
    return list(folder.glob(f".*{UNFINISHED}"))


# --- Uploads -------------------------------------------------------------------------------------


def test_an_upload_that_was_killed_sends_the_rest(sqlite_store, far, source, scripts):
    record, tapped = far
    cut_off(scripts, tapped, "up", source)
    assert names(sqlite_store, record) == []
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert SIZE // 8 < tapped.sent < MOST_AGAIN
    assert there(sqlite_store, record) == digest(source)
    tapped.begin_count()
    assert upload(sqlite_store, record, [(source, "large")], overwrite=True) == 1
    assert tapped.sent < PART // 8


def test_an_upload_of_a_source_that_changed_is_of_the_new_one(sqlite_store, far, source, scripts):
    record, tapped = far
    cut_off(scripts, tapped, "up", source)
    with source.open("r+b") as file:
        for start in range(0, SIZE, PART * 5 // 4):
            file.seek(start)
            file.write(os.urandom(100))
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert there(sqlite_store, record) == digest(source)


def test_an_upload_over_another_file_leaves_that_until_it_is_whole(
    sqlite_store, far, source, scripts
):
    record, tapped = far
    place = open_place(sqlite_store, record)
    place.files.pipe(place.at("large"), b"old")
    cut_off(scripts, tapped, "up", source)
    assert place.files.cat_file(place.at("large")) == b"old"
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert there(sqlite_store, record) == digest(source)


def test_a_source_that_changes_while_it_is_uploaded_is_told(sqlite_store, far, source, monkeypatch):
    record, _ = far
    read = os.pread

    def changing(file, length, offset):
        os.utime(source, ns=(0, 0))
        return read(file, length, offset)

    monkeypatch.setattr(os, "pread", changing)
    with pytest.raises(DataAccessError, match="was changed while it was uploaded"):
        upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert names(sqlite_store, record) == []


def test_an_upload_does_not_replace_what_others_wrote_meanwhile(sqlite_store, blob, source):
    from fsspec.asyn import sync

    place = open_place(sqlite_store, blob[0])
    place.files.pipe(place.at("large"), b"theirs")
    with pytest.raises(DataAccessError, match="was written by others in this moment"):
        sync(place.files.loop, put_blocks, place.files, source, place.at("large"), overwrite=False)
    assert place.files.cat_file(place.at("large")) == b"theirs"


def test_parts_of_another_upload_to_s3_are_left_alone(sqlite_store, bucket, source):
    record, _ = bucket
    place = open_place(sqlite_store, record)
    named = dict(zip(("Bucket", "Key"), place.files.split_path(place.at("large")), strict=False))
    theirs = place.files.call_s3("create_multipart_upload", **named)["UploadId"]
    more = {"UploadId": theirs, "PartNumber": 1}
    etag = place.files.call_s3("upload_part", **named, **more, Body=b"x" * PART)["ETag"]
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert there(sqlite_store, record) == digest(source)
    (left,) = place.files.call_s3("list_parts", **named, UploadId=theirs)["Parts"]
    assert left["ETag"] == etag


def test_an_upload_to_s3_that_others_completed_is_told(
    sqlite_store, bucket, source, scripts, monkeypatch
):
    record, tapped = bucket
    cut_off(scripts, tapped, "up", source)
    place = open_place(sqlite_store, record)
    call = type(place.files)._call_s3

    async def late(files, method, *more, **named):
        told = await call(files, method, *more, **named)
        if method == "complete_multipart_upload":  # what S3 says the second time
            raise FileNotFoundError("The specified upload does not exist.")
        return told

    monkeypatch.setattr(type(place.files), "_call_s3", late)
    with pytest.raises(DataAccessError, match="completed the same upload"):
        upload(sqlite_store, record, [(source, "large")], overwrite=True)
    assert there(sqlite_store, record) == digest(source)


def test_parts_for_s3_cover_a_file_and_are_not_too_many():
    for size in (1, 8 << 20, (8 << 20) + 1, 5 << 40):
        ranges = part_ranges(size)
        assert sum(length for length, _ in ranges) == size
        assert len(ranges) <= 10_000
        assert ranges[-1][1] + ranges[-1][0] == size


def test_an_etag_of_other_parts_tells_nothing(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    assert is_etag_of(hashlib.md5(b"x").hexdigest(), tmp_path / "a")
    assert not is_etag_of("0" * 32 + "-7", tmp_path / "a")


# --- Downloads -----------------------------------------------------------------------------------


@pytest.fixture
def filled(sqlite_store, far, source):
    """A place that has the file."""
    record, tapped = far
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    return record, tapped


def test_a_download_that_was_killed_gets_the_rest(sqlite_store, filled, source, scripts, tmp_path):
    record, tapped = filled
    target = tmp_path / "to"
    cut_off(scripts, tapped, "down", target)
    (part,) = parts(target)
    assert SIZE // 4 < part.stat().st_size < SIZE
    assert list(target.iterdir()) == [part]
    fetched(sqlite_store, record, target, "large", overwrite=True)
    assert tapped.received < MOST_AGAIN
    assert digest(target / "large") == digest(source)
    assert list(target.iterdir()) == [target / "large"]


def test_a_download_of_what_changed_meanwhile_begins_anew(
    sqlite_store, filled, source, scripts, tmp_path
):
    record, tapped = filled
    target = tmp_path / "to"
    cut_off(scripts, tapped, "down", target)
    source.write_bytes(os.urandom(SIZE))
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    fetched(sqlite_store, record, target, "large", overwrite=True)
    assert digest(target / "large") == digest(source)
    assert list(target.iterdir()) == [target / "large"]


def test_a_file_that_is_changed_while_it_is_read_is_told(sqlite_store, filled, source, tmp_path):
    record, _ = filled
    place = open_place(sqlite_store, record)
    found = files_at(place, "large", "far")
    source.write_bytes(os.urandom(SIZE))
    upload(sqlite_store, record, [(source, "large")], overwrite=True)
    with pytest.raises(DataAccessError, match="was changed while it was read"):
        download(sqlite_store, place, found, tmp_path / "to", overwrite=True)
    assert list((tmp_path / "to").iterdir()) == []


def test_a_mount_that_was_killed_gets_the_rest(sqlite_store, filled, source, scripts, tmp_path):
    _, tapped = filled
    tapped.begin_count(SIZE * 3 // 4)
    code = """
    from aml_magics.records.dataset import Definition, Location
    from aml_magics.services.data.mount import mount
    from tests.fixtures.small_parts import make_small

    make_small()
    mount(store, Definition("file", (Location("large", "far"),)), Path(os.environ["FILE"]))
    """
    program = scripts.start(code, FILE=str(tmp_path / "one"))
    tapped.wait()
    kill(program)
    tapped.begin_count()
    wanted = Definition("file", (Location("large", "far"),))
    path = mount(sqlite_store, wanted, tmp_path / "two")
    assert tapped.received < MOST_AGAIN
    assert digest(path) == digest(source)


# --- Parts ---------------------------------------------------------------------------------------

HALF = f".{'1' * 16}{'2' * 16}{UNFINISHED}"
OTHER = f".{'1' * 16}{'3' * 16}{UNFINISHED}"


def write_half(folder, part):
    with written_whole(folder / "a", part=part) as temporary:
        temporary.write_text("be")
        raise KeyboardInterrupt


def cut(folder, part):
    with pytest.raises(KeyboardInterrupt):
        write_half(folder, part)


def test_a_part_stays_when_it_is_cut_off_and_is_gone_on_with(tmp_path):
    cut(tmp_path, HALF)
    assert [path.name for path in tmp_path.iterdir()] == [HALF]
    with written_whole(tmp_path / "a", part=HALF) as temporary, temporary.open("a") as file:
        file.write("gun")
    assert (tmp_path / "a").read_text() == "begun"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_two_who_write_one_version_have_a_part_each(tmp_path):
    with written_whole(tmp_path / "a", part=HALF) as first:
        first.write_text("first")
        with written_whole(tmp_path / "a", part=HALF) as second:
            assert second != first
            second.write_text("second")
        assert (tmp_path / "a").read_text() == "second"
    assert (tmp_path / "a").read_text() == "first"


def test_parts_of_other_versions_are_swept_and_those_of_other_targets_after_a_week(tmp_path):
    cut(tmp_path, HALF)
    sweep([tmp_path], [HALF])
    sweep([tmp_path])
    assert parts(tmp_path) == [tmp_path / HALF]
    sweep([tmp_path], [OTHER])
    assert parts(tmp_path) == []
    cut(tmp_path, HALF)
    os.utime(tmp_path / HALF, (0, time.time() - 8 * 86_400))
    sweep([tmp_path])
    assert parts(tmp_path) == []


@pytest.mark.parametrize("kind", ["link", "second name", "folder", "pipe"])
def test_what_somebody_else_put_in_place_of_a_part_is_not_gone_on_with(tmp_path, kind):
    (tmp_path / "mine").write_text("mine")
    part = tmp_path / HALF
    {
        "link": lambda: part.symlink_to(tmp_path / "mine"),
        "second name": lambda: part.hardlink_to(tmp_path / "mine"),
        "folder": part.mkdir,
        "pipe": lambda: os.mkfifo(part),
    }[kind]()
    with written_whole(tmp_path / "a", part=HALF) as temporary:
        temporary.write_text("new")
    assert (tmp_path / "a").read_text() == "new"
    assert (tmp_path / "mine").read_text() == "mine"
