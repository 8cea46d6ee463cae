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
    """Keeps the files below ``outputs`` and ``logs`` of a script's folder.

    Args:
        store: where they are kept.
        record: the run.
        folder: where the script works.
        is_own: whether the folder is the run's alone; in another only ``outputs`` counts, and in it
            what is new since now.
    """

    def __init__(
        self, store: Store, record: RunRecord, folder: Path, *, is_own: bool = True
    ) -> None:
        self._store = store
        self._record = record
        self._folder = folder
        self._is_own = is_own
        self._began = time.time()
        self._kept: dict[Path, _State] = {}
        self.problems: list[str] = []

    def make_folders(self) -> None:
        """Let the folders be there, as scripts expect."""
        for name in self._names:
            (self._folder / name).mkdir(exist_ok=True)

    def sync(self, *, is_last: bool = False) -> None:
        """Keep what is new or has changed; the last time also what was written just now."""
        for name in self._names:
            folder = self._folder / name
            if not folder.is_dir():
                continue
            for relative, path in files_below(folder):
                self._keep(f"{name}/{relative}", path, is_last=is_last)

    @property
    def _names(self) -> tuple[str, ...]:
        return FOLDERS if self._is_own else FOLDERS[:1]

    def _keep(self, name: str, path: Path, *, is_last: bool) -> None:
        try:
            status = path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if self._kept.get(path) == state:
                return
            changed = max(status.st_mtime, status.st_ctime)
            if not self._is_own and changed < self._began:  # an earlier run's
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
