"""A lock that a process of this machine holds for its life, with its pid in it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from aml_magics.store.files.lock import try_lock, unlock
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from pathlib import Path


def acquire(path: Path) -> int | None:
    """Take the lock and return its handle; None if a process has it."""
    make_private(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while not try_lock(handle):
        if not try_lock(handle, shared=True):
            os.close(handle)
            return None
        unlock(handle)  # only readers have it, for a moment
    os.truncate(handle, 0)
    return handle


def write_pid(handle: int) -> None:
    """Let others signal this process: from now on signals are handled."""
    os.truncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)


def holder(path: Path) -> int | None:
    """The pid in a held lock, 0 if it is not written yet; None if nobody holds it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if try_lock(handle, shared=True):
            return None
        with suppress(ValueError):
            return int(os.pread(handle, 32, 0) or b"0")
    finally:
        os.close(handle)
    return 0
