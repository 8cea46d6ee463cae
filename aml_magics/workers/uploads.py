"""What a script writes to ``outputs`` and ``logs``: kept with its run as it appears."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidPathError, StoreError
from aml_magics.services.artifact import add_file, files_below

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FOLDERS: Final = ("outputs", "logs")
CALM: Final = 1.0
"""Seconds without a change after which a file counts as written, while the script runs."""

_State = tuple[int, int]
_log = logging.getLogger("aml_magics.worker")


class Uploads:
    """Keeps the files below ``outputs`` and ``logs`` of a script's folder."""

    def __init__(self, store: Store, record: RunRecord, folder: Path) -> None:
        self._store = store
        self._record = record
        self._folder = folder
        self._kept: dict[Path, _State] = {}
        self.problems: list[str] = []

    def make_folders(self) -> None:
        """Let the folders be there, as scripts expect."""
        for name in FOLDERS:
            (self._folder / name).mkdir(exist_ok=True)

    def sync(self, *, is_last: bool = False) -> None:
        """Keep what is new or has changed; the last time also what was written just now."""
        for name in FOLDERS:
            folder = self._folder / name
            if not folder.is_dir():
                continue
            for relative, path in files_below(folder):
                self._keep(f"{name}/{relative}", path, is_last=is_last)

    def _keep(self, name: str, path: Path, *, is_last: bool) -> None:
        try:
            status = path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if self._kept.get(path) == state:
                return
            if not is_last and time.time() - status.st_mtime < CALM:
                return
            add_file(self._store, self._record, name, path)
            self._kept[path] = state
        except (InvalidPathError, StoreError, OSError) as error:
            if is_last:  # until then it is tried again
                self.problems.append(f"{name} was not kept: {error}")
            else:
                _log.debug("%s is not kept yet: %s", name, error)
