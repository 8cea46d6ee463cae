"""Uploads of the files that a script writes to ``outputs`` and ``logs``, as they appear."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidPathError, StoreError
from aml_magics.records.artifact import ArtifactRecord, check_artifact_name
from aml_magics.services.run.artifact import add_file, files_below, plain_file
from aml_magics.services.run.log import LOG_NAME
from aml_magics.workers.retry import PASSING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FOLDERS: Final = ("outputs", "logs")
CALM: Final = 1.0
"""Seconds without a change after which a file counts as written, while the script runs."""

SHARE: Final = 20
"""Scans pause up to 20 times as long as they take, to leave time for the script."""

LONGEST_PAUSE: Final = 10.0
TOGETHER: Final = 100
"""Files recorded in the catalogue per transaction."""

MOST_PROBLEMS: Final = 20

_State = tuple[int, int, int]
_log = logging.getLogger("aml_magics.worker")


class Uploads:
    """Uploads the files below ``outputs`` and ``logs`` of a script's folder.

    Args:
        folder: the script's working folder.
        is_own: whether the folder is the run's alone; otherwise only files in ``outputs`` count that are
            newer than now.
    """

    def __init__(
        self, store: Store, record: RunRecord, folder: Path, *, is_own: bool = True
    ) -> None:
        self._store = store
        self._record = record
        self._folder = folder
        self._is_own = is_own
        self._kept: dict[Path, _State] = {}
        self._pending: dict[Path, tuple[_State, ArtifactRecord]] = {}
        self._next = 0.0
        self.problems: list[str] = []
        if not is_own:  # by file states, since a clock may be set back
            self._kept = dict(self._states())

    def make_folders(self) -> None:
        """Create the folders that scripts expect."""
        for name in self._names:
            (self._folder / name).mkdir(exist_ok=True)

    def sync(self, *, is_last: bool = False, is_patient: bool = False) -> None:
        """Upload new and changed files; files just being written wait for the last call.

        Args:
            is_patient: whether the error of a full or unreachable store is raised for a retry.
        """
        if not is_last and time.monotonic() < self._next:
            return
        began = time.monotonic()
        try:
            for name, path in self._files(is_last=is_last):
                self._keep(name, path, is_last=is_last, is_patient=is_patient)
        except OSError as error:  # a folder whose permissions the script removed
            if is_last:
                self.problems.append(f"Not all was kept: {error}")
        self._settle(is_last=is_last, is_patient=is_patient)
        # scanning very many files takes time from the script
        now = time.monotonic()
        self._next = now + min(LONGEST_PAUSE, SHARE * (now - began))

    def report(self) -> list[str]:
        """Files that were not uploaded, with reasons, as a short list."""
        known = list(dict.fromkeys(self.problems))
        more = len(known) - MOST_PROBLEMS
        return [*known[:MOST_PROBLEMS], f"and {more:,} more"] if more > 0 else known

    def _files(self, *, is_last: bool = False) -> Iterator[tuple[str, Path]]:
        for name in self._names:
            folder = self._folder / name
            if folder.is_symlink():
                if is_last:
                    self.problems.append(f"{name} was not kept: it is a link")
            elif folder.is_dir():
                for relative, path in files_below(folder):
                    yield f"{name}/{relative}", path

    def _states(self) -> Iterator[tuple[Path, _State]]:
        with contextlib.suppress(OSError):
            for _, path in self._files():
                yield path, _state(path.stat())

    @property
    def _names(self) -> tuple[str, ...]:
        return FOLDERS if self._is_own else FOLDERS[:1]

    def _keep(self, name: str, path: Path, *, is_last: bool, is_patient: bool) -> None:
        try:
            status = path.stat()
            state = _state(status)
            if self._kept.get(path) == state:
                return
            if not is_last and time.time() - status.st_mtime < CALM:
                return
            clean = check_artifact_name(name)
            with plain_file(path).open("rb") as file:
                digest, size = self._store.blobs.put(file)
            self._pending[path] = state, ArtifactRecord(clean, digest, size, time.time())
            if len(self._pending) >= TOGETHER:
                self._commit()
        except (InvalidPathError, StoreError, OSError) as error:
            if is_patient and isinstance(error, PASSING):
                raise
            if is_last:  # until then it is retried
                self.problems.append(f"{name} was not kept: {error}")
            else:
                _log.debug("%s is not kept yet: %s", name, error)

    def _commit(self) -> None:
        """Record files whose bytes are stored already."""
        found = dict(self._pending)
        if found:
            rows = [artifact for _, artifact in found.values()]
            self._store.catalogue.transact(
                lambda connection: self._store.artifacts.put(connection, self._record.key, rows),
                durable=True,
            )
        self._kept |= {path: state for path, (state, _) in found.items()}
        self._pending = {}

    def _settle(self, *, is_last: bool, is_patient: bool) -> None:
        try:
            self._commit()
        except StoreError as error:
            names = [artifact.name for _, artifact in self._pending.values()]
            self._pending = {}  # a retry finds their bytes in place
            if is_patient and isinstance(error, PASSING):
                raise
            if is_last:
                self.problems += [f"{name} was not kept: {error}" for name in names]
            else:
                _log.debug("files are not kept yet: %s", error)


class LiveLog:
    """Uploads the output of a run while it grows, for readers on other machines.

    It is stored whole each time, so the pauses grow with it.
    """

    def __init__(self, store: Store, record: RunRecord, path: Path) -> None:
        self._store = store
        self._record = record
        self._path = path
        self._size = 0
        self._next = 0.0

    def sync(self) -> None:
        """Upload it if it has grown, and the last time is a while ago."""
        began = time.monotonic()
        if began < self._next or not self._path.exists():
            return
        size = self._path.stat().st_size
        if size == self._size:
            return
        add_file(self._store, self._record, LOG_NAME, self._path)
        self._size = size
        now = time.monotonic()
        self._next = now + min(LONGEST_PAUSE, CALM + SHARE * (now - began))


def _state(status: os.stat_result) -> _State:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size
