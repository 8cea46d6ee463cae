"""The folder ``./outputs`` of a live run: made if missing, and removed at the end if empty.

Every process holds a shared lock on its runs' folder. Removing it needs the exclusive lock, so that another
notebook's run in the same place keeps its folder.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aml_magics.store.files.lock import is_in_place, lock, try_lock, unlock

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class _Held:
    """A folder that runs of this process use.

    Attributes:
        made: the folders that were made for it, innermost first.
        process: the owner's process id; a fork of it removes and unlocks nothing.
        lock: the open folder; None if it cannot be locked.
        runs: how many use it.
    """

    made: tuple[Path, ...]
    process: int
    lock: int | None
    runs: int = 1


_lock = threading.Lock()
_held: dict[Path, _Held] = {}


class OutputFolder:
    """A run's use of its folder, from now until :meth:`leave`.

    Args:
        path: the absolute folder. If it cannot be made, only the run's own write to it fails.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_left = False
        with _lock:
            held = _held.get(path)
            if held is not None and path.is_dir():
                held.runs += 1
                return
            if held is not None and held.lock is not None:  # the user removed it
                os.close(held.lock)
            runs = 1 if held is None else held.runs + 1
            _remove_at_exit()
            _held[path] = _Held(*_made(path), runs)

    def leave(self) -> None:
        """Remove the folder if it is empty, was made here, and no other run uses it."""
        with _lock:
            held = _held.get(self._path)
            if self._is_left or held is None:
                return
            self._is_left = True
            held.runs -= 1
            if held.runs == 0:
                _remove(_held.pop(self._path))


@cache
def _remove_at_exit() -> None:
    atexit.register(_remove_all)


def _made(path: Path) -> tuple[tuple[Path, ...], int, int | None]:
    made: tuple[Path, ...] = ()
    handle = None
    with suppress(OSError):
        while handle is None:
            made = _make(path)
            handle = _locked(path)
    return made, os.getpid(), handle


def _make(path: Path) -> tuple[Path, ...]:
    try:
        path.mkdir()
    except FileExistsError:
        return ()
    except FileNotFoundError:
        parents = _make(path.parent)
        path.mkdir()
        return (path, *parents)
    return (path,)


def _locked(path: Path) -> int | None:
    """Open and lock the folder; None if it was removed before the lock was taken."""
    opened = os.open(path, os.O_RDONLY)
    try:
        lock(opened, shared=True)
    except OSError:
        os.close(opened)
        raise
    if is_in_place(opened, path):
        return opened
    os.close(opened)
    return None


def _remove(held: _Held) -> None:
    if held.lock is None:
        return
    if held.process != os.getpid():
        os.close(held.lock)  # the lock itself is shared with the process that was forked
        return
    try:
        if held.made and try_lock(held.lock):
            for folder in held.made:
                folder.rmdir()
    except OSError:
        pass  # another process uses it, or something is in it: both are reasons to leave it
    finally:
        unlock(held.lock)  # a fork may have the same file open for long
        os.close(held.lock)


def _remove_all() -> None:
    with _lock:
        for held in _held.values():
            _remove(held)
        _held.clear()
