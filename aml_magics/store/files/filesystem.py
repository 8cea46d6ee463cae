"""The type of file system of a folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ncpfs",
     "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2", "fuse.rclone", "webdav", "davfs"}
)  # fmt: skip
LOCAL: Final = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs"}
)  # fmt: skip
"""File systems mounted by one kernel at a time, so all processes see each other's locks."""

_MOUNTS = Path("/proc/self/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")  # /proc/mounts escapes blanks, line ends, backslashes


def filesystem_type(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kernel's name of the file system type; None if unknown."""
    if not mounts.exists():
        return None
    target = folder.resolve()
    best: tuple[int, str] = (-1, "")
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        _, point, kind, *_ = line.split(" ")
        place = Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), point))
        if target.is_relative_to(place) and len(place.parts) >= best[0]:
            best = (len(place.parts), kind)
    return best[1] or None


def is_network(kind: str | None) -> bool:
    """Whether SQLite's locks are unreliable on this type of file system."""
    return kind in NETWORK


def free_bytes(folder: Path) -> int:
    """Free bytes on the device of a folder, which need not exist yet."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free
