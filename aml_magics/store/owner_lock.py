"""A file that an owner keeps locked; the kernel releases the lock however the process ends.

It answers for processes whose pid cannot be checked: in another container, before a reboot, on a
renamed machine. A local file system is mounted by one kernel at a time, so an unheld lock there means
that its owner is gone. A missing lock, or one on a network file system, means nothing.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError
from aml_magics.store.files.filesystem import LOCAL, filesystem_type
from aml_magics.store.files.lock import is_in_place, try_lock
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX: Final = ".lock"
_held: dict[Path, int] = {}
"""Lock handles of this process, open until it ends."""

_lock = threading.Lock()
_log = logging.getLogger("aml_magics")


class OwnerLocks:
    """The lock files of a workspace's owners, named by owner id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hold(self, id_: str) -> None:
        """Take the lock of this process for its lifetime."""
        path = self._path(id_)
        with _lock:
            if path in _held and is_in_place(_held[path], path):
                return
            try:
                make_private(self.folder)
                if not self._is_local():
                    return
                handle = _locked(path)
            except (OSError, StoreError) as error:
                _log.warning("other containers will not see when this process is gone: %s", error)
                return
            before = _held.pop(path, None)
            if before is not None:  # of a removed and recreated workspace
                os.close(before)
            _held[path] = handle

    def is_held(self, id_: str) -> bool | None:
        """Whether a process holds the lock of an owner; None if unknown."""
        try:
            handle = os.open(self._path(id_), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            is_held = not try_lock(handle, shared=True)
        except OSError:
            return None
        else:
            return is_held or (False if self._is_local() else None)
        finally:
            os.close(handle)

    def released(self) -> set[str]:
        """Ids of the owners whose locks show that they are gone."""
        ids = {path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}")}
        return {id_ for id_ in ids if self.is_held(id_) is False}

    def remove(self, id_: str) -> None:
        """Remove the lock of a dead owner that has no runs left to recover."""
        self._path(id_).unlink(missing_ok=True)

    def _path(self, id_: str) -> Path:
        return self.folder / f"{id_}{SUFFIX}"

    def _is_local(self) -> bool:
        return filesystem_type(self.folder) in LOCAL


def _locked(path: Path) -> int:
    """Create a locked file.

    It is locked under another name and renamed: a visible lock that nobody holds would mean a dead owner.
    """
    temporary = path.with_suffix(".new")
    handle = os.open(temporary, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try_lock(handle)  # no other process knows this file
        temporary.replace(path)
    except OSError:
        os.close(handle)
        raise
    return handle


def _after_fork() -> None:
    """A forked child is another owner, and must not keep its parent's locks beyond the parent's end."""
    for handle in _held.values():
        os.close(handle)
    _held.clear()
    _lock.release()


# The lock of the threads is held across the fork, so that the child finds `_held` whole.
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_after_fork)
