"""The file system below a folder is known by the mount that holds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aml_magics.store.files.filesystem import filesystem_type, free_bytes, is_network

MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export {folder}/net nfs4 rw,vers=4.2 0 0
/dev/vdb {folder}/net/local xfs rw 0 0
//server/share {folder}/with\\040blank\\134and\\011tab cifs rw 0 0
server:/é {folder}/données nfs rw 0 0
user@host: {folder}/sshfs fuse.sshfs rw 0 0
/dev/vdc {folder}/twice ext4 rw 0 0
server:/over {folder}/twice nfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS.format(folder=tmp_path), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("elsewhere", "ext4"),
        ("net", "nfs4"),
        ("net/deep/er", "nfs4"),
        ("network", "ext4"),
        ("net/local/store", "xfs"),
        ("with blank\\and\ttab/store", "cifs"),
        ("données/store", "nfs"),
        ("sshfs", "fuse.sshfs"),
        ("twice", "nfs"),
    ],
)
def test_the_innermost_and_latest_mount_tells_the_type(
    tmp_path: Path, mounts: Path, folder: str, kind: str
) -> None:
    assert filesystem_type(tmp_path / folder, mounts) == kind


def test_a_symbolic_link_is_followed(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "net")

    assert filesystem_type(tmp_path / "link" / "store", mounts) == "nfs4"


def test_a_system_that_does_not_tell_its_mounts_says_nothing(tmp_path: Path) -> None:
    assert filesystem_type(tmp_path, tmp_path / "none") is None
    (tmp_path / "empty").touch()
    assert filesystem_type(tmp_path, tmp_path / "empty") is None


def test_the_real_mounts_of_this_machine_are_read(tmp_path: Path) -> None:
    found = filesystem_type(tmp_path)

    assert found is None or found in Path("/proc/self/mounts").read_text()
    if found is not None:
        assert filesystem_type(Path("/proc/self")) == "proc"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "fuse.sshfs", "lustre", "9p"])
def test_a_network_file_system_is_known(kind: str) -> None:
    assert is_network(kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuse", None])
def test_a_local_file_system_is_none(kind: str | None) -> None:
    assert not is_network(kind)


def test_free_bytes_of_a_folder_that_is_not_there_yet_are_those_of_its_device(
    tmp_path: Path,
) -> None:
    free = free_bytes(tmp_path / "not" / "yet")

    assert 0 < free <= shutil.disk_usage(tmp_path).total
