"""The captured output of a run: a growing file while it is live, an artifact when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.services.artifact import add_stream

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOG_NAME: Final = "user_logs/std_log.txt"


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


def keep_log(store: Store, key: int) -> None:
    """Make the output of a run that ended one of its artifacts.

    A resumed run's output follows what its earlier attempts printed.
    """
    path = _path(store, key)
    if not path.exists():
        return
    if path.stat().st_size:
        with path.open("rb") as file:
            add_stream(store, key, LOG_NAME, file)
    path.unlink(missing_ok=True)


def continue_log(store: Store, record: RunRecord) -> None:
    """Put what a resumed run printed before in front of what it will print."""
    before = read_log(store, record)
    if before:
        _path(store, record.key).write_text(before, encoding="utf-8")


def _path(store: Store, key: int) -> Path:
    return store.journals / f"{key}.log"
