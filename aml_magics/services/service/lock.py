"""The lock that a service's supervisor holds for its life, with its pid in it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aml_magics.services.service.folder import service_folder
from aml_magics.store.files.lock import is_in_place, try_lock, unlock
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

_LOCK: Final = "service.lock"


def acquire(store: Store, record: ServiceRecord) -> int | None:
    """Take the lock and return its handle; None if a process has it."""
    path = _path(store, record)
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


def is_kept(store: Store, record: ServiceRecord, handle: int) -> bool:
    """Whether a held lock is still the one of the service: its folder may be gone."""
    return is_in_place(handle, _path(store, record))


def is_locked(store: Store, record: ServiceRecord) -> bool:
    """Whether a process of this machine serves it."""
    return _holder(_path(store, record)) is not None


def pid_of(store: Store, record: ServiceRecord) -> int | None:
    """The process that serves it; None if there is none, or if it has just begun."""
    return _holder(_path(store, record)) or None


def _holder(path: Path) -> int | None:
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


def _path(store: Store, record: ServiceRecord) -> Path:
    return service_folder(store, record) / _LOCK
