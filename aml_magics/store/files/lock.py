"""Locks of the operating system (flock), which end with the last process that has the file open.

Where one process at a time does something for a moment, filelock does it (see secret_file.py). It has no
lock that readers share, none that is asked for without being taken, none on a file that has no name
yet or is a folder, and none that a child inherits by its handle: for those there is this module.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def lock(handle: int, *, shared: bool = False) -> None:
    """Wait for the lock of an open file.

    Raises:
        OSError: the file system has no locks.
    """
    fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Take the lock of an open file; False where another process has it.

    Raises:
        OSError: the file system has no locks.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except BlockingIOError:
        return False
    return True


def unlock(handle: int) -> None:
    """Release the lock while the file stays open, here or in a child."""
    fcntl.flock(handle, fcntl.LOCK_UN)


def is_in_place(handle: int, path: Path) -> bool:
    """Whether an open file is still the one of this path, which others would lock."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
