"""Writes files under a temporary name until they are whole."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def written_whole(target: Path, changed: int | None = None) -> Iterator[Path]:
    """Yield a path to write to; move it to its own name at the end.

    An exception removes the temporary file. After a kill it has a hidden name, for :func:`remove_unfinished`.

    Args:
        target: its folder is made; a file or link of its name is replaced.
        changed: the modification time, nanoseconds since the epoch; now if None.

    Raises:
        DataAccessError: the name is a folder's, there is no room, or the folder cannot be written.
    """
    with _explained(target):
        temporary, lock = _begun(target)
    try:
        with _room(target):
            yield temporary
        with _explained(target):
            if changed is not None:
                os.utime(temporary, ns=(changed, changed))
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)  # missing unless an exception was raised
        os.close(lock)


def remove_unfinished(folders: Iterable[Path]) -> None:
    """Remove half-written files of killed processes in these folders, which need not exist."""
    for folder in folders:
        if folder.is_dir():
            for path in folder.glob(f".*{UNFINISHED}"):
                _remove_unlocked(path)


def _begun(target: Path) -> tuple[Path, int]:
    """Make an empty locked file beside the target.

    The kernel releases the lock when the process dies, so an unlocked file is abandoned.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    target.parent.mkdir(parents=True, exist_ok=True)
    while True:
        path = target.parent / f".{secrets.token_hex(8)}{UNFINISHED}"
        made = os.open(path, flags, 0o666)
        fcntl.flock(made, fcntl.LOCK_SH)
        if path.exists():
            return path, made
        os.close(made)  # another process removed it between the two calls


def _remove_unlocked(path: Path) -> None:
    try:
        opened = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return  # removed meanwhile, of another user, or no file at all
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return
    finally:
        os.close(opened)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        with _room(target):
            yield
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as error:
        raise DataAccessError(
            f"A file {str(target)!r:.300} cannot be written, since {_in_the_way(target)}: remove that, or "
            "choose another target."
        ) from error
    except DataAccessError:
        raise
    except OSError as error:
        raise DataAccessError(
            f"{str(target)!r:.300} cannot be written: {error.strerror or error}. Make its folder writable, or choose "
            "another target."
        ) from error


@contextmanager
def _room(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DataAccessError(
            f"No room for {str(target)!r:.300}: {free_bytes(target.parent):,} bytes are free there. Free some and "
            "try again: files that are whole are not moved a second time."
        ) from error


def _in_the_way(target: Path) -> str:
    if target.is_dir():
        return "it is a folder"
    blocking = next((each for each in target.parents if each.is_file()), target)
    return f"{str(blocking)!r:.300} is a file and no folder"
