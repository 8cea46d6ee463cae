"""A lock of the operating system: one builder at a time, and no removal of an environment in use.

The lock belongs to an open file, so it ends with the last process that has the file open, however
that process ends. filelock lacks two things needed here: a lock that several processes share (``flock`` with
``LOCK_SH``), and a handle that a child process inherits and keeps locked.
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
    """Hold an environment's exclusive lock; yields the handle for a child to inherit.

    Args:
        wait: called once if another process holds it.
    """
    with _opened(digest) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


@contextmanager
def using(digest: str) -> Iterator[int]:
    """Keep an environment from being removed; a child that inherits the handle keeps it too."""
    with _opened(digest) as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield handle


@contextmanager
def removing(digest: str) -> Iterator[None]:
    """Hold the exclusive lock, or raise EnvironmentInUseError at once."""
    with _opened(digest) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentInUseError(
                f"A process builds or uses the environment {digest[:12]}; wait for its run, or cancel it."
            ) from None
        yield


def is_locked(digest: str) -> bool:
    """Whether a process builds or uses it now."""
    try:
        with removing(digest):
            return False
    except EnvironmentInUseError:
        return True


@contextmanager
def _opened(digest: str) -> Iterator[int]:
    folder = environments() / ".locks"
    make_private(folder)
    handle = os.open(folder / digest, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)
