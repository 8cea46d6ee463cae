"""Locks of the operating system (flock), which end with the last process that has the file open.

filelock serves short exclusive sections (see secret_file.py). This module adds what it lacks: shared
locks, queries without taking the lock, locks of folders and of unnamed files, and locks that a child
inherits with the handle.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def lock(handle: int, *, shared: bool = False) -> None:
    """Wait for the lock of an open file; OSError if the file system has no locks."""
    fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Try to lock an open file; False if another process has it, OSError without locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except BlockingIOError:
        return False
    return True


def unlock(handle: int) -> None:
    """Release the lock while the file stays open, here or in a child."""
    fcntl.flock(handle, fcntl.LOCK_UN)


def is_in_place(handle: int, path: Path) -> bool:
    """Whether the path still refers to the open file, so that others would lock the same."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
