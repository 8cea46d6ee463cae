"""Files that are written under another name until they are whole."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store.file_info import UNFINISHED
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_HALF: Final = 17
"""Characters of the name of a part that tell its target: a dot and 16 digits; as many tell the version."""
_PART_LENGTH: Final = 33 + len(UNFINISHED)
_WEEK: Final = 7 * 86_400.0


@contextmanager
def written_whole(target: Path, changed: int | None = None, part: str = "") -> Iterator[Path]:
    """Where to write the bytes of a file; without an exception it is then moved to its own name.

    A kill leaves nothing under its name; what it leaves is found by :func:`sweep`.

    Args:
        target: the file; its folder is made, and a file or link of its name replaced.
        changed: when it was changed last, nanoseconds since the epoch; now where None.
        part: how the file is called until it is whole, where what an earlier call left of it is to be gone on
            with; it is kept when an exception leaves this. Another process that writes it has it to itself.

    Raises:
        DataAccessError: a folder has its name, there is no room, or its folder cannot be written.
    """
    with _explained(target):
        temporary, lock = (_gone_on(target, part) if part else None) or _begun(target)
    try:
        with _room(target):
            yield temporary
        with _explained(target):
            if changed is not None:
                os.utime(temporary, ns=(changed, changed))
            temporary.replace(target)
    except BaseException:
        if temporary.name != part:
            temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(lock)


def sweep(folders: Iterable[Path], parts: Iterable[str] = ()) -> None:
    """Remove what killed processes left half-written in these folders.

    Args:
        folders: where to look; they need not be there.
        parts: names of what is gone on with: of the same targets other versions are removed. Parts of
            other targets stay for a week.
    """
    wanted = {part[:_HALF]: part for part in parts if part}
    for folder in folders:
        if not folder.is_dir():
            continue
        for left in folder.glob(f".*{UNFINISHED}"):
            if left.is_file() and not _may_go_on(left, wanted):
                _remove_free(left)


def _may_go_on(left: Path, wanted: Mapping[str, str]) -> bool:
    name = left.name
    if len(name) != _PART_LENGTH:
        return False
    if name[:_HALF] in wanted:
        return wanted[name[:_HALF]] == name
    try:
        return time.time() - left.stat().st_mtime < _WEEK
    except FileNotFoundError:
        return False


def _gone_on(target: Path, part: str) -> tuple[Path, int] | None:
    """Open what there is of a file, or begin it; None where another process writes it or it is not ours."""
    path = target.parent / part
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    target.parent.mkdir(parents=True, exist_ok=True)
    while True:
        try:
            opened = os.open(path, flags, 0o666)
        except (PermissionError, IsADirectoryError):
            return None
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            return None
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return None
        about = os.fstat(opened)
        # What somebody else put there, in a folder that all may write to, is no beginning of ours.
        if about.st_uid != os.geteuid() or about.st_nlink > 1 or not stat.S_ISREG(about.st_mode):
            os.close(opened)
            return None
        if path.exists() and os.path.samestat(path.stat(), about):
            return path, opened
        os.close(opened)  # removed, or whole, between the two calls


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


def _remove_free(path: Path) -> None:
    try:
        opened = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return
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
