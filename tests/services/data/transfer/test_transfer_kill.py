"""Kills, interrupts and full disks: what is whole stays, and nothing half is left."""

from __future__ import annotations

import os
import signal
import time

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.transfer.transfer import upload
from tests.fixtures.datastore_files import texts
from tests.fixtures.transfers import fetched, made

_MOVE = """
    import signal

    from aml_magics.services.data.store import datastore as datastores
    from aml_magics.services.data.store.files import files_at
    from aml_magics.services.data.store.location import open_storage
    from aml_magics.services.data.transfer.transfer import download, upload

    name, folder = os.environ["NAME"], Path(os.environ["FOLDER"])
    record = datastores.get(store, name)

    def tell(event):
        if event.step == "end" and event.done == 10:
            say("half")
            os.kill(os.getpid(), signal.SIGKILL)

    if os.environ["WAY"] == "up":
        sources = sorted(folder.iterdir())
        upload(store, record, [(each, each.name) for each in sources], overwrite=True, on_event=tell)
    else:
        storage = open_storage(store, record)
        found = files_at(storage, "", name)
        download(found, folder, overwrite=True, on_event=tell)
"""


ON_DISK_OR_FAR = pytest.mark.parametrize("anywhere", ["own", "blob"], indirect=True)


def killed(scripts, way, name, folder):
    program = scripts.start(_MOVE, WAY=way, NAME=name, FOLDER=str(folder))
    said, complaint = program.communicate(timeout=120)
    assert program.returncode == -signal.SIGKILL, complaint
    assert "half" in said


def contents(size=300_000):
    return {f"f{number:02}": os.urandom(size) for number in range(40)}


def sources(folder, files):
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [(folder / name, name) for name in files]


@ON_DISK_OR_FAR
def test_an_upload_that_was_killed_goes_on_where_it_was(sqlite_store, anywhere, scripts, tmp_path):
    files = contents()
    pairs = sources(tmp_path / "from", files)
    killed(scripts, "up", anywhere.name, tmp_path / "from")
    storage = open_storage(sqlite_store, anywhere)
    there = {file.relative: file for file in files_at(storage, "", anywhere.name)}
    assert 10 <= len(there) <= 40
    assert all(file.size == 300_000 for file in there.values())
    assert upload(sqlite_store, anywhere, pairs, overwrite=True) == 40
    after = {file.relative: file for file in files_at(storage, "", anywhere.name)}
    assert after.keys() == files.keys()
    assert all(after[name].version == file.version for name, file in there.items())
    fetched(sqlite_store, anywhere, tmp_path / "back")
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()} == files
    if storage.folder is not None:
        assert not list(storage.folder.glob(f".*{UNFINISHED}"))


@ON_DISK_OR_FAR
def test_a_download_that_was_killed_goes_on_where_it_was(sqlite_store, anywhere, scripts, tmp_path):
    files = contents()
    pairs = sources(tmp_path / "from", files)
    upload(sqlite_store, anywhere, pairs, overwrite=True)
    time.sleep(2.1)  # blobs tell whole seconds, and what is written within two is not trusted
    target = tmp_path / "to"
    target.mkdir()
    left = target / f".{'0' * 16}{UNFINISHED}"
    left.write_text("of an earlier kill")
    killed(scripts, "down", anywhere.name, target)
    whole = {path.name: path.stat() for path in target.iterdir() if path.name in files}
    assert 10 <= len(whole) <= 40
    assert all(about.st_size == 300_000 for about in whole.values())
    fetched(sqlite_store, anywhere, target, overwrite=True)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == files
    for name, about in whole.items():
        assert (target / name).stat().st_ino == about.st_ino


def test_an_interrupt_ends_a_transfer_and_leaves_nothing_half(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", **{f"f{number}": "x" * 1000 for number in range(50)})

    def interrupt(event):
        if event.step == "end":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upload(sqlite_store, anywhere, pairs, overwrite=False, on_event=interrupt)
    assert upload(sqlite_store, anywhere, pairs, overwrite=True) == 50
    with pytest.raises(KeyboardInterrupt):
        fetched(sqlite_store, anywhere, tmp_path / "to", on_event=interrupt)
    fetched(sqlite_store, anywhere, tmp_path / "to", overwrite=True)
    assert set(texts(tmp_path / "to").values()) == {"x" * 1000}


@ON_DISK_OR_FAR
def test_a_full_disk_is_told_and_what_is_whole_stays(sqlite_store, anywhere, tmp_path, small_disk):
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    pairs = [*made(tmp_path / "from", a="1"), (tmp_path / "large", "data/large")]
    upload(sqlite_store, anywhere, pairs, overwrite=False)
    with pytest.raises(
        DataAccessError, match=r"No room for .*/to/data/\w+.: [\d,]+ bytes are free"
    ):
        fetched(sqlite_store, anywhere, small_disk.folder / "to")
    assert set(texts(small_disk.folder)) <= {"to/data/a"}
    assert not list((small_disk.folder / "to/data").glob(f".*{UNFINISHED}"))


def test_a_datastore_without_room_is_told(sqlite_store, tmp_path, small_disk):
    record = datastores.register(sqlite_store, "tiny", "url", {"url": str(small_disk.folder)})
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    with pytest.raises(DataAccessError, match="bytes are free there"):
        upload(sqlite_store, record, [(tmp_path / "large", "large")], overwrite=False)
    assert texts(small_disk.folder) == {}
