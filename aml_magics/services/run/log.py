"""A run's captured output: a growing file while it is live, then an artifact.

A run of several processes has a log for each: the first one's is the output of the run, and the others lie in a
folder beside it.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
import time
from contextlib import closing, contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import AmlError, ArtifactNotFoundError
from aml_magics.records.artifact import ArtifactRecord
from aml_magics.services.run.artifact import add_stream, open_file
from aml_magics.store.files.log_times import (
    NO_TIMES,
    RECORD,
    UNKNOWN,
    LogClock,
    LogTimes,
    read_times,
    times_beside,
    times_path,
)
from aml_magics.store.ownership import make_private_file
from aml_magics.store.store import retried
from aml_magics.store.tables.artifact import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aml_magics.records.distribution import Distribution
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LOG_NAME: Final = "user_logs/std_log.txt"
DRIVER_LOG: Final = "azureml-logs/70_driver_log.txt"
"""The alternative name that older code expects, of submitted runs."""
TIMES_NAME: Final = f"{HIDDEN}std_log.times"
"""The times of the lines of an ended run's output; no file of the user's."""
_LOG_SUFFIX: Final = ".log"

_LOG_FOLDERS: Final = ("azureml-logs/", "user_logs/", "system_logs/", "logs/")

_log = logging.getLogger("aml_magics")


def log_path(store: Store, record: RunRecord) -> Path:
    """The file of a live run's output."""
    return _path(store, record.key)


def driver_log(suffix: str = "") -> str:
    """The name that Azure gives the log of a process, such as ``azureml-logs/70_driver_log_1.txt``."""
    return DRIVER_LOG if not suffix else f"{DRIVER_LOG.removesuffix('.txt')}_{suffix}.txt"


def first_driver_log(distribution: Distribution | None) -> str:
    """The name that Azure gives the output of a submitted run, which is that of its first process."""
    return driver_log("" if distribution is None else distribution.processes[0].log_suffix)


def process_log_path(store: Store, record: RunRecord, suffix: str) -> Path:
    """The file of what another process than the first of a live run writes; its folder is made."""
    folder = _folder(store, record.key)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{suffix}{_LOG_SUFFIX}"


def live_log_path(store: Store, record: RunRecord, name: str) -> Path | None:
    """The file in which a log grows while its run is live; None if it is no output of a process."""
    if name == LOG_NAME:
        return _path(store, record.key)
    return _process_paths(store, record.key).get(name)


def process_logs(store: Store, record: RunRecord) -> dict[str, int]:
    """The logs of the other processes of a live run, by name with their sizes in bytes."""
    found = {}
    for name, path in _process_paths(store, record.key).items():
        with suppress(FileNotFoundError):  # kept meanwhile
            found[name] = path.stat().st_size
    return found


@contextmanager
def appended_log(store: Store, record: RunRecord) -> Iterator[Callable[[str], None]]:
    """Append lines to a live run's output, each with its time; private to its user, whatever the umask."""
    path = _path(store, record.key)
    make_private_file(path)
    clock = LogClock(path)

    def say(line: str) -> None:
        clock.mark()
        file.write(f"{line}\n")
        file.flush()

    with path.open("a", encoding="utf-8", errors="replace") as file, closing(clock):
        yield say


@retried
def read_log(store: Store, record: RunRecord, most: int = 1 << 24) -> str:
    """A run's output so far; the last ``most`` bytes of a longer one."""
    return read_log_end(store, record, most)[0]


def read_log_end(
    store: Store, record: RunRecord, most: int, kept: ArtifactRecord | None = None
) -> tuple[str, int]:
    """The text of :func:`read_log_bytes`, and how many bytes the output has."""
    data, size = read_log_bytes(store, record, most, kept)
    return data.decode("utf-8", "replace"), size


@retried
def read_log_bytes(
    store: Store, record: RunRecord, most: int, kept: ArtifactRecord | None = None
) -> tuple[bytes, int]:
    """The last ``most`` bytes of a run's output, and how many it has.

    Args:
        kept: the output of an ended run, if it is known.
    """
    try:
        with _path(store, record.key).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - most))
            return file.read(most), size
    except FileNotFoundError:
        pass  # the run has ended, or printed nothing
    if kept is None:
        with store.catalogue.read() as connection:
            kept = store.artifacts.get(connection, record.key, LOG_NAME)
    if kept is None:
        return b"", 0
    with store.blobs.open(kept.digest) as stream:
        if kept.size > most:
            stream.seek(kept.size - most)
        return stream.read(most), kept.size


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
        names = {one.name for one in store.artifacts.of(connection, record.key)}
    names |= _process_paths(store, record.key).keys()
    others = sorted((name for name in names if is_log(name) and name != LOG_NAME), key=_natural)
    has_output = LOG_NAME in names or _path(store, record.key).exists()
    return [LOG_NAME] * has_output + others


