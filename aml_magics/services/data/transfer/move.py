"""Moves several files at once through the file systems' public interface.

A file gets its name only once it is whole. Locally and on servers with folders it is written under another
name and renamed; object stores show an object once its upload is complete.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from aml_magics.errors import AmlError, DataAccessError
from aml_magics.services.data.store.listing import UNFINISHED, file_info_of
from aml_magics.services.data.transfer.plan import CHANGED, Download, Upload, is_s3, part_size
from aml_magics.services.data.transfer.whole_file import written_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Sequence

    from fsspec import AbstractFileSystem
    from fsspec.callbacks import Callback

    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.store.location import Storage
    from aml_magics.services.data.transfer.plan import Step

    Check = Callable[[], None]

Job = TypeVar("Job", bound="Upload | Download")

_LOCAL_AT_ONCE: Final = 8
_REMOTE_AT_ONCE: Final = 32
_LARGE: Final = 8 << 20
_LARGE_AT_ONCE: Final = 4
"""Files of more than ``_LARGE`` bytes are moved in several parts at once, which are held in memory."""
_PARTS_AT_ONCE: Final = 4
_PAUSE: Final = 0.05
"""Seconds between two reports to the caller."""
_BUCKETS: Final = frozenset({"abfs", "az", "abfss", "s3", "s3a", "gs", "gcs", "oss"})


class _StoppedError(AmlError):
    """Ends a transfer that the caller closed, or that failed in another thread."""


def put_all(
    storage: Storage, jobs: Sequence[Upload], *, overwrite: bool
) -> Generator[tuple[Upload, Step]]:
    """Upload files; yields as :meth:`_Work.run`."""
    width = _LOCAL_AT_ONCE if storage.folder is not None else 1
    if _is_bucket(storage) and storage.files.async_impl:
        width = _REMOTE_AT_ONCE
    return _Work(jobs, partial(_put, storage, overwrite)).run(width)


def get_all(jobs: Sequence[Download]) -> Generator[tuple[Download, Step]]:
    """Download files of one storage; yields as :meth:`_Work.run`."""
    width = 1
    if jobs and jobs[0].file.storage.folder is not None:
        width = _LOCAL_AT_ONCE
    elif jobs and jobs[0].file.storage.files.async_impl:
        width = _REMOTE_AT_ONCE
    return _Work(jobs, _get).run(width)


class _Work(Generic[Job]):
    """Calls a function for each job, in threads.

    Args:
        jobs: started in this order.
        act: the function. Between two parts of a file it calls its second argument, which raises when the
            work is to end: a thread cannot be stopped from outside.
    """

    def __init__(self, jobs: Sequence[Job], act: Callable[[Job, Check], None]) -> None:
        self._waiting = deque(jobs)
        self._act = act
        self._events: deque[tuple[Job, Step]] = deque()
        self._stopped = threading.Event()
        self._large = threading.Semaphore(_LARGE_AT_ONCE)

    def run(self, width: int) -> Generator[tuple[Job, Step]]:
        """Do the work in ``width`` threads; yields in the caller's thread.

        Yields a job with "begin", and with "end" once it is done. The first exception is raised and ends the other
        jobs, too; so does closing the generator.
        """
        width = max(1, min(width, len(self._waiting)))
        with ThreadPoolExecutor(width) as pool:
            workers = [pool.submit(self._work) for _ in range(width)]
            try:
                # Waking for each file, this thread would take the GIL from the moving threads.
                while wait(workers, _PAUSE).not_done:
                    yield from self._reported()
            finally:
                self._stopped.set()
        yield from self._reported()
        for worker in workers:
            worker.result()

    def _work(self) -> None:
        with ExitStack() as failing:
            failing.callback(self._stopped.set)  # the other threads stop, too
            with suppress(_StoppedError):
                while (job := self._next()) is not None:
                    self._do(job)
            failing.pop_all()

    def _next(self) -> Job | None:
        try:
            return None if self._stopped.is_set() else self._waiting.popleft()
        except IndexError:
            return None

    def _do(self, job: Job) -> None:
        self._events.append((job, "begin"))
        with self._large if job.size > _LARGE else nullcontext():
            self._check()
            self._act(job, self._check)
        self._events.append((job, "end"))

    def _check(self) -> None:
        if self._stopped.is_set():
            raise _StoppedError

    def _reported(self) -> Generator[tuple[Job, Step]]:
        while self._events:
            yield self._events.popleft()


def _put(storage: Storage, overwrite: bool, job: Upload, check: Check) -> None:
    before = job.source.stat()

    def watch() -> None:
        check()
        _check_unchanged(job.source, before)

    with storage.access():
        if storage.folder is not None:
            with written_whole(Path(job.path), before.st_mtime_ns) as temporary:
                shutil.copyfile(job.source, temporary)
                watch()
        elif _is_bucket(storage):
            options: dict[str, Any] = {}
            if _is_azure(storage.files):
                metadata = {CHANGED: str(before.st_mtime_ns)}
                options = {"metadata": metadata, "overwrite": overwrite}
            elif is_s3(storage.files):
                options = _s3_parts(part_size(job.size))
            storage.files.put_file(str(job.source), job.path, callback=_callback(watch), **options)
        else:
            _put_and_rename(storage.files, job, watch)


def _put_and_rename(files: AbstractFileSystem, job: Upload, watch: Check) -> None:
    folder, slash, _ = job.path.rpartition("/")
    temporary = f"{folder}{slash}.{secrets.token_hex(8)}{UNFINISHED}"
    if folder:
        files.makedirs(folder, exist_ok=True)
    with ExitStack() as failing:
        failing.callback(_remove, files, temporary)
        files.put_file(str(job.source), temporary, callback=_callback(watch))
        watch()
        files.mv(temporary, job.path)
        failing.pop_all()


def _remove(files: AbstractFileSystem, path: str) -> None:
    if files.exists(path):
        files.rm_file(path)


def _get(job: Download, check: Check) -> None:
    file, storage = job.file, job.file.storage
    with storage.access(), written_whole(job.target, job.timestamp) as temporary:
        if storage.folder is not None:
            shutil.copyfile(storage.real(file.path), temporary)
        else:
            parts = {"max_concurrency": _PARTS_AT_ONCE} if _is_azure(storage.files) else {}
            parts = _s3_parts(_LARGE) if is_s3(storage.files) else parts
            storage.files.get_file(file.path, str(temporary), callback=_callback(check), **parts)
        _check_same(file, temporary)


def _is_azure(files: AbstractFileSystem) -> bool:
    """Whether it is :mod:`~aml_magics.services.data.store.azure_blob`'s."""
    return "abfs" in files.protocol


