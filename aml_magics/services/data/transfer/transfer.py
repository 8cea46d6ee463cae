"""Uploads and downloads several files at once, and resumes after a killed call."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.transfer.move import get_all, put_all
from aml_magics.services.data.transfer.plan import downloads, is_downloaded, is_uploaded, uploads
from aml_magics.services.data.transfer.whole_file import remove_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.store.location import Storage
    from aml_magics.services.data.transfer.plan import Download, Step, Upload
    from aml_magics.store.store import Store

_FOLDERS: Final = 16
"""Up to this many folders are listed one by one; else everything below their common folder."""


@dataclass(frozen=True, slots=True)
class TransferEvent:
    """Progress of a transfer: a file begins, ends, or is skipped because its target exists.

    ``number`` is the file's index in the request; ``source`` and ``target`` are paths; ``done`` counts the files
    moved so far, of ``total``.
    """

    step: Step
    number: int
    source: str
    target: str
    done: int
    total: int


def upload(
    store: Store,
    datastore: DatastoreRecord,
    pairs: Iterable[tuple[Path, str]],
    *,
    overwrite: bool,
    on_event: Callable[[TransferEvent], None] | None = None,
) -> int:
    """Upload local files to a datastore; return how many were moved or were already up to date.

    A file gets its name only once it is whole. A killed call can be repeated and does not move files twice.

    Args:
        pairs: local files, and their paths below the datastore's root.
        overwrite: whether existing files are replaced; else they are skipped, with an event.
        on_event: called in this thread as files begin and end.

    Raises:
        DataNotFoundError: a source does not exist; nothing was moved.
        InvalidPathError: a path leads out of the datastore, or is no plain file; nothing was moved.
        DataAccessError: the datastore cannot be reached, refuses, or has no room.
    """
    storage = open_storage(store, datastore)
    jobs = uploads(storage, pairs)
    if storage.folder is not None:
        remove_unfinished({Path(job.path).parent for job in jobs})
    there = _present(storage, jobs)
    progress = _Progress(len(jobs), on_event)
    missing = []
    for job in jobs:
        found = there.get(job.path)
        if found is None or (overwrite and not _is_there(storage, job, found)):
            missing.append(job)
        elif overwrite:
            progress.report(job, "begin", "end")
        else:
            progress.report(job, "skip")
    with closing(put_all(storage, missing, overwrite=overwrite)) as moved:
        for job, step in moved:
            progress.report(job, step)
    return progress.done


def differing(
    store: Store,
    datastore: DatastoreRecord,
    pairs: Iterable[tuple[Path, str]],
    targets: Iterable[str],
) -> list[str]:
    """The targets whose contents differ from their source's, or may differ.

    Args:
        pairs: as of :func:`upload`.
        targets: existing paths below the datastore's root.
    """
    storage, wanted = open_storage(store, datastore), set(targets)
    jobs = uploads(storage, [pair for pair in pairs if pair[1] in wanted])
    there = _present(storage, jobs)
    return [
        job.below
        for job in jobs
        if job.path in there and not _is_there(storage, job, there[job.path])
    ]


def download(
    files: Iterable[DataFile],
    target: Path,
    *,
    overwrite: bool,
    on_event: Callable[[TransferEvent], None] | None = None,
) -> list[Path]:
    """Download files of one storage to their ``relative`` paths; return the paths in order, skipped ones included.

    A file gets its name only once it is whole. A killed call can be repeated and does not move files twice.

    Args:
        target: a folder, made if missing.
        overwrite: whether existing files are replaced; else they are skipped, with an event.
        on_event: called in this thread as files begin and end.

    Raises:
        InvalidPathError: a name would lead out of the folder; nothing was moved.
        DataAccessError: the datastore cannot be reached or refuses, or the folder cannot be written or has no room.
    """
    jobs = downloads(files, target)
    remove_unfinished({job.target.parent for job in jobs})
    progress = _Progress(len(jobs), on_event)
    missing = []
    for job in jobs:
        if not overwrite and (job.target.is_file() or job.target.is_symlink()):
            progress.report(job, "skip")
        elif is_downloaded(job):
            progress.report(job, "begin", "end")
        else:
            missing.append(job)
    with closing(get_all(missing)) as moved:
        for job, step in moved:
            progress.report(job, step)
    return [job.target for job in jobs]


class _Progress:
    def __init__(self, total: int, on_event: Callable[[TransferEvent], None] | None) -> None:
        self.done = 0
        self._total = total
        self._on_event = on_event

    def report(self, job: Upload | Download, *steps: Step) -> None:
        for step in steps:
            self.done += step == "end"
            if self._on_event is not None:
                self._on_event(TransferEvent(step, *job.names, self.done, self._total))


def _present(storage: Storage, jobs: Sequence[Upload]) -> dict[str, dict[str, Any]]:
    """The targets that exist, by path."""
    if storage.folder is not None:
        local = {job.path: Path(job.path) for job in jobs}
        abouts = {path: file.stat() for path, file in local.items() if file.is_file()}
        return {p: {"size": a.st_size, "mtime_ns": a.st_mtime_ns} for p, a in abouts.items()}
    wanted = {job.path for job in jobs}
    folders = sorted({path.rpartition("/")[0] for path in wanted})
    is_deep = len(folders) > _FOLDERS
    listed: dict[str, dict[str, Any]] = {}
    with storage.access():
        storage.files.invalidate_cache()
        for folder in [_common(folders)] if is_deep else folders:
            listed.update(_below(storage, folder) if is_deep else _inside(storage, folder))
    return {path: info for path, info in listed.items() if path in wanted}


def _below(storage: Storage, folder: str) -> dict[str, dict[str, Any]]:
    found: Any = storage.files.find(folder, detail=True)
    return found if isinstance(found, dict) else {}


def _inside(storage: Storage, folder: str) -> dict[str, dict[str, Any]]:
    try:
        listed = storage.files.ls(folder, detail=True)
    except FileNotFoundError:
        return {}
    return {info["name"]: info for info in listed if info["type"] == "file"}


def _common(folders: Sequence[str]) -> str:
    """The folder that contains all folders."""
    names = zip(*(folder.split("/") for folder in folders), strict=False)
    return "/".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, names))


def _is_there(storage: Storage, job: Upload, found: dict[str, Any]) -> bool:
    if storage.folder is None and found.get("size") == job.source.stat().st_size:
        with storage.access():
            found = storage.files.info(job.path)
    return is_uploaded(storage, job, found)
