"""Files to and from a datastore: several at once, and again where an earlier call was killed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.transfer.move import get_all, put_all
from aml_magics.services.data.transfer.plan import downloads, is_downloaded, is_uploaded, uploads
from aml_magics.services.data.transfer.whole_file import remove_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aml_magics.records.datastore import DatastoreRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.store.location import Storage
    from aml_magics.services.data.transfer.plan import Upload
    from aml_magics.store.store import Store

_FOLDERS: Final = 16
"""Up to so many folders are listed one by one; else all that is below the folder above them."""


@dataclass(frozen=True, slots=True)
class TransferEvent:
    """A file begins to be moved, has been moved, or is left since one of its name is there.

    ``number`` is the position of a file in what was asked for, from 0; ``source`` and ``target`` are where
    it comes from and goes to; ``done`` counts the files moved so far, of ``total``.
    """

    step: Literal["begin", "end", "skip"]
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
    """Copy files of this machine into a datastore.

    A file appears under its name when it is whole. A call that was killed can be made again: what it
    had moved is not moved a second time.

    Args:
        store: of the workspace.
        datastore: where to.
        pairs: files of this machine, and what they become below the datastore's root.
        overwrite: whether files that are there are replaced; else they are skipped, with an event.
        on_event: called in this thread as files begin and end.

    Returns:
        How many files were moved, or are there as they would be moved; not those that were left.

    Raises:
        DataNotFoundError: a source is not there; nothing was moved.
        InvalidPathError: a path leads out of the datastore, or is no plain file; nothing was moved.
        DataAccessError: the datastore is away, refuses, or has no room.
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
            progress.report_moved(job.number, str(job.source), job.below)
        else:
            progress.report_skipped(job.number, str(job.source), job.below)
    with closing(put_all(storage, missing, overwrite=overwrite)) as moved:
        for job, is_done in moved:
            progress.report(is_done, job.number, str(job.source), job.below)
    return progress.done


def differing(
    store: Store,
    datastore: DatastoreRecord,
    pairs: Iterable[tuple[Path, str]],
    targets: Iterable[str],
) -> list[str]:
    """Which of the given targets do not have the contents of their source, or may not have them.

    Args:
        store: of the workspace.
        datastore: where the targets are.
        pairs: as of :func:`upload`.
        targets: paths below the datastore's root that are there.
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
    """Copy files of one storage into a folder of this machine, each to where its ``relative`` says.

    A file appears under its name when it is whole. A call that was killed can be made again: what it
    had moved is not moved a second time.

    Args:
        files: as :func:`~aml_magics.services.data.store.files.find_files` found them.
        target: a folder, which is made.
        overwrite: whether files that are there are replaced; else they are skipped, with an event.
        on_event: called in this thread as files begin and end.

    Returns:
        Where the files are, in their order; those that were left, too.

    Raises:
        InvalidPathError: a name would lead out of the folder; nothing was moved.
        DataAccessError: the datastore is away or refuses, the folder cannot be written or has no room.
    """
    jobs = downloads(files, target)
    remove_unfinished({job.target.parent for job in jobs})
    progress = _Progress(len(jobs), on_event)
    missing = []
    for job in jobs:
        if not overwrite and (job.target.is_file() or job.target.is_symlink()):
            progress.report_skipped(job.number, job.file.path, str(job.target))
        elif is_downloaded(job):
            progress.report_moved(job.number, job.file.path, str(job.target))
        else:
            missing.append(job)
    with closing(get_all(missing)) as moved:
        for job, is_done in moved:
            progress.report(is_done, job.number, job.file.path, str(job.target))
    return [job.target for job in jobs]


class _Progress:
    """Counts files and reports them."""

    def __init__(self, total: int, on_event: Callable[[TransferEvent], None] | None) -> None:
        self.done = 0
        self._total = total
        self._on_event = on_event

    def report(self, is_done: bool, number: int, source: str, target: str) -> None:
        self.done += is_done
        if self._on_event is not None:
            counts = self.done, self._total
            self._on_event(
                TransferEvent("end" if is_done else "begin", number, source, target, *counts)
            )

    def report_moved(self, number: int, source: str, target: str) -> None:
        """Of a file that an earlier call has moved."""
        self.report(False, number, source, target)
        self.report(True, number, source, target)

    def report_skipped(self, number: int, source: str, target: str) -> None:
        """Of a file that is left."""
        if self._on_event is not None:
            self._on_event(TransferEvent("skip", number, source, target, self.done, self._total))


def _present(storage: Storage, jobs: Sequence[Upload]) -> dict[str, dict[str, Any]]:
    """What is there already of the targets, by path."""
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
    """The folder that all of them are in."""
    names = zip(*(folder.split("/") for folder in folders), strict=False)
    return "/".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, names))


def _is_there(storage: Storage, job: Upload, found: dict[str, Any]) -> bool:
    if storage.folder is None and found.get("size") == job.source.stat().st_size:
        with storage.access():
            found = storage.files.info(job.path)
    return is_uploaded(storage, job, found)
