"""Bytes are kept once, whole or not at all, in a folder or wherever fsspec reaches."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fsspec.registry import _registry

from aml_magics.errors import (
    ArtifactNotFoundError,
    DependencyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from aml_magics.store.files import blob as blob_module
from aml_magics.store.files.blob import BlobStore
from tests.store.files.conftest import DATA, DIGEST, files

if TYPE_CHECKING:
    from types import FrameType

    from tests.fixtures.disk import SmallDisk

# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture(params=["folder", "file://", "memory://"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "memory://":
        return BlobStore(f"memory://{uuid.uuid4().hex}")
    return BlobStore(
        str(tmp_path / "blobs") if request.param == "folder" else f"file://{tmp_path}/b"
    )


def read(blobs: BlobStore, digest: str) -> bytes:
    with blobs.open(digest) as file:
        return file.read()


@pytest.mark.parametrize("data", [b"", b"x", DATA], ids=len)
def test_bytes_come_back_by_their_digest(blobs: BlobStore, data: bytes) -> None:
    digest, size = blobs.put(io.BytesIO(data))

    assert (digest, size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert read(blobs, digest) == data


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    first, again = blobs.put(io.BytesIO(DATA)), blobs.put(io.BytesIO(DATA))

    assert first == again
    assert files(tmp_path / "blobs") == [tmp_path / "blobs" / DIGEST[:2] / DIGEST]


DAMAGES = {"overwritten": b"x" * len(DATA), "cut": DATA[:1000], "emptied": b""}


def damage(blobs: BlobStore, digest: str, how: str) -> None:
    files, _ = blobs._place
    with files.open(blobs._path(digest), "wb") as file:
        file.write(DAMAGES[how])


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_blob_is_not_copied_and_is_mended_by_the_same_bytes(
    blobs: BlobStore, how: str
) -> None:
    blobs.put(io.BytesIO(DATA))
    damage(blobs, DIGEST, how)

    with pytest.raises(
        StoreCorruptError, match=r"File 'a' is damaged where it is kept \(.*mends it"
    ):
        blobs.copy(DIGEST, io.BytesIO(), "File 'a'")

    assert blobs.put(io.BytesIO(DATA)) == (DIGEST, len(DATA))
    copied = io.BytesIO()
    blobs.copy(DIGEST, copied, "File 'a'")
    assert copied.getvalue() == DATA


def test_a_folder_in_the_place_of_a_blob_is_told_of(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    digest, _ = blobs.put(io.BytesIO(b"data"))
    path = tmp_path / digest[:2] / digest
    path.unlink()
    path.mkdir()

    with pytest.raises(StoreError, match=r"Artifacts cannot be written at .*directory"):
        blobs.put(io.BytesIO(b"data"))


def test_bytes_that_are_kept_whole_are_told_from_others(blobs: BlobStore) -> None:
    assert not blobs.holds(DIGEST, io.BytesIO(DATA))
    digest, _ = blobs.put(io.BytesIO(b"small"))
    assert blobs.holds(digest, io.BytesIO(b"small"))
    blobs.put(io.BytesIO(DATA))
    assert blobs.holds(DIGEST, io.BytesIO(DATA))
    damage(blobs, DIGEST, "cut")
    assert not blobs.holds(DIGEST, io.BytesIO(DATA))
    damage(blobs, DIGEST, "overwritten")  # elsewhere the length of so many bytes is trusted
    assert blobs.holds(DIGEST, io.BytesIO(DATA)) is not blobs.is_local


def test_a_local_blob_has_a_path_and_a_remote_one_none(tmp_path: Path) -> None:
    assert BlobStore(str(tmp_path)).local_path(DIGEST) == tmp_path / DIGEST[:2] / DIGEST
    assert BlobStore(f"file://{tmp_path}").local_path(DIGEST) == tmp_path / DIGEST[:2] / DIGEST
    assert BlobStore("memory://x").local_path(DIGEST) is None


def test_bytes_that_are_gone_are_an_error_that_names_the_place(blobs: BlobStore) -> None:
    blobs.put(io.BytesIO(DATA))
    blobs.remove(DIGEST)
    blobs.remove(DIGEST)

    with pytest.raises(ArtifactNotFoundError, match=f"The bytes {DIGEST[:12]}… are no longer at"):
        blobs.open(DIGEST)


def test_a_protocol_whose_package_is_missing_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)  # an earlier test may have loaded it

    with pytest.raises(
        DependencyError,
        match=r'artifacts at s3://bucket needs a package.*pip install "aml-magics\[s3\]"',
    ):
        BlobStore("s3://bucket").put(io.BytesIO(b""))


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(StoreError, match=r"a folder or at an fsspec URL, not at 'nonsense://x'"):
        BlobStore("nonsense://x").put(io.BytesIO(b""))


def test_a_folder_that_is_a_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("in the way")

    with pytest.raises(StoreError, match=f"Artifacts cannot be written at {tmp_path}/blobs"):
        BlobStore(str(tmp_path / "blobs")).put(io.BytesIO(b"x"))


def test_a_full_disk_is_told_of_with_its_free_bytes_and_leaves_nothing_behind(
    small_disk: SmallDisk,
) -> None:
    blobs = BlobStore(str(small_disk.folder / "blobs"))
    small, _ = blobs.put(io.BytesIO(b"small"))

    with pytest.raises(
        StoreFullError, match=rf"No room for an artifact at {blobs.url}: [\d,]+ bytes are free"
    ):
        blobs.put(io.BytesIO(DATA))

    assert files(small_disk.folder / "blobs") == [blobs.local_path(small)]
    assert read(blobs, small) == b"small"
    small_disk.enlarge()
    assert blobs.put(io.BytesIO(DATA)) == (DIGEST, len(DATA))
    assert read(blobs, DIGEST) == DATA


def test_a_disk_too_full_for_the_folder_itself_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", no_room)

    with pytest.raises(StoreFullError, match="bytes are free"):
        BlobStore(str(tmp_path / "not" / "there")).put(io.BytesIO(b"x"))


def test_a_read_only_disk_is_told_of_and_can_be_read(small_disk: SmallDisk) -> None:
    blobs = BlobStore(str(small_disk.folder / "blobs"))
    digest, _ = blobs.put(io.BytesIO(b"kept"))
    small_disk.make_read_only()

    with pytest.raises(StoreReadOnlyError, match=r"Read-only file system\. Make it writable"):
        blobs.put(io.BytesIO(b"new"))

    assert read(blobs, digest) == b"kept"


class _KilledAt:
    """Kills its own process at one of the calls that it makes into C."""

    def __init__(self, call: int) -> None:
        self._left = call

    def __call__(self, _frame: FrameType, event: str, _what: object) -> None:
        if event in ("c_call", "c_return"):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_at_any_step_leaves_the_whole_blob_or_none(tmp_path: Path) -> None:
    BlobStore(str(tmp_path / "warm")).put(io.BytesIO(DATA))  # imports what it needs
    seen = {"none": 0, "whole": 0}
    for call in range(1, 100_000, 3):
        folder = tmp_path / f"{call}"
        if _put_and_die(folder, call) == 0:
            break
        path = folder / DIGEST[:2] / DIGEST
        seen["whole" if path.exists() else "none"] += 1
        assert not path.exists() or path.read_bytes() == DATA
        blobs = BlobStore(str(folder))
        assert blobs.put(io.BytesIO(DATA)) == (DIGEST, len(DATA))
        assert read(blobs, DIGEST) == DATA
        for left in files(folder):
            left.unlink()

    assert seen["none"] > 30
    assert seen["whole"] > 0


def _put_and_die(folder: Path, call: int) -> int:
    """Keep bytes in a forked child that is killed at a call; 0 where it had no such call."""
    child = os.fork()
    if child == 0:
        blobs, source = BlobStore(str(folder)), io.BytesIO(DATA)
        sys.setprofile(_KilledAt(call))
        blobs.put(source)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_bytes_are_on_the_device_before_they_have_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(file: int) -> None:
        steps.append("fsync")
        fsync(file)

    def watched_replace(source: str, target: str) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    BlobStore(str(tmp_path)).put(io.BytesIO(DATA))

    assert steps == ["fsync", "rename"]


def test_a_source_that_fails_half_way_leaves_no_blob(tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= 2 * blob_module.PIECE:
                raise ValueError("torn")
            return super().read(size)

    blobs = BlobStore(str(tmp_path))
    with pytest.raises(ValueError, match="torn"):
        blobs.put(Failing(DATA))

    with pytest.raises(ArtifactNotFoundError):
        blobs.open(DIGEST)


@pytest.mark.parametrize("folder", ["a b", "what?", "100%", "a#b", "é", "*[x]", "a::b", "{x}"])
def test_any_folder_can_hold_blobs(tmp_path: Path, folder: str) -> None:
    blobs = BlobStore(str(tmp_path / folder))

    digest, _ = blobs.put(io.BytesIO(b"x"))

    assert read(blobs, digest) == b"x"
    assert files(tmp_path) == [blobs.local_path(digest)]


@pytest.mark.parametrize("what", ["link", "folder link", "folder", "pipe"])
def test_what_is_no_plain_file_is_not_opened(tmp_path: Path, what: str) -> None:
    """A link would lead out of the store, and a pipe would never end."""
    blobs = BlobStore(str(tmp_path / "artifacts"))
    digest, _ = blobs.put(io.BytesIO(b"data"))
    path = blobs.local_path(digest)
    assert path is not None
    path.rename(tmp_path / "secret")
    if what == "link":
        path.symlink_to(tmp_path / "secret")
    elif what == "folder link":
        path.parent.rename(tmp_path / "elsewhere")
        (tmp_path / "secret").rename(tmp_path / "elsewhere" / digest)
        path.parent.symlink_to(tmp_path / "elsewhere")
    elif what == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)

    with pytest.raises(ArtifactNotFoundError, match=r"cannot be read at .* \(no plain file\)"):
        blobs.open(digest)


def test_what_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = BlobStore(str(tmp_path / "artifacts"))
    digest, _ = blobs.put(io.BytesIO(b"data"))

    def refuse(*_of: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(ArtifactNotFoundError, match=r"cannot be read at .* \(Permission denied\)"):
        blobs.open(digest)
