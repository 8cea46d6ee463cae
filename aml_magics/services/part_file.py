"""Files that are written under another name until they are whole."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data_entry import UNFINISHED
from aml_magics.store.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def written_whole(target: Path, changed: int | None = None) -> Iterator[Path]:
    """Where to write the bytes of a file; without an exception it is then moved to its own name.

    A kill leaves nothing under its name; what it leaves is found by :func:`sweep`.

    Args:
        target: the file; its folder is made, and a file or link of its name replaced.
        changed: when it was changed last, nanoseconds since the epoch; now where None.

    Raises:
        DataAccessError: a folder has its name, there is no room, or its folder cannot be written.
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
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(lock)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what killed processes left half-written in these folders."""
    for folder in folders:
        if not folder.is_dir():
            continue
        for left in folder.glob(f".*{UNFINISHED}"):
            if left.is_file() and _is_free(left):
                left.unlink(missing_ok=True)


def _begun(target: Path) -> tuple[Path, int]:
    """Make an empty file beside the target that no sweep removes while it is open."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    while True:
        path = target.parent / f".{secrets.token_hex(8)}{UNFINISHED}"
        try:
            made = os.open(path, flags, 0o666)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            continue
        fcntl.flock(made, fcntl.LOCK_SH)
        if path.exists():
            return path, made
        os.close(made)  # swept between the two calls


def _is_free(path: Path) -> bool:
    try:
        opened = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(opened)
    return True


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
    except OSError as error:
        if isinstance(error, DataAccessError):
            raise
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
