"""Mounts a dataset as a local folder: links to local files, and to cached copies of remote ones."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aml_magics.errors import AlreadyExistsError, DataAccessError, InvalidDatasetError
from aml_magics.services.data.cache import cached
from aml_magics.services.data.store.files import find_files, local_path
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.transfer.plan import downloads, is_downloaded
from aml_magics.services.data.transfer.transfer import download

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.transfer.plan import Download
    from aml_magics.store.store import Store


def mount(store: Store, definition: Definition, target: Path) -> Path:
    """Make the files of a dataset readable below a folder, each at its ``relative`` path.

    Local files are linked. Remote files are copied once for each version into the workspace's cache, and the
    copies are linked.

    Args:
        target: a folder, made if missing; links of an earlier mount are replaced, files are not.

    Returns:
        The folder; or the file in it if the dataset is one file, named without a pattern.

    Raises:
        DataNotFoundError: a location has no file.
        AlreadyExistsError: the folder already has files of these names.
        InvalidPathError: a link or a name leads out of its root.
        DataAccessError: a datastore cannot be reached or refuses, or the folder cannot be written.
        InvalidDatasetError: the dataset is tabular.
    """
    files = _files(store, definition)
    jobs = downloads(files, target)
    with _local_copies(store, jobs) as sources:
        _link_all(target, zip(jobs, sources, strict=True))
    return jobs[0].target if _is_one_file(definition, files) else target


def copy(
    store: Store, definition: Definition, target: Path, *, overwrite: bool = False
) -> list[Path]:
    """Copy the files of a dataset below a folder, each to its ``relative`` path; return their paths in order.

    A file gets its name only once it is whole. A killed call can be repeated.

    Args:
        overwrite: whether existing files are replaced.

    Raises:
        AlreadyExistsError: a different file of that name exists, and ``overwrite`` is false; nothing was copied.
        DataNotFoundError, InvalidPathError, DataAccessError, InvalidDatasetError: as :func:`mount`.
    """
    files = _files(store, definition)
    jobs = downloads(files, target)
    if not overwrite:
        for job in jobs:
            if os.path.lexists(job.target) and not is_downloaded(job):
                raise AlreadyExistsError(
                    f"{str(job.target)!r:.300} is there already; overwrite=True replaces it."
                )
    for group in _by_storage(files):
        download(group, target, overwrite=True)
    return [job.target for job in jobs]


def _files(store: Store, definition: Definition) -> list[DataFile]:
    if definition.kind != "file":
        raise InvalidDatasetError(
            "A tabular dataset has rows and no files of its own, so it cannot be mounted or downloaded: make one of its "
            "files by Dataset.File.from_files, or give it to the script as it is, by as_named_input."
        )
    return find_files(store, definition)


def _is_one_file(definition: Definition, files: Sequence[DataFile]) -> bool:
    if len(files) != 1 or len(definition.locations) != 1:
        return False
    named = definition.locations[0].path.strip("/")
    below = files[0].location.path.strip("/")
    return below == named or below.endswith(f"/{named}")


def _by_storage(files: Sequence[DataFile]) -> list[list[DataFile]]:
    groups: dict[int, list[DataFile]] = {}
    for file in files:
        groups.setdefault(id(file.storage), []).append(file)
    return list(groups.values())


@contextmanager
def _local_copies(store: Store, jobs: Sequence[Download]) -> Iterator[list[Path]]:
    """Yield the local path of each job's file; the copies stay until their links are made, and while those exist."""
    remote = [job for job in jobs if job.file.storage.folder is None]
    if not remote:
        yield [_original(job.file) for job in jobs]
        return
    with cached(store, [job.file for job in remote], [job.target for job in remote]) as paths:
        copies = dict(zip((job.number for job in remote), paths, strict=True))
        yield [copies.get(job.number) or _original(job.file) for job in jobs]


def _original(file: DataFile) -> Path:
    path = local_path(file)
    assert path is not None  # noqa: S101 -- for mypy: it is a local file
    return path


def _link_all(target: Path, links: Iterable[tuple[Download, Path]]) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        for job, source in links:
            _link(source, job.target)
    except (NotADirectoryError, FileExistsError, IsADirectoryError) as error:
        raise AlreadyExistsError(
            f"A dataset is mounted in a folder of its own, and {str(error.filename)!r:.300} is there: choose another "
            "folder, or remove it."
        ) from error
    except OSError as error:
        raise DataAccessError(
            f"A dataset cannot be mounted at {str(target)!r:.300}: {error.strerror}; choose another folder."
        ) from error


def _link(source: Path, target: Path) -> None:
    """Link a file, replacing an earlier link."""
    try:
        target.symlink_to(source)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)
    except FileExistsError:
        if not target.is_symlink():
            raise
        temporary = target.parent / f".{secrets.token_hex(8)}{UNFINISHED}"
        temporary.symlink_to(source)
        temporary.replace(target)
