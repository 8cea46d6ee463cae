"""A dataset as a folder of this machine: by links where its data is here, else by copies."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from aml_magics.errors import AlreadyExistsError, DataAccessError, InvalidDatasetError
from aml_magics.services.data_cache import cached
from aml_magics.services.data_entry import UNFINISHED
from aml_magics.services.data_file import find_files, local_path
from aml_magics.services.transfer import download
from aml_magics.services.transfer_job import downloads, is_downloaded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aml_magics.records.dataset import Definition
    from aml_magics.services.data_file import FoundFile
    from aml_magics.store.store import Store


def mount(store: Store, definition: Definition, target: Path) -> Path:
    """Make the files of a dataset readable below a folder, each as its ``relative`` says.

    Files of this machine are linked. Remote ones are copied once for each of their versions, into the
    workspace's folder, and the copies are linked.

    Args:
        store: of the workspace.
        definition: of a file dataset.
        target: a folder, which is made; links of an earlier mount are replaced, files are not.

    Returns:
        The folder, or the file in it where the dataset is a file that is named without a pattern.

    Raises:
        DataNotFoundError: a location has no file.
        AlreadyExistsError: the folder has files of these names already.
        InvalidPathError: a link or a name leads out of its root.
        DataAccessError: a datastore is away or refuses, or the folder cannot be written.
        InvalidDatasetError: the dataset is of rows.
    """
    files = _files(store, definition)
    sources = _local_copies(store, files)
    jobs = downloads(files, target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for job, source in zip(jobs, sources, strict=True):
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
    return jobs[0].target if _is_one_file(definition, files) else target


def copy(
    store: Store, definition: Definition, target: Path, *, overwrite: bool = False
) -> list[Path]:
    """Copy the files of a dataset below a folder, each to where its ``relative`` says.

    A file appears under its name when it is whole. A call that was killed can be made again.

    Args:
        store: of the workspace.
        definition: of a file dataset.
        target: a folder, which is made.
        overwrite: whether files that are there are replaced.

    Returns:
        Where the files are, in their order.

    Raises:
        AlreadyExistsError: a file of such a name is there, is another, and is not to be replaced; nothing was copied.
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
    for group in _by_place(files):
        download(store, group[0].place, group, target, overwrite=True)
    return [job.target for job in jobs]


def is_single_file(store: Store, definition: Definition) -> bool:
    """Whether a dataset is one file that is named without a pattern, and so is given as a file.

    Raises:
        DataNotFoundError, InvalidPathError, DataAccessError: as :func:`mount`.
    """
    return _is_one_file(definition, find_files(store, definition))


def _files(store: Store, definition: Definition) -> list[FoundFile]:
    if definition.kind != "file":
        raise InvalidDatasetError(
            "A tabular dataset has rows and no files of its own, so it cannot be mounted or downloaded: make one of its "
            "files by Dataset.File.from_files, or give it to the script as it is, by as_named_input."
        )
    return find_files(store, definition)


def _is_one_file(definition: Definition, files: Sequence[FoundFile]) -> bool:
    if len(files) != 1 or len(definition.locations) != 1:
        return False
    named = definition.locations[0].path.strip("/")
    below = files[0].location.path.strip("/")
    return below == named or below.endswith(f"/{named}")


def _by_place(files: Sequence[FoundFile]) -> list[list[FoundFile]]:
    groups: dict[int, list[FoundFile]] = {}
    for file in files:
        groups.setdefault(id(file.place), []).append(file)
    return list(groups.values())


def _local_copies(store: Store, files: Sequence[FoundFile]) -> list[Path]:
    """Where each file is on this machine."""
    remote = [file for file in files if file.place.folder is None]
    copies = dict(zip(map(id, remote), cached(store, remote), strict=True)) if remote else {}
    return [copies.get(id(file)) or _original(store, file) for file in files]


def _original(store: Store, file: FoundFile) -> Path:
    path = local_path(store, file)
    assert path is not None  # noqa: S101 -- for the type alone: it is no remote file
    return path


def _link(source: Path, target: Path) -> None:
    """Link a file, in place of an earlier link."""
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
