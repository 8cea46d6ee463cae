"""One builder at a time, and no removal of what a process uses: a lock of the operating system.

The lock belongs to an open file, so it ends with the last process that has the file open, however
that process ends.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aml_magics.errors import EnvironmentInUseError
from aml_magics.store.home import home, make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def environments() -> Path:
    """The folder of all built environments."""
    return home() / "environments"


@contextmanager
def building(digest: str, wait: Callable[[], None]) -> Iterator[int]:
    """Hold the lock of an environment alone; yields the handle for a child to inherit.

    Args:
        digest: of the environment.
        wait: called once where another process holds it.
    """
    handle = _open(digest)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def using(digest: str) -> Iterator[int]:
    """Keep an environment from being removed; a child that inherits the handle keeps it too."""
    handle = _open(digest)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def removing(digest: str) -> Iterator[None]:
    """Hold the lock alone, or give up at once.

    Raises:
        EnvironmentInUseError: a process builds or uses it.
    """
    handle = _open(digest)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentInUseError(
                f"A process builds or uses the environment {digest[:12]}; wait for its run, or cancel it."
            ) from None
        yield
    finally:
        os.close(handle)


def is_locked(digest: str) -> bool:
    """Whether a process builds or uses it now."""
    try:
        with removing(digest):
            return False
    except EnvironmentInUseError:
        return True


def _open(digest: str) -> int:
    folder = environments() / ".locks"
    make_private(folder)
    return os.open(folder / digest, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