def _natural(name: str) -> list[str]:
    """A key that sorts ``log_10`` behind ``log_9``."""
    return [part.zfill(20) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


@contextmanager
def open_log(store: Store, record: RunRecord, name: str = LOG_NAME) -> Iterator[IO[bytes]]:
    """Open a log for reading, the growing file of a live run; raises ArtifactNotFoundError for no log."""
    if (path := live_log_path(store, record, name)) is not None:
        try:
            live = path.open("rb")
        except FileNotFoundError:
            pass  # as above
        else:
            with live:
                yield live
            return
    if not is_log(name):
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


def log_times(
    store: Store, record: RunRecord, low: int, high: int, name: str = LOG_NAME
) -> LogTimes:
    """When bytes ``low`` to ``high`` of a log were written, as far as that is known; nothing is raised."""
    try:
        times = _open_times(store, record, name)
        if times is None:
            return NO_TIMES
        with times:
            return read_times(times, low, high)
    except (AmlError, OSError) as error:  # the log can be read without
        _log.info("The times of the log of %s cannot be read: %s", record.id, error)
        return NO_TIMES


@retried
def _open_times(store: Store, record: RunRecord, name: str) -> IO[bytes] | None:
    path = live_log_path(store, record, name)
    if path is not None and path.exists():
        with suppress(FileNotFoundError):  # an earlier release goes on with the run, and keeps none
            return times_beside(path)
    with store.catalogue.read() as connection:
        if own := store.artifacts.get(connection, record.key, _times_name(name)):
            return store.blobs.open(own.digest)
        kept = store.artifacts.get(connection, record.key, TIMES_NAME)
        files = [store.artifacts.get(connection, record.key, one) for one in {name, LOG_NAME}]
    # The driver's log is the same output under another name, unless the user made a file of that name.
    is_output = len({file and file.digest for file in files}) == 1
    return store.blobs.open(kept.digest) if kept is not None and is_output else None


def keep_log(store: Store, key: int) -> None:
    """Make the output of an ended run an artifact, and the times of its lines a hidden one.

    A resumed run's output follows that of its earlier attempts.
    """
    for name, path in _process_paths(store, key).items():
        _keep(store, key, name, path)
    with suppress(OSError):  # there is none, or a process still writes there
        _folder(store, key).rmdir()
    _keep(store, key, LOG_NAME, _path(store, key))


def _keep(store: Store, key: int, name: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            if size := file.seek(0, 2):
                file.seek(0)
                add_stream(store, key, name, file, _kept_times(store, name, path, size))
    except FileNotFoundError:
        pass  # nothing was printed, or another process has kept it
    else:
        path.unlink(missing_ok=True)
    times_path(path).unlink(missing_ok=True)


def _kept_times(store: Store, name: str, path: Path, size: int) -> list[ArtifactRecord]:
    """Keep the bytes of a log's times; at its end they become unknown, as an earlier release may go on with it."""
    try:
        with times_beside(path) as file:
            data = file.read()
        whole = data[: len(data) // RECORD.size * RECORD.size]
        digest, length = store.blobs.put(io.BytesIO(whole + RECORD.pack(size, UNKNOWN)))
    except FileNotFoundError:
        return []  # the output of an earlier release
    except (AmlError, OSError) as error:
        _log.info("The times of the log in %s cannot be kept: %s", path, error)
        return []
    return [ArtifactRecord(_times_name(name), digest, length, time.time())]


def _times_name(name: str) -> str:
    return TIMES_NAME if name == LOG_NAME else f"{HIDDEN}{name.rpartition('/')[2]}.times"


@retried
def continue_log(store: Store, record: RunRecord) -> None:
    """Put a resumed run's earlier output before its new output, with its times."""
    path = _path(store, record.key)
    with store.catalogue.read() as connection:
        before = store.artifacts.get(connection, record.key, LOG_NAME)
        times = store.artifacts.get(connection, record.key, TIMES_NAME)
    if before is None or path.exists():
        return
    if times is not None:
        try:
            _copy_blob(store, times, times_path(path))
        except (AmlError, OSError) as error:
            _log.info("The times of the log of %s cannot be continued: %s", record.id, error)
    _copy_blob(store, before, path)


def _copy_blob(store: Store, file: ArtifactRecord, path: Path) -> None:
    make_private_file(path)
    with store.blobs.open(file.digest) as kept, path.open("wb") as copy:
        shutil.copyfileobj(kept, copy, 1 << 20)


def _path(store: Store, key: int) -> Path:
    return store.journals / f"{key}{_LOG_SUFFIX}"


def _folder(store: Store, key: int) -> Path:
    return store.journals / f"{key}.logs"


def _process_paths(store: Store, key: int) -> dict[str, Path]:
    """The files of the other processes of a live run, by the names of their logs."""
    folder = _folder(store, key)
    try:
        found = [path for path in folder.iterdir() if path.suffix == _LOG_SUFFIX]
    except FileNotFoundError:  # a run of one process, or an ended one
        return {}
    return {driver_log(path.stem): path for path in found}
