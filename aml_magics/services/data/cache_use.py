"""Which copies of the cache are used: a mount notes the links that it makes to them.

A copy is used while one of the links leads to it, whatever became of the process that made them: the
folder of a run goes with the run. Until the links are made the process holds a lock on its note.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataAccessError
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_NOTES: Final = ".uses"
_LOCK: Final = ".lock"
_MANY: Final = 50


@contextmanager
def begin_use(top: Path, links: Iterable[tuple[Path, Path]]) -> Iterator[None]:
    """Keep copies from being removed: within this, and after it as long as the links lead to them.

    Args:
        top: the folder of the cache.
        links: paths of this machine, and the copies that they lead to when this ends.

    Raises:
        DataAccessError: the folder of the cache cannot be written.
    """
    pairs = [(os.path.abspath(link), str(copy)) for link, copy in links]  # noqa: PTH100 -- follows no link
    make_private(top / _NOTES)
    try:
        with _locked(top / _LOCK, fcntl.LOCK_SH):  # no removal is on its way
            note = _written(top / _NOTES / secrets.token_hex(16), json.dumps(pairs))
    except OSError as error:
        raise DataAccessError(
            f"Copies of remote files cannot be kept in {str(top)!r:.200}: {error.strerror}. Make room there, and the "
            "folder writable."
        ) from error
    try:
        yield
    finally:
        os.close(note)


def _written(path: Path, text: str) -> int:
    """Write a note; the handle that holds its lock."""
    note = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(note, fcntl.LOCK_SH)
        path.write_text(text)
    except BaseException:
        os.close(note)
        raise
    return note


@contextmanager
def removing(top: Path) -> Iterator[None]:
    """Around a removal: nobody begins to use anything meanwhile."""
    make_private(top)
    with _locked(top / _LOCK, fcntl.LOCK_EX):
        yield


def is_crowded(top: Path) -> bool:
    """Whether there are so many notes that those without a use should go."""
    return sum(1 for _ in (top / _NOTES).iterdir()) > _MANY


def used(top: Path) -> set[Path]:
    """The copies that are used; notes without a use are removed. Called within :func:`removing`."""
    found: set[Path] = set()
    notes = top / _NOTES
    for note in notes.iterdir() if notes.is_dir() else ():
        pairs = _read(note)
        in_use = pairs if _is_held(note) else [pair for pair in pairs if _leads(*pair)]
        if not in_use:
            note.unlink(missing_ok=True)
        found.update(type(top)(copy) for _, copy in in_use)
    return found


def _read(note: Path) -> list[tuple[str, str]]:
    try:
        return [(link, copy) for link, copy in json.loads(note.read_bytes())]
    except ValueError:  # of a process that was killed before it made a link
        return []


def _leads(link: str, copy: str) -> bool:
    with suppress(OSError):
        return os.readlink(link) == copy  # noqa: PTH115 -- thousands of them
    return False


def _is_held(note: Path) -> bool:
    opened = os.open(note, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
