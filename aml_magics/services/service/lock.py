"""The lock that a service's supervisor holds for its life, with its pid in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.services.process import pid_lock
from aml_magics.services.service.folder import service_folder
from aml_magics.store.files.lock import is_in_place

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

_LOCK: Final = "service.lock"


def acquire(store: Store, record: ServiceRecord) -> int | None:
    """Take the lock and return its handle; None if a process has it."""
    return pid_lock.acquire(_path(store, record))


def is_kept(store: Store, record: ServiceRecord, handle: int) -> bool:
    """Whether a held lock is still the one of the service: its folder may be gone."""
    return is_in_place(handle, _path(store, record))


def is_locked(store: Store, record: ServiceRecord) -> bool:
    """Whether a process of this machine serves it."""
    return pid_lock.holder(_path(store, record)) is not None


def pid_of(store: Store, record: ServiceRecord) -> int | None:
    """The process that serves it; None if there is none, or if it has just begun."""
    return pid_lock.holder(_path(store, record)) or None


def _path(store: Store, record: ServiceRecord) -> Path:
    return service_folder(store, record) / _LOCK
