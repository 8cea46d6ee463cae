"""A run's captured output: a growing file while it is live, then an artifact."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import ArtifactNotFoundError
from aml_magics.services.run.artifact import add_stream, open_file
from aml_magics.store.ownership import make_private_file
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOG_NAME: Final = "user_logs/std_log.txt"
DRIVER_LOG: Final = "azureml-logs/70_driver_log.txt"
"""The alternative name that older code expects, of submitted runs."""
_LOG_FOLDERS: Final = ("azureml-logs/", "user_logs/", "system_logs/", "logs/")


def log_path(store: Store, record: RunRecord) -> Path:
    """The file of a live run's output."""
    return _path(store, record.key)


def appended_log(store: Store, record: RunRecord) -> IO[str]:
    """Open a live run's output for appending; private to its user, whatever the umask."""
    path = _path(store, record.key)
    make_private_file(path)
    return path.open("a", encoding="utf-8", errors="replace")


@retried
def read_log(store: Store, record: RunRecord, most: int = 1 << 24) -> str:
    """A run's output so far; the last ``most`` bytes of a longer one."""
    return read_log_end(store, record, most)[0]


@retried
def read_log_end(
    store: Store, record: RunRecord, most: int, kept: ArtifactRecord | None = None
) -> tuple[str, int]:
    """The last ``most`` bytes of a run's output, and how many it has.

    Args:
        kept: the output of an ended run, if it is known.
    """
    try:
        with _path(store, record.key).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - most))
            return file.read().decode("utf-8", "replace"), size
    except FileNotFoundError:
        pass  # the run has ended, or printed nothing
    if kept is None:
        with store.catalogue.read() as connection:
            kept = store.artifacts.get(connection, record.key, LOG_NAME)
    if kept is None:
        return "", 0
    with store.blobs.open(kept.digest) as stream:
        if kept.size > most:
            stream.seek(kept.size - most)
        return stream.read().decode("utf-8", "replace"), kept.size


@retried
def log_size(store: Store, record: RunRecord) -> int:
    """Bytes of a run's output so far."""
    try:
        return _path(store, record.key).stat().st_size
    except FileNotFoundError:
        pass  # as above
    with store.catalogue.read() as connection:
        found = store.artifacts.get(connection, record.key, LOG_NAME)
    return 0 if found is None else found.size


def is_log(name: str) -> bool:
    """Whether a file of a run is one of its logs."""
    return name.startswith(_LOG_FOLDERS)


@retried
def log_names(store: Store, record: RunRecord) -> list[str]:
    """A run's logs by name, its output first, if it exists."""
    with store.catalogue.read() as connection:
        names = [one.name for one in store.artifacts.of(connection, record.key)]
    others = sorted(name for name in names if is_log(name) and name != LOG_NAME)
    has_output = LOG_NAME in names or _path(store, record.key).exists()
    return [LOG_NAME] * has_output + others


@contextmanager
def open_log(store: Store, record: RunRecord, name: str = LOG_NAME) -> Iterator[IO[bytes]]:
    """Open a log for reading, the growing file of a live run; raises ArtifactNotFoundError for no log."""
    if name == LOG_NAME:
        try:
            live = _path(store, record.key).open("rb")
        except FileNotFoundError:
            pass  # as above
        else:
            with live:
                yield live
            return
    elif not is_log(name):
        raise ArtifactNotFoundError(
            f"{name!r:.80} is not a log of run {record.id}; its logs are below {', '.join(_LOG_FOLDERS)}."
        )
    with open_file(store, record, name) as file:
        yield file


def read_log_from(store: Store, record: RunRecord, start: int, most: int = 1 << 20) -> bytes:
    """Up to `most` bytes of a run's output from offset `start`; ``b''`` at the end."""
    try:
        with open_log(store, record) as log:
            log.seek(start)
            return log.read(most)
    except ArtifactNotFoundError:  # nothing was printed so far
        return b""


def keep_log(store: Store, key: int) -> None:
    """Make the output of an ended run an artifact.

    A resumed run's output follows that of its earlier attempts.
    """
    path = _path(store, key)
    try:
        with path.open("rb") as file:
            if file.seek(0, 2):
                file.seek(0)
                add_stream(store, key, LOG_NAME, file)
    except FileNotFoundError:
        return  # nothing was printed, or another process has kept it
    path.unlink(missing_ok=True)


@retried
def continue_log(store: Store, record: RunRecord) -> None:
    """Put a resumed run's earlier output before its new output."""
    path = _path(store, record.key)
    with store.catalogue.read() as connection:
        before = store.artifacts.get(connection, record.key, LOG_NAME)
    if before is None or path.exists():
        return
    make_private_file(path)
    with store.blobs.open(before.digest) as kept, path.open("wb") as file:
        shutil.copyfileobj(kept, file, 1 << 20)


def _path(store: Store, key: int) -> Path:
    return store.journals / f"{key}.log"
