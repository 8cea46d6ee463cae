"""Files of a folder of blobs: whose they are, and what killed writers left."""

from __future__ import annotations

import io
import os
import signal
import stat
from typing import TYPE_CHECKING

import pytest

from aml_magics.store.files.blob import BlobStore
from aml_magics.store.files.blob_folder import BlobFolder
from tests.store.files.conftest import DATA, files

if TYPE_CHECKING:
    from pathlib import Path

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def test_blobs_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        blobs = BlobStore(str(tmp_path / "blobs"))
        digest, _ = blobs.put(io.BytesIO(b"x"))
    finally:
        os.umask(before)

    path = tmp_path / "blobs" / digest[:2] / digest
    assert mode(path) == 0o600
    assert {mode(path.parent), mode(tmp_path / "blobs"), mode(tmp_path / "blobs/incoming")} == {
        0o700
    }


def test_in_a_folder_of_a_group_blobs_are_the_groups_too(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2775)
    blobs = BlobStore(str(shared))
    digest, _ = blobs.put(io.BytesIO(b"x"))

    path = shared / digest[:2] / digest
    assert mode(path) == 0o660
    assert {mode(path.parent), mode(shared / "incoming")} == {0o2770}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_a_killed_writer_left_is_swept_and_what_a_live_one_writes_is_not(
    tmp_path: Path,
) -> None:
    blobs = BlobStore(str(tmp_path))
    blobs.put(io.BytesIO(b"warm"))  # imports what it needs
    for _ in range(3):
        assert _put_and_die_reading(tmp_path) == -signal.SIGKILL
    assert len(files(tmp_path / "incoming")) == 1  # each swept what was left before
    with BlobFolder(tmp_path).new_file() as (file, path):
        blobs.put(io.BytesIO(b"other"))
        assert files(tmp_path / "incoming") == [path]
        file.write(b"x")

    assert files(tmp_path / "incoming") == []


def _put_and_die_reading(folder: Path) -> int:
    class Stopping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                os.kill(os.getpid(), signal.SIGKILL)
            return super().read(size)

    child = os.fork()
    if child == 0:
        BlobStore(str(folder)).put(Stopping(DATA))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_without_locks_a_file_is_swept_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", no_locks)
    blobs = BlobStore(str(tmp_path))
    blobs.put(io.BytesIO(b"x"))
    new, old = tmp_path / "incoming" / "new", tmp_path / "incoming" / "old"
    for path in (new, old):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    blobs.put(io.BytesIO(b"y"))

    assert files(tmp_path / "incoming") == [new]
