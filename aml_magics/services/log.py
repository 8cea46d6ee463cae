"""The captured output of a run: a growing file while it is live, an artifact when it has ended."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from aml_magics.services.artifact import add_stream

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOG_NAME: Final = "user_logs/std_log.txt"
DRIVER_LOG: Final = "azureml-logs/70_driver_log.txt"
"""The name of the same text that older code looks for, of submitted runs."""


def log_path(store: Store, record: RunRecord) -> Path:
    """The file to which the output of a live run is appended."""
    return _path(store, record.key)


def read_log(store: Store, record: RunRecord, most: int = 1 << 24) -> str:
    """The output of a run, of a live one so far; of a longer one the last ``most`` bytes."""
    try:
        with _path(store, record.key).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - most))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        pass  # the run has ended, or printed nothing
    with store.catalogue.read() as connection:
        found = store.artifacts.get(connection, record.key, LOG_NAME)
    if found is None:
        return ""
    with store.blobs.open(found.digest) as stream:
        if found.size > most:
            stream.seek(found.size - most)
        return stream.read().decode("utf-8", "replace")


def read_log_from(store: Store, record: RunRecord, start: int, most: int = 1 << 20) -> bytes:
    """At most so many bytes of a run's output from a place in it; none where there are no more yet."""
    try:
        with _path(store, record.key).open("rb") as file:
            file.seek(start)
            return file.read(most)
    except FileNotFoundError:
        pass  # as in read_log
    with store.catalogue.read() as connection:
        found = store.artifacts.get(connection, record.key, LOG_NAME)
    if found is None or found.size <= start:
        return b""
    with store.blobs.open(found.digest) as stream:
        stream.seek(start)
        return stream.read(most)


def keep_log(store: Store, key: int) -> None:
    """Make the output of a run that ended one of its artifacts.

    A resumed run's output follows what its earlier attempts printed.
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


def continue_log(store: Store, record: RunRecord) -> None:
    """Put what a resumed run printed before in front of what it will print."""
    path = _path(store, record.key)
    with store.catalogue.read() as connection:
        before = store.artifacts.get(connection, record.key, LOG_NAME)
    if before is None or path.exists():
        return
    with store.blobs.open(before.digest) as kept, path.open("wb") as file:
        shutil.copyfileobj(kept, file, 1 << 20)


def _path(store: Store, key: int) -> Path:
    return store.journals / f"{key}.log"