def _is_bucket(storage: Storage) -> bool:
    protocol = storage.files.protocol
    return not _BUCKETS.isdisjoint({protocol} if isinstance(protocol, str) else protocol)


def _s3_parts(size: int) -> dict[str, int]:
    """Part sizes for s3fs, which would hold ten parts of 50 MB in memory."""
    return {"chunksize": size, "max_concurrency": _PARTS_AT_ONCE}


def _callback(check: Check) -> Callback:
    """A callback for fsspec after each part of a file; an exception of ``check`` ends the transfer."""
    from fsspec.callbacks import Callback

    return Callback(hooks={"check": lambda *_, **__: check()})


def _check_unchanged(source: Path, before: os.stat_result) -> None:
    now = source.stat()
    if (before.st_size, before.st_mtime_ns) != (now.st_size, now.st_mtime_ns):
        raise DataAccessError(
            f"{str(source)!r:.300} was changed while it was uploaded; upload it again when it is complete."
        )


def _check_same(file: DataFile, written: Path) -> None:
    """Check that one version of a file was read, whole.

    A large file is read in several requests, so its store is asked again for its version.
    """
    size, version = written.stat().st_size, file.version
    if file.storage.folder is None and file.size > _LARGE:
        file.storage.files.invalidate_cache()  # it caches listings
        version = file_info_of("", file.storage.files.info(file.path)).version
    if (file.size and size != file.size) or version != file.version:
        raise DataAccessError(
            f"{file.path!r:.300} of {file.storage.name} was changed while it was read: it is being written by others. "
            f"It had {file.size:,} bytes when it was listed, and {size:,} were read. Try again when that has ended."
        )
