"""Writes blobs to a local folder: private files, and no leftovers of killed writers."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from typing import IO, TYPE_CHECKING, Final

from aml_magics.store.files.lock import lock, try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INCOMING: Final = "incoming"
DAY: Final = 86_400.0


class BlobFolder:
    """The folder of the blobs; it need not exist.

    Files belong to their owner alone, unless the folder is group-writable: then a team shares it, and the
    group may use its files, too.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextlib.contextmanager
    def new_file(self) -> Iterator[tuple[IO[bytes], Path]]:
        """A new file and its path; removed at the end unless it was renamed."""
        folder = self._root / INCOMING
        self.make(folder)
        sweep(folder)
        handle, path = _locked_file(folder)
        try:
            with os.fdopen(handle, "wb") as file:
                if self._shared():
                    os.fchmod(handle, 0o660)
                yield file, path
        finally:
            path.unlink(missing_ok=True)

    def rename(self, path: Path, target: Path) -> None:
        """Move a complete file to its final name, replacing an existing one."""
        self.make(target.parent)
        os.replace(path, target)  # noqa: PTH105 -- as the tests of its order know it

    def make(self, folder: Path) -> None:
        """Create a folder and its missing parents."""
        if folder.is_dir():
            return
        for path in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            path.mkdir(mode=0o700, exist_ok=True)
            shared = self._shared()
            if shared and path.is_relative_to(self._root):
                path.chmod(shared)

    def _shared(self) -> int:
        """The mode for folders of a team; 0 if the folder is private."""
        try:
            mode = stat.S_IMODE(self._root.stat().st_mode)
        except FileNotFoundError:
            return 0
        return (mode | 0o700) & ~0o007 if mode & stat.S_IWGRP else 0


def sweep(folder: Path) -> None:
    """Remove files of dead writers. Files that cannot be removed stay; ``doctor`` lists them."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if _is_abandoned(path):
                path.unlink()


def _is_abandoned(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        return try_lock(handle)
    except OSError:  # a file system without locks
        return time.time() - os.fstat(handle).st_mtime > DAY
    finally:
        os.close(handle)


def _locked_file(folder: Path) -> tuple[int, Path]:
    """A new file with a lock, so that no process takes its writer for dead."""
    while True:
        path = folder / secrets.token_hex(8)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            lock(handle)
        except OSError:  # without locks, files are swept after a day
            return handle, path
        if os.fstat(handle).st_nlink:
            return handle, path
        os.close(handle)  # it was swept before it was locked
